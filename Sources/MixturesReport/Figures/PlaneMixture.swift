import MixtureKernels
import Mixtures

/// A mixture in two of its columns, with its background where that can be drawn; else without it.
package struct PlaneMixture: Sendable {
  package let components: [PlaneGaussian]

  /// Of the same two columns.
  package let background: BackgroundBox?

  /// Where contours hold so much of the mixture.
  package static let shares = [0.95, 0.5]

  package static let drawCount = 10_000

  /// Along each side of the background, for the share of it above a level.
  private static let cellCount = 50

  package init(
    _ mixture: GaussianMixture, columns: (Int, Int), background: BackgroundBox? = nil
  ) {
    self.background = background
    let total = background == nil ? mixture.weights.reduce(0, +) : 1
    components = zip(mixture.weights, mixture.components).map { weight, component in
      PlaneGaussian(component, columns, weight: total > 0 ? weight / total : 0)
    }
  }

  /// ln p(x, y), natural logarithm.
  package func logDensity(_ x: Double, _ y: Double) -> Double {
    let constant = background.flatMap { $0.contains(x, y) ? $0.logTerm : nil } ?? -.infinity
    var largest = constant
    for component in components { largest = max(largest, component.logTerm(x, y)) }
    guard largest > -.infinity else { return largest }
    let sum = components.reduce(exponential(constant - largest)) {
      $0 + exponential($1.logTerm(x, y) - largest)
    }
    return largest + naturalLog(sum)
  }

  /// The log-densities above which lie the ``shares`` of the mixture.
  ///
  /// A level within the background itself, where the density is the same all over, is taken just below it: then all of it is inside.
  ///
  /// - Parameter draws: points from the components in all columns of the mixture.
  ///
  /// Source: Hyndman (1996), "Computing and graphing highest density regions", *The American Statistician* 50, 120–126.
  package func levels(_ draws: Matrix, columns: (Int, Int)) -> [Double] {
    let ofComponents = (0..<draws.rowCount).map { row in
      logDensity(draws[row, columns.0], draws[row, columns.1])
    }
    guard let background else { return Self.levels([(ofComponents, 1)]) }
    let cells = background.cells(Self.cellCount).map { logDensity($0.x, $0.y) }
    let levels = Self.levels([
      (ofComponents, 1 - background.weight), (cells, background.weight),
    ])
    return levels.map { $0 < background.logTerm + Self.nearlyConstant ? background.floor : $0 }
  }

  /// A log-density no further above the background's is that of its own part.
  private static let nearlyConstant = 0.01

  /// - Parameter parts: log-densities of points drawn alike, with their share of the whole.
  private static func levels(_ parts: [(logs: [Double], share: Double)]) -> [Double] {
    let sorted = parts.flatMap { part in
      part.logs.map { (log: $0, share: part.share / Double(part.logs.count)) }
    }.sorted { $0.log < $1.log }
    return shares.map { share in
      var below = 0.0
      for entry in sorted {
        below += entry.share
        // What is left over is rounding.
        if below > 1 - share + 1e-12 { return entry.log }
      }
      return sorted.last?.log ?? -.infinity
    }
  }

  /// The points that tell levels, from a seed.
  package static func draws(from mixture: GaussianMixture, count: Int = drawCount) -> Matrix {
    var generator = SplitMix64(seed: 1)
    return mixture.sample(count, using: &generator).points
  }

  /// Lines for a grid on which no component falls between them.
  package func gridLines(_ range: ClosedRange<Double>, count: Int, isX: Bool) -> [Double] {
    let width = range.upperBound - range.lowerBound
    var lines = range.evenly(count)
    for component in components.prefix(24) where component.weight > 0 {
      let (mean, deviation) =
        isX
        ? (component.mean.x, component.deviations.x) : (component.mean.y, component.deviations.y)
      // Those that the even lines resolve need no more.
      guard deviation < 4 * width / Double(count) else { continue }
      for multiple in stride(from: -3.0, through: 3, by: 0.5) {
        let line = mean + multiple * deviation
        if range.contains(line) { lines.append(line) }
      }
    }
    if let background { lines += background.edges(isX ? 0 : 1).filter(range.contains) }
    return Array(Set(lines)).sorted()
  }
}

/// A Gaussian in two columns, with its mixing weight.
package struct PlaneGaussian: Sendable {
  package let weight: Double
  package let mean: Place
  package let deviations: Place
  package let correlation: Double
  private let logPeak: Double

  /// Correlations nearer to one are those of rounding.
  private static let largestCorrelation = 1 - 1e-12

  package init(_ gaussian: Gaussian, _ columns: (Int, Int), weight: Double) {
    self.weight = weight
    let (i, j) = columns
    mean = Place(x: gaussian.mean[i], y: gaussian.mean[j])
    deviations = Place(
      x: gaussian.covariance[i, i].squareRoot(), y: gaussian.covariance[j, j].squareRoot())
    let found = gaussian.covariance[i, j] / deviations.x / deviations.y
    correlation = min(max(found, -Self.largestCorrelation), Self.largestCorrelation)
    logPeak =
      -logTwoPi - naturalLog(deviations.x) - naturalLog(deviations.y)
      - 0.5 * naturalLog((1 - correlation) * (1 + correlation))
  }

  /// ln πₖ f(x, y).
  package func logTerm(_ x: Double, _ y: Double) -> Double {
    guard weight > 0 else { return -.infinity }
    let u = (x - mean.x) / deviations.x
    let v = (y - mean.y) / deviations.y
    let square = (u * u - 2 * correlation * u * v + v * v) / ((1 - correlation) * (1 + correlation))
    return naturalLog(weight) + logPeak - 0.5 * square
  }
}

extension PlaneGaussian {
  /// The ellipse at a Mahalanobis distance of `radius`, on the paper.
  package func ellipse(radius: Double, in panel: Panel, _ attributes: Markup.Attributes) -> Markup {
    // The covariance in pixels, where axes may have different units.
    let sx = deviations.x * abs(panel.x.factor)
    let sy = deviations.y * abs(panel.y.factor)
    // Paper counts downwards.
    let packed = [sx * sx, -correlation * sx * sy, sy * sy]
    guard packed.allSatisfy(\.isFinite) else { return .nothing }
    let eigen = SymmetricEigen(packed: packed, dimension: 2)
    let axis = eigen.vector(1)
    let angle = arcTangent(axis[1], axis[0]) * 180 / 3.141_592_653_589_793
    let centre = panel.place(mean.x, mean.y)
    let radii = (
      radius * max(0, eigen.values[1]).squareRoot(), radius * max(0, eigen.values[0]).squareRoot()
    )
    return .element(
      "ellipse",
      [
        "rx": radii.0.pixels, "ry": radii.1.pixels,
        "transform": "translate(\(centre.x.pixels) \(centre.y.pixels)) rotate(\(angle.pixels))",
      ] + attributes, [])
  }

  /// Places along that ellipse.
  package func places(radius: Double, in panel: Panel, count: Int) -> [Place] {
    let rest = ((1 - correlation) * (1 + correlation)).squareRoot()
    return (0..<count).map { index in
      let turn = cosineAndSine(6.283_185_307_179_586 * Double(index) / Double(count))
      let along = correlation * turn.cosine + rest * turn.sine
      return panel.place(
        mean.x + radius * deviations.x * turn.cosine, mean.y + radius * deviations.y * along)
    }
  }

  /// Half of the width and of the height of that ellipse.
  package func reach(radius: Double, in panel: Panel) -> (x: Double, y: Double) {
    (
      radius * deviations.x * abs(panel.x.factor), radius * deviations.y * abs(panel.y.factor)
    )
  }

  /// The Mahalanobis distance within which lies a share of a Gaussian in two dimensions: √(−2 ln(1 − p)).
  package static func radius(holding share: Double) -> Double {
    (-2 * naturalLog(1 - share)).squareRoot()
  }
}
