import MixtureTestSupport
import Mixtures
import Testing

@Suite struct CrossValidationTests {
  private static let problem = Problem(seed: 4, count: 120, dimension: 2, components: 2)

  @Test func foldsAreEqualDrawnFromTheSeed() throws {
    let folds = try Folds(7, of: 100, seed: 3)
    let sizes = (0..<7).map { fold in (0..<100).count { folds[$0] == fold } }
    #expect(sizes.sorted() == [14, 14, 14, 14, 14, 15, 15])
    #expect(try Folds(7, of: 100, seed: 3) == folds)
    #expect(try Folds(7, of: 100, seed: 4) != folds)
    let named = try Folds(named: ["b", "a", "b", "c"])
    #expect(named.count == 3)
    #expect((0..<4).map { named[$0] } == [0, 1, 0, 2])
  }

  /// Points of weight zero are absent: no other's fold depends on them.
  @Test func pointsOfWeightZeroHaveNoPartInTheDraw() throws {
    let weights = (0..<50).map { $0 % 5 == 0 ? 0.0 : 1 }
    let counting = weights.indices.filter { weights[$0] > 0 }
    let classes = weights.indices.map { $0 % 3 }
    let drawn = try Folds(4, of: 50, weights: weights, seed: 3)
    let plain = try Folds(4, of: 40, seed: 3)
    #expect(counting.map { drawn[$0] } == (0..<40).map { plain[$0] })
    let stratified = try Folds(4, stratifying: classes, weights: weights, seed: 3)
    let without = try Folds(4, stratifying: counting.map { classes[$0] }, seed: 3)
    #expect(counting.map { stratified[$0] } == (0..<40).map { without[$0] })
    #expect(throws: DataError.invalidFolds(41, points: 40)) {
      try Folds(41, of: 50, weights: weights, seed: 1)
    }
  }

  /// What labels mean, a fit without any of them cannot know.
  @Test func labelsOfOneFoldAreRefused() throws {
    let labels = Self.problem.labels.enumerated().map { $0 < 30 ? $1 : nil }
    let points = try LabelledPoints(Self.problem.points, labels: Labels(labels, count: 2))
    func search(_ folds: Folds) throws -> SearchResult {
      try ModelSearch(
        components: [2], structures: [.vvv], criterion: CrossValidation(folds)
      ).run(points)
    }
    let error = #expect(throws: FoldError.self) {
      try search(Folds(named: (0..<120).map { $0 / 30 }))
    }
    #expect(error?.reason as? DataError == .labelOfOneFold(component: 0))
    #expect(throws: Never.self) { try search(Folds(named: (0..<120).map { $0 % 4 })) }
  }

  @Test(arguments: [-1, 0, 1, 5])
  func impossibleFolds(count: Int) {
    #expect(throws: DataError.invalidFolds(count, points: 4)) {
      try Folds(count, of: 4, seed: 1)
    }
    #expect(throws: DataError.invalidFolds(1, points: 3)) { try Folds(named: [2, 2, 2]) }
    #expect(throws: DataError.countMismatch(what: "folds", found: 3, points: 120)) {
      try ModelSearch(components: [1], criterion: CrossValidation(Folds(named: [1, 2, 3])))
        .run(Self.problem.points)
    }
  }

  /// Ten folds of 15 points: each sum is known to 10⁻⁶, their mean per point to 10⁻⁷ and the standard error to as much.
  @Test(arguments: ["VVV", "VII"], 1...6)
  func theWorkedExample(name: String, components: Int) throws {
    let exact = try Reference.json("seeds/d_three_components.json")["cross_validation"][name]
    let sums = try exact["K\(components)"]["held_out_loglik_by_fold"].numbers
    let points = try Reference.points("seeds/d_three_components.csv")
    let starts = "seeds/d_three_components.starts.csv"
    let labels = try Reference.integers(starts, column: "K\(components)").map { $0 - 1 }
    let structure = try #require(CovarianceStructure(named: name))
    let result = try ModelSearch(
      components: [components], structures: [structure],
      criterion: CrossValidation(
        Folds(named: try Reference.integers(starts, column: "fold"))),
      start: LabelsStart(labels, components: components), options: .fixedPoint
    ).run(points)
    let value = try #require(result.ranking[0].value)
    let mean = sums.reduce(0, +) / 150
    #expect(abs(value.value - mean) <= 1e-7)
    let means = sums.map { $0 / 15 }
    let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 9
    #expect(abs((value.standardError ?? 0) - (variance / 10).squareRoot()) <= 1e-7)
  }

  /// The notes choose three components so.
  @Test func itChoosesTheNumberOfComponents() throws {
    let points = try Reference.points("seeds/d_three_components.csv")
    let result = try ModelSearch(
      components: 1...6, structures: [.vii, .vvv], criterion: CrossValidation()
    ).run(points)
    #expect(result.best.mixture.componentCount == 3)
    #expect(result.criterion.name == "Cross-validated log-likelihood per point")
    let values = result.ranking.compactMap(\.value?.value)
    #expect(values.count == 12 && values == values.sorted(by: >))
    let simplest = try #require(result.simplestWithinStandardError)
    let (best, own) = (try #require(result.ranking[0].value), try #require(simplest.value))
    #expect(own.value >= best.value - (best.standardError ?? 0))
    let parameters = try simplest.fit.get().parameterCount
    for cell in result.ranking where try cell.fit.get().parameterCount < parameters {
      #expect(try #require(cell.value).value < best.value - (best.standardError ?? 0))
    }
    #expect(try ModelSearch(components: [1]).run(points).simplestWithinStandardError == nil)
  }

  /// What is held out has no part in the fit: other values there change nothing but its own score.
  @Test func whatIsHeldOutIsNotSeen() throws {
    let points = Self.problem.points
    let names = (0..<120).map { $0 < 60 ? 0 : 1 }
    func value(_ points: Matrix) throws -> [Double] {
      let result = try ModelSearch(
        components: [2], structures: [.vvv],
        criterion: CrossValidation(Folds(named: names)), start: MixtureStart(Self.problem.truth),
        options: .exactly(5)
      ).run(points)
      return [try #require(result.ranking[0].value).value]
    }
    let halves = [points.selecting(0..<60), points.selecting(60..<120)]
    let expected =
      try zip(halves, halves.reversed()).map { training, test in
        try GaussianMixture.fit(
          training, components: 2, from: MixtureStart(Self.problem.truth), options: .exactly(5)
        ).mixture.score(test).logLikelihood
      }.reduce(0, +) / 120
    #expect(relativeDifference(try value(points)[0], expected) <= 1e-12)
  }

  /// Nor does it fill missing cells from which the others start.
  @Test func whatIsHeldOutFillsNothing() throws {
    var cells = Self.problem.points
    for row in 0..<120 where row % 3 == 0 { cells[row, row % 2] = .nan }
    let halves = [cells.selecting(0..<60), cells.selecting(60..<120)]
    let expected =
      try zip(halves, halves.reversed()).map { training, test in
        try GaussianMixture.fit(
          IncompletePoints(training), components: 2, from: HierarchicalStart(), options: .exactly(3)
        ).mixture.score(IncompletePoints(test)).logLikelihood
      }.reduce(0, +) / 120
    let result = try ModelSearch(
      components: [2], structures: [.vvv],
      criterion: CrossValidation(Folds(named: (0..<120).map { $0 < 60 ? 0 : 1 })),
      start: HierarchicalStart(), options: .exactly(3)
    ).run(IncompletePoints(cells))
    let value = try #require(result.ranking[0].value).value
    #expect(relativeDifference(value, expected) <= 1e-12)
  }

  @Test func aColumnThatOnlyAFoldKnows() throws {
    var cells = Self.problem.points
    for row in 0..<120 where row % 4 > 0 { cells[row, 1] = .nan }
    let folds = try Folds(named: (0..<120).map { $0 % 4 })
    let error = #expect(throws: FoldError.self) {
      try ModelSearch(
        components: [1], structures: [.vvi], criterion: CrossValidation(folds)
      ).run(IncompletePoints(cells))
    }
    #expect(error?.fold == 0)
    #expect(error?.reason as? DataError == .emptyColumn(column: 1, name: "x2"))
  }

  /// A point of weight two counts twice, in fits and in scores.
  @Test func weightsCount() throws {
    let points = Self.problem.points
    let names = (0..<120).map { $0 % 3 }
    let weights = (0..<120).map { Double($0 % 4) }
    func value(_ points: any PointSource, _ names: [Int]) throws -> CriterionValue {
      let result = try ModelSearch(
        components: [2], structures: [.eee],
        criterion: CrossValidation(Folds(named: names)), start: MixtureStart(Self.problem.truth),
        options: .exactly(5)
      ).run(points)
      return try #require(result.ranking[0].value)
    }
    let counts = weights.map { Int($0) }
    let repeated = try value(
      points.repeating(counts),
      zip(names, counts).flatMap { Array(repeating: $0, count: $1) })
    let weighted = try value(WeightedPoints(points, weights: weights), names)
    #expect(relativeDifference(weighted.value, repeated.value) <= 1e-12)
    #expect(
      relativeDifference(weighted.standardError ?? 0, repeated.standardError ?? 1) <= 1e-9)
  }

  @Test func threadsChangeNoBit() throws {
    let values = try [1, 2, 5].map { threads in
      var search = ModelSearch(
        components: 1...3, structures: [.vii, .vve], criterion: CrossValidation(folds: 4))
      search.options.threads = threads
      return try search.run(Self.problem.points).cells.map(\.value)
    }
    #expect(values[1] == values[0] && values[2] == values[0])
  }

  /// Without one of the folds, a column is constant: the cell has a fit and no value.
  @Test func aCellThatFailsWithoutAFoldSaysSo() throws {
    let rows = (0..<30).map { [Double($0 * 7 % 11), $0 < 10 ? Double($0) : 3] }
    let names = (0..<30).map { $0 / 10 }
    let result = try ModelSearch(
      components: [1], structures: [.eii, .vvi], criterion: CrossValidation(Folds(named: names))
    ).run(Matrix(rows: rows))
    #expect(result.best.structure == .eii)
    let cell = try #require(result.cells.first { $0.structure == .vvi })
    #expect(throws: Never.self) { try cell.fit.get() }
    #expect("\(try #require(cell.error))".hasPrefix("Without fold 1: Column 2 (x2) is constant"))
    #expect(result.ranking.count == 1)
  }

  /// Nor is there a value where no other cell has one without the fold.
  @Test func aFoldThatFailsInEveryCellIsNotDropped() throws {
    let rows = (0..<30).map { [Double($0 * 7 % 11), $0 < 10 ? Double($0) : 3] }
    let search = ModelSearch(
      components: [1], structures: [.vvi],
      criterion: CrossValidation(try Folds(named: (0..<30).map { $0 / 10 })))
    #expect(throws: FoldError.self) { try search.run(Matrix(rows: rows)) }
    var many = ModelSearch(components: 1...9, criterion: CrossValidation(folds: 500))
    many.report = { _ in Issue.record("folds are checked before the first fit") }
    #expect(throws: DataError.invalidFolds(500, points: 120)) { try many.run(Self.problem.points) }
  }

  /// Folds that come at the same distance as the rows of a sample leave some of it.
  @Test func periodicFolds() throws {
    let points = Problem(seed: 5, count: 4000, dimension: 2, components: 2).points
    let result = try ModelSearch(
      components: [1, 2], structures: [.vvv],
      criterion: CrossValidation(Folds(named: (0..<4000).map { $0 % 2 })),
      start: HierarchicalStart()
    ).run(points)
    #expect(result.ranking.count == 2)
  }

  /// BIC decides where no fold could be held out, and a reader is told.
  @Test func cancelledBeforeTheFoldsItFallsBackToBIC() throws {
    let log = Log<SearchCell>()
    var search = ModelSearch(
      components: [1, 2], structures: [.eii], criterion: CrossValidation())
    search.options.threads = 1
    search.report = { log.append($0) }
    search.options.isCancelled = { log.entries.count == 2 }
    let result = try search.run(Self.problem.points)
    #expect(result.criterion.name == "BIC")
    #expect(
      result.warnings.contains(
        .choiceCancelled(criterion: "Cross-validated log-likelihood per point")))
  }
}
