#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Android)
  import Android
#endif

/// Why the system refused a call.
struct SystemError: Error {
  let code: Int32

  /// The system's own words, as in "No such file or directory".
  var reason: String { String(cString: strerror(code)) }

  var meansMissing: Bool { code == ENOENT }
  var meansClosedPipe: Bool { code == EPIPE }
  var meansDirectory: Bool { code == EISDIR }
  var meansFull: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }
  var meansDenied: Bool { code == EACCES || code == EPERM || code == EROFS }

  static var missing: SystemError { SystemError(code: ENOENT) }
  static var isDirectory: SystemError { SystemError(code: EISDIR) }
  static var tooManyLinks: SystemError { SystemError(code: ELOOP) }
  static var last: SystemError { SystemError(code: errno) }
}

/// What the system knows of a file.
struct FileStatus {
  enum Kind { case regular, directory, link, other }
  let kind: Kind
  let size: Int
  let permissions: UInt32

  fileprivate init(_ record: stat) {
    switch record.st_mode & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: kind = .directory
    case S_IFLNK: kind = .link
    default: kind = .other
    }
    size = Int(clamping: record.st_size)
    permissions = UInt32(record.st_mode & 0o7777)
  }
}

/// An open file, closed when it goes out of scope.
struct Descriptor: ~Copyable {
  private let number: Int32
  private let isOwned: Bool

  private init(opened number: Int32) throws(SystemError) {
    guard number >= 0 else { throw .last }
    self.number = number
    isOwned = true
  }

  private init(borrowed number: Int32) {
    self.number = number
    isOwned = false
  }

  deinit { if isOwned { _ = close(number) } }

  static var standardInput: Descriptor { Descriptor(borrowed: 0) }

  static func reading(_ path: String) throws(SystemError) -> Descriptor {
    try Descriptor(opened: retrying { open(path, O_RDONLY | O_CLOEXEC) })
  }

  /// Opens what exists, neither creating nor cutting it.
  static func writing(_ path: String) throws(SystemError) -> Descriptor {
    try Descriptor(opened: retrying { open(path, O_WRONLY | O_CLOEXEC) })
  }

  /// Creates a file that must not exist; the process's mask applies to `permissions`.
  static func creating(_ path: String, permissions: UInt32) throws(SystemError) -> Descriptor {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
    return try Descriptor(opened: retrying { open(path, flags, mode_t(permissions)) })
  }

  /// A new file without a name in `folder`: it is gone when it is closed, however this process ends.
  static func temporary(in folder: String) throws(SystemError) -> Descriptor {
    var path = Array("\(folder)/mixture-XXXXXX".utf8CString)
    let file = try Descriptor(opened: retrying { mkstemp(&path) })
    _ = unlink(path)
    _ = fcntl(file.number, F_SETFD, FD_CLOEXEC)
    return file
  }

  static func duplicating(_ number: Int32) throws(SystemError) -> Descriptor {
    try Descriptor(opened: dup(number))
  }

  func status() throws(SystemError) -> FileStatus {
    var record = stat()
    guard fstat(number, &record) == 0 else { throw .last }
    return FileStatus(record)
  }

  /// Whether the next byte read is the file's first; false for what cannot be sought.
  var isAtStart: Bool { lseek(number, 0, SEEK_CUR) == 0 }

  /// Makes the next byte read the file's first.
  func rewind() throws(SystemError) {
    guard lseek(number, 0, SEEK_SET) == 0 else { throw .last }
  }

  /// The first `count` bytes of the file as read-only memory; nil where the system has no mapping.
  func map(count: Int) -> UnsafeRawPointer? {
    let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, number, 0)
    return address == MAP_FAILED ? nil : UnsafeRawPointer(address)
  }

  /// - Returns: how many bytes were read; zero at the end of the file.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    let count = retrying { systemRead(number, buffer.baseAddress, buffer.count) }
    guard count >= 0 else { throw .last }
    return count
  }

  /// Fills `buffer` from a place in the file, whatever was read before.
  ///
  /// - Returns: how many bytes were read; fewer than asked for only at the end of the file.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(SystemError) -> Int {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = retrying { pread(number, rest.baseAddress, rest.count, off_t(offset + done)) }
      guard count >= 0 else { throw .last }
      if count == 0 { break }
      done += count
    }
    return done
  }

  /// Asks the system to fetch a part of the file meanwhile; one that cannot be fetched is no error.
  func willRead(_ range: Range<Int>) {
    #if canImport(Darwin)
      var advice = radvisory(
        ra_offset: off_t(range.lowerBound), ra_count: Int32(clamping: range.count))
      _ = fcntl(number, F_RDADVISE, &advice)
    #else
      _ = posix_fadvise(
        number, off_t(range.lowerBound), off_t(range.count), POSIX_FADV_WILLNEED)
    #endif
  }

  /// Writes all of `bytes`, in as many calls as it takes.
  func write(_ bytes: [UInt8]) throws(SystemError) {
    try bytes.withUnsafeBufferPointer { bytes throws(SystemError) in
      try write(UnsafeRawBufferPointer(bytes))
    }
  }

  /// Writes all of `bytes`, in as many calls as it takes.
  func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = retrying { systemWrite(number, rest.baseAddress, rest.count) }
      guard count >= 0 else { throw .last }
      done += count
    }
  }

  /// Has no effect on a file system without permissions.
  func setPermissions(_ permissions: UInt32) { _ = fchmod(number, mode_t(permissions)) }

  /// Waits until the file is on the disk; a file system that cannot promise it is no error.
  func synchronize() throws(SystemError) {
    guard fsync(number) != 0 else { return }
    let error = SystemError.last
    guard error.code == EINVAL || error.code == ENOTSUP || error.code == EROFS else { throw error }
  }
}

/// What the machine has.
enum Machine {
  /// How much memory a process may have, in bytes; nil where the system does not say.
  static var memory: Int? { [physicalMemory, containerLimit].compactMap(\.self).min() }

  private static var physicalMemory: Int? {
    let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    return pages > 0 && size > 0 ? pages * size : nil
  }

  /// The limit of the control group that a container sees as its root, in the second or first version of the
  /// interface.
  private static var containerLimit: Int? {
    ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"].lazy
      .compactMap { try? FileBytes(contentsOf: $0) }.first
      .flatMap { file in
        defer { file.keepAlive() }
        let text = String(decoding: file.all, as: UTF8.self)
        return Int(text.prefix { $0.isNumber })
      }
  }
}

/// Calls on paths.
enum FileSystem {
  /// Where temporary files go: `TMPDIR`, else `/tmp`.
  static var temporaryFolder: String {
    guard let folder = getenv("TMPDIR"), folder.pointee != 0 else { return "/tmp" }
    return String(cString: folder)
  }

  /// - Returns: nil where nothing is at `path`.
  static func status(
    of path: String, followingLinks: Bool = true
  ) throws(SystemError) -> FileStatus? {
    var record = stat()
    let result = followingLinks ? stat(path, &record) : lstat(path, &record)
    if result == 0 { return FileStatus(record) }
    let error = SystemError.last
    if error.meansMissing { return nil }
    throw error
  }

  static func linkTarget(of path: String) throws(SystemError) -> String {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &target, target.count)
    guard count >= 0 else { throw .last }
    return String(decoding: target.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The one way to write a path whose folder exists: without links and detours up to its last name.
  static func place(of path: String) -> String? {
    let cut = path.lastIndex(of: "/")
    let folder = cut.map { String(path[...$0]) } ?? "."
    guard let resolved = realpath(folder, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved) + "/"
      + path[(cut.map(path.index(after:)) ?? path.startIndex)...]
  }

  static func checkWritePermission(_ path: String) throws(SystemError) {
    guard access(path, W_OK) == 0 else { throw .last }
  }

  static func move(_ path: String, to target: String) throws(SystemError) {
    guard rename(path, target) == 0 else { throw .last }
  }

  static func remove(_ path: String) { _ = unlink(path) }

  static func unmap(_ address: UnsafeRawPointer, count: Int) {
    _ = munmap(UnsafeMutableRawPointer(mutating: address), count)
  }
}

private let systemRead = read
private let systemWrite = write

/// Repeats a call that a signal interrupted.
private func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}
