import MixtureKernels
import Testing

@Suite struct ConcurrentMapTests {
  @Test(arguments: [0, 1, 2, 3, 17, 1000], [0, 1, 2, 7, 64])
  func resultsStandInTheOrderOfTheIndices(count: Int, threads: Int) {
    #expect(
      concurrentMap(count: count, threads: threads) { $0 * $0 } == (0..<count).map { $0 * $0 })
  }

  /// Early indices take longest, so that with several threads the later ones finish first.
  @Test(arguments: [1, 2, 7])
  func theErrorOfTheLowestIndexIsThrown(threads: Int) {
    struct Failure: Error, Equatable { let index: Int }
    let error = #expect(throws: Failure.self) {
      try concurrentMap(
        count: 40, threads: threads,
        throwing: { index in
          var busy = 0.0
          for step in 0..<((40 - index) * 2_000) { busy += Double(step) }
          if index >= 11, busy >= 0 { throw Failure(index: index) }
          return index
        })
    }
    #expect(error == Failure(index: 11))
  }

  @Test func aThrowingBodyThatDoesNotThrow() throws {
    #expect(try concurrentMap(count: 5, threads: 3, throwing: { $0 + 1 }) == [1, 2, 3, 4, 5])
  }
}
