import Mixtures
import MixturesIO

extension ClassComparison {
  /// The classes that were known, and how the components meet them.
  ///
  /// - Parameter labels: the names of the first components.
  func section(labels: [String]) -> PageSection {
    let columns = components.map { k -> PageTable.Cell in
      guard k >= 0 else { return PageTable.Cell("background").coloured(Palette.background) }
      let name = labels.label(of: k).map { " \(Excerpt($0))" } ?? ""
      return PageTable.Cell("\(k + 1)\(name)").coloured(Palette.component(k))
    }
    let table = PageTable(
      caption: "Points of each class (rows) that most probably come from each component (columns)",
      columns: ["class"] + columns,
      rows: zip(classes, counts).map { name, row in
        [PageTable.Cell(Excerpt(name).description)] + Self.cells(of: row)
      })
    return PageSection(
      title: "Known classes", id: "classes", content: [.paragraph(sentence), table.markup])
  }

  /// Counts, the largest of which is marked.
  private static func cells(of row: [Double]) -> [PageTable.Cell] {
    let largest = row.max() ?? 0
    return row.map { count in
      let text = count == count.rounded() ? count.shown(0) : count.shown(1)
      return count == largest && count > 0
        ? PageTable.Cell(text).marked("best") : PageTable.Cell(text)
    }
  }

  private var sentence: String {
    "The fit did not use the classes. If each component stands for the class it matches best, "
      + "\(agreement.errorRate.percent) of the points are in another one; the adjusted Rand index is "
      + "\(agreement.adjustedRandIndex.shown(4)), where 1 is full agreement and 0 what chance gives."
  }
}
