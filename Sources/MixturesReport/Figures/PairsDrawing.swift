import Mixtures

/// The panels of a pair plot: a triangle, so that the other half has room for the key.
struct PairsDrawing {
  let asked: AskedPoints
  let columns: [Int]
  let histograms: [Histogram]
  let overlay: Overlay

  static let columnLimit = 8

  /// How many dots all panels together have, unless that were fewer than ``fewestPoints`` each.
  static let dotLimit = 3_600
  static let fewestPoints = 120

  /// Panels are narrower than figures of their own.
  static let binLimit = 40

  static let width = 820.0

  private static let gap = 8.0
  private static let left = 64.0
  private static let bottom = 46.0

  private var count: Int { columns.count }

  /// Whether panels are so many, and so small, that what is fine in them is not seen.
  private var isCrowded: Bool { count > 4 }

  private var side: Double {
    (Self.width - Self.left - 10 - Self.gap * Double(count - 1)) / Double(count)
  }

  /// Panels are lower than they are wide.
  private var panelHeight: Double { side * (count == 2 ? 0.8 : 0.86) }

  var height: Double {
    (panelHeight + Self.gap) * Double(count) + Self.bottom
  }

  private func outer(row: Int, column: Int) -> Rectangle {
    Rectangle(
      x: Self.left + Double(column) * (side + Self.gap),
      y: 4 + Double(row) * (panelHeight + Self.gap), width: side, height: panelHeight)
  }

  var content: [Markup] {
    // A share of 95 % is off by half a percent then, which is not seen in small panels.
    let draws = PlaneMixture.draws(
      from: asked.mixture, count: isCrowded ? PlaneMixture.drawCount / 4 : PlaneMixture.drawCount)
    var content: [Markup] = []
    for row in 0..<count {
      for column in 0..<row { content.append(pair(row: row, column: column, draws)) }
      content.append(diagonal(row))
    }
    return content + (0..<count).map(edgeLabels)
  }

  private func domain(_ index: Int) -> ClosedRange<Double> { asked.domain(of: columns[index]) }

  /// Two of the columns, by their places in the figure.
  func scatter(_ column: Int, _ row: Int) -> ScatterDrawing {
    var drawing = ScatterDrawing(
      asked, columns: (columns[column], columns[row]), overlay: overlay)
    drawing.pointScale = isCrowded ? 0.55 : 0.7
    drawing.gridLines = max(40, 110 - 10 * count)
    drawing.tolerance = isCrowded ? 0.35 : 0.2
    drawing.drawsOutlinesFirst = isCrowded
    // Many crosses in small panels would hide what they mark.
    drawing.showsMeans = count < 4 || asked.mixture.componentCount <= 4
    return drawing
  }

  /// What is drawn of the background on the diagonal; ends the sentence about that.
  var backgroundWords: String {
    guard let background = asked.mixture.background, background.weight > 0 else { return "." }
    return asked.backgroundBox([columns[0]]) == nil
      ? ", without the background, of which only the volume is known."
      : ", grey the background's."
  }

  private func pair(row: Int, column: Int, _ draws: Matrix) -> Markup {
    let drawing = scatter(column, row)
    let panel = BarePanel.make(
      outer(row: row, column: column), x: domain(column), y: domain(row))
    return panel.markup(
      id: "pair-\(row)-\(column)", marks: drawing.marks(in: panel, draws: draws))
  }

  private func diagonal(_ index: Int) -> Markup {
    var drawing = DensityDrawing(
      asked: asked, column: columns[index], histogram: histograms[index])
    if isCrowded { drawing.tolerance = 0.35 }
    let panel = BarePanel.make(
      outer(row: index, column: index), x: domain(index), y: 0...(drawing.highest * 1.12))
    return panel.markup(
      id: "single-\(index)", marks: drawing.marks(in: panel, lineScale: 0.7))
  }

  /// Ticks and the name below the last panel of a column, and left of the first of a row.
  private func edgeLabels(_ index: Int) -> Markup {
    let name = asked.names[columns[index]]
    let below = outer(row: count - 1, column: index)
    let scale = LinearScale(domain(index), from: below.x, to: below.right)
    let middle = TextStyle.tick.anchored(.middle)
    let ticks = Ticks(domain(index), count: max(3, Int(side / 52)))
      .thinned(to: side, width: middle.width)
    var labels = zip(ticks.values, ticks.labels).compactMap { value, label -> Markup? in
      let half = middle.width(of: label) / 2
      let place = scale(value)
      guard place - half > below.x - 4, place + half < below.right + 2 else { return nil }
      return .label(label, at: Place(x: place, y: below.bottom + 14), middle)
    }
    labels.append(
      .label(
        TextMetrics.shortened(name, to: side - 30, size: 12) + ticks.note,
        at: Place(x: below.centre.x, y: below.bottom + 32), TextStyle.title.anchored(.middle)))
    return .group(labels + (index > 0 ? rowLabels(index, name) : []))
  }

  private func rowLabels(_ index: Int, _ name: String) -> [Markup] {
    let first = outer(row: index, column: 0)
    let scale = LinearScale(domain(index), from: first.bottom, to: first.y)
    let ticks = Ticks(domain(index), count: max(3, Int(panelHeight / 40)))
    let style = TextStyle.tick.anchored(.end)
    let labels = zip(ticks.values, ticks.labels).filter {
      scale($0.0) > first.y + 5 && scale($0.0) < first.bottom - 5
    }.map { value, label in
      Markup.label(label, at: Place(x: first.x - 5, y: scale(value) + 4), style)
    }
    let text = TextMetrics.shortened(name, to: panelHeight - 8, size: 12) + ticks.note
    return labels + [
      .label(
        text, at: Place(x: 16, y: first.centre.y), TextStyle.title.anchored(.middle),
        turned: true)
    ]
  }

  /// The components with their weights, in the free corner.
  func key(_ names: ComponentNames) -> Markup {
    let labels = ComponentLabels(names: names, mixture: asked.mixture)
    let shown = labels.labelled.sorted()
    let widest = shown.map(labels.width).max() ?? 0
    let rowHeight = 20.0
    // The corner is as high as the row of its panel allows.
    let perColumn = max(1, Int((panelHeight - 6) / rowHeight))
    let columnCount = (shown.count + perColumn - 1) / perColumn
    let start = Self.width - 10 - widest * Double(max(columnCount, 1))
    return .group(
      shown.enumerated().map { index, k in
        labels.label(
          k,
          in: Rectangle(
            x: start + Double(index / perColumn) * widest,
            y: 6 + Double(index % perColumn) * rowHeight, width: widest, height: rowHeight))
      })
  }
}

/// Panels without labels, which stand at the edges of a figure of many.
enum BarePanel {
  static func make(
    _ frame: Rectangle, x: ClosedRange<Double>, y: ClosedRange<Double>
  ) -> Panel {
    Panel(
      frame: frame, x: Axis(title: "", domain: x, showsLabels: false),
      y: Axis(title: "", domain: y, showsLabels: false))
  }
}
