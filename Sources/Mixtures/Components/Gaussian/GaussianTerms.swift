import MixtureKernels

/// ln πₖ N(x; μₖ, Σₖ) of all components of a Gaussian mixture, from what can be computed before the first point is seen.
///
/// The covariances decide the work on a point: O(Kd) for spherical and diagonal ones, O(Kd²) for full ones, and
/// O(d² + Kd) where one full covariance is common to all, since then A(x − o) with AᵀA = Σ⁻¹ is computed once, or where they
/// have their axes in common.
public struct GaussianTerms: MixtureTerms {
  private enum Form {
    /// Nothing is known of a point.
    case constant
    case spherical(precisions: [Double])
    case diagonal(precisions: [Double])
    /// Σⱼ (rⱼ(xⱼ − oⱼ) − sⱼ)² with r the roots of the precisions.
    case scaled(origin: [Double], roots: [Double], shifts: [Double])
    case full(inverseFactors: [Double])
    /// |A(x − o) − A(μₖ − o)|².
    case common(origin: [Double], inverseFactor: [Double], whitenedMeans: [Double])
    /// As `scaled`, for y = Dᵀ(x − o).
    case rotated(origin: [Double], axes: [Double], roots: [Double], shifts: [Double])
  }

  private let form: Form
  private let means: [Double]

  /// ln πₖ − ½(d ln 2π + ln |Σₖ|).
  private let constants: [Double]

  private let logNegligible: Double

  init(_ components: [Gaussian], weights: [Double], negligibleShare: Double) {
    logNegligible = naturalLog(negligibleShare)
    means = components.flattened(components[0].dimension) { $0.mean[$1] }
    constants = components.indices.map { naturalLog(weights[$0]) + components[$0].logNormaliser }
    form = Self.form(components, means)
  }

  /// Those of points of which no coordinate is known: ln πₖ.
  init(ofNothing weights: [Double]) {
    logNegligible = -.infinity
    form = .constant
    means = weights.map { _ in 0 }
    constants = weights.map(naturalLog)
  }

  private static func form(_ components: [Gaussian], _ means: [Double]) -> Form {
    let d = components[0].dimension
    let spherical = components.compactMap(\.root.sphericalPrecision)
    if spherical.count == components.count { return .spherical(precisions: spherical) }
    if let precisions = diagonalPrecisions(of: components) {
      return scaled(means, precisions, d) ?? .diagonal(precisions: precisions)
    }
    let factors = components.map { $0.root.inverseFactor(dimension: d) }
    return common(means, factors) ?? rotated(components, means)
      ?? .full(inverseFactors: factors.flattened(packedCount(d)) { $0[$1] })
  }

  /// 1/σⱼ² of one component after another, if all covariances are diagonal.
  private static func diagonalPrecisions(of components: [Gaussian]) -> [Double]? {
    let d = components[0].dimension
    var precisions: [Double] = []
    precisions.reserveCapacity(components.count * d)
    for component in components {
      for j in 0..<d {
        guard let precision = component.root.diagonalPrecision(j) else { return nil }
        precisions.append(precision)
      }
    }
    return precisions
  }

  private static func rotated(_ components: [Gaussian], _ means: [Double]) -> Form? {
    let (d, count) = (components[0].dimension, components.count)
    // Both the rotation and the way back to memory cost more than a form in place.
    guard d * (d + 1) / 2 * count >= 2 * (d * d + 2 * count * d),
      let axes = SharedAxes(of: components.map(\.covariance))
    else { return nil }
    let origin = middle(of: means, d)
    let roots = axes.variances.flattened(d) { 1 / $0[$1].squareRoot() }
    let shifts = components.indices.flatMap { k in
      let offset = (0..<d).map { means[k * d + $0] - origin[$0] }
      return (0..<d).map { j -> Double in
        let axis = axes.matrix[(j * d)..<((j + 1) * d)]
        return roots[k * d + j] * innerProduct(Array(axis), offset)
      }
    }
    guard areNear(shifts) else { return nil }
    return .rotated(origin: origin, axes: axes.matrix, roots: roots, shifts: shifts)
  }

  private static func scaled(_ means: [Double], _ precisions: [Double], _ d: Int) -> Form? {
    let origin = middle(of: means, d)
    let roots = precisions.map { $0.squareRoot() }
    let shifts = roots.indices.map { roots[$0] * (means[$0] - origin[$0 % d]) }
    guard areNear(shifts) else { return nil }
    return .scaled(origin: origin, roots: roots, shifts: shifts)
  }

  private static func common(_ means: [Double], _ factors: [[Double]]) -> Form? {
    guard factors.count > 1, factors.allSatisfy({ $0 == factors[0] }) else { return nil }
    let d = means.count / factors.count
    let origin = middle(of: means, d)
    let whitened = factors.indices.flatMap { k in
      packedProduct(factors[0], (0..<d).map { means[k * d + $0] - origin[$0] })
    }
    guard areNear(whitened) else { return nil }
    return .common(origin: origin, inverseFactor: factors[0], whitenedMeans: whitened)
  }

  /// Whether subtracting the origin instead of the mean loses next to nothing, the means being given relative to the origin
  /// in standard deviations.
  private static func areNear(_ shifts: [Double]) -> Bool {
    shifts.allSatisfy { $0 * $0 <= GaussianStatistics.largestGrowth }
  }

  /// The middle of the box about the means: whatever the order of the components, the same point.
  private static func middle(of means: [Double], _ dimension: Int) -> [Double] {
    (0..<dimension).map { j in
      var (lowest, highest) = (means[j], means[j])
      for index in stride(from: j, to: means.count, by: dimension) {
        lowest = min(lowest, means[index])
        highest = max(highest, means[index])
      }
      return lowest + (highest - lowest) / 2
    }
  }

  public func write(_ tile: Tile, into terms: UnsafeMutableBufferPointer<Double>) {
    precondition(
      terms.count == constants.count * tile.capacity
        && means.count == constants.count * tile.dimension, "shapes agree")
    guard let out = terms.baseAddress else { return }
    let kernels = TileKernels.chosen
    tile.withView { view in
      switch form {
      case .constant:
        for (k, constant) in constants.enumerated() {
          (out + k * tile.capacity).update(repeating: constant, count: tile.capacity)
        }
      case .spherical(let precisions):
        kernels.sphericalTerms(
          view, means: means, precisions: precisions, constants: constants, into: out)
      case .diagonal(let precisions):
        kernels.diagonalTerms(
          view, means: means, precisions: precisions, constants: constants, into: out)
      case .scaled(let origin, let roots, let shifts):
        kernels.scaledTerms(
          view, origin: origin, roots: roots, shifts: shifts, constants: constants, into: out)
      case .full(let factors):
        kernels.fullTerms(
          view, means: means, inverseFactors: factors, constants: constants,
          // A label may leave a point to a component that would be negligible beside others.
          logNegligible: tile.labels == nil ? logNegligible : -.infinity, into: out)
      case .rotated(let origin, let axes, let roots, let shifts):
        kernels.withTransformed(view, origin: origin, matrix: axes) { rotated in
          kernels.scaledTerms(
            rotated, origin: origin.map { _ in 0 }, roots: roots, shifts: shifts,
            constants: constants, into: out)
        }
      case .common(let origin, let factor, let whitenedMeans):
        kernels.withWhitened(view, origin: origin, inverseFactor: factor) { whitened in
          kernels.sphericalTerms(
            whitened, means: whitenedMeans, precisions: constants.map { _ in 1 },
            constants: constants, into: out)
        }
      }
    }
  }
}
