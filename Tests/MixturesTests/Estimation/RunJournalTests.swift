import Dispatch
import MixtureTestSupport
import Mixtures
import Testing

/// A journal in memory, which asks for the end of the fit after a number of entries.
private final class MemoryJournal: RunJournal, @unchecked Sendable {
  private let lock = DispatchSemaphore(value: 1)
  private var entries: [RunName: RunEntry] = [:]
  private var remaining: Int

  init(_ limit: Int) { remaining = limit }

  func entry(of run: RunName) -> RunEntry? {
    lock.wait()
    defer { lock.signal() }
    return entries[run]
  }

  func record(_ entry: RunEntry, of run: RunName) {
    lock.wait()
    defer { lock.signal() }
    entries[run] = entry
    remaining -= 1
  }

  var isFull: Bool {
    lock.wait()
    defer { lock.signal() }
    return remaining <= 0
  }

  func allow(_ count: Int) { remaining = count }
}

@Suite struct RunJournalTests {
  private func points(_ seed: UInt64) -> Matrix {
    var generator = SplitMix64(seed: seed)
    return Matrix(
      rows: (0..<80).map { row in
        let centre = row % 3 == 0 ? 0.0 : 3.0
        return (0..<2).map { _ in centre + Double.random(in: -2...2, using: &generator) }
      })
  }

  /// Five components of 80 points: starts degenerate, and are replaced.
  @Test(arguments: [1, 2, 7, 40, 200], [CovarianceStructure.vvv, .vvi])
  func aFitThatIsInterruptedEndsAsOneThatIsNot(
    entries: Int, structure: CovarianceStructure
  ) throws {
    let points = points(3)
    var options = FitOptions()
    options.restarts = 4
    options.threads = 2
    options.stopping = .when(.gain, below: 1e-9, limit: 150)
    let undisturbed = try GaussianMixture.fit(
      points, components: 5, structure: structure, options: options)

    let journal = MemoryJournal(entries)
    options.journal = journal
    options.isCancelled = { journal.isFull }
    var fit: Fit?
    for _ in 0..<3000 {
      fit = try? GaussianMixture.fit(
        points, components: 5, structure: structure, options: options)
      if !journal.isFull { break }
      journal.allow(entries)
    }
    let resumed = try #require(fit)
    #expect(!journal.isFull)
    #expect(resumed.mixture == undisturbed.mixture)
    #expect(resumed.trace == undisturbed.trace)
    #expect(resumed.stopped == undisturbed.stopped)
    #expect(resumed.certificate == undisturbed.certificate)
    #expect(resumed.score == undisturbed.score)
  }
}
