import Mixtures

extension Figure {
  /// What decided a search over the number of components, one curve per structure.
  ///
  /// Where the simplest models are so much worse that all else would look flat, the axis leaves them out, and the caption says so.
  public static func criterionCurves(
    _ result: SearchResult, size: FigureSize = FigureSize(width: 720, height: 480)
  ) -> Figure {
    criterionCurves(SelectionTable(result), size: size)
  }

  /// As ``criterionCurves(_:size:)-(SearchResult,_)``, of any values.
  public static func criterionCurves(
    _ table: SelectionTable, size: FigureSize = FigureSize(width: 720, height: 480)
  ) -> Figure {
    let drawing = CriterionDrawing(table, size)
    return Figure(
      title: "\(table.criterion) by number of components",
      description:
        "\(counted(drawing.structures.count, "curve")) over \(table.componentCountsInWords). \(table.bestInWords)",
      caption: (["\(table.direction.capitalisedFirst)."] + drawing.remarks).joined(separator: " "),
      table: table.figureTable, size: size, content: [drawing.markup])
  }
}

/// Curves that are labelled where they end.
private struct CriterionDrawing {
  let table: SelectionTable
  private let size: FigureSize
  /// Those that have a value.
  let structures: [String]
  private let values: ValueRange
  private let isClipped: Bool

  init(_ table: SelectionTable, _ size: FigureSize) {
    self.size = size
    self.table = table
    structures = table.structures.filter { !table.curve(of: $0).isEmpty }
    let losses = table.cells.map(table.loss).filter(\.isFinite).sorted()
    let all = ValueRange(losses)
    // What matters lies between the best and the third quartile of what has more than the fewest components.
    let fewest = table.componentCounts.first ?? 1
    let richer = table.cells.filter { $0.components > fewest }.map(table.loss).filter(\.isFinite)
      .sorted()
    let quartile = richer.isEmpty ? all.upper : richer[richer.count * 3 / 4]
    let limit = all.isEmpty ? 0 : all.lower + 1.25 * (quartile - all.lower)
    isClipped =
      losses.count > 4 && limit > all.lower && all.upper - all.lower > 1.6 * (limit - all.lower)
    let shown = ValueRange(isClipped ? losses.filter { $0 <= limit } : losses)
    values = table.prefersLarger ? ValueRange([-shown.lower, -shown.upper]) : shown
  }

  private func isShown(_ value: Double) -> Bool { value >= values.lower && value <= values.upper }

  var remarks: [String] {
    var remarks: [String] = []
    let beyond = table.cells.compactMap(\.value).count { !isShown($0) }
    if beyond > 0 {
      remarks.append(
        "\(beyond) of \(table.cells.count { $0.value != nil }) values "
          + (beyond == 1
            ? "is much worse and lies beyond the axis."
            : "are much worse and lie beyond the axis."))
    }
    let missing = table.cells.count { $0.value == nil }
    if missing > 0 {
      remarks.append("\(counted(missing, "cell")) \(missing == 1 ? "has" : "have") no value.")
    }
    return remarks
  }

  /// What stands to the right of the panel.
  private var labelWidth: Double {
    15 + (structures.map { TextStyle.tick.width(of: $0) * 1.07 }.max() ?? 0)
  }

  private var panel: Panel {
    Panel(
      in: size.paper.inset(right: 8 + labelWidth), x: table.componentAxis,
      y: Axis(title: table.criterion, domain: domain))
  }

  /// By what of the structure is free, since more than eight colours cannot be told apart.
  private func colour(_ structure: String) -> String {
    let letters = Array(structure)
    guard letters.count == 3 else { return Palette.component(letters == ["E"] ? 4 : 0).hex }
    let group =
      switch (letters[1], letters[2]) {
      case ("I", _): 3
      case (_, "I"): 4
      case (_, "E"): 2
      default: 0
      }
    return Palette.component(group).hex
  }

  var markup: Markup {
    let panel = panel
    let best = table.best
    // The best curve on top.
    let order =
      structures.filter { $0 != best?.structure } + structures.filter { $0 == best?.structure }
    let curves = order.map { curve($0, panel, isBest: $0 == best?.structure) }
    return panel.markup(id: "panel", marks: curves, labels: endLabels(panel) + bestLabel(panel))
  }

  /// With room for the label beyond the best.
  private var domain: ClosedRange<Double> {
    let padded = values.padded(by: 0.07)
    let room = 0.05 * (padded.upperBound - padded.lowerBound)
    return table.prefersLarger
      ? padded.lowerBound...(padded.upperBound + room)
      : (padded.lowerBound - room)...padded.upperBound
  }

  private func curve(_ structure: String, _ panel: Panel, isBest: Bool) -> Markup {
    let places = table.curve(of: structure).map { panel.place(Double($0.components), $0.value) }
    var line = PathData()
    line.polyline(places)
    var dots = PointMarks(count: isBest ? 300 : 1000)
    for place in places { dots.add(place, colour: colour(structure)) }
    return .group([
      .path(
        line,
        [
          "fill": "none", "stroke": colour(structure), "stroke-linejoin": "round",
          "stroke-width": isBest ? "2.6" : "1.3", "stroke-opacity": isBest ? "1" : "0.75",
        ]), dots.markup(opacity: 1),
    ])
  }

  /// Beside the last value of a curve that is shown, moved apart and led to.
  private func endLabels(_ panel: Panel) -> [Markup] {
    let ends = structures.compactMap { structure -> (String, Place)? in
      let shown = table.curve(of: structure).last { isShown($0.value) }
      return shown.map { (structure, panel.place(Double($0.components), $0.value)) }
    }
    let heights = spread(
      ends.map(\.1.y), distance: 14, within: (panel.frame.y + 6)...(panel.frame.bottom - 4))
    return zip(ends, heights).flatMap { end, height -> [Markup] in
      let isBest = end.0 == table.best?.structure
      var line = PathData()
      line.polyline([
        Place(x: end.1.x + 4, y: end.1.y), Place(x: panel.frame.right + 4, y: height),
        Place(x: panel.frame.right + 12, y: height),
      ])
      let style = TextStyle(size: 11, isBold: isBest)
      return [
        .path(
          line,
          [
            "fill": "none", "stroke": colour(end.0), "stroke-width": "1", "stroke-opacity": "0.6",
            "stroke-dasharray": "1 3",
          ]),
        .label(end.0, at: Place(x: panel.frame.right + 15, y: height + 4), style),
      ]
    }
  }

  private func bestLabel(_ panel: Panel) -> [Markup] {
    guard let best = table.best, let value = best.value else { return [] }
    let place = panel.place(Double(best.components), value)
    let text = "best: \(best.structure), \(best.components)"
    let width = TextStyle.label.width(of: text)
    let x = max(panel.frame.x + 6 + width / 2, min(place.x, panel.frame.right - 6 - width / 2))
    return [
      .ring(at: place, radius: 7, width: 2),
      .label(
        text, at: Place(x: x, y: place.y + (table.prefersLarger ? -14 : 23)),
        TextStyle.label.anchored(.middle)),
    ]
  }
}
