import Mixtures
import MixturesIO

extension Figure {
  /// How often each class was taken for each: a row per true class, a column per predicted one.
  ///
  /// - Parameters:
  ///   - report: how predictions compare with the truth.
  ///   - classNames: one per class of the report.
  ///   - source: what the predictions were of, as in `held-out points`.
  /// - Precondition: one name per class.
  public static func confusion(
    _ report: ClassificationReport, classNames: [String], of source: String = "points"
  ) -> Figure {
    precondition(report.confusion.count == classNames.count, "one name per class")
    let names = classNames.map { Excerpt($0).description }
    let drawing = ConfusionDrawing(counts: report.confusion, names: names)
    return Figure(
      title: "Classes and what they were taken for",
      description:
        "A matrix of \(classNames.count) by \(classNames.count) classes: \(report.errorRate.percent) of \(drawing.total.shown(significant: 8)) \(source) were taken for another class.",
      caption:
        "Of \(drawing.total.shown(significant: 8)) \(source), \(report.errorRate.percent) were taken for another class; Brier score \(report.brierScore.shown(significant: 3))."
        + (drawing.showsShares ? " Shares are those of a row." : ""),
      table: FigureTable(
        columns: ["true class"] + names.map { "taken for \($0)" },
        rows: zip(names, report.confusion).map { name, counts in
          [name] + counts.map { $0.shown(significant: 8) }
        }), size: FigureSize(width: drawing.paperWidth, height: drawing.height),
      content: drawing.content)
  }
}

private struct ConfusionDrawing {
  let counts: [[Double]]
  let names: [String]

  var total: Double { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  private let top = 62.0
  private let longestName = 150.0

  private var left: Double {
    40 + min(longestName, names.map { TextStyle.title.widthInAnyFace(of: $0) }.max() ?? 0)
  }

  private var width: Double { min(130, (710 - left) / Double(max(1, names.count))) }
  /// Wide enough for the title, too.
  var paperWidth: Double { max(440, left + width * Double(names.count) + 12) }

  /// Whether a cell has room for the share beside the count.
  var showsShares: Bool { rowHeight > 38 }

  private var rowHeight: Double { max(18, min(56, width * 0.62)) }

  var height: Double { top + rowHeight * Double(names.count) + 10 }

  var content: [Markup] {
    var content = [headings]
    for row in counts.indices {
      content.append(rowName(row))
      for column in counts[row].indices { content.append(cell(row, column)) }
    }
    return content
  }

  private var headings: Markup {
    let style = TextStyle.title.anchored(.middle)
    let small = TextStyle(size: 11, anchor: .middle, isMuted: true)
    let across = width * Double(names.count)
    let shortened = TextMetrics.shortened(names, to: width - 6, size: 12)
    let labels = shortened.enumerated().map { index, name in
      Markup.label(
        name,
        at: Place(x: left + (Double(index) + 0.5) * width - 1, y: top - 9), style)
    }
    return .group(
      labels + [
        .label("taken for", at: Place(x: left + across / 2, y: top - 34), small),
        .label(
          "true class", at: Place(x: 16, y: top + rowHeight * Double(names.count) / 2), small,
          turned: true),
      ])
  }

  private func rowName(_ row: Int) -> Markup {
    .label(
      TextMetrics.shortened(names, to: longestName / TextMetrics.widestFace, size: 12)[row],
      at: Place(x: left - 10, y: top + (Double(row) + 0.5) * rowHeight + 3),
      TextStyle.title.anchored(.end))
  }

  private func cell(_ row: Int, _ column: Int) -> Markup {
    let rectangle = Rectangle(
      x: left + Double(column) * width, y: top + Double(row) * rowHeight, width: width - 2,
      height: rowHeight - 2)
    let sum = counts[row].reduce(0, +)
    let share = sum > 0 ? counts[row][column] / sum : 0
    // Right is blue and wrong is orange, as dark as ink reads on it.
    let colour = Palette.component(row == column ? 0 : 1).hex
    let count = counts[row][column]
    var texts = [
      Markup.label(
        count.shown(significant: 6),
        at: Place(x: rectangle.centre.x, y: rectangle.centre.y + (showsShares ? -1 : 4)),
        TextStyle(
          size: showsShares ? 14 : 11, anchor: .middle, isBold: count > 0, isMuted: count == 0))
    ]
    if showsShares, count > 0 {
      texts.append(
        .label(
          share.percent, at: Place(x: rectangle.centre.x, y: rectangle.centre.y + 14),
          TextStyle(size: 10.5, anchor: .middle)))
    }
    return .group(
      [
        .element(
          "rect", rectangle.attributes + ["rx": "2"] + MarkClass.paleArea.attributes, []),
        .element(
          "rect",
          rectangle.attributes + [
            "rx": "2", "fill": colour,
            "fill-opacity": (share > 0 ? 0.12 + 0.42 * share : 0).fixed(2),
          ], []),
      ] + texts)
  }
}
