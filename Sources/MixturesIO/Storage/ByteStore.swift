/// Where the bytes of a file can be had, by several threads at once.
protocol ByteStore: Sendable {
  /// Calls `body` with the bytes of `range`, which last as long as the call. Those that cannot be read
  /// are all ones, and noted in ``failure``.
  func withBytes(_ range: Range<Int>, _ body: (UnsafeRawPointer) -> Void)

  /// Says that `range` is about to be read, and what follows it after that.
  func willRead(_ range: Range<Int>)

  /// Whether bytes that follow each other in the file do so in memory.
  var isContiguous: Bool { get }

  /// The first byte that could not be read, if there is one.
  var failure: ReadFailure? { get }
}

/// A byte of a file that could not be read.
struct ReadFailure: Equatable, Sendable {
  let offset: Int
  let reason: String
}

/// A mapped file: the system reads it when it is touched.
extension FileBytes: ByteStore {
  func withBytes(_ range: Range<Int>, _ body: (UnsafeRawPointer) -> Void) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "no bytes \(range)")
    body(UnsafeRawPointer(start) + range.lowerBound)
    keepAlive()
  }

  func willRead(_ range: Range<Int>) {}

  var isContiguous: Bool { true }

  var failure: ReadFailure? { nil }
}
