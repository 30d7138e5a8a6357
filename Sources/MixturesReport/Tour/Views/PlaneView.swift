import MixtureKernels
import Mixtures

/// Points of the plane with ellipses around them: what most figures of the tour show.
struct PlaneView {
  /// The ellipse on which a Gaussian has one density: so many standard deviations from its mean.
  struct Outline {
    let component: Gaussian
    let radius: Double
    /// `nil` for the colour of ink.
    var colour: Colour?
    var dashes: String?
    var width = 2.0
  }

  struct Label {
    let text: String
    let component: Gaussian
  }

  let points: Matrix

  /// That of each point; none for the colour of ink.
  var colours: [Colour] = []
  var outlines: [Outline] = []
  var labels: [Label] = []

  /// Means, marked with crosses.
  var crosses: [[Double]] = []

  /// How far apart points and outlines lie along both axes.
  static func domains(_ views: [PlaneView]) -> (x: ClosedRange<Double>, y: ClosedRange<Double>) {
    func range(_ column: Int) -> ClosedRange<Double> {
      var range = ValueRange()
      for view in views {
        for row in view.points.rows { range.include(row[column]) }
        for outline in view.outlines {
          let reach = outline.radius * outline.component.covariance[column, column].squareRoot()
          range.include(outline.component.mean[column] - reach)
          range.include(outline.component.mean[column] + reach)
        }
      }
      return range.padded(by: 0.04)
    }
    return (range(0), range(1))
  }

  /// The radius within which a Gaussian in two dimensions has a share of its points: √(−2 ln(1 − share)).
  static func radius(holding share: Double) -> Double {
    (-2 * naturalLog(1 - share)).squareRoot()
  }

  /// - Parameter domains: those of all views that are to be compared.
  func figure(
    title: String, description: String,
    domains: (x: ClosedRange<Double>, y: ClosedRange<Double>),
    width: Double = 440, height: Double = 360
  ) -> Figure {
    let names = points.columnNames
    let panel = Panel(
      in: Rectangle(x: 0, y: 0, width: width, height: height),
      x: Axis(title: names[0], domain: domains.x), y: Axis(title: names[1], domain: domains.y),
      isIsometric: true)
    return Figure(
      title: title, description: description, table: FigureTable(columns: []), width: width,
      height: height,
      content: [
        panel.markup(
          id: "clip", marks: dots(in: panel) + outlines.map { $0.markup(in: panel) } + means(panel),
          labels: placedLabels(in: panel))
      ])
  }

  /// One path for all points of a colour, whose round ends are the dots.
  private func dots(in panel: Panel) -> [Markup] {
    var paths: [String: PathData] = [:]
    for (index, row) in points.rows.enumerated() {
      let key = colours.isEmpty ? "" : colours[index].hex
      paths[key, default: PathData()].dot(at: panel.place(row[0], row[1]))
    }
    return paths.keys.sorted().compactMap { key in
      guard let data = paths[key] else { return nil }
      let colour =
        key.isEmpty ? MarkClass.line.attributes : ["stroke": key, "fill": "none"]
      return .path(data, colour + ["stroke-width": "6", "stroke-linecap": "round"])
    }
  }

  private func means(_ panel: Panel) -> [Markup] {
    var data = PathData()
    for mean in crosses {
      let centre = panel.place(mean[0], mean[1])
      for (dx, dy) in [(5.0, 5.0), (5, -5)] {
        data.move(to: Place(x: centre.x - dx, y: centre.y - dy))
        data.line(to: Place(x: centre.x + dx, y: centre.y + dy))
      }
    }
    return [
      .path(data, MarkClass.halo.attributes + ["stroke-width": "5", "stroke-linecap": "round"]),
      .path(data, MarkClass.line.attributes + ["stroke-width": "2", "stroke-linecap": "round"]),
    ]
  }

  private func placedLabels(in panel: Panel) -> [Markup] {
    let places = points.rows.map { panel.place($0[0], $0[1]) }
    var placement = LabelPlacement(in: panel.frame, avoiding: places)
    return labels.map { label in
      let mean = label.component.mean
      let reach = label.component.covariance.variances.map { $0.squareRoot() * panel.x.factor }
      let found = placement.place(
        LabelPlacement.Request(
          width: TextStyle.label.width(of: label.text), height: 14,
          anchor: panel.place(mean[0], mean[1]), reach: (reach[0], reach[1])))
      return .label(
        label.text, at: Place(x: found.centre.x, y: found.bottom - 3),
        TextStyle.label.anchored(.middle))
    }
  }
}

extension PlaneView.Outline {
  /// - Parameter panel: a unit is as long along both of its axes.
  fileprivate func markup(in panel: Panel) -> Markup {
    let covariance = component.covariance
    let (a, b, c) = (covariance[0, 0], covariance[1, 0], covariance[1, 1])
    let half = (((a - c) / 2) * ((a - c) / 2) + b * b).squareRoot()
    // The y of a drawing points down.
    let degrees = -arcTangent(2 * b, a - c) / 2 * 180 / Double.pi
    let centre = panel.place(component.mean[0], component.mean[1])
    func pixels(_ variance: Double) -> String {
      (radius * max(0, variance).squareRoot() * panel.x.factor).pixels
    }
    var attributes: Markup.Attributes = [
      "cx": centre.x.pixels, "cy": centre.y.pixels, "rx": pixels((a + c) / 2 + half),
      "ry": pixels((a + c) / 2 - half), "stroke-width": width.pixels,
    ]
    if b != 0 || a < c {
      attributes.append(
        "transform", "rotate(\(degrees.pixels) \(centre.x.pixels) \(centre.y.pixels))")
    }
    if let dashes { attributes.append("stroke-dasharray", dashes) }
    let stroke =
      colour.map { ["stroke": $0.hex, "fill": "none"] } ?? MarkClass.line.attributes
    return .element("ellipse", attributes + stroke, [])
  }
}

extension GaussianMixture {
  /// An outline around each component, in its colour.
  func outlines(radius: Double, width: Double = 2, dashes: String? = nil) -> [PlaneView.Outline] {
    components.enumerated().map { k, component in
      PlaneView.Outline(
        component: component, radius: radius, colour: Palette.component(k), dashes: dashes,
        width: width)
    }
  }

  /// The outlines that hold half and 95 % of the points of each component.
  var usualOutlines: [PlaneView.Outline] {
    outlines(radius: PlaneView.radius(holding: 0.5))
      + outlines(radius: PlaneView.radius(holding: 0.95), width: 1.2)
  }

  /// The mixing weight of each component beside it.
  var weightLabels: [PlaneView.Label] {
    zip(weights, components).map { PlaneView.Label(text: $0.percent, component: $1) }
  }

  /// The colours of points by their responsibilities under this mixture.
  func colours(of points: Matrix) throws -> [Colour] {
    try responsibilities(of: points).rows.map { Palette.mixed($0) }
  }
}
