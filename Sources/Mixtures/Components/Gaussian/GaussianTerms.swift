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
    means = components.flatMap(\.mean)
    constants = zip(weights, components).map { naturalLog($0) + $1.logNormaliser }
    form = Self.form(components)
  }

  /// Those of points of which no coordinate is known: ln πₖ.
  init(ofNothing weights: [Double]) {
    logNegligible = -.infinity
    form = .constant
    means = weights.map { _ in 0 }
    constants = weights.map(naturalLog)
  }

  private static func form(_ components: [Gaussian]) -> Form {
    let roots = components.map(\.root)
    let precisions = roots.compactMap(\.sphericalPrecision)
    if precisions.count == components.count { return .spherical(precisions: precisions) }
    let diagonals = roots.compactMap { $0.diagonalPrecisions(dimension: components[0].dimension) }
    if diagonals.count == components.count {
      return scaled(components, diagonals) ?? .diagonal(precisions: diagonals.flatMap(\.self))
    }
    let factors = roots.map { $0.inverseFactor(dimension: components[0].dimension) }
    return common(components, factors) ?? rotated(components)
      ?? .full(inverseFactors: factors.flatMap(\.self))
  }

  private static func rotated(_ components: [Gaussian]) -> Form? {
    let (d, count) = (components[0].dimension, components.count)
    // Both the rotation and the way back to memory cost more than a form in place.
    guard d * (d + 1) / 2 * count >= 2 * (d * d + 2 * count * d),
      let axes = SharedAxes(of: components.map(\.covariance))
    else { return nil }
    let origin = meanOfMeans(components)
    let roots = axes.variances.map { $0.map { 1 / $0.squareRoot() } }
    let shifts = zip(components, roots).map { component, roots in
      let difference = zip(component.mean, origin).map(-)
      return (0..<d).map { j in
        roots[j] * (0..<d).reduce(0) { $0 + axes.matrix[j * d + $1] * difference[$1] }
      }
    }
    guard areNear(shifts) else { return nil }
    return .rotated(
      origin: origin, axes: axes.matrix, roots: roots.flatMap(\.self),
      shifts: shifts.flatMap(\.self))
  }

  private static func scaled(_ components: [Gaussian], _ precisions: [[Double]]) -> Form? {
    let origin = meanOfMeans(components)
    let roots = precisions.map { $0.map { $0.squareRoot() } }
    let shifts = zip(components, roots).map { component, roots in
      roots.indices.map { roots[$0] * (component.mean[$0] - origin[$0]) }
    }
    guard areNear(shifts) else { return nil }
    return .scaled(
      origin: origin, roots: roots.flatMap(\.self), shifts: shifts.flatMap(\.self))
  }

  private static func common(_ components: [Gaussian], _ factors: [[Double]]) -> Form? {
    guard components.count > 1, factors.allSatisfy({ $0 == factors[0] }) else { return nil }
    let origin = meanOfMeans(components)
    let whitened = components.map { component in
      packedProduct(factors[0], zip(component.mean, origin).map(-))
    }
    guard areNear(whitened) else { return nil }
    return .common(
      origin: origin, inverseFactor: factors[0], whitenedMeans: whitened.flatMap(\.self))
  }

  /// Whether subtracting the origin instead of the mean loses next to nothing, the means being given relative to the origin
  /// in standard deviations.
  private static func areNear(_ shifts: [[Double]]) -> Bool {
    shifts.allSatisfy { $0.allSatisfy { $0 * $0 <= GaussianStatistics.largestGrowth } }
  }

  private static func meanOfMeans(_ components: [Gaussian]) -> [Double] {
    // Whatever the order of the components, the same sum.
    (0..<components[0].dimension).map { j in
      components.map { $0.mean[j] / Double(components.count) }.sorted().reduce(0, +)
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
