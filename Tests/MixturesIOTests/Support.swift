import Mixtures
import MixturesIO

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Steele, Lea & Flood (2014), "Fast splittable pseudorandom number generators".
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
  }

  mutating func flip() -> Bool { next() & 1 == 1 }
}

/// Whether the long versions of tests were asked for.
let isSlow = getenv("MIXTURES_SLOW_TESTS") != nil

/// Bytes that end where a page ends that nobody may read: to read one byte too many is a crash.
func guarded(_ bytes: some Collection<UInt8>) -> FileBytes {
  let page = Int(sysconf(Int32(_SC_PAGESIZE)))
  let size = (bytes.count + page - 1) / page * page
  let memory = mmap(nil, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)
  guard let memory, memory != MAP_FAILED else { preconditionFailure("no memory") }
  mprotect(memory + size, page, PROT_NONE)
  let start = (memory + size - bytes.count).assumingMemoryBound(to: UInt8.self)
  for (index, byte) in bytes.enumerated() { start[index] = byte }
  nonisolated(unsafe) let mapped = memory
  return FileBytes(start, count: bytes.count) { munmap(mapped, size + page) }
}

func table(
  _ bytes: some Collection<UInt8>, _ selection: ColumnSelection = ColumnSelection()
) throws(TableError) -> Table {
  try Table(guarded(bytes), path: "points.csv", selecting: selection)
}

func table(
  _ text: String, _ selection: ColumnSelection = ColumnSelection()
) throws(TableError) -> Table {
  try table(text.utf8, selection)
}

/// A text table that is seen through a window, which holds this many bytes at first.
func streamed(
  _ bytes: some Collection<UInt8>, _ selection: ColumnSelection = ColumnSelection(),
  window capacity: Int
) throws(TableError) -> Table {
  try Table(
    text: TextWindow(passingOver: guarded(bytes), capacity: capacity), isStreamed: true,
    path: "points.csv", selecting: selection)
}

/// What reading says is wrong; nil if nothing is.
func message(
  _ text: String, _ selection: ColumnSelection = ColumnSelection()
) -> String? {
  do throws(TableError) {
    _ = try table(text, selection)
    return nil
  } catch {
    return error.description
  }
}

extension PointSource {
  /// All points, read in tiles of 16.
  var allRows: [[Double]] {
    var tile = Tile(capacity: 16, dimension: dimension)
    return stride(from: 0, to: count, by: 16).flatMap { first in
      read(first..<min(first + 16, count), into: &tile)
      return (0..<tile.count).map { index in (0..<dimension).map { tile[index, $0] } }
    }
  }
}

/// A folder that is removed at the end.
final class TemporaryFolder {
  let path: String

  init() {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/mixtures-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { preconditionFailure("no temporary folder") }
    path = String(cString: made)
  }

  deinit {
    for name in names { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  var names: [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func write(_ bytes: some Collection<UInt8>, to name: String) -> String {
    let file = "\(path)/\(name)"
    guard let stream = fopen(file, "wb") else { preconditionFailure("cannot write \(file)") }
    let bytes = Array(bytes)
    fwrite(bytes, 1, bytes.count, stream)
    fclose(stream)
    return file
  }

  func content(of name: String) -> String? {
    guard let stream = fopen("\(path)/\(name)", "rb") else { return nil }
    defer { fclose(stream) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, stream)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}
