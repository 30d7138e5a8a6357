/// A command as it can be typed again.
package struct CommandText: CustomStringConvertible {
  /// The name of the program, and what it was given.
  package let arguments: [String]

  package init(arguments: [String]) { self.arguments = arguments }

  /// The arguments between blanks, each quoted for a POSIX shell where it needs to be.
  package var description: String { arguments.map(Self.quoted).joined(separator: " ") }

  private static func quoted(_ argument: String) -> String {
    guard argument.isEmpty || !argument.unicodeScalars.allSatisfy(isPlain) else { return argument }
    return "'"
      + argument.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }

  /// Whether a shell takes the character for itself.
  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9": true
    default: "-_./,:=@%+".unicodeScalars.contains(scalar)
    }
  }
}
