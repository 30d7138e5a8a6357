import MixtureTestSupport
import Mixtures
import Testing

@Suite struct SearchEventTests {
  private let points = Problem(seed: 6, count: 200, dimension: 2, components: 3).points

  @Test func everyCellAndThenTheResult() async throws {
    let search = ModelSearch(components: 1...3, structures: [.eii, .vvv])
    var cells: [SearchCell] = []
    var result: SearchResult?
    for try await event in search.events(points) {
      #expect(result == nil, "nothing comes after the result")
      switch event {
      case .cell(let cell): cells.append(cell)
      case .finished(let found): result = found
      }
    }
    let found = try #require(result)
    #expect(found.cells.count == 6)
    for cell in found.cells {
      let last = try #require(
        cells.last { $0.structure == cell.structure && $0.components == cell.components })
      #expect(try last.fit.get().mixture == cell.fit.get().mixture)
    }
    #expect(found.best.mixture == (try search.run(points)).best.mixture)
  }

  @Test func errorsEndIt() async throws {
    await #expect(throws: DataError.noPoints) {
      for try await _ in ModelSearch().events(Matrix(zerosOf: 0, by: 2)) {}
    }
  }

  /// Whoever stops listening ends the search.
  @Test func leavingEndsTheSearch() async throws {
    let log = Log<FitProgress>()
    var search = ModelSearch(components: 1...9)
    search.options.report = { log.append($0) }
    for try await event in search.events(points) {
      if case .cell = event { break }
    }
    // The iterations in progress come to their end, and no others begin.
    try await Task.sleep(for: .milliseconds(500))
    let count = log.entries.count
    try await Task.sleep(for: .milliseconds(300))
    #expect(log.entries.count == count)
  }

  @Test func askedToStopItKeepsWhatIsFinished() async throws {
    let log = Log<SearchCell>()
    var search = ModelSearch(components: 1...5)
    search.options.isCancelled = { log.entries.count >= 3 }
    search.report = { log.append($0) }
    var result: SearchResult?
    for try await event in search.events(points) {
      if case .finished(let found) = event { result = found }
    }
    let found = try #require(result)
    #expect(found.cells.count >= 3 && found.skipped > 0)
  }
}
