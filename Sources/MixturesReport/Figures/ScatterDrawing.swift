import Mixtures
import MixturesIO

/// What a mixture says of the points of a sample; made once for all panels of a figure.
struct AskedPoints: Sendable {
  let sample: PointSample
  let mixture: GaussianMixture
  let assignments: [PointAssignment]

  /// Those of the columns, as they can be shown.
  let names: [String]

  /// The mean of the weights, so that areas tell relative weights.
  private let meanWeight: Double

  init(_ sample: PointSample, _ mixture: GaussianMixture) throws(DataError) {
    try self.init(
      sample: sample, mixture: mixture, assignments: mixture.assignments(of: sample.source))
  }

  init(sample: PointSample, mixture: GaussianMixture, assignments: [PointAssignment]) {
    self.sample = sample
    self.mixture = mixture
    self.assignments = assignments
    names = sample.points.columnNames.map { Excerpt($0).description }
    let positive = sample.weights?.filter { $0 > 0 } ?? []
    meanWeight = positive.isEmpty ? 1 : positive.reduce(0, +) / Double(positive.count)
  }

  init(
    _ points: any PointSource, _ mixture: GaussianMixture, _ options: FigureOptions
  ) throws(DataError) {
    guard points.dimension == mixture.dimension else {
      throw .dimensionMismatch(found: points.dimension, expected: mixture.dimension)
    }
    try self.init(
      PointSample(of: points, limit: options.pointLimit, seed: options.seed), mixture)
  }

  func colour(_ index: Int) -> String {
    let assignment = assignments[index]
    return Palette.roundlyMixed(assignment.responsibilities, background: assignment.background).hex
  }

  func relativeArea(_ index: Int) -> Double { sample.weight(index) / meanWeight }

  /// The values of a column that an axis should show: those of the points, and of the components what lies near them.
  func domain(of column: Int) -> ClosedRange<Double> {
    let points = ValueRange(
      sample.drawn(columns: [column]).lazy.map { sample.points[$0, column] })
    var range = points
    for (weight, component) in zip(mixture.weights, mixture.components) where weight > 0 {
      let mean = component.mean[column]
      let reach = 2.2 * component.covariance[column, column].squareRoot()
      let limit = points.span > 0 ? 0.15 * points.span : .infinity
      range.include(mean)
      range.include(max(mean - reach, min(points.lower, mean) - limit))
      range.include(min(mean + reach, max(points.upper, mean) + limit))
    }
    return range.padded(by: 0.04)
  }
}

/// Points, overlay and labels of two columns in a panel.
struct ScatterDrawing {
  let asked: AskedPoints
  let columns: (Int, Int)
  let plane: PlaneMixture
  let overlay: Overlay

  /// Relative to that of a large figure.
  var pointScale = 1.0

  /// How many lines the grid of contours has along each axis.
  var gridLines = 110

  /// How far lines may be from the contours, in pixels.
  var tolerance = 0.12

  var showsMeans = true

  /// Whether contours have their lines under the points, drawn with the areas in one: half as many bytes.
  var drawsOutlinesFirst = false

  init(_ asked: AskedPoints, columns: (Int, Int), overlay: Overlay) {
    self.asked = asked
    self.columns = columns
    self.overlay = overlay
    plane = PlaneMixture(
      asked.mixture, columns: columns,
      background: overlay == .contours ? asked.backgroundBox([columns.0, columns.1]) : nil)
  }

  private var drawn: [Int] { asked.sample.drawn(columns: [columns.0, columns.1]) }

  private func place(_ index: Int, in panel: Panel) -> Place {
    panel.place(asked.sample.points[index, columns.0], asked.sample.points[index, columns.1])
  }

  func places(in panel: Panel) -> [Place] { drawn.map { place($0, in: panel) } }

  /// Along the lines of the overlay, which labels dodge like points.
  func outlinePlaces(in panel: Panel) -> [Place] {
    guard overlay != .none else { return [] }
    let radii =
      isSpherical && overlay == .ellipses ? [1] : PlaneMixture.shares.map(PlaneGaussian.radius)
    let ellipses = plane.components.filter { $0.weight > 0 }.flatMap { component in
      radii.flatMap { radius in component.places(radius: radius, in: panel, count: 48) }
    }
    return ellipses + (plane.background?.places(in: panel, count: 48) ?? [])
  }

  /// Contours lie under the points as areas and, save where these are drawn first, over them as lines.
  func marks(in panel: Panel, draws: Matrix?) -> [Markup] {
    let lines = overlay == .contours ? contours(in: panel, draws: draws) : []
    let layers =
      drawsOutlinesFirst
      ? [outlinedAreas(lines), dots(in: panel)]
      : [areas(lines), dots(in: panel), outlines(lines)]
    return layers
      + (overlay == .ellipses ? [ellipses(in: panel)] : [])
      + (overlay == .none || !showsMeans ? [] : [means(in: panel)])
  }

  func dots(in panel: Panel) -> Markup {
    var marks = PointMarks(count: drawn.count, scale: pointScale)
    for index in drawn {
      marks.add(
        place(index, in: panel), colour: asked.colour(index),
        relativeArea: asked.relativeArea(index))
    }
    return marks.markup()
  }

  /// Whether circles of radius σ tell all of every component.
  var isSpherical: Bool {
    asked.mixture.components.allSatisfy {
      if case .spherical = $0.covariance { true } else { false }
    }
  }

  private func contours(in panel: Panel, draws: Matrix?) -> [PathData] {
    let levels = plane.levels(draws ?? PlaneMixture.draws(from: asked.mixture), columns: columns)
    let grid = ValueGrid(
      x: plane.gridLines(panel.x.domain, count: gridLines, isX: true),
      y: plane.gridLines(panel.y.domain, count: gridLines, isX: false), plane.logDensity)
    return levels.map { level in
      var data = PathData()
      for line in Contours(of: grid, at: level).lines {
        data.polyline(
          simplified(line.map { panel.place($0.x, $0.y) }, tolerance: tolerance), isClosed: true)
      }
      return data
    }
  }

  private func outlinedAreas(_ contours: [PathData]) -> Markup {
    .group(
      zip(contours, [MarkClass.paleArea, .area]).map { data, mark in
        // A class each for the area and for its outline.
        .path(
          data,
          [
            "class": "\(mark.name) \(MarkClass.line.name)", "fill": mark.light,
            "fill-rule": "evenodd", "stroke": MarkClass.line.light, "stroke-opacity": "0.75",
          ])
      })
  }

  private func areas(_ contours: [PathData]) -> Markup {
    .group(
      zip(contours, [MarkClass.paleArea, .area]).map { data, mark in
        .path(data, mark.attributes + ["fill-rule": "evenodd"])
      })
  }

  private func outlines(_ contours: [PathData]) -> Markup {
    .group(
      zip(contours, ["1", "1.6"]).map { data, width in
        .path(
          data,
          MarkClass.line.attributes + ["stroke-width": width, "stroke-opacity": "0.75"])
      })
  }

  private func ellipses(in panel: Panel) -> Markup {
    let radii = isSpherical ? [1] : PlaneMixture.shares.map(PlaneGaussian.radius)
    return .group(
      plane.components.enumerated().filter { $0.element.weight > 0 }.map { k, component in
        .group(
          radii.map { radius in
            component.ellipse(
              radius: radius, in: panel,
              [
                "fill": "none", "stroke": Palette.component(k).hex,
                "stroke-width": radius == radii.last ? "2.4" : "1.5",
              ])
          })
      })
  }

  private func means(in panel: Panel) -> Markup {
    let size = 4.5 * max(pointScale, 0.6)
    var data = PathData()
    for component in plane.components where component.weight > 0 {
      let centre = panel.place(component.mean.x, component.mean.y)
      data.move(to: Place(x: centre.x - size, y: centre.y))
      data.line(to: Place(x: centre.x + size, y: centre.y))
      data.move(to: Place(x: centre.x, y: centre.y - size))
      data.line(to: Place(x: centre.x, y: centre.y + size))
    }
    // The paper shines around the crosses.
    return .group([
      .path(data, MarkClass.halo.attributes + ["stroke-width": "4.5"]),
      .path(data, MarkClass.line.attributes + ["stroke-width": "1.8"]),
    ])
  }
}
