#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Values that end where a page begins that nobody may read.
final class GuardedArray<Element: BitwiseCopyable> {
  let start: UnsafePointer<Element>
  private let memory: UnsafeMutableRawPointer
  private let size: Int

  init(_ values: [Element]) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let bytes = values.count * MemoryLayout<Element>.stride
    let whole = (bytes + page - 1) / page * page
    size = whole + page
    guard
      let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0),
      memory != MAP_FAILED
    else { preconditionFailure("no memory") }
    self.memory = memory
    mprotect(memory + whole, page, PROT_NONE)
    values.withUnsafeBytes {
      (memory + whole - bytes).copyMemory(from: $0.baseAddress!, byteCount: bytes)
    }
    start = UnsafePointer((memory + whole - bytes).assumingMemoryBound(to: Element.self))
  }

  deinit { munmap(memory, size) }
}
