import Dispatch

/// `body(0)`, …, `body(count - 1)`, computed on up to `threads` threads, in the order of the indices.
///
/// Which thread computes what is decided while running; the result does not depend on it.
package func concurrentMap<Element: Sendable>(
  count: Int, threads: Int, _ body: @Sendable (Int) -> Element
) -> [Element] {
  guard min(count, threads) > 1 else { return (0..<count).map(body) }
  let taken = Tally()
  let results = Slots<Element>(count: count)
  DispatchQueue.concurrentPerform(iterations: min(count, threads)) { _ in
    while true {
      let index = taken.increment() - 1
      guard index < count else { return }
      results[index] = body(index)
    }
  }
  return results.all
}

/// As `concurrentMap`, for a body that can throw: the error of the lowest index is thrown.
package func concurrentMap<Element: Sendable>(
  count: Int, threads: Int, throwing body: @Sendable (Int) throws -> Element
) throws -> [Element] {
  try concurrentMap(count: count, threads: threads) { index in Result { try body(index) } }
    .map { try $0.get() }
}

/// Counts what several threads do.
package final class Tally: @unchecked Sendable {
  private let lock = DispatchSemaphore(value: 1)
  private var value = 0

  package init() {}

  package var count: Int {
    lock.wait()
    defer { lock.signal() }
    return value
  }

  /// The count with one more.
  @discardableResult
  package func increment() -> Int {
    lock.wait()
    defer { lock.signal() }
    value += 1
    return value
  }
}

/// Runs `body` on a thread that no task of Swift's own pool waits for.
package func inBackground(_ body: @escaping @Sendable () -> Void) {
  DispatchQueue.global().async(execute: body)
}

/// One place for each result; places are written under a lock and read when all are there.
private final class Slots<Element: Sendable>: @unchecked Sendable {
  private let lock = DispatchSemaphore(value: 1)
  private var elements: [Element?]

  init(count: Int) { elements = Array(repeating: nil, count: count) }

  subscript(index: Int) -> Element {
    get { elements[index]! }
    set {
      lock.wait()
      elements[index] = newValue
      lock.signal()
    }
  }

  var all: [Element] { elements.map { $0! } }
}
