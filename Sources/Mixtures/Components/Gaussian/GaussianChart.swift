import MixtureKernels

/// Coordinates of Gaussian mixtures about one of them, with weights π, means μ and covariances Σ = ΛΛᵀ:
/// ```
/// √πₖ ln(πₖ′/πₖ)      √πₖ Λₖ⁻¹(μₖ′ − μₖ)      √πₖ (√2 ln Tᵢᵢ, Tᵢⱼ)  with T = Λₖ⁻¹Λₖ′
/// ```
/// and for the last √(πₖ/2) ln(σ′²/σ²) of each variance of a diagonal, √(πₖd/2) of a spherical one. At the
/// origin the information of complete data is the identity in them. Scaling a column changes none.
public struct GaussianChart: MixtureChart {
  private let family: GaussianFamily
  private let origin: GaussianMixture
  private let frames: [Frame]

  fileprivate init?(_ family: GaussianFamily, about origin: GaussianMixture) {
    guard origin.weights.allSatisfy({ $0 > 0 }), (origin.background?.weight ?? 0) == 0 else {
      return nil
    }
    self.family = family
    self.origin = origin
    let frames = origin.components.compactMap { Frame($0) }
    guard frames.count == origin.componentCount else { return nil }
    self.frames = frames
  }

  public func coordinates(of mixture: GaussianMixture) -> [Double]? {
    var coordinates: [Double] = []
    coordinates.reserveCapacity(frames.reduce(0) { $0 + 1 + $1.count })
    for (k, component) in mixture.components.enumerated() {
      let root = origin.weights[k].squareRoot()
      guard let own = frames[k].coordinates(of: component) else { return nil }
      coordinates.append(root * naturalLog(mixture.weights[k] / origin.weights[k]))
      for value in own { coordinates.append(root * value) }
    }
    return coordinates.allSatisfy(\.isFinite) ? coordinates : nil
  }

  public func mixture(at coordinates: [Double]) -> GaussianMixture? {
    var rest = coordinates[...]
    var scatters: [Scatter] = []
    for (weight, frame) in zip(origin.weights, frames) {
      let root = weight.squareRoot()
      let share = weight * exponential((rest.popFirst() ?? 0) / root)
      let own = rest.prefix(frame.count).map { $0 / root }
      rest = rest.dropFirst(frame.count)
      scatters.append(frame.scatter(at: own, count: share, shape: family.structure.scatterShape))
    }
    return family.mixture(of: Scatters(scatters, nearby: origin.components)).map {
      Mixture(fitted: $0.components, weights: $0.weights, background: origin.background)
    }
  }
}

/// How one component is measured: by its mean and by its covariance.
private struct Frame {
  private let mean: [Double]
  private let spread: Spread

  private enum Spread {
    case spherical(variance: Double)
    case diagonal(variances: [Double])
    case full(CholeskyFactor)
  }

  init?(_ component: Gaussian) {
    mean = component.mean
    switch component.covariance {
    case .spherical(let variance, _): spread = .spherical(variance: variance)
    case .diagonal(let variances): spread = .diagonal(variances: variances)
    case .full:
      guard let factor = component.factor else { return nil }
      spread = .full(factor)
    }
  }

  /// How many coordinates there are.
  var count: Int {
    switch spread {
    case .spherical: mean.count + 1
    case .diagonal: 2 * mean.count
    case .full: mean.count + packedCount(mean.count)
    }
  }

  func coordinates(of other: Gaussian) -> [Double]? {
    let shift = zip(other.mean, mean).map(-)
    switch spread {
    case .spherical(let variance):
      let unit = (Double(mean.count) / 2).squareRoot()
      return shift.map { $0 / variance.squareRoot() }
        + [unit * naturalLog(other.covariance[0, 0] / variance)]
    case .diagonal(let variances):
      let unit = 0.5.squareRoot()
      return zip(shift, variances).map { $0 / $1.squareRoot() }
        + zip(other.covariance.variances, variances).map { unit * naturalLog($0 / $1) }
    case .full(let frame):
      guard let factor = other.factor else { return nil }
      return frame.whitened(shift) + frame.coordinates(of: factor)
    }
  }

  /// Nₖ, μₖ and Wₖ of the component at the given coordinates.
  func scatter(at coordinates: [Double], count: Double, shape: ScatterShape) -> Scatter {
    let (shift, rest) = (coordinates.prefix(mean.count), coordinates.dropFirst(mean.count))
    let offset: [Double]
    let covariance: Covariance
    switch spread {
    case .spherical(let variance):
      let unit = (Double(mean.count) / 2).squareRoot()
      offset = shift.map { $0 * variance.squareRoot() }
      covariance = .spherical(
        variance: variance * exponential((rest.first ?? 0) / unit), dimension: mean.count)
    case .diagonal(let variances):
      let unit = 0.5.squareRoot()
      offset = zip(shift, variances).map { $0 * $1.squareRoot() }
      covariance = .diagonal(variances: zip(variances, rest).map { $0 * exponential($1 / unit) })
    case .full(let frame):
      offset = frame.applied(to: Array(shift))
      covariance = .full(lowerTriangle: frame.matrix(at: Array(rest)), dimension: mean.count)
    }
    return Scatter(
      effectiveCount: count, mean: zip(mean, offset).map(+), shape: shape,
      values: covariance.scatterValues(shape).map { count * $0 })
  }
}

extension GaussianFamily: ChartedFamily {
  /// None with a prior or frozen parts, of which the coordinates know nothing.
  public func chart(about origin: GaussianMixture) -> GaussianChart? {
    frozen.isEmpty && prior == nil ? GaussianChart(self, about: origin) : nil
  }

  /// The mixture that obeys the structure and comes nearest; `nil` where a component has no points, is singular, or is smaller
  /// than the floor.
  fileprivate func mixture(of all: Scatters) -> GaussianMixture? {
    let scatters = all.components
    guard scatters.allSatisfy({ $0.isFinite }) else { return nil }
    let total = scatters.reduce(0) { $0 + $1.effectiveCount }
    let weights = scatters.map { $0.effectiveCount / total }
    guard weights.allSatisfy({ $0 > Safeguards.smallestShare }) else { return nil }
    var components: [Gaussian] = []
    for (scatter, covariance) in zip(scatters, structure.estimate(all).covariances) {
      if let last = components.last, last.covariance == covariance {
        components.append(last.moved(to: scatter.mean))
        continue
      }
      guard scale.collapsedColumn(of: covariance) == nil,
        scale.floored(covariance, at: covarianceFloor) == covariance,
        let component = try? Gaussian(mean: scatter.mean, covariance: covariance)
      else { return nil }
      components.append(component)
    }
    return Mixture(fitted: components, weights: weights)
  }
}

extension Scatter {
  fileprivate var isFinite: Bool {
    effectiveCount.isFinite && mean.allSatisfy(\.isFinite) && values.allSatisfy(\.isFinite)
  }
}

extension Gaussian {
  /// That of the covariance, whatever its shape; `nil` where the matrix is singular.
  fileprivate var factor: CholeskyFactor? {
    if case .full(let factor) = root { return factor }
    return try? CholeskyFactor(packed: covariance.lowerTriangle, dimension: dimension)
  }
}

extension CholeskyFactor {
  /// L⁻¹x.
  fileprivate func whitened(_ x: [Double]) -> [Double] { packedProduct(inverse, x) }

  /// √2 ln Tᵢᵢ and Tᵢⱼ of T = L⁻¹L′, row by row.
  fileprivate func coordinates(of other: CholeskyFactor) -> [Double] {
    var t = packedProduct(inverse, other.packed, dimension)
    for i in 0..<dimension {
      t[packedIndex(i, i)] = 2.0.squareRoot() * naturalLog(t[packedIndex(i, i)])
    }
    return t
  }

  /// (LT)(LT)ᵀ, packed, from the coordinates of T.
  fileprivate func matrix(at coordinates: [Double]) -> [Double] {
    var t = coordinates
    for i in 0..<dimension {
      t[packedIndex(i, i)] = exponential(t[packedIndex(i, i)] / 2.0.squareRoot())
    }
    return packedSquare(packedProduct(packed, t, dimension), dimension)
  }
}
