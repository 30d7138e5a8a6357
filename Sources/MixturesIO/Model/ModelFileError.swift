/// What is wrong with a model file, and where.
public struct ModelFileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of defect it is.
  public enum Kind: Sendable, Equatable {
    /// The file cannot be opened or read.
    case unreadable
    /// The file was read, and it is not a model.
    case invalidModel
  }

  /// What kind of defect it is.
  public let kind: Kind

  /// As given by the caller; `-` is standard input.
  public let path: String

  /// Where in the document, such as `components[1].weight` or `line 3, column 7`; empty for the whole.
  public let place: String

  /// What was expected and what was found, and what to do.
  public let problem: String

  /// As in `model.json, components[1].weight: expected a number, found null. Correct it, …`
  public var description: String {
    let name = Excerpt.input(path)
    return place.isEmpty ? "\(name): \(problem)" : "\(name), \(place): \(problem)"
  }
}
