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

  /// A text beside a component, after a short line in its colour.
  struct Label {
    let text: String
    let component: Gaussian
    let colour: Colour
  }

  /// A text above the highest place of an outline.
  struct Note {
    let text: String
    let place: Place

    init(text: String, above component: Gaussian, radius: Double) {
      let height = component.covariance[1, 1].squareRoot()
      self.text = text
      place = Place(
        x: component.mean[0] + radius * component.covariance[0, 1] / height,
        y: component.mean[1] + radius * height)
    }
  }

  let points: Matrix

  /// That of each point; none where nothing is known of them.
  var colours: [Colour] = []
  var outlines: [Outline] = []
  var labels: [Label] = []
  var notes: [Note] = []

  /// The mixture whose contours are drawn, and whose colours the points have; in place of outlines.
  var contoured: GaussianMixture?

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

  /// How large a view is drawn. On the narrowest of pages two small ones have room beside each other.
  enum Size {
    case whole, half, small

    fileprivate var pixels: FigureSize {
      switch self {
      case .whole: FigureSize(width: 480, height: 360)
      case .half: FigureSize(width: 352, height: 310)
      case .small: FigureSize(width: 200, height: 176)
      }
    }
  }

  /// - Parameter domains: those of all views that are to be compared.
  func figure(
    title: String, description: String,
    domains: (x: ClosedRange<Double>, y: ClosedRange<Double>), size: Size
  ) throws -> Figure {
    let isSmall = size == .small
    func axis(_ column: Int, _ domain: ClosedRange<Double>) -> Axis {
      Axis(
        title: isSmall ? "" : points.columnNames[column], domain: domain, showsLabels: !isSmall)
    }
    let panel = Panel(
      in: Rectangle(x: 0, y: 0, width: size.pixels.width, height: size.pixels.height)
        .inset(by: 1),
      x: axis(0, domains.x), y: axis(1, domains.y), isIsometric: true)
    return Figure(
      title: title, description: description, table: FigureTable(columns: []), size: size.pixels,
      content: [
        try panel.markup(
          id: "clip", marks: marks(in: panel, scale: isSmall ? 0.7 : 1),
          labels: placedLabels(in: panel) + notes.map { $0.markup(in: panel) })
      ])
  }

  private func marks(in panel: Panel, scale: Double) throws -> [Markup] {
    if let contoured {
      let asked = try AskedPoints(points, contoured, FigureOptions())
      return ScatterDrawing(asked, columns: (0, 1), overlay: .contours)
        .marks(in: panel, draws: nil)
    }
    return [dots(in: panel, scale: scale)] + outlines.map { $0.markup(in: panel) }
  }

  private func dots(in panel: Panel, scale: Double) -> Markup {
    var marks = PointMarks(count: points.rowCount, scale: scale)
    for (index, row) in points.rows.enumerated() {
      marks.add(
        panel.place(row[0], row[1]),
        colour: colours.isEmpty ? Self.plain.hex : colours[index].hex)
    }
    return marks.markup()
  }

  /// Points of which nothing is known but where they are; it reads on both papers.
  private static let plain = Palette.background

  fileprivate static let lineWidth = 14.0

  private func placedLabels(in panel: Panel) -> [Markup] {
    let places = points.rows.map { panel.place($0[0], $0[1]) }
    var placement = LabelPlacement(in: panel.frame, avoiding: places)
    return labels.map { label in
      let mean = label.component.mean
      let reach = label.component.covariance.variances.map { $0.squareRoot() * panel.x.factor }
      let found = placement.place(
        LabelPlacement.Request(
          width: TextStyle.label.width(of: label.text) + Self.lineWidth, height: 14,
          anchor: panel.place(mean[0], mean[1]), reach: (reach[0], reach[1])))
      return label.markup(in: found)
    }
  }
}

extension PlaneView.Label {
  fileprivate func markup(in place: Rectangle) -> Markup {
    var line = PathData()
    line.polyline([0, 10].map { Place(x: place.x + $0, y: place.centre.y + 1) })
    return .group([
      .path(line, ["stroke": colour.hex, "stroke-width": "2.4"]),
      .label(text, at: Place(x: place.x + PlaneView.lineWidth, y: place.bottom - 3), .label),
    ])
  }
}

extension PlaneView.Note {
  fileprivate func markup(in panel: Panel) -> Markup {
    let top = panel.place(place.x, place.y)
    return .label(text, at: Place(x: top.x, y: top.y - 5), TextStyle.label.anchored(.middle))
  }
}

extension PlaneView.Outline {
  fileprivate func markup(in panel: Panel) -> Markup {
    var attributes =
      colour.map { ["fill": "none", "stroke": $0.hex] } ?? MarkClass.line.attributes
    attributes.append("stroke-width", width.pixels)
    if let dashes { attributes.append("stroke-dasharray", dashes) }
    return PlaneGaussian(component, (0, 1), weight: 1)
      .ellipse(radius: radius, in: panel, attributes)
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
    outlines(radius: PlaneGaussian.radius(holding: 0.5))
      + outlines(radius: PlaneGaussian.radius(holding: 0.95), width: 1.2)
  }

  /// The mixing weight of each component beside it.
  var weightLabels: [PlaneView.Label] {
    components.enumerated().map { k, component in
      PlaneView.Label(
        text: weights[k].percent, component: component, colour: Palette.component(k))
    }
  }

  /// The colours of points by their responsibilities under this mixture.
  func colours(of points: Matrix) throws -> [Colour] {
    try responsibilities(of: points).rows.map { Palette.roundlyMixed($0) }
  }
}
