import MixtureKernels
import Mixtures

/// A mixture in one column: the histogram, the total density under its components, and their labels.
struct DensityDrawing {
  let asked: AskedPoints
  let column: Int
  let histogram: Histogram

  /// How far lines may be from the curves, in pixels.
  var tolerance = 0.08

  /// That of this column, about the middle of the points.
  let background: BackgroundBox?

  private static let steps = 400

  init(asked: AskedPoints, column: Int, histogram: Histogram) {
    self.asked = asked
    self.column = column
    self.histogram = histogram
    let range = ValueRange(
      histogram.pointCount > 0 ? [histogram.edges.lowerBound, histogram.edges.upperBound] : [])
    background = BackgroundBox(of: asked.mixture, columns: [column], ranges: [range])
  }

  /// Where values of the column are drawn.
  var domain: ClosedRange<Double> {
    let shown = asked.domain(of: column)
    return min(
      shown.lowerBound, histogram.edges.lowerBound)...max(
        shown.upperBound, histogram.edges.upperBound)
  }

  private var mixture: GaussianMixture { asked.mixture }

  /// πₖ f(x; θₖ).
  func density(_ k: Int, at x: Double) -> Double {
    let component = mixture.components[k]
    let deviation = component.covariance[column, column].squareRoot()
    let u = (x - component.mean[column]) / deviation
    return mixture.weights[k] * exponential(-0.5 * (u * u + logTwoPi)) / deviation
  }

  /// Where densities are drawn: evenly, closer around narrow components, and at the ends of the background.
  private var places: [Double] {
    let domain = domain
    let width = domain.upperBound - domain.lowerBound
    var places = domain.evenly(Self.steps)
    for component in mixture.components.prefix(60) {
      let deviation = component.covariance[column, column].squareRoot()
      guard deviation < width / 40 else { continue }
      for multiple in stride(from: -4.0, through: 4, by: 0.25) {
        let place = component.mean[column] + multiple * deviation
        if domain.contains(place) { places.append(place) }
      }
    }
    if let background { places += background.edges(0).filter(domain.contains) }
    return Array(Set(places)).sorted()
  }

  /// The largest density to be drawn. A component that is much narrower than a bin may rise above it, cut off.
  var highest: Double {
    let bars = histogram.densities.max() ?? 0
    let peak = places.reduce(0) { max($0, total(at: $1)) }
    return bars > 0 ? max(min(peak, 4 * bars), bars) : peak
  }

  private func total(at x: Double) -> Double {
    mixture.components.indices.reduce(backgroundDensity(at: x)) { $0 + density($1, at: x) }
  }

  /// π₀ f₀(x).
  private func backgroundDensity(at x: Double) -> Double {
    background.map { $0.contains(x) ? exponential($0.logTerm) : 0 } ?? 0
  }

  func marks(in panel: Panel, lineScale: Double = 1) -> [Markup] {
    let places = places
    let curves = mixture.components.indices.filter { mixture.weights[$0] > 0 }.map { k in
      Markup.path(
        curve(places, panel) { density(k, at: $0) },
        [
          "fill": "none", "stroke": Palette.component(k).hex,
          "stroke-width": (2 * lineScale).pixels, "stroke-linejoin": "round",
        ])
    }
    // The total lies under the components, thick and pale, so that it hides none.
    let total = Markup.path(
      curve(places, panel, total),
      MarkClass.total.attributes + [
        "stroke-width": (6 * lineScale).pixels, "stroke-linejoin": "round",
      ])
    let level = Markup.path(
      background == nil ? PathData() : curve(places, panel, backgroundDensity),
      [
        "fill": "none", "stroke": Palette.background.hex, "stroke-width": (2 * lineScale).pixels,
        "stroke-linejoin": "round",
      ])
    return [bars(in: panel), total, level] + curves
  }

  func bars(in panel: Panel) -> Markup {
    let base = panel.y(0)
    var bars = PathData()
    for (index, density) in histogram.densities.enumerated() where density > 0 {
      let left = panel.x(histogram.edges.lowerBound + Double(index) * histogram.binWidth)
      let next = panel.x(histogram.edges.lowerBound + Double(index + 1) * histogram.binWidth)
      let gap = next - left > 5 ? 1.0 : 0
      let right = left + max(next - left - gap, 0.5)
      let top = panel.y(density)
      bars.polyline(
        [
          Place(x: left, y: base), Place(x: left, y: top), Place(x: right, y: top),
          Place(x: right, y: base),
        ], isClosed: true)
    }
    return .path(bars, MarkClass.area.attributes)
  }

  private func curve(
    _ places: [Double], _ panel: Panel, _ value: (Double) -> Double
  ) -> PathData {
    var data = PathData()
    let line = places.map { panel.place($0, value($0)) }
    data.polyline(simplified(line, tolerance: tolerance))
    return data
  }

  /// The tops of the curves, which labels dodge, and the peak of each component.
  func anchors(in panel: Panel) -> (
    peaks: [(centre: Place, reach: (x: Double, y: Double))], obstacles: [Place]
  ) {
    let peaks = mixture.components.indices.map { k -> (Place, (x: Double, y: Double)) in
      let x = mixture.components[k].mean[column]
      let top = min(max(panel.y(density(k, at: x)), panel.frame.y + 12), panel.frame.bottom)
      let deviation = mixture.components[k].covariance[column, column].squareRoot()
      return (
        Place(x: panel.x(x), y: top), (min(deviation * panel.x.factor * 0.5, 30), 0)
      )
    }
    let dense = places.filter { domain.contains($0) }.flatMap { x in
      [panel.place(x, total(at: x)), panel.place(x, backgroundDensity(at: x))]
        + mixture.components.indices.prefix(24).map { panel.place(x, density($0, at: x)) }
    }
    return (peaks, dense)
  }
}
