import Mixtures

/// Why a fit cannot go on from a checkpoint.
public struct CheckpointError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of defect it is.
  public enum Kind: Sendable, Equatable {
    /// The file cannot be opened or read.
    case unreadable
    /// The file was read, and it is not a checkpoint.
    case invalid
    /// It is the checkpoint of another fit.
    case otherFit
  }

  /// What kind of defect it is.
  public let kind: Kind

  /// As given by the caller.
  public let path: String

  /// Where in the document; empty for the whole.
  public let place: String

  /// What was expected and what was found, and what to do.
  public let problem: String

  /// As in `run.ckpt: belongs to a fit with --k 3, and this one has --k 4. Ask for the same fit, …`
  public var description: String {
    let name = Excerpt.input(path)
    return place.isEmpty ? "\(name): \(problem)" : "\(name), \(place): \(problem)"
  }
}
