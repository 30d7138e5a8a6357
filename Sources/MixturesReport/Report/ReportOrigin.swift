/// Where a report comes from: what a reader needs to make it again.
public struct ReportOrigin: Sendable {
  /// The name of the program and what it was given; empty where no command made the report.
  public var command: [String]

  /// What the data are called.
  public var data: String

  /// A fingerprint of the data.
  public var digest: String

  /// The release of the library, with whatever else the numbers depend on.
  public var library: String

  /// Says where a report comes from.
  public init(command: [String], data: String, digest: String, library: String) {
    self.command = command
    self.data = data
    self.digest = digest
    self.library = library
  }
}

extension ReportOrigin {
  /// - Parameter facts: what else there is to know, each with its name.
  func section(_ facts: [(name: String, text: String)]) -> PageSection {
    var table = PageTable(
      caption: "The data and what made this page",
      columns: ["what", PageTable.Cell("which").marked("text")], showsCaption: false)
    table.rows = (facts + [("fingerprint of the data", digest), ("made by", library)]).map {
      [PageTable.Cell($0.name), PageTable.Cell($0.text).marked("wrap")]
    }
    var content: [Markup] = []
    if !command.isEmpty {
      content = [
        .paragraph("The same command, with the same data and library, makes the same page."),
        .element(
          "pre", [:],
          [.element("code", ["id": "command"], text: CommandText(arguments: command).description)]),
      ]
    }
    return PageSection(
      title: "How this was made", id: "origin", content: content + [table.markup])
  }
}
