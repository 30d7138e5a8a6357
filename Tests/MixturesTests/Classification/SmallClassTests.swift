import MixtureTestSupport
import Mixtures
import Testing

/// Classes that have too few rows for what is asked.
@Suite struct SmallClassTests {
  /// Two classes of 30 points, and "ghost" with as many as asked for.
  private func data(ghosts: Int) -> (points: Matrix, classes: [String]) {
    var generator = SplitMix64(seed: 5)
    let names =
      Array(repeating: "a", count: 30) + Array(repeating: "b", count: 30)
      + Array(repeating: "ghost", count: ghosts)
    let rows = names.map { name in
      let centre = name == "a" ? 0.0 : name == "b" ? 3 : 9
      return (0..<3).map { _ in centre + Double.random(in: -1...1, using: &generator) }
    }
    return (Matrix(rows: rows), names)
  }

  private func run(
    ghosts: Int, _ change: (inout ClassifierTraining) -> Void
  ) throws -> TrainedClassifier {
    let data = data(ghosts: ghosts)
    var training = ClassifierTraining()
    training.folds = 0
    change(&training)
    return try training.run(data.points, classes: data.classes)
  }

  @Test(arguments: [CovarianceStructure.vii, .vvi, .vee, .eve, .vvv])
  func aSingleRowIsNamed(structure: CovarianceStructure) {
    #expect(throws: ClassError.singleRow(class: "ghost")) {
      try run(ghosts: 1) { $0.structures = [structure] }
    }
  }

  @Test func whatIsWrongIsTyped() {
    #expect(
      throws: ClassError.tooFewRowsForCovariance(
        class: "ghost", count: 3, dimension: 3, structure: "VVV")
    ) {
      try run(ghosts: 3) { $0.structures = [.vvv] }
    }
    #expect(throws: ClassError.tooFewRows(class: "a", count: 30, components: 40)) {
      try run(ghosts: 50) { $0.components = [40] }
    }
    #expect(throws: ClassError.singleRow(class: "ghost")) {
      try run(ghosts: 1) { $0.components = [1, 2] }
    }
    #expect(throws: ClassError.equalRows(class: "b", count: 2)) {
      var training = ClassifierTraining()
      (training.structures, training.folds) = ([.vvi], 0)
      _ = try training.run(
        Matrix(rows: [[0, 1], [1, 3], [2, 1], [4, 4], [4, 4]]), classes: ["a", "a", "a", "b", "b"])
    }
  }

  /// A component that rests on as many points as its axes need is no less trusted where some are the same, whether repeated or of
  /// a whole weight.
  @Test func wholeWeightsAreRepeatedRows() throws {
    let data = data(ghosts: 9)
    // Five ghosts lie far from the other four, in which a component of axes of its own has too few rows.
    let rows = data.points.rows.enumerated().map { row, point in
      row < 64 ? point : point.map { $0 + 50 }
    }
    let counts = rows.indices.map { $0 < 60 ? 1 : 3 }
    let points = Matrix(rows: rows)
    func passedOver(_ points: any PointSource, _ classes: [String]) throws -> Bool {
      var training = ClassifierTraining()
      (training.structures, training.components, training.folds) = ([.vvv], [1, 2], 0)
      return try training.run(points, classes: classes).warnings.contains {
        if case .passedOver(class: "ghost", _, _) = $0 { true } else { false }
      }
    }
    #expect(try passedOver(points, data.classes))
    let repeated = zip(data.classes, counts).flatMap { Array(repeating: $0, count: $1) }
    #expect(try !passedOver(points.repeating(counts), repeated))
    #expect(
      try !passedOver(WeightedPoints(points, weights: counts.map(Double.init)), data.classes))
  }

  /// A covariance for all classes needs no spread of each.
  @Test func oneRowIsEnoughForASharedCovariance() throws {
    let result = try run(ghosts: 1) { $0.structures = [.eee, .vvv] }
    #expect(result.fit.structures == [.eee, .eee, .eee])
    #expect(result.warnings.isEmpty)
    let failed = try #require(result.candidates.last)
    #expect(failed.error as? ClassError == .singleRow(class: "ghost"))
    let thin = try run(ghosts: 3) { $0.structures = [.vvi] }
    #expect(thin.warnings == [.fewPoints(classes: ["ghost"], dimension: 3)])
    #expect(thin.warnings[0].description.contains("Class \"ghost\" rests on fewer than 4"))
  }

  @Test func aFoldThatCannotBeDoneWithout() throws {
    let error = #expect(throws: FoldError.self) {
      try run(ghosts: 1) {
        ($0.structures, $0.criterion, $0.folds) = ([.eee, .eei], .crossValidatedError, 5)
      }
    }
    #expect(error?.reason as? ClassError == .noRows(class: "ghost"))
    #expect(error?.description.contains("Without fold ") == true)
    let unvalidated = try run(ghosts: 1) { ($0.structures, $0.folds) = ([.eee], 5) }
    #expect(unvalidated.validation == nil)
    guard case .noEstimate(let reason)? = unvalidated.warnings.last else {
      Issue.record("\(unvalidated.warnings)")
      return
    }
    #expect(reason.contains("ghost"))
    // Two points without one are a single one: EEE does with it, VVI does not.
    let some = try run(ghosts: 2) {
      ($0.structures, $0.criterion, $0.folds) = ([.vvi, .eee], .crossValidatedError, 5)
    }
    #expect(some.candidates[0].error is FoldError && some.candidates[0].validation == nil)
    #expect((try? some.candidates[0].fit.get()) != nil)
    #expect(some.candidates[1].error == nil && some.fit.structures[0] == .eee)
  }

  @Test func errorsNameTheClassAndSayWhatToDo() {
    let errors: [ClassError] = [
      .noRows(class: "ghost"), .singleRow(class: "ghost"), .equalRows(class: "ghost", count: 2),
      .tooFewRows(class: "ghost", count: 1, components: 2),
      .tooFewDistinctRows(class: "ghost", count: 2, components: 3),
      .tooFewRowsForCovariance(class: "ghost", count: 3, dimension: 4, structure: "VVV"),
      .emptyColumn(class: "ghost", column: 0, name: "x"),
      .singular(class: "ghost", column: "x", structure: "VVI"),
      .degenerate(class: "ghost", component: 0, components: 2, structure: "VVV"),
    ]
    for error in errors {
      let text = error.description
      #expect(text.contains("class \"ghost\"") || text.hasPrefix("Class \"ghost\""), "\(text)")
      #expect(text.contains("leave") || text.contains("Use"), "\(text)")
      #expect(!text.contains("floor"), "\(text)")
    }
  }
}
