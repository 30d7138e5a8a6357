/// Where writing to a path leads, links followed.
enum OutputTarget {
  /// A regular file, or none yet; with the permissions to keep.
  case file(String, permissions: UInt32?)

  /// A pipe or a device.
  case special(String)

  /// A file that this process has open.
  case descriptor(Int32)

  init(_ path: String) throws(SystemError) {
    guard !path.isEmpty else { throw .missing }
    if let number = Self.openDescriptor(path) {
      self = .descriptor(number)
      return
    }
    guard let status = try FileSystem.status(of: path) else {
      self = .file(try Self.followingLinks(path), permissions: nil)
      return
    }
    switch status.kind {
    case .directory:
      throw .isDirectory
    case .regular, .link:
      // Renaming asks for no permission on the file that it replaces.
      try FileSystem.checkWritePermission(path)
      self = .file(try Self.followingLinks(path), permissions: status.permissions)
    case .other:
      self = .special(path)
    }
  }

  private static func openDescriptor(_ path: String) -> Int32? {
    switch path {
    case "-", "/dev/stdout": return 1
    case "/dev/stderr": return 2
    default: break
    }
    for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(folder) {
      return Int32(path.dropFirst(folder.count))
    }
    return nil
  }

  /// The path at the end of a chain of links, whether something is there or not.
  private static func followingLinks(_ path: String) throws(SystemError) -> String {
    var path = path
    for _ in 0..<40 {
      guard let status = try FileSystem.status(of: path, followingLinks: false),
        status.kind == .link
      else { return path }
      let target = try FileSystem.linkTarget(of: path)
      let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
      path = target.hasPrefix("/") ? target : folder + target
    }
    throw .tooManyLinks
  }
}
