/// Why a file cannot be written.
public struct OutputError: Error, Sendable, Equatable {
  /// As given by the caller; `-` is standard output.
  public let path: String

  /// In the system's words, as in "No space left on device".
  public let reason: String

  /// What to do about it: a whole sentence.
  public let advice: String

  /// Whether the reader at the other end of a pipe has gone, which is no failure of the writer.
  public let isClosedPipe: Bool

  /// An error in the system's words.
  public init(path: String, reason: String, advice: String, isClosedPipe: Bool = false) {
    self.path = path
    self.reason = reason
    self.advice = advice
    self.isClosedPipe = isClosedPipe
  }

  init(_ path: String, _ error: SystemError) {
    let advice =
      if error.meansDirectory {
        "Add the name of a file to the path."
      } else if error.meansMissing {
        "Create the folder first, or choose another path."
      } else if error.meansDenied {
        "Change the permissions, or choose another path."
      } else if error.meansFull {
        "Free some space, or choose another path."
      } else {
        "Choose another path."
      }
    self.init(
      path: path, reason: error.reason, advice: advice, isClosedPipe: error.meansClosedPipe)
  }
}

extension OutputError: CustomStringConvertible {
  /// As in `Cannot write results/model.json: No such file or directory. Create the folder first, …`
  public var description: String {
    let name =
      switch path {
      case "-": "standard output"
      case "": "\"\""
      default: Excerpt.whole(path)
      }
    return "Cannot write \(name): \(reason). \(advice)"
  }
}
