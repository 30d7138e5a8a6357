import MixturesIO

/// A CSV file of results, written row by row, whole or not at all.
struct ResultTable: ~Copyable {
  private var file: OutputFile

  init(_ path: String?, header: [String]) throws(OutputError) {
    var file = try OutputFile(path ?? "-")
    try file.write(header.map(Self.quoted).joined(separator: ",") + "\n")
    self.file = file
  }

  mutating func append(_ row: [String]) throws(OutputError) {
    try file.write(row.joined(separator: ",") + "\n")
  }

  consuming func commit() throws(OutputError) { try file.commit() }

  /// A text as it stands in a cell.
  static func quoted(_ name: String) -> String {
    guard name.contains(where: { ",;\t\"\r\n#".contains($0) || $0.isNewline }) else { return name }
    return "\""
      + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}
