/// Text from a file as it may stand in a message: on one line, without control characters
/// or marks that reorder a line, and not long.
package struct Excerpt: CustomStringConvertible {
  package let description: String

  /// The most characters shown before the text is cut.
  static let limit = 40

  package init(_ text: String) { self.init(text.utf8) }

  init(_ bytes: some Collection<UInt8>) {
    let longest = 4 * Self.limit  // no character of UTF-8 has more than four bytes
    let scalars = String(decoding: bytes.prefix(longest), as: UTF8.self).unicodeScalars
    let isCut = bytes.count > longest || scalars.count > Self.limit
    description = scalars.prefix(Self.limit).map(Self.shown).joined() + (isCut ? "…" : "")
  }

  /// The text between quotation marks.
  package var quoted: String { "\"\(description)\"" }

  /// A path or another name of any length.
  package static func whole(_ text: String) -> String { text.unicodeScalars.map(shown).joined() }

  /// The path of a file that is read, `-` being standard input.
  package static func input(_ path: String) -> String {
    path == "-" ? "standard input" : whole(path)
  }

  /// Some names, no more than a message has room for.
  package static func list(_ names: [String], limit: Int = 20) -> String {
    names.prefix(limit).map { Excerpt($0).description }.joined(separator: ", ")
      + (names.count > limit ? ", …" : "")
  }

  private static func shown(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned:
      return "\\u{\(String(scalar.value, radix: 16))}"
    default:
      return String(scalar)
    }
  }
}
