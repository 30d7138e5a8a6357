import MixtureKernels

/// What the components of a Gaussian mixture have learnt from some points: for each, Nₖ, Σ a(x − oₖ) and
/// Σ a(x − oₖ)(x − oₖ)ᵀ with a = wᵢrᵢₖ, or the trace or diagonal of the latter.
///
/// The parts of one iteration share the origins, so merging is plain addition. An origin is the component's current mean,
/// and nothing cancels however far the data lie from zero; or one point for all components, where it is so near their means
/// that next to nothing cancels: then they share the work on a point.
///
/// Components with one covariance for all need only the sum of their scatters. Where the scatter of all points is known,
/// that of the means tells it: see ``Scatters``.
public struct GaussianStatistics: SufficientStatistics {
  /// Where second moments grow by at most this factor because they are taken about a common origin, at most 10 of the 53
  /// bits of a variance are lost: an error of 10⁻¹³, far below what estimates mean.
  static let largestGrowth = 1024.0

  let componentCount: Int
  private let dimension: Int
  private let shape: ScatterShape
  private let form: MomentForm

  /// *d* coordinates for each component, or for all of them.
  private let origins: [Double]

  /// The scatter of all points, where no second moments are collected.
  private let total: Scatter?

  /// The components that shared out the points, if any did.
  private var nearby: [Gaussian]?

  /// Those of component after component, in the order of the kernels.
  private var sums: [Double]

  /// Moments about one origin for all components.
  init(components: Int, about origin: [Double], _ shape: ScatterShape) {
    self.init(components, origins: origin, dimension: origin.count, shape)
  }

  /// Moments about an origin for each component.
  init(origins: [[Double]], _ shape: ScatterShape) {
    self.init(
      origins.count, origins: origins.flattened(origins[0].count) { $0[$1] },
      dimension: origins[0].count, shape)
  }

  /// First moments alone, of points whose scatter is known.
  init(components: Int, total: Scatter) {
    self.init(
      components, origins: total.mean, dimension: total.dimension, total.shape, total: total)
  }

  private init(
    _ components: Int, origins: [Double], dimension: Int, _ shape: ScatterShape,
    total: Scatter? = nil
  ) {
    componentCount = components
    self.dimension = dimension
    self.shape = shape
    self.origins = origins
    self.total = total
    form = total == nil ? shape.momentForm : .none
    sums = zeros(components * form.sumCount(dimension: dimension))
  }

  /// The same for points that these components share out.
  func near(_ components: [Gaussian]) -> GaussianStatistics {
    var statistics = self
    statistics.nearby = components
    return statistics
  }

  public mutating func merge(_ other: GaussianStatistics) {
    for index in sums.indices { sums[index] += other.sums[index] }
  }

  /// Adds the points of a tile; shares up to `negligible` may be left out.
  mutating func add(_ tile: Tile, shares: UnsafeBufferPointer<Double>, negligible: Double) {
    precondition(
      tile.dimension == dimension && shares.count == componentCount * tile.capacity, "shapes agree")
    guard let a = shares.baseAddress else { return }
    tile.withView { view in
      TileKernels.chosen.addMoments(
        view, form, origins: origins, shares: a, components: componentCount,
        negligible: negligible, to: &sums)
    }
  }

  /// Adds Σ a, Σ a(x − oₖ) and, as far as they are collected, the entries of Σ a(x − oₖ)(x − oₖ)ᵀ of one component.
  mutating func add(
    count: Double, first: [Double], to k: Int, second: (_ i: Int, _ j: Int) -> Double
  ) {
    let start = k * sumCount
    sums[start] += count
    for j in 0..<dimension {
      sums[start + firstIndex(j)] += first[j]
      switch form {
      case .none: break
      case .trace: sums[start + 1 + dimension] += second(j, j)
      case .diagonal: sums[start + 1 + dimension + j] += second(j, j)
      case .full:
        for i in 0...j { sums[start + packedIndex(j + 1, i + 1)] += second(j, i) }
      }
    }
  }

  public var effectiveCounts: [Double] { (0..<componentCount).map { sums[$0 * sumCount] } }

  /// μₖ and Wₖ of each component, or the latter's sum.
  var scattersOfAll: Scatters {
    guard let total else { return Scatters(scatters, nearby: nearby) }
    return Scatters(means: scatters, total: total)
  }

  /// μₖ = oₖ + Σ a(x − oₖ) / Nₖ, and Wₖ about it as far as it is known.
  ///
  /// Source: Chan, Golub & LeVeque (1983), "Algorithms for computing the sample variance",
  /// eq. 1.5 (the shifted-data form).
  public var scatters: [Scatter] { (0..<componentCount).map(scatter) }

  private func scatter(_ k: Int) -> Scatter {
    var scatter = Scatter(
      effectiveCount: sums[k * sumCount], mean: shift(k), shape: shape, values: secondMoments(k))
    if form != .none { scatter.add(-scatter.effectiveCount, squareOf: scatter.mean) }
    let start = originIndex(k)
    for j in 0..<dimension { scatter.mean[j] += origins[start + j] }
    return scatter
  }

  private var sumCount: Int { form.sumCount(dimension: dimension) }

  private func originIndex(_ k: Int) -> Int { origins.count == dimension ? 0 : k * dimension }

  /// μₖ − oₖ.
  private func shift(_ k: Int) -> [Double] {
    let start = k * sumCount
    return (0..<dimension).map { sums[start + firstIndex($0)] / sums[start] }
  }

  /// Where Σ a(xⱼ − oₖⱼ) stands among the sums of a component.
  private func firstIndex(_ j: Int) -> Int { form == .full ? packedIndex(j + 1, 0) : j + 1 }

  private func secondMoments(_ k: Int) -> [Double] {
    let start = k * sumCount
    guard form == .full else { return Array(sums[(start + 1 + dimension)..<(start + sumCount)]) }
    return packedTriangle(dimension) { sums[start + packedIndex($0 + 1, $1 + 1)] }
  }
}

extension GaussianStatistics {
  /// Beyond this ratio of the moment about the origin to that about the mean, four of the
  /// sixteen digits are lost, and the points are worth a second look.
  private static let largestCancellation = 1e4

  /// Up to this ratio, what is lost is no more than the rounding of the sums.
  private static let smallestCancellation = 16.0

  public var recentred: GaussianStatistics? { recentred(beyond: Self.largestCancellation) }

  /// As ``recentred`` for statistics that are wanted as exact as they can be.
  var recentredSoon: GaussianStatistics? { recentred(beyond: Self.smallestCancellation) }

  private func recentred(beyond limit: Double) -> GaussianStatistics? {
    guard isPoor(beyond: limit) else { return nil }
    let better = scatters.enumerated().map { k, scatter in
      scatter.effectiveCount > 0 && scatter.mean.allSatisfy(\.isFinite)
        ? scatter.mean : Array(origins[originIndex(k)..<(originIndex(k) + dimension)])
    }
    guard total != nil || better.flatMap(\.self) != origins else { return nil }
    var recentred = GaussianStatistics(origins: better, shape)
    recentred.nearby = nearby
    return recentred
  }

  private func isPoor(beyond limit: Double) -> Bool {
    if let total {
      let pooled = Scatters(means: scatters, total: total).pooled
      let growth = shape.diagonalIndices(dimension: dimension).reduce(1) {
        max($0, Self.growth(of: pooled.values[$1], to: total.values[$1]))
      }
      return cancels(growth, pooled, beyond: limit)
    }
    return (0..<componentCount).contains { k in
      growth(k).map { cancels($0, scatter(k), beyond: limit) } ?? false
    }
  }

  /// By which factor the second moments of one component about its origin, that a variance is computed from, exceed what is left
  /// about the mean; `nil` where it has no mean.
  private func growth(_ k: Int) -> Double? {
    let start = k * sumCount
    let count = sums[start]
    guard count > 0 else { return nil }
    var (growth, between) = (1.0, 0.0)
    for j in 0..<dimension {
      let shift = sums[start + firstIndex(j)] / count
      guard shift.isFinite else { return nil }
      let square = count * shift * shift
      between += square
      guard shape != .trace else { continue }
      let moment = sums[start + secondIndex(j)]
      growth = max(growth, Self.growth(of: moment - square, to: moment))
    }
    guard shape == .trace else { return growth }
    let moment = sums[start + secondIndex(0)]
    return Self.growth(of: moment - between, to: moment)
  }

  /// Where Σ a(xⱼ − oₖⱼ)² stands among the sums of a component, or the trace.
  private func secondIndex(_ j: Int) -> Int {
    switch form {
    case .full: packedIndex(j + 1, j + 1)
    case .diagonal: 1 + dimension + j
    case .trace, .none: 1 + dimension
    }
  }

  private static func growth(of own: Double, to moment: Double) -> Double {
    guard moment > 0 else { return 1 }
    return own > 0 ? moment / own : .infinity
  }

  /// Whether a scatter has lost too many digits of the moments that it was computed from: too many anyway, or so many that
  /// a singular one could no longer be told from others.
  private func cancels(
    _ growth: Double, _ scatter: @autoclosure () -> Scatter, beyond limit: Double
  ) -> Bool {
    guard growth <= limit else { return true }
    guard shape == .full, growth > Self.smallestCancellation else { return false }
    let factor = try? CholeskyFactor(packed: scatter().values, dimension: dimension)
    return factor.map { !Self.tells($0, growth: growth) } ?? true
  }

  /// Whether moments that exceed a scatter by such a factor tell it from a singular one: their rounding moves the
  /// eigenvalues of the correlations by so many times as many ulps.
  static func tells(_ factor: CholeskyFactor, growth: Double) -> Bool {
    factor.inverseTrace * growth
      <= CholeskyFactor.largestInverseTrace(dimension: factor.dimension) / smallestCancellation
  }
}
