import MixtureKernels
import Mixtures

/// The components of a mixture in two of its columns, without the background: of that only the volume is known.
package struct PlaneMixture: Sendable {
  package let components: [PlaneGaussian]

  /// Where contours hold so much of the mixture.
  package static let shares = [0.95, 0.5]

  private static let drawCount = 10_000

  package init(_ mixture: GaussianMixture, columns: (Int, Int)) {
    let total = mixture.weights.reduce(0, +)
    components = zip(mixture.weights, mixture.components).map { weight, component in
      PlaneGaussian(component, columns, weight: total > 0 ? weight / total : 0)
    }
  }

  /// ln p(x, y), natural logarithm.
  package func logDensity(_ x: Double, _ y: Double) -> Double {
    var largest = -Double.infinity
    for component in components { largest = max(largest, component.logTerm(x, y)) }
    guard largest > -.infinity else { return largest }
    let sum = components.reduce(0) { $0 + exponential($1.logTerm(x, y) - largest) }
    return largest + naturalLog(sum)
  }

  /// The log-densities above which lie the ``shares`` of the mixture.
  ///
  /// - Parameter draws: points from the mixture in all its columns.
  package func levels(_ draws: Matrix, columns: (Int, Int)) -> [Double] {
    let logs = (0..<draws.rowCount).map { row in
      logDensity(draws[row, columns.0], draws[row, columns.1])
    }.sorted()
    return Self.shares.map { share in
      logs.isEmpty ? -.infinity : logs[min(logs.count - 1, Int((1 - share) * Double(logs.count)))]
    }
  }

  /// The points that tell levels, from a seed.
  package static func draws(from mixture: GaussianMixture) -> Matrix {
    var generator = SplitMix64(seed: 1)
    return mixture.sample(drawCount, using: &generator).points
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
