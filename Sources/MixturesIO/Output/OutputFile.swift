/// A file that is written whole or not at all.
///
/// What is written goes to a temporary file beside the target, which takes the target's place
/// in ``commit()`` once everything is on the disk. Without that call the target stays as
/// it was: an `OutputFile` that goes out of scope removes its temporary file.
///
/// A link is followed and stays a link; a file that is replaced keeps its permissions.
/// Pipes and devices, `/dev/stdout` and `-`, which is standard output, are written to directly.
public struct OutputFile: ~Copyable {
  /// What takes its final name at the end; nil where the target is written to directly.
  private struct Draft {
    let path: String
    let target: String

    init(_ name: String, beside target: String) {
      let folder = target.lastIndex(of: "/").map { target[...$0] } ?? ""
      path = "\(folder).mixture-\(name).tmp"
      self.target = target
    }
  }

  private let path: String
  private let descriptor: Descriptor
  private var draft: Draft?
  private var pending: [UInt8] = []

  /// Written at once; collecting saves calls to the system.
  private static let pendingLimit = 1 << 16

  /// Opens the temporary file, or the target itself if it is no regular file.
  ///
  /// - Throws: ``OutputError`` if the target is a directory or cannot be written.
  public init(_ path: String) throws(OutputError) {
    try self.init(path, draft: String(UInt64.random(in: .min ... .max), radix: 36))
  }

  /// As ``init(_:)``, with a temporary file of a known name.
  init(_ path: String, draft name: String) throws(OutputError) {
    self.path = path
    do throws(SystemError) {
      switch try OutputTarget(path) {
      case .descriptor(let number):
        descriptor = try .duplicating(number)
        draft = nil
      case .special(let target):
        descriptor = try .writing(target)
        draft = nil
      case .file(let target, let permissions):
        let draft = Draft(name, beside: target)
        descriptor = try .creating(draft.path, permissions: 0o666)
        self.draft = draft
        if let permissions { descriptor.setPermissions(permissions) }
      }
    } catch {
      throw OutputError(path, error)
    }
  }

  deinit {
    if let draft { FileSystem.remove(draft.path) }
  }

  /// Appends text.
  public mutating func write(_ text: String) throws(OutputError) {
    pending.append(contentsOf: text.utf8)
    if pending.count >= Self.pendingLimit { try flush() }
  }

  /// Appends bytes.
  public mutating func write(_ bytes: [UInt8]) throws(OutputError) {
    pending.append(contentsOf: bytes)
    if pending.count >= Self.pendingLimit { try flush() }
  }

  /// Appends a document and a line break.
  public mutating func write(_ document: JSONValue) throws(OutputError) {
    try document.write { part throws(OutputError) in try write(part) }
    try write("\n")
  }

  /// Gives the file its name, complete and on the disk.
  public consuming func commit() throws(OutputError) {
    try flush()
    guard let draft else { return }
    do throws(SystemError) {
      try descriptor.synchronize()
      try FileSystem.move(draft.path, to: draft.target)
    } catch {
      throw OutputError(path, error)
    }
    self.draft = nil
  }

  /// Writes `text` as the whole content of a file.
  public static func write(_ text: String, to path: String) throws(OutputError) {
    var file = try OutputFile(path)
    try file.write(text)
    try file.commit()
  }

  /// Writes a document as the whole content of a file.
  public static func write(_ document: JSONValue, to path: String) throws(OutputError) {
    var file = try OutputFile(path)
    try file.write(document)
    try file.commit()
  }

  /// Fails, before long work, where writing would fail after it: on a directory, without
  /// permission, on a missing folder. Nothing is left behind or changed.
  public static func checkWritable(_ path: String) throws(OutputError) {
    do throws(SystemError) {
      if case .special(let target) = try OutputTarget(path) {
        // To open a pipe is to wait for its reader.
        return try FileSystem.checkWritePermission(target)
      }
    } catch {
      throw OutputError(path, error)
    }
    _ = try OutputFile(path)
  }

  /// Whether a path is one of those of standard output: `-`, `/dev/stdout` and others.
  public static func isStandardOutput(_ path: String) -> Bool {
    if case .descriptor(1)? = try? OutputTarget(path) { true } else { false }
  }

  /// Whether two paths lead to the same regular file, or will once it is there.
  public static func isSame(_ path: String, _ other: String) -> Bool {
    func place(_ path: String) -> String? {
      guard case .file(let target, _)? = try? OutputTarget(path) else { return nil }
      return FileSystem.place(of: target)
    }
    return place(path).map { $0 == place(other) } ?? false
  }

  /// Removes what an earlier process of that draft name left when it was killed.
  static func removeDraft(_ name: String, of path: String) throws(OutputError) {
    do throws(SystemError) {
      guard case .file(let target, _) = try OutputTarget(path) else { return }
      FileSystem.remove(Draft(name, beside: target).path)
    } catch {
      throw OutputError(path, error)
    }
  }

  private mutating func flush() throws(OutputError) {
    do throws(SystemError) {
      try descriptor.write(pending)
    } catch {
      throw OutputError(path, error)
    }
    pending.removeAll(keepingCapacity: true)
  }
}
