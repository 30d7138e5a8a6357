/// The bytes of a file, unchanging and readable by several threads.
///
/// A regular file is mapped: its pages are read when first touched and need no memory of
/// their own. Pipes and terminals are read to their end into memory. If another process
/// shortens a mapped file meanwhile, the system ends this one with a bus error; if it
/// changes the file, results mix old and new.
package final class FileBytes: @unchecked Sendable {  // immutable, released once
  package let start: UnsafePointer<UInt8>
  package let count: Int
  private let release: @Sendable () -> Void

  /// Takes memory that stays valid until `release` is called.
  package init(
    _ start: UnsafePointer<UInt8>, count: Int, release: @escaping @Sendable () -> Void
  ) {
    self.start = start
    self.count = count
    self.release = release
  }

  deinit { release() }

  package var end: UnsafePointer<UInt8> { start + count }

  /// Valid as long as this object is: whoever reads them holds it with ``keepAlive()``.
  package var all: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

  /// Called after the last use of the bytes, which by itself keeps nothing alive.
  package func keepAlive() { withExtendedLifetime(self) {} }

  /// A copy of `bytes` in memory of exactly their size.
  package convenience init(copying bytes: some Collection<UInt8>) {
    let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    _ = memory.update(fromContentsOf: bytes)
    self.init(owning: memory, count: bytes.count)
  }

  private convenience init(owning memory: UnsafeMutableBufferPointer<UInt8>, count: Int) {
    // A buffer of no capacity has an address too.
    let start = memory.baseAddress ?? UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
    nonisolated(unsafe) let owned = start
    self.init(start, count: count) { owned.deallocate() }
  }

  /// The bytes of the file at `path`, `-` being standard input.
  convenience init(contentsOf path: String) throws(SystemError) {
    let file = try path == "-" ? Descriptor.standardInput : Descriptor.reading(path)
    try self.init(contentsOf: file)
  }

  convenience init(contentsOf file: borrowing Descriptor) throws(SystemError) {
    let status = try file.status()
    let count = status.size
    if status.kind == .directory { throw .isDirectory }
    if status.kind == .regular, count > 0, file.isAtStart, let mapped = file.map(count: count) {
      nonisolated(unsafe) let address = mapped
      self.init(address.assumingMemoryBound(to: UInt8.self), count: count) {
        FileSystem.unmap(address, count: count)
      }
    } else {
      let (memory, count) = try Self.readToEnd(file)
      self.init(owning: memory, count: count)
    }
  }

  private static func readToEnd(
    _ file: borrowing Descriptor
  ) throws(SystemError) -> (UnsafeMutableBufferPointer<UInt8>, count: Int) {
    var memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)
    var count = 0
    do throws(SystemError) {
      while true {
        let free = UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(memory)[count...])
        let received = try file.read(into: free)
        if received == 0 { return (memory, count) }
        count += received
        if count == memory.count { memory = doubled(memory) }
      }
    } catch {
      memory.deallocate()
      throw error
    }
  }

  private static func doubled(
    _ memory: UnsafeMutableBufferPointer<UInt8>
  ) -> UnsafeMutableBufferPointer<UInt8> {
    let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 2 * memory.count)
    _ = larger.moveUpdate(fromContentsOf: memory)
    memory.deallocate()
    return larger
  }
}
