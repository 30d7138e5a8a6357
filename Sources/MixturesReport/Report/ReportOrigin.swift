import Mixtures
import MixturesIO

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
  /// Beyond so many columns the others are left out.
  private static let columnLimit = 20

  /// - Parameters:
  ///   - points: those of the report.
  ///   - facts: what else there is to know, each with its name.
  func section(
    on points: any PointSource, _ facts: [(name: String, text: String)] = []
  ) -> PageSection {
    let names = points.featureNames.prefix(Self.columnLimit).map { Excerpt($0).description }
    let more = points.featureNames.count > Self.columnLimit ? ", …" : ""
    let known: [(name: String, text: String)] = [
      ("data", Excerpt.whole(data)), ("rows", points.count.grouped),
      ("columns", names.joined(separator: ", ") + more),
    ]
    var table = PageTable(
      caption: "The data and what made this page",
      columns: ["what", PageTable.Cell("which").marked("text")], showsCaption: false)
    let made = [(name: "fingerprint of the data", text: digest), ("made by", library)]
    table.rows = (known + facts + made).map {
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
