import Dispatch

/// An open file of which no more is in memory than what is being read.
///
/// Every read is one call to the system, into memory that is given back at once: what has been
/// read stays in the system's cache, which it takes back when memory is scarce. The system is told
/// ahead of time what will be read.
final class StreamedFile: ByteStore, @unchecked Sendable {  // the first failure has a lock
  private let file: Descriptor
  private let lock = DispatchSemaphore(value: 1)
  private var firstFailure: ReadFailure?

  /// How many bytes ``readOn(into:)`` has given.
  private(set) var readCount = 0

  /// How much is fetched ahead at a time.
  private static let window = 4 << 20

  init(_ file: consuming Descriptor) { self.file = file }

  func withBytes(_ range: Range<Int>, _ body: (UnsafeRawPointer) -> Void) {
    withUnsafeTemporaryAllocation(byteCount: range.count, alignment: 64) { memory in
      do throws(SystemError) {
        let count = try file.read(into: memory, at: range.lowerBound)
        if count < memory.count {
          note("the file has become shorter", at: range.lowerBound + count, in: memory)
        }
      } catch {
        note(error.reason, at: range.lowerBound, in: memory)
      }
      guard let start = memory.baseAddress else { return }
      body(start)
    }
  }

  var isContiguous: Bool { false }

  /// Once in each window, the next but one is asked for.
  func willRead(_ range: Range<Int>) {
    let next = (range.lowerBound + Self.window - 1) / Self.window * Self.window
    guard next < range.upperBound else { return }
    file.willRead((next + Self.window)..<(next + 2 * Self.window))
  }

  var failure: ReadFailure? {
    lock.wait()
    defer { lock.signal() }
    return firstFailure
  }

  /// The bytes after those that this has given before.
  ///
  /// - Returns: how many there are; zero at the end of the file.
  func readOn(into memory: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    let count = try file.read(into: memory)
    readCount += count
    return count
  }

  /// Lets ``readOn(into:)`` begin with the first byte.
  func rewind() throws(SystemError) { try file.rewind() }

  /// Appends to the file, before anybody reads it.
  func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) { try file.write(bytes) }

  private func note(_ reason: String, at offset: Int, in memory: UnsafeMutableRawBufferPointer) {
    memory.initializeMemory(as: UInt8.self, repeating: 0xFF)
    lock.wait()
    defer { lock.signal() }
    guard offset < firstFailure?.offset ?? .max else { return }
    firstFailure = ReadFailure(offset: offset, reason: reason)
  }
}
