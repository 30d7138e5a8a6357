import Dispatch
import Mixtures
import MixturesIO
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite struct InputFileTests {
  private let folder = TemporaryFolder()

  private func error(_ path: String) -> TableError? {
    do throws(TableError) {
      _ = try Table(contentsOf: path)
      return nil
    } catch {
      return error
    }
  }

  /// Lengths about the size of a page, where a mapping ends without a byte to spare.
  @Test(arguments: [1, 4_094, 4_096, 8_192, 65_536, 200_000])
  func filesAndPipesReadAlike(length: Int) throws {
    let text = String(repeating: "7", count: 1) + String(repeating: "\n7", count: (length - 1) / 2)
    let path = folder.write(text.utf8, to: "points")
    let count = (length - 1) / 2 + 1
    #expect(try Table(contentsOf: path).points.count == count)

    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    defer { close(ends[0]) }
    let (reader, writer) = (ends[0], ends[1])
    let bytes = Array(text.utf8)
    let group = DispatchGroup()
    // Not a task: those share few threads, and here one waits for the other.
    DispatchQueue.global().async(group: group) {
      var done = 0
      while done < bytes.count {
        done += bytes[done...].withUnsafeBytes { write(writer, $0.baseAddress, $0.count) }
      }
      close(writer)
    }
    #expect(try Table(contentsOf: "/dev/fd/\(reader)").points.count == count)
    group.wait()
  }

  @Test func whatCannotBeRead() {
    let missing = error("\(folder.path)/none.csv")
    #expect(missing?.kind == .unreadable)
    #expect(
      missing?.description == "\(folder.path)/none.csv: cannot be read: No such file or directory. "
        + "Check the path and the permissions.")
    #expect(error(folder.path)?.description.contains("Is a directory") == true)
    #expect(error("")?.kind == .unreadable)
    #expect(error("/dev/null")?.problem == "the file is empty")
  }

  @Test func pathsAreShownWithoutControlCharacters() {
    #expect(error("/no\u{1B}[2J\n")?.description.hasPrefix("/no\\u{1b}[2J\\n: ") == true)
  }

  @Test func standardInputHasItsName() {
    let error = TableError(.invalidData, path: "-", line: 3, problem: "p", advice: "A.")
    #expect(error.description == "standard input, line 3: p. A.")
  }

  @Test func mappedPointsOutliveTheTable() throws {
    var bytes = Array("\u{93}NUMPY".unicodeScalars.map { UInt8($0.value) }) + [1, 0, 70, 0]
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (3, 1)}"
    bytes += Array(header.utf8) + Array(repeating: 32, count: 70 - header.utf8.count) + [4, 5, 6]
    let path = folder.write(bytes, to: "x.npy")
    let points = try Table(contentsOf: path).points
    unlink(path)
    #expect(points.allRows == [[4], [5], [6]])
  }
}

@Suite struct OutputFileTests {
  private let folder = TemporaryFolder()

  private func permissions(_ name: String) -> UInt32? {
    var record = stat()
    guard stat("\(folder.path)/\(name)", &record) == 0 else { return nil }
    return UInt32(record.st_mode) & 0o777
  }

  private func error(_ path: String) -> OutputError? {
    do throws(OutputError) {
      try OutputFile.write("text", to: path)
      return nil
    } catch {
      return error
    }
  }

  @Test func aNewFileIsWhole() throws {
    var file = try OutputFile("\(folder.path)/new")
    try file.write("one\n")
    try file.write(Array("two\n".utf8))
    #expect(folder.content(of: "new") == nil)
    try file.commit()
    #expect(folder.content(of: "new") == "one\ntwo\n")
    #expect(folder.names == ["new"])
    #expect(permissions("new").map { $0 & 0o111 } == 0)
    #expect(permissions("new").map { $0 & 0o600 } == 0o600)
  }

  @Test func longTextsAreWrittenInPieces() throws {
    let line = String(repeating: "x", count: 999) + "\n"
    var file = try OutputFile("\(folder.path)/long")
    for _ in 0..<300 { try file.write(line) }
    try file.commit()
    #expect(folder.content(of: "long") == String(repeating: line, count: 300))
  }

  @Test func withoutCommitNothingHappens() throws {
    _ = folder.write("old".utf8, to: "kept")
    do {
      var file = try OutputFile("\(folder.path)/kept")
      try file.write(String(repeating: "new", count: 100_000))
      #expect(folder.names.count == 2)
    }
    #expect(folder.names == ["kept"])
    #expect(folder.content(of: "kept") == "old")
  }

  @Test(arguments: [0o600, 0o640, 0o755] as [UInt32])
  func aReplacedFileKeepsItsPermissions(mode: UInt32) throws {
    let path = folder.write("old".utf8, to: "file")
    chmod(path, mode_t(mode))
    try OutputFile.write("new", to: path)
    #expect(folder.content(of: "file") == "new")
    #expect(permissions("file") == mode)
  }

  @Test func linksStayLinks() throws {
    _ = folder.write("old".utf8, to: "target")
    symlink("target", "\(folder.path)/link")
    symlink("link", "\(folder.path)/second")
    symlink("fresh", "\(folder.path)/dangling")
    try OutputFile.write("new", to: "\(folder.path)/second")
    try OutputFile.write("made", to: "\(folder.path)/dangling")
    #expect(folder.content(of: "target") == "new")
    #expect(folder.content(of: "fresh") == "made")
    #expect(folder.names == ["dangling", "fresh", "link", "second", "target"])
    for link in ["link", "second", "dangling"] {
      var target = [CChar](repeating: 0, count: 100)
      #expect(readlink("\(folder.path)/\(link)", &target, 100) > 0)
    }
    symlink("b", "\(folder.path)/a")
    symlink("a", "\(folder.path)/b")
    #expect(error("\(folder.path)/a")?.reason == "Too many levels of symbolic links")
  }

  @Test func whatCannotBeWritten() {
    let path = folder.path
    #expect(
      error(path)?.description
        == "Cannot write \(path): Is a directory. Add the name of a file to the path.")
    #expect(
      error("\(path)/no/model.json")?.description
        == "Cannot write \(path)/no/model.json: No such file or directory. "
        + "Create the folder first, or choose another path.")
    _ = folder.write("old".utf8, to: "file")
    #expect(error("\(path)/file/x")?.reason == "Not a directory")
    #expect(error("")?.description.hasPrefix("Cannot write \"\": No such file") == true)
    if getuid() != 0 {
      chmod("\(path)/file", 0o400)
      #expect(error("\(path)/file")?.reason == "Permission denied")
      #expect(folder.content(of: "file") == "old")
    }
    #expect(folder.names == ["file"])
  }

  @Test func checkingLeavesNoTrace() throws {
    let path = folder.write("old".utf8, to: "file")
    try OutputFile.checkWritable(path)
    try OutputFile.checkWritable("\(folder.path)/new")
    #expect(folder.names == ["file"])
    #expect(folder.content(of: "file") == "old")
    for wrong in [folder.path, "\(folder.path)/no/new", "", "\(path)/x"] {
      #expect(throws: OutputError.self) { try OutputFile.checkWritable(wrong) }
    }
    try OutputFile.checkWritable("-")
  }

  /// A pipe stands for every device: to try a real one is to lose it, should this fail as root.
  @Test func devicesAndPipesAreWrittenDirectly() throws {
    let path = "\(folder.path)/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    try OutputFile.checkWritable(path)
    let reader = open(path, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    try OutputFile.write("through", to: path)
    var bytes = [UInt8](repeating: 0, count: 16)
    #expect(read(reader, &bytes, 16) == 7)
    #expect(folder.names == ["pipe"])
  }

  @Test func openDescriptorsAreWrittenDirectly() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    try OutputFile.write("through", to: "/dev/fd/\(ends[1])")
    var bytes = [UInt8](repeating: 0, count: 16)
    #expect(read(ends[0], &bytes, 16) == 7)
    #expect(error("/dev/fd/999")?.reason == "Bad file descriptor")
  }

  @Test func standardOutputHasSeveralNames() {
    for path in ["-", "/dev/stdout", "/dev/fd/1"] { #expect(OutputFile.isStandardOutput(path)) }
    for path in ["", "/dev/stderr", "/dev/fd/2", "/dev/null", "\(folder.path)/-"] {
      #expect(!OutputFile.isStandardOutput(path), "\(path)")
    }
  }

  #if os(Linux)
    @Test func aFullDiskIsAnError() {
      let full = open("/dev/full", O_WRONLY)
      defer { close(full) }
      #expect(
        error("/dev/fd/\(full)")?.description
          == "Cannot write /dev/fd/\(full): No space left on device. "
          + "Free some space, or choose another path.")
    }
  #endif
}
