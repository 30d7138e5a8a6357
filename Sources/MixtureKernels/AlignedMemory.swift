// Memory at multiples of 64 bytes: a vector that is loaded from there lies in one line of the cache.

private let alignment = 64

/// Calls `body` with room for `count` doubles, undefined at first.
package func withAlignedScratch<Result>(
  _ count: Int, _ body: (UnsafeMutablePointer<Double>) -> Result
) -> Result {
  withUnsafeTemporaryAllocation(
    byteCount: max(1, count) * MemoryLayout<Double>.stride, alignment: alignment
  ) { bytes in
    // Room for at least one double has an address.
    body(bytes.bindMemory(to: Double.self).baseAddress!)
  }
}

/// A fixed number of doubles, a value like an array.
package struct AlignedArray: Sendable {
  private final class Storage: @unchecked Sendable {  // changed only while uniquely referenced
    let buffer: UnsafeMutableBufferPointer<Double>

    init(count: Int) {
      buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: count * MemoryLayout<Double>.stride, alignment: alignment
      ).bindMemory(to: Double.self)
    }

    deinit { buffer.deallocate() }
  }

  private var storage: Storage

  package init(zeros count: Int) {
    storage = Storage(count: count)
    storage.buffer.initialize(repeating: 0)
  }

  package var count: Int { storage.buffer.count }

  package subscript(index: Int) -> Double {
    precondition(index >= 0 && index < count, "no element \(index)")
    return storage.buffer[index]
  }

  package func withUnsafeBufferPointer<Result>(
    _ body: (UnsafeBufferPointer<Double>) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(storage) { try body(UnsafeBufferPointer($0.buffer)) }
  }

  package mutating func withUnsafeMutableBufferPointer<Result>(
    _ body: (UnsafeMutableBufferPointer<Double>) throws -> Result
  ) rethrows -> Result {
    if !isKnownUniquelyReferenced(&storage) {
      let copy = Storage(count: count)
      _ = copy.buffer.initialize(from: storage.buffer)
      storage = copy
    }
    return try withExtendedLifetime(storage) { try body($0.buffer) }
  }
}

/// Room for doubles, made when it is first asked for. Copies share it.
package final class Scratch: @unchecked Sendable {  // of one pass on one thread
  private let count: Int
  private var buffer: UnsafeMutableRawBufferPointer?

  package init(count: Int) { self.count = count }

  deinit { buffer?.deallocate() }

  /// Undefined at first.
  package var start: UnsafeMutablePointer<Double>? {
    let bytes =
      buffer
      ?? .allocate(byteCount: max(1, count) * MemoryLayout<Double>.stride, alignment: alignment)
    buffer = bytes
    return bytes.bindMemory(to: Double.self).baseAddress
  }
}
