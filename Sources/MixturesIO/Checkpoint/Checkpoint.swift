import Dispatch
import Mixtures

/// A file from which a fit goes on that was killed: a journal of its runs.
///
/// The file is replaced after each iteration, whole or not at all, so that at any moment there is one to
/// go on from. Where writing takes longer than iterating, some iterations are left out: no more than half of
/// the time goes into writing.
///
/// That the file could not be written is kept in ``failure``: let ``FitOptions/isCancelled`` look at it.
public final class Checkpoint: RunJournal, @unchecked Sendable {
  /// What the bits of a fit depend on, such as data and options, by name. A fit goes on only from a file with the same.
  public typealias Identity = [JSONValue.Member]

  private let path: String
  private let identity: Identity
  private let draft: String
  private let lock = DispatchSemaphore(value: 1)
  private let clock = ContinuousClock()

  // All below is used under the lock.
  private var entries: [RunName: RunEntry]
  private var nextTime: ContinuousClock.Instant
  private var failed: OutputError?

  /// A checkpoint of a fit that begins.
  ///
  /// - Throws: ``OutputError`` where the file is there already or cannot be written.
  public convenience init(creating path: String, identity: Identity) throws(OutputError) {
    try Self.checkIsFree(path)
    try self.init(path, identity, [:])
    try OutputFile.checkWritable(path)
  }

  /// The checkpoint of a fit that was ended from outside.
  ///
  /// - Parameter dimension: that of the points.
  /// - Throws: ``CheckpointError`` where the file cannot be read, is no checkpoint, or belongs to another fit;
  ///   ``OutputError`` where it could not be replaced.
  public convenience init(resuming path: String, identity: Identity, dimension: Int) throws {
    let file = try CheckpointFile(contentsOf: path, of: identity, dimension: dimension)
    try self.init(path, identity, file.entries)
  }

  private init(
    _ path: String, _ identity: Identity, _ entries: [RunName: RunEntry]
  ) throws(OutputError) {
    self.path = path
    self.identity = identity
    self.entries = entries
    draft = String(path.split(separator: "/").last ?? "")
    nextTime = clock.now
    try OutputFile.removeDraft(draft, of: path)
  }

  public func entry(of run: RunName) -> RunEntry? { locked { entries[run] } }

  public func record(_ entry: RunEntry, of run: RunName) {
    locked {
      entries[run] = entry
      guard clock.now >= nextTime, failed == nil else { return }
      do throws(OutputError) {
        try write()
      } catch {
        failed = error
      }
    }
  }

  /// Why the file could not be written, if so.
  public var failure: OutputError? { locked { failed } }

  /// Writes what has not been written yet.
  public func save() throws(OutputError) {
    try locked { () throws(OutputError) in try write() }
  }

  /// Removes the file: the fit has its result. A link to it stays, as it does when the file is written.
  public func remove() {
    locked {
      guard case .file(let target, _)? = try? OutputTarget(path) else { return }
      FileSystem.remove(target)
    }
  }

  private func write() throws(OutputError) {
    let begin = clock.now
    var file = try OutputFile(path, draft: draft)
    try file.write(CheckpointFile(identity: identity, entries: entries).json)
    try file.commit()
    let end = clock.now
    nextTime = end + (end - begin)
  }

  private func locked<Value, Failure>(
    _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    lock.wait()
    defer { lock.signal() }
    return try body()
  }

  private static func checkIsFree(_ path: String) throws(OutputError) {
    let isFile: Bool
    let isThere: Bool
    do throws(SystemError) {
      isFile = if case .file = try OutputTarget(path) { true } else { false }
      isThere = try FileSystem.status(of: path) != nil
    } catch {
      throw OutputError(path, error)
    }
    guard isFile else {
      throw OutputError(
        path: path, reason: "a checkpoint is replaced again and again",
        advice: "Give the path of a regular file.")
    }
    guard !isThere else {
      throw OutputError(
        path: path, reason: "it is there already",
        advice: "Add --resume to go on from it, or remove it.")
    }
  }
}
