import MixtureKernels
import Mixtures

extension Figure {
  /// What decided a search as a map: structures by numbers of components, the stronger the colour the better; the best is framed, what
  /// has no fit is hatched.
  public static func criterionMap(_ result: SearchResult) -> Figure {
    criterionMap(SelectionTable(result))
  }

  /// As ``criterionMap(_:)-(SearchResult)``, of any values.
  public static func criterionMap(_ table: SelectionTable) -> Figure {
    let drawing = CriterionMapDrawing(table: table)
    return Figure(
      title: "\(table.criterion) by structure and number of components",
      description:
        "A map of \(counted(table.structures.count, "structure")) by \(counted(table.componentCounts.count, "number")) of components. \(table.bestInWords)",
      caption: ([
        "Each cell tells by how much it is worse than the best; the stronger its colour the better."
      ]
        + (table.cells.contains { $0.value == nil } ? ["Hatched: no fit."] : []))
        .joined(separator: " "),
      table: table.figureTable, size: FigureSize(width: drawing.width, height: drawing.height),
      content: drawing.content)
  }
}

private struct CriterionMapDrawing {
  let table: SelectionTable

  private static let rowHeight = 24.0
  private static let top = 40.0

  private var columns: [Int] { table.componentCounts }
  private var rows: [String] { table.structures }

  private var left: Double {
    26 + (rows.map { TextStyle.title.width(of: $0) }.max() ?? 0)
  }

  var width: Double { 720 }
  var height: Double { Self.top + Self.rowHeight * Double(rows.count) + 8 }

  private var columnWidth: Double {
    min(90, (width - left - 12) / Double(max(1, columns.count)))
  }

  var content: [Markup] {
    [hatching, header, .group(rows.enumerated().map(rowName))] + cells + [frameOfBest]
  }

  private func rectangle(_ cell: SelectionTable.Cell) -> Rectangle {
    let row = rows.firstIndex(of: cell.structure) ?? 0
    let column = columns.firstIndex(of: cell.components) ?? 0
    return Rectangle(
      x: left + Double(column) * columnWidth, y: Self.top + Double(row) * Self.rowHeight,
      width: columnWidth - 2, height: Self.rowHeight - 2)
  }

  private var hatching: Markup {
    .element(
      "pattern",
      [
        "id": "hatching", "width": "6", "height": "6", "patternUnits": "userSpaceOnUse",
        "patternTransform": "rotate(45)",
      ],
      [
        .element(
          "line",
          ["x1": "0", "y1": "0", "x2": "0", "y2": "6", "stroke-width": "2"]
            + MarkClass.total.attributes, [])
      ])
  }

  private var header: Markup {
    let middle = TextStyle.title.anchored(.middle)
    let names = columns.enumerated().map { index, count in
      Markup.label(
        "\(count)",
        at: Place(
          x: left + (Double(index) + 0.5) * columnWidth - 1, y: Self.top - 8), middle)
    }
    let width = columnWidth * Double(columns.count)
    return .group(
      names + [
        .label(
          "components", at: Place(x: left + width / 2, y: Self.top - 25),
          TextStyle(size: 11, anchor: .middle, isMuted: true))
      ])
  }

  private func rowName(_ index: Int, _ name: String) -> Markup {
    .label(
      name,
      at: Place(x: left - 10, y: Self.top + (Double(index) + 0.5) * Self.rowHeight + 3),
      TextStyle(
        size: 12, anchor: .end, isBold: name == table.best?.structure))
  }

  /// Rectangles and texts in groups that say once what all of them share.
  private var cells: [Markup] {
    let attributes: Markup.Attributes = ["font-size": fontSize.pixels, "text-anchor": "middle"]
    return [
      .group(["fill": Palette.component(0).hex], table.cells.map(shade)),
      .group(attributes + MarkClass.ink.attributes, table.cells.map(text)),
    ]
  }

  private func shade(_ cell: SelectionTable.Cell) -> Markup {
    let rectangle = rectangle(cell)
    guard cell.value != nil, let best = table.best else {
      return .element("rect", rectangle.attributes + ["fill": "url(#hatching)"], [])
    }
    let opacity = opacity(table.loss(cell) - table.loss(best)).fixed(2)
    return .element("rect", rectangle.attributes + ["fill-opacity": opacity], [])
  }

  private func text(_ cell: SelectionTable.Cell) -> Markup {
    guard cell.value != nil, let best = table.best else { return .nothing }
    let rectangle = rectangle(cell)
    let excess = table.loss(cell) - table.loss(best)
    let text = excess == 0 ? (best.value ?? 0).shown(shownDecimals) : "+" + excessText(excess)
    return .element(
      "text", ["x": rectangle.centre.x.pixels, "y": (rectangle.centre.y + 4).pixels],
      text: TextMetrics.shortened(text, to: rectangle.width - 4, size: fontSize))
  }

  private var fontSize: Double { columnWidth < 48 ? 9 : 11 }

  private var shownDecimals: Int { max(0, min(table.decimals, table.prefersLarger ? 4 : 1)) }

  private func excessText(_ excess: Double) -> String {
    table.prefersLarger ? excess.shown(significant: 2) : excess.shown(excess < 9.95 ? 1 : 0)
  }

  /// Stronger where better, by the logarithm: differences near the best matter, and those of the worst quarter do not. Never so
  /// strong that ink would not read on it.
  private func opacity(_ excess: Double) -> Double {
    let losses = table.cells.map(table.loss).filter(\.isFinite).sorted()
    guard let least = losses.first, let most = losses.last, most > least else { return 0.62 }
    let middle = losses[losses.count / 2] - least
    let limit = min(most - least, max(1.5 * (losses[losses.count * 3 / 4] - least), middle))
    guard limit > 0 else { return excess > 0 ? 0.04 : 0.62 }
    let unit = limit / 50
    let share = naturalLog(1 + min(excess, limit) / unit) / naturalLog(1 + limit / unit)
    return 0.62 - 0.58 * share
  }

  private var frameOfBest: Markup {
    guard let best = table.best else { return .nothing }
    return .element(
      "rect",
      rectangle(best).inset(by: -1).attributes + ["rx": "3", "stroke-width": "2.2"]
        + MarkClass.line.attributes, [])
  }
}
