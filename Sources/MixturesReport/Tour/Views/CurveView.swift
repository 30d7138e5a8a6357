/// Curves over one quantity, each with its name at its end.
struct CurveView {
  struct Curve {
    let name: String
    let places: [Place]
    /// `nil` for the colour of ink.
    var colour: Colour?
    var width = 2.0
    var dashes: String?
    /// Whether its places are marked with dots.
    var hasDots = false
    /// Whether its places are joined.
    var isJoined = true
    /// Where the name stands, in pixels from the place that ``nameAt`` says.
    var nameOffset = (x: 8.0, y: 4.0)
    /// The number of the place at which the name stands; the last unless given.
    var nameAt: Int?
    var nameAnchor = TextStyle.Anchor.start
  }

  struct Mark {
    let place: Place
    var colour: Colour?
  }

  /// A text at a place of the axes, in the colour of a component's line.
  struct Label {
    let text: String
    let place: Place
    let colour: Int
  }

  /// A vertical line with ends, such as a standard error.
  struct Bar {
    let x: Double
    let range: ClosedRange<Double>
    let colour: Colour
  }

  var curves: [Curve]
  var marks: [Mark] = []
  var labels: [Label] = []
  var bars: [Bar] = []

  /// From the marks down to the axis.
  var drops: [Place] = []

  func figure(
    title: String, description: String, x: Axis, y: Axis, width: Double = 480,
    height: Double = 320
  ) -> Figure {
    let panel = Panel(in: Rectangle(x: 0, y: 0, width: width, height: height), x: x, y: y)
    return Figure(
      title: title, description: description, table: FigureTable(columns: []),
      size: FigureSize(width: width, height: height),
      content: [
        panel.markup(
          id: "clip",
          marks: drops.map { drop($0, panel) } + bars.map { bar($0, panel) }
            + curves.map { line($0, panel) } + marks.map { dot($0, panel) },
          labels: curves.compactMap { name($0, panel) } + labels.map { label($0, panel) })
      ])
  }

  private func line(_ curve: Curve, _ panel: Panel) -> Markup {
    let places = curve.places.map { panel.place($0.x, $0.y) }
    let stroke = Self.stroke(curve.colour)
    var parts: [Markup] = []
    if curve.isJoined {
      var data = PathData()
      data.polyline(places)
      var attributes: Markup.Attributes = [
        "stroke-width": curve.width.pixels, "stroke-linejoin": "round",
      ]
      if let dashes = curve.dashes { attributes.append("stroke-dasharray", dashes) }
      parts.append(.path(data, stroke + attributes))
    }
    if curve.hasDots {
      var data = PathData()
      data.dots(at: places)
      parts.append(.path(data, stroke + ["stroke-width": "8", "stroke-linecap": "round"]))
    }
    return .group(parts)
  }

  private func dot(_ mark: Mark, _ panel: Panel) -> Markup {
    var data = PathData()
    data.dots(at: [panel.place(mark.place.x, mark.place.y)])
    let round: Markup.Attributes = ["stroke-linecap": "round"]
    return .group([
      .path(data, MarkClass.halo.attributes + round + ["stroke-width": "12"]),
      .path(data, Self.stroke(mark.colour) + round + ["stroke-width": "8"]),
    ])
  }

  private func drop(_ place: Place, _ panel: Panel) -> Markup {
    let top = panel.place(place.x, place.y)
    return .line(
      from: top, to: Place(x: top.x, y: panel.frame.bottom), .frame, width: 1, dashes: "3 3")
  }

  private func bar(_ bar: Bar, _ panel: Panel) -> Markup {
    let ends = [bar.range.lowerBound, bar.range.upperBound].map { panel.place(bar.x, $0) }
    var data = PathData()
    data.polyline(ends)
    for end in ends { data.polyline([-4, 4].map { Place(x: end.x + $0, y: end.y) }) }
    return .path(data, Self.stroke(bar.colour) + ["stroke-width": "1.2"])
  }

  /// The text, after a short line in its colour: letters need more contrast than lines.
  private func label(_ label: Label, _ panel: Panel) -> Markup {
    let start = panel.place(label.place.x, label.place.y)
    var data = PathData()
    data.polyline([0, 14].map { Place(x: start.x + $0, y: start.y - 4) })
    return .group([
      .path(data, Self.stroke(Palette.component(label.colour)) + ["stroke-width": "2.4"]),
      .label(label.text, at: Place(x: start.x + 19, y: start.y), .label),
    ])
  }

  private func name(_ curve: Curve, _ panel: Panel) -> Markup? {
    guard !curve.name.isEmpty, let last = curve.places.indices.last else { return nil }
    let place = curve.places[min(last, curve.nameAt ?? last)]
    let start = panel.place(place.x, place.y)
    return .label(
      curve.name, at: Place(x: start.x + curve.nameOffset.x, y: start.y + curve.nameOffset.y),
      TextStyle.label.anchored(curve.nameAnchor))
  }

  private static func stroke(_ colour: Colour?) -> Markup.Attributes {
    colour.map { ["stroke": $0.hex, "fill": "none"] } ?? MarkClass.line.attributes
  }
}
