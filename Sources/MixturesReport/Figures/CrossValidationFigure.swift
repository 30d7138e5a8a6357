import Mixtures

extension Figure {
  /// What cross-validation says of each number of components: means of the held-out log-likelihood per point, and their standard
  /// errors.
  ///
  /// The structure of the best is drawn in full, others as thin lines. The line is one standard error below the best; the
  /// simplest fit above it is marked. Where another criterion decided the search, there is neither.
  public static func crossValidation(
    _ result: SearchResult, size: FigureSize = FigureSize(width: 720, height: 420)
  ) -> Figure {
    crossValidation(SelectionTable(result), size: size)
  }

  /// As ``crossValidation(_:size:)-(SearchResult,_)``, of any values with standard errors.
  public static func crossValidation(
    _ table: SelectionTable, size: FigureSize = FigureSize(width: 720, height: 420)
  ) -> Figure {
    let drawing = CrossValidationDrawing(table: table, size: size)
    return Figure(
      title: "Cross-validation by number of components",
      description: table.bestInWords + drawing.choiceInWords,
      caption:
        "Dots are the log-likelihood per point of points that the fit has not seen (larger is better), bars one standard error to each side."
        + drawing.caption,
      table: drawing.figureTable, size: size, content: [drawing.markup])
  }
}

private struct CrossValidationDrawing {
  let table: SelectionTable
  let size: FigureSize

  private var best: SelectionTable.Cell? { table.best }

  var choiceInWords: String {
    table.simplestWithinStandardError.map {
      " The simplest within one standard error is \($0.structure) with \(counted($0.components, "component"))."
    } ?? ""
  }

  var caption: String {
    let structures = table.structures.count
    return (structures > 1 ? " In full \(best?.structure ?? ""), the structure of the best." : "")
      + (table.simplestWithinStandardError == nil
        ? "" : " Dashed: one standard error below the best.") + choiceInWords
  }

  var figureTable: FigureTable {
    FigureTable(
      columns: ["structure", "components", "log-likelihood per point", "standard error"],
      rows: table.cells.map { cell in
        [
          cell.structure, "\(cell.components)", cell.value?.shown(5) ?? "",
          cell.standardError?.shown(5) ?? "",
        ]
      })
  }

  private var mainCurve: [(components: Int, value: Double, error: Double?)] {
    best.map { table.curve(of: $0.structure) } ?? []
  }

  private var panel: Panel {
    var range = ValueRange()
    for point in mainCurve {
      range.include(point.value - (point.error ?? 0))
      range.include(point.value + (point.error ?? 0))
    }
    // Other curves may run out of the panel below.
    for cell in table.cells { cell.value.map { if $0 > range.lower { range.include($0) } } }
    return Panel(
      in: size.paper, x: table.componentAxis,
      y: Axis(title: "held-out log-likelihood per point", domain: range.padded(by: 0.1)))
  }

  var markup: Markup {
    let panel = panel
    let others = table.structures.filter { $0 != best?.structure }.map { structure in
      var line = PathData()
      line.polyline(
        table.curve(of: structure).map { panel.place(Double($0.components), $0.value) })
      return Markup.path(line, MarkClass.total.attributes + ["stroke-width": "1.5"])
    }
    return panel.markup(
      id: "panel", marks: others + limit(panel) + bars(panel) + curve(panel),
      labels: choices(panel))
  }

  private func limit(_ panel: Panel) -> [Markup] {
    guard let best, let value = best.value, let error = best.standardError else { return [] }
    return [panel.level(value - error)]
  }

  private func bars(_ panel: Panel) -> [Markup] {
    var data = PathData()
    for point in mainCurve {
      guard let error = point.error else { continue }
      let x = panel.x(Double(point.components))
      let (low, high) = (panel.y(point.value - error), panel.y(point.value + error))
      data.move(to: Place(x: x, y: low))
      data.line(to: Place(x: x, y: high))
      for end in [low, high] {
        data.move(to: Place(x: x - 4, y: end))
        data.line(to: Place(x: x + 4, y: end))
      }
    }
    return [
      .path(
        data,
        ["fill": "none", "stroke": Palette.component(0).hex, "stroke-width": "1.4"])
    ]
  }

  private func curve(_ panel: Panel) -> [Markup] {
    let places = mainCurve.map { panel.place(Double($0.components), $0.value) }
    var line = PathData()
    line.polyline(places)
    var dots = PointMarks(count: 60)
    for place in places { dots.add(place, colour: Palette.component(0).hex) }
    return [
      .path(
        line,
        ["fill": "none", "stroke": Palette.component(0).hex, "stroke-width": "2"]),
      dots.markup(opacity: 1),
    ]
  }

  /// The best and, if another, the simplest within a standard error.
  private func choices(_ panel: Panel) -> [Markup] {
    var marked: [(cell: SelectionTable.Cell, text: String)] = []
    if let best { marked.append((best, "best: \(best.structure), \(best.components)")) }
    if let simple = table.simplestWithinStandardError {
      if simple == best {
        marked = [(simple, "best and simplest: \(simple.structure), \(simple.components)")]
      } else {
        marked.append(
          (simple, "simplest within one standard error: \(simple.structure), \(simple.components)"))
      }
    }
    var placement = LabelPlacement(in: panel.frame, avoiding: obstacles(panel))
    return marked.flatMap { cell, text -> [Markup] in
      let place = panel.place(Double(cell.components), cell.value ?? 0)
      let rectangle = placement.place(
        .init(
          width: TextStyle.label.width(of: text), height: 16, anchor: place, reach: (6, 12)))
      return [
        .ring(at: place, radius: 8, width: 2),
        .label(
          text, at: Place(x: rectangle.x, y: rectangle.bottom - 4), .label),
      ]
    }
  }

  /// Along the curve and its bars.
  private func obstacles(_ panel: Panel) -> [Place] {
    let places = mainCurve.map { panel.place(Double($0.components), $0.value) }
    var found: [Place] = []
    for (start, end) in zip(places, places.dropFirst()) {
      found += (0...20).map {
        let share = Double($0) / 20
        return Place(x: start.x + share * (end.x - start.x), y: start.y + share * (end.y - start.y))
      }
    }
    for point in mainCurve {
      let x = panel.x(Double(point.components))
      let error = point.error ?? 0
      found += (0...10).map {
        Place(x: x, y: panel.y(point.value + error * (Double($0) / 5 - 1)))
      }
    }
    return found
  }
}
