import MixtureKernels

/// A component of constant density that takes the points which no other component describes.
///
/// Source: Banfield & Raftery (1993), "Model-based Gaussian and non-Gaussian clustering", *Biometrics* 49, 803–821, §4.
public struct Background: Sendable, Equatable, Codable {
  /// π₀, its mixing weight.
  public let weight: Double

  /// ln of its density: minus the logarithm of the volume over which it spreads.
  public let logDensity: Double

  /// ln of the length of its box along each column, where it is one: what is known of the density of some of the columns.
  public let logLengths: [Double]?

  /// A background of known weight and density.
  ///
  /// - Throws: ``ParameterError`` for a weight outside 0...1, a density that is not finite, or lengths of a box of another
  ///   volume.
  public init(
    weight: Double, logDensity: Double, logLengths: [Double]? = nil
  ) throws(ParameterError) {
    self.init(fitted: weight, logDensity: logDensity, logLengths: logLengths)
    guard isValid else { throw .invalidBackground(weight: weight, logDensity: logDensity) }
  }

  private enum CodingKeys: CodingKey {
    case weight, logDensity, logLengths
  }

  /// Decodes one.
  ///
  /// - Throws: ``ParameterError`` for what ``init(weight:logDensity:logLengths:)`` refuses.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      weight: container.decode(Double.self, forKey: .weight),
      logDensity: container.decode(Double.self, forKey: .logDensity),
      logLengths: container.decodeIfPresent([Double].self, forKey: .logLengths))
  }

  init(fitted weight: Double, logDensity: Double, logLengths: [Double]? = nil) {
    self.weight = weight
    self.logDensity = logDensity
    self.logLengths = logLengths
  }

  /// Whether it can be that of a mixture.
  func isValid(dimension: Int) -> Bool {
    isValid && logLengths.map { $0.count == dimension } ?? true
  }

  private var isValid: Bool {
    weight >= 0 && weight <= 1 && logDensity.isFinite && (logLengths.map(agree) ?? true)
  }

  /// Whether a box of these lengths has the volume that the density says, up to rounding.
  private func agree(_ logLengths: [Double]) -> Bool {
    let size = logLengths.reduce(1) { $0 + abs($1) }
    return size.isFinite && abs(logLengths.reduce(logDensity, +)) <= 1e-9 * size
  }

  /// The same with another weight.
  func with(weight: Double) -> Background {
    Background(fitted: weight, logDensity: logDensity, logLengths: logLengths)
  }

  /// How many parameters it adds: its weight and its volume, as mclust counts them.
  public static let parameterCount = 2

  /// ln π₀ f₀(x), the same for all points.
  var logTerm: Double { naturalLog(weight) + logDensity }
}

extension DataSummary {
  /// ln of the volume in which the points lie: of the box along the columns or of that along the principal axes, whichever is
  /// smaller. Columns without spread do not count.
  ///
  /// - Complexity: one pass over the points.
  func logVolume(of points: any PointSource, threads: Int) -> Double {
    func logVolume(_ lengths: [Double]) -> Double {
      lengths.reduce(0) { $1 > 0 ? $0 + naturalLog($1) : $0 }
    }
    let own = logVolume(ranges.map { $0.upperBound - $0.lowerBound })
    guard points.dimension > 1, ranges.allSatisfy({ $0.lowerBound < $0.upperBound }) else {
      return own
    }
    let eigen = SymmetricEigen(packed: covariance.lowerTriangle, dimension: points.dimension)
    let axes = (0..<points.dimension).map(eigen.vector)
    let extent = PointPass(points, threads: threads).fold(
      into: ExtentAlongAxes(axes: axes, origin: mean)
    ) { $0.add($1) }
    return min(own, logVolume(extent.lengths))
  }
}

/// How far points reach along given axes.
private struct ExtentAlongAxes: Mergeable {
  private let axes: [[Double]]
  private let origin: [Double]
  private var lowest: [Double]
  private var highest: [Double]

  init(axes: [[Double]], origin: [Double]) {
    self.axes = axes
    self.origin = origin
    lowest = axes.map { _ in .infinity }
    highest = axes.map { _ in -.infinity }
  }

  var lengths: [Double] { zip(highest, lowest).map { max(0, $0 - $1) } }

  mutating func add(_ tile: Tile) {
    for index in 0..<tile.count where tile.weights[index] > 0 {
      for (number, axis) in axes.enumerated() {
        var place = 0.0
        for j in axis.indices { place += axis[j] * (tile[index, j] - origin[j]) }
        lowest[number] = min(lowest[number], place)
        highest[number] = max(highest[number], place)
      }
    }
  }

  mutating func merge(_ other: ExtentAlongAxes) {
    for number in axes.indices {
      lowest[number] = min(lowest[number], other.lowest[number])
      highest[number] = max(highest[number], other.highest[number])
    }
  }
}
