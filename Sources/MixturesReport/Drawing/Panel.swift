/// A frame with two axes, whose margins are as wide as what stands in them.
package struct Panel: Sendable {
  /// Where data are drawn.
  package let frame: Rectangle
  package let x: LinearScale
  package let y: LinearScale

  private let axes: (x: Axis, y: Axis)
  private let ticks: (x: Ticks, y: Ticks)
  private let widestLabel: Double

  /// - Parameters:
  ///   - outer: the place for the frame with its labels and titles.
  ///   - isIsometric: whether a unit is as long along both axes; then one of the domains is widened.
  package init(in outer: Rectangle, x: Axis, y: Axis, isIsometric: Bool = false) {
    let height = outer.height - Self.heightBelow(x)
    let guess = y.ticks(length: height, isHorizontal: false)
    let widestLabel =
      y.showsLabels ? guess.labels.map { TextStyle.tick.widthInAnyFace(of: $0) }.max() ?? 0 : 0
    let left = widestLabel + Self.widthBefore(y)
    let frame = outer.inset(
      left: left, top: y.showsLabels ? 6 : 0, right: x.showsLabels ? 12 : 0,
      bottom: Self.heightBelow(x))
    var axes = (x: x, y: y)
    if isIsometric { Self.widen(&axes.x, &axes.y, in: frame) }
    self.init(frame: frame, x: axes.x, y: axes.y, widestLabel: widestLabel)
  }

  /// - Parameter frame: where data are drawn; labels and titles stand around it.
  package init(frame: Rectangle, x: Axis, y: Axis, widestLabel: Double = 0) {
    self.frame = frame
    self.widestLabel = widestLabel
    axes = (x, y)
    self.x = LinearScale(x.domain, from: frame.x, to: frame.right)
    self.y = LinearScale(y.domain, from: frame.bottom, to: frame.y)
    ticks = (
      x.ticks(length: frame.width, isHorizontal: true),
      y.ticks(length: frame.height, isHorizontal: false)
    )
  }

  /// Whether units can be as long along both axes: where one domain is much longer, little would be left of the other.
  package static func canBeIsometric(_ x: Axis, _ y: Axis) -> Bool {
    let ratio =
      (x.domain.upperBound - x.domain.lowerBound) / (y.domain.upperBound - y.domain.lowerBound)
    return ratio > 0.33 && ratio < 3
  }

  private static func heightBelow(_ axis: Axis) -> Double {
    (axis.showsLabels ? 20 : 0) + (axis.title.isEmpty ? 2 : 20)
  }

  private static func widthBefore(_ axis: Axis) -> Double {
    (axis.showsLabels ? 9 : 0) + (axis.title.isEmpty ? 2 : 22)
  }

  private static func widen(_ x: inout Axis, _ y: inout Axis, in frame: Rectangle) {
    func units(_ axis: Axis, _ length: Double) -> Double {
      (axis.domain.upperBound - axis.domain.lowerBound) / length
    }
    let unit = max(units(x, frame.width), units(y, frame.height))
    func widened(_ axis: Axis, _ length: Double) -> ClosedRange<Double> {
      let extra = max(0, unit - units(axis, length)) * length / 2
      return (axis.domain.lowerBound - extra)...(axis.domain.upperBound + extra)
    }
    x.domain = widened(x, frame.width)
    y.domain = widened(y, frame.height)
  }

  /// Where a pair of values is drawn.
  package func place(_ xValue: Double, _ yValue: Double) -> Place {
    Place(x: x(xValue), y: y(yValue))
  }

  /// A dashed line across the panel, at a value of the vertical axis.
  package func level(_ value: Double) -> Markup {
    let height = y(value)
    return .line(
      from: Place(x: frame.x, y: height), to: Place(x: frame.right, y: height), .line, width: 1.2,
      dashes: "5 4")
  }

  /// The panel with `marks` in it, cut off at the frame.
  ///
  /// - Parameters:
  ///   - id: unique in the figure.
  ///   - labels: what is drawn on top, and may reach over the frame.
  package func markup(id: String, marks: [Markup], labels: [Markup] = []) -> Markup {
    .group(
      ["class": "panel"] + scales,
      [
        .element("clipPath", ["id": id], [.element("rect", frame.attributes, [])]),
        grid,
        .group(["clip-path": "url(#\(id))"], marks),
        .element("rect", frame.attributes + MarkClass.frame.attributes, []),
        tickLabels, titles,
        .group(labels),
      ])
  }

  /// What a script needs to draw into the panel: the values at the ends of the axes, and where these are.
  private var scales: Markup.Attributes {
    [
      "data-x0": x.domain.lowerBound.significant(14),
      "data-x1": x.domain.upperBound.significant(14),
      "data-left": x.start.pixels, "data-right": x.end.pixels,
      "data-y0": y.domain.lowerBound.significant(14),
      "data-y1": y.domain.upperBound.significant(14),
      "data-bottom": y.start.pixels, "data-top": y.end.pixels,
    ]
  }

  private var grid: Markup {
    var data = PathData()
    if axes.x.showsLabels {
      for value in ticks.x.values {
        data.move(to: Place(x: x(value), y: frame.y))
        data.line(to: Place(x: x(value), y: frame.bottom))
      }
    }
    if axes.y.showsLabels {
      for value in ticks.y.values {
        data.move(to: Place(x: frame.x, y: y(value)))
        data.line(to: Place(x: frame.right, y: y(value)))
      }
    }
    return .path(data, MarkClass.grid.attributes)
  }

  private var tickLabels: Markup {
    var labels: [Markup] = []
    if axes.x.showsLabels {
      let style = TextStyle.tick.anchored(.middle)
      labels += zip(ticks.x.values, ticks.x.labels).map {
        .label($1, at: Place(x: x($0), y: frame.bottom + 16), style)
      }
    }
    if axes.y.showsLabels {
      let style = TextStyle.tick.anchored(.end)
      labels += zip(ticks.y.values, ticks.y.labels).map {
        .label($1, at: Place(x: frame.x - 7, y: y($0) + 4), style)
      }
    }
    return .group(labels)
  }

  private var titles: Markup {
    var titles: [Markup] = []
    let style = TextStyle.title.anchored(.middle)
    func text(_ axis: Axis, _ ticks: Ticks, _ length: Double) -> String {
      let note = axis.showsLabels ? ticks.note : ""
      let room = length - style.width(of: note)
      return TextMetrics.shortened(axis.title, to: room, size: style.size) + note
    }
    if !axes.x.title.isEmpty {
      let below = axes.x.showsLabels ? 36.0 : 15
      titles.append(
        .label(
          text(axes.x, ticks.x, frame.width),
          at: Place(x: frame.centre.x, y: frame.bottom + below), style))
    }
    if !axes.y.title.isEmpty {
      let before = widestLabel + (axes.y.showsLabels ? 16 : 7)
      titles.append(
        .label(
          text(axes.y, ticks.y, frame.height),
          at: Place(x: frame.x - before, y: frame.centre.y), style, turned: true))
    }
    return .group(titles)
  }
}
