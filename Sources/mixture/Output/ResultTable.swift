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

  /// A text as it stands in a cell: between quotation marks where a reader would take it apart, strip it of blanks, or
  /// take it for a missing value.
  static func quoted(_ name: String) -> String {
    let isPlain =
      !name.contains { ",;\t\"\r\n#".contains($0) || $0.isNewline }
      && !name.hasPrefix(" ") && !name.hasSuffix(" ")
      && !["?", "na", "nan"].contains(name.lowercased())
    if isPlain { return name }
    return "\""
      + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}
