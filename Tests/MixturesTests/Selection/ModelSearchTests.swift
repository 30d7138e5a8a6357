import MixtureTestSupport
import Mixtures
import Testing

@Suite struct ModelSearchTests {
  private static let problem = Problem(seed: 1, count: 300, dimension: 2, components: 2)

  @Test func everyPairIsFitted() throws {
    let result = try ModelSearch(components: [3, 1], structures: [.vvv, .eii])
      .run(Self.problem.points)
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
}
