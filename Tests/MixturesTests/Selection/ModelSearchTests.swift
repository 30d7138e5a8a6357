import Foundation
import MixtureTestSupport
import Mixtures
import Testing

@Suite struct ModelSearchTests {
  private static let problem = Problem(seed: 1, count: 300, dimension: 2, components: 2)

  @Test func everyPairIsFitted() throws {
    let result = try ModelSearch(
      components: [3, 1], structures: [.vvv, .eii], start: KMeansStart()
    ).run(Self.problem.points)
    #expect(result.cells.map(\.structure) == [.vvv, .vvv, .eii, .eii])
    #expect(result.cells.map(\.components) == [3, 1, 3, 1])
    for cell in result.cells {
      let fit = try cell.fit.get()
      #expect(fit.mixture.componentCount == cell.components)
      #expect(fit.structure == cell.structure)
      let alone = try GaussianMixture.fit(
        Self.problem.points, components: cell.components, structure: cell.structure)
      #expect(alone.mixture == fit.mixture && alone.trace == fit.trace)
      #expect(cell.error == nil)
    }
    #expect(result.criterion.name == "BIC")
  }

  @Test func theDefaultGrid() throws {
    let search = ModelSearch()
    #expect(search.components == Array(1...9) && search.structures == nil)
    var smaller = search
    smaller.components = [1]
    let result = try smaller.run(Self.problem.points)
    #expect(result.cells.map(\.structure) == structures)
  }

  @Test(arguments: [InformationCriterion.bic, .aic, .icl, .iclEntropy].indices)
  func theCriterionDecides(index: Int) throws {
    let criterion = [InformationCriterion.bic, .aic, .icl, .iclEntropy][index]
    var search = ModelSearch(components: 1...4, structures: [.eii, .vvv], criterion: criterion)
    search.options.restarts = 2
    let result = try search.run(Self.problem.points)
    let values = try result.cells.map { try $0.fit.get().value(criterion) }
    #expect(result.best.value(criterion) == values.min())
    #expect(result.criterion.name == criterion.name)
  }

  /// Overlapping components: ICL charges for the overlap and takes fewer of them than AIC.
  @Test func criteriaChooseDifferently() throws {
    let points = try Reference.points("data/ex4_1.csv")
    var search = ModelSearch(components: 3...7, structures: [.vvv])
    search.options.restarts = 3
    let fits = try search.run(points).cells.map { try $0.fit.get() }
    let chosen = [InformationCriterion.aic, .icl].map { criterion in
      fits.min { $0.value(criterion) < $1.value(criterion) }?.mixture.componentCount ?? 0
    }
    #expect(chosen[1] < chosen[0])
  }

  /// What is spurious for repeated points is so for points of such weights. A component on twenty points at each of three places may have
  /// 2/(50 · 60) of the spread of the other, as it has; one on the 60 % of 43 rows that halves of points would make it, not.
  @Test func spuriousMaximaAreThoseOfRepeatedPoints() throws {
    let rows = (0..<40).map { [Double($0)] } + [[50], [50.014], [50.028]]
    let counts = Array(repeating: 1, count: 40) + [20, 20, 20]
    let points = Matrix(rows: rows)
    func best(_ points: any PointSource) throws -> Fit {
      try ModelSearch(components: [2], structures: [.e, .v]).run(points).best
    }
    let repeated = try best(points.repeating(counts))
    let weighted = try best(WeightedPoints(points, weights: counts.map(Double.init)))
    #expect(relativeDifference(repeated.logLikelihood, weighted.logLikelihood) <= 1e-6)
    #expect(weighted.mixture.components[1].covariance[0, 0] < 0.01)
    let half = try best(WeightedPoints(points, weights: counts.map { Double($0) / 2 }))
    #expect(half.structure == .e)
  }

  /// In one dimension only the volume is left: E and V, each once, however they are named.
  @Test func oneDimension() throws {
    let points = Problem(seed: 2, dimension: 1, components: 2).points
    let all = try ModelSearch(components: [1, 2]).run(points)
    #expect(all.cells.map(\.structure) == [.e, .e, .v, .v])
    let named = try ModelSearch(components: [2], structures: [.vvv, .eee, .vii, .e]).run(points)
    #expect(named.cells.map(\.structure) == [.v, .e])
    #expect(throws: ParameterError.structureNotForDimension(structure: "E", dimension: 2)) {
      try ModelSearch(structures: [.vvv, .e]).run(Self.problem.points)
    }
  }

  /// A cell without a fit keeps its reason, and the others go on.
  @Test func cellsKeepTheirErrors() throws {
    let flat = Matrix(rows: (0..<12).map { [Double($0 * $0 % 7), 3] }, columnNames: ["a", "b"])
    let result = try ModelSearch(components: [1, 2], structures: [.eii, .vvi]).run(flat)
    #expect(result.cells[0].error == nil)
    for cell in result.cells[2...3] {
      #expect(
        cell.error as? DataError
          == .constantColumn(column: 1, name: "b", value: 3, structure: "VVI"))
    }
    #expect(result.best.structure == .eii)
    #expect(throws: DataError.constantColumn(column: 1, name: "b", value: 3, structure: "VVI")) {
      try ModelSearch(components: [1, 2], structures: [.vvi, .vvv]).run(flat)
    }
    let few = Matrix(rows: [[0, 1], [2, 1], [1, 3], [4, 4]])
    let mixed = try ModelSearch(components: [1, 5], structures: [.eii]).run(few)
    #expect(mixed.cells[1].error as? DataError == .tooManyComponents(components: 5, points: 4))
    #expect(throws: DataError.noPoints) { try ModelSearch().run(Matrix(zerosOf: 0, by: 2)) }
  }

  /// What was fitted until then comes back.
  @Test(arguments: [1, 2])
  func aSearchCanBeCancelled(threads: Int) throws {
    let log = Log<FitProgress>()
    var search = ModelSearch(components: 1...5)
    search.options.threads = threads
    search.options.report = { log.append($0) }
    search.options.isCancelled = { log.entries.contains { $0.components == 3 } }
    let result = try search.run(Self.problem.points)
    #expect(!result.cells.isEmpty && result.cells.count < 30)
    let fits = result.cells.compactMap { try? $0.fit.get() }
    #expect(fits.contains { $0.stopped == .cancelled })
    #expect(fits.contains { $0.stopped != .cancelled })
    search.options.isCancelled = { true }
    #expect(try search.run(Self.problem.points).best.stopped == .cancelled)
  }

  @Test func startAndOptionsReachTheCells() throws {
    var search = ModelSearch(
      components: [2], structures: [.vvv], start: MixtureStart(Self.problem.truth))
    search.options.stopping = .exactly(3)
    let fit = try search.run(Self.problem.points).best
    #expect(fit.iterations == 3)
    #expect(fit.trace[0] == (try Self.problem.truth.score(Self.problem.points).logLikelihood))
  }

  /// Where one structure contains another, its fit is no worse, whatever the starts have found.
  /// Points that are all equal make no component, whatever is common to the others.
  @Test func equalPointsAreNoComponent() throws {
    let others = Problem(seed: 2, count: 160, dimension: 2, components: 2).points
    let rows = Array(repeating: [0.0, 0.0], count: 40) + (0..<160).map { Array(others.row($0)) }
    let search = ModelSearch(components: 2...4, structures: [.vei, .vee, .vev, .eee])
    for cell in try search.run(Matrix(rows: rows)).cells {
      for component in (try? cell.fit.get())?.mixture.components ?? [] {
        #expect(component.covariance.variances.allSatisfy { $0 > 1e-3 }, "\(cell.structure)")
      }
    }
  }

  @Test(arguments: ["faithful", "iris", "diabetes", "synth_a"])
  func aRicherStructureNeverEndsBelowASimplerOne(name: String) throws {
    let points = try Reference.points("data/\(name).csv")
    let cells = try ModelSearch(components: 1...5).run(points).cells
    for inner in cells {
      for outer in cells
      where outer.components == inner.components && outer.structure.contains(inner.structure) {
        guard let low = try? inner.fit.get(), let high = try? outer.fit.get() else { continue }
        #expect(
          high.logLikelihood >= low.logLikelihood - 1e-6 * Double(points.rowCount),
          "\(inner.structure) in \(outer.structure), \(inner.components)")
      }
    }
  }

  /// Columns in another order, or in another common unit and with another zero, are the same data: the same cell is chosen, and its
  /// BIC changes by 2nd ln a.
  @Test(arguments: ["diabetes", "ex4_4_2", "faithful"])
  func theSameCellWhateverOrderAndUnit(name: String) throws {
    let points = try Reference.points("data/\(name).csv")
    func best(_ rows: [[Double]]) throws -> Fit {
      try ModelSearch(components: 1...4).run(Matrix(rows: rows)).best
    }
    let own = try best(points.rows)
    let reversed = try best(points.rows.map { $0.reversed() })
    let moved = try best(points.rows.map { $0.map { 1000 * $0 + 5000 } })
    for fit in [reversed, moved] {
      #expect(fit.structure == own.structure)
      #expect(fit.mixture.componentCount == own.mixture.componentCount)
    }
    let change = 2 * Double(points.rowCount * points.columnCount) * log(1000)
    #expect(abs(reversed.bic - own.bic) <= 1e-3)
    #expect(abs(moved.bic - own.bic - change) <= 1e-3)
  }

  /// A column of zeros and ones leaves components without width along it: no structure wins by that, not even those whose common axes
  /// are known to rounding only.
  @Test func flatComponentsAreDegenerate() throws {
    let normal = Problem(seed: 9, count: 200, dimension: 2, components: 1).points
    let rows = normal.rows.enumerated().map { row, values in
      [Double(row % 2), values[0] + 2 * Double(row % 2), values[1]]
    }
    let result = try ModelSearch(components: 1...4).run(Matrix(rows: rows))
    for cell in result.cells {
      guard let fit = try? cell.fit.get() else { continue }
      #expect(
        fit.mixture.components.allSatisfy { $0.covariance[0, 0] > 1e-6 },
        "\(cell.structure), \(cell.components)")
    }
  }

  /// Neither threads nor which cell is done first changes a bit.
  @Test func threadsChangeNoBit() throws {
    let points = try Reference.points("data/iris.csv")
    let results = try [1, 2, 5].map { threads in
      var search = ModelSearch(components: 1...4)
      search.options.threads = threads
      return try search.run(points)
    }
    for other in results.dropFirst() {
      for (cell, expected) in zip(other.cells, results[0].cells) {
        let (found, own) = (try? cell.fit.get(), try? expected.fit.get())
        #expect(found?.mixture == own?.mixture && found?.trace == own?.trace)
      }
    }
  }

  /// Two flowers of iris are equal, and the likelihood of a component on them has no bound: no fit stands on such. Nor on a
  /// few nearly coplanar points, where many random starts end.
  @Test func spuriousMaximaAreRejectedAndCounted() throws {
    let points = try Reference.points("data/iris.csv")
    let result = try ModelSearch(components: 7...9, structures: [.vee, .vev, .vvv]).run(points)
    let fits = result.cells.compactMap { try? $0.fit.get() }
    #expect(!fits.isEmpty)
    for fit in fits {
      let spread = fit.mixture.components.map { component in
        (0..<4).map { component.covariance[$0, $0] }.min() ?? 0
      }
      #expect(spread.allSatisfy { $0 > 1e-6 })
    }
    let fit = try GaussianMixture.fit(
      Reference.points("data/diabetes.csv"), components: 8, from: RandomPointsStart(),
      options: .with { $0.restarts = 20 })
    #expect(fit.certificate.safeguards.spuriousMaxima > 0)
  }

  /// Short runs are no longer than the limit, and a repeated number of components is one.
  @Test func theIterationLimitHolds() throws {
    for limit in [0, 3] {
      var search = ModelSearch(components: [2, 3, 2], structures: [.eii, .vvv])
      search.options.stopping = .when(.gain, below: 0, limit: limit)
      let cells = try search.run(Self.problem.points).cells
      #expect(cells.map(\.components) == [2, 3, 2, 3])
      for cell in cells { #expect(try cell.fit.get().iterations <= limit) }
    }
  }

  /// At the edge of what was tried, a reader is told so.
  @Test func theEdgeOfTheSearchIsTold() throws {
    let problem = Problem(seed: 3, count: 400, dimension: 2, components: 4, separation: 5)
    let points = problem.points
    let known = try Labels(
      problem.labels.enumerated().map { $0 < 40 ? $1 : nil }, count: 4)
    let labelled = try ModelSearch(components: 4...6, structures: [.vvv])
      .run(LabelledPoints(points, labels: known))
    #expect(labelled.best.mixture.componentCount == 4)
    #expect(!labelled.warnings.contains(.edgeOfSearch(components: 4, isUpper: false)))
    let upper = try ModelSearch(components: 1...3, structures: [.vvv]).run(points)
    #expect(upper.warnings.contains(.edgeOfSearch(components: 3, isUpper: true)))
    let lower = try ModelSearch(components: 4...6, structures: [.vvv]).run(points)
    #expect(lower.warnings.contains(.edgeOfSearch(components: 4, isUpper: false)))
    let inner = try ModelSearch(components: 2...6, structures: [.vvv]).run(points)
    #expect(inner.best.mixture.componentCount == 4)
    #expect(!inner.warnings.contains { if case .edgeOfSearch = $0 { true } else { false } })
    #expect(inner.ranking.first?.components == 4)
    #expect(inner.ranking.count == 5)
  }
}
