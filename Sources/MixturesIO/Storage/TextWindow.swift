/// A stretch of a file that moves on: the whole file at once, or a buffer that it passes through.
///
/// A buffer has a megabyte, or as much as what must be kept in it: one row of a text table.
package final class TextWindow {
  /// What can be seen. It does not end between CR and LF.
  private(set) var text: UnsafeBufferPointer<UInt8>

  /// Whether nothing follows.
  private(set) var isLast: Bool

  /// The bytes after those that were had before; nil where all can be seen.
  private let next: ((UnsafeMutableRawBufferPointer) throws(SystemError) -> Int)?
  private let whole: FileBytes?
  private var buffer: UnsafeMutableBufferPointer<UInt8>
  private var filled = 0

  /// What must be kept may not be longer.
  static let limit = 1 << 26

  private static let firstCapacity = 1 << 20

  /// All bytes at once.
  init(_ bytes: FileBytes) {
    whole = bytes
    next = nil
    text = bytes.all
    buffer = UnsafeMutableBufferPointer(start: nil, count: 0)
    isLast = true
  }

  /// The first bytes of a file or pipe.
  convenience init(_ file: StreamedFile) throws(SystemError) {
    try self.init(capacity: Self.firstCapacity, next: file.readOn)
  }

  /// A buffer that passes over memory, as it would over a file.
  package convenience init(passingOver bytes: FileBytes, capacity: Int) {
    var position = 0
    do throws(SystemError) {
      try self.init(capacity: capacity) { memory in
        let count = min(memory.count, bytes.count - position)
        let part = UnsafeRawBufferPointer(start: bytes.start + position, count: count)
        memory.copyMemory(from: part)
        position += count
        return count
      }
    } catch {
      preconditionFailure("memory can be read")
    }
  }

  private init(
    capacity: Int, next: @escaping (UnsafeMutableRawBufferPointer) throws(SystemError) -> Int
  ) throws(SystemError) {
    whole = nil
    self.next = next
    buffer = .allocate(capacity: capacity)
    text = UnsafeBufferPointer(rebasing: buffer[..<0])
    isLast = false
    try fill()
  }

  deinit { buffer.deallocate() }

  /// Moves on until `position` is the first that can be seen; if it is so already, more is seen behind.
  func moveOn(to position: UnsafePointer<UInt8>) throws(SystemError) {
    guard let start = buffer.baseAddress, !isLast else { return }
    let passed = position - UnsafePointer(start)
    filled -= passed
    start.update(from: start + passed, count: filled)
    if filled == buffer.count { grow() }
    try fill()
  }

  private func fill() throws(SystemError) {
    while filled < buffer.count, !isLast {
      let free = UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
      let received = try next?(free) ?? 0
      filled += received
      isLast = received == 0
    }
    let endsWithReturn = filled > 0 && buffer[filled - 1] == carriageReturn
    text = UnsafeBufferPointer(
      rebasing: buffer[..<(endsWithReturn && !isLast ? filled - 1 : filled)])
  }

  private func grow() {
    let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 2 * buffer.count)
    _ = larger.moveUpdate(fromContentsOf: buffer)
    buffer.deallocate()
    buffer = larger
  }
}
