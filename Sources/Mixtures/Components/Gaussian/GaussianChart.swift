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

  fileprivate init?(_ family: GaussianFamily, about origin: GaussianMixture) {
    guard origin.weights.allSatisfy({ $0 > 0 }), (origin.background?.weight ?? 0) == 0 else {
      return nil
    }
    self.family = family
    self.origin = origin
  }

  /// How many coordinates a component has.
  private var length: Int { 1 + Frame(origin.components[0]).count }

  public func coordinates(of mixture: GaussianMixture) -> [Double]? {
    var coordinates: [Double] = []
    coordinates.reserveCapacity(origin.componentCount * length)
    for (k, component) in mixture.components.enumerated() {
      let unit = origin.weights[k].squareRoot()
      coordinates.append(unit * naturalLog(mixture.weights[k] / origin.weights[k]))
      guard Frame(origin.components[k]).append(component, times: unit, to: &coordinates) else {
        return nil
      }
    }
    return coordinates.allSatisfy(\.isFinite) ? coordinates : nil
  }

  public func mixture(at coordinates: [Double]) -> GaussianMixture? {
    let shape = family.structure.scatterShape
    let scatters = origin.components.indices.map { k in
      let (weight, start) = (origin.weights[k], k * length)
      let unit = weight.squareRoot()
      return Frame(origin.components[k]).scatter(
        at: start + 1, of: coordinates, over: unit,
        count: weight * exponential(coordinates[start] / unit), shape: shape)
    }
    return family.mixture(of: Scatters(scatters, nearby: origin.components)).map {
      Mixture(fitted: $0.components, weights: $0.weights, background: origin.background)
    }
  }
}

/// How one component is measured: by its mean and by its covariance.
private struct Frame {
  private let component: Gaussian

  private var mean: [Double] { component.mean }

  init(_ component: Gaussian) { self.component = component }

  /// How many coordinates there are.
  var count: Int {
    switch component.root {
    case .spherical: mean.count + 1
    case .diagonal: 2 * mean.count
    case .full: mean.count + packedCount(mean.count)
    }
  }

  /// Appends the coordinates of a component, each times `unit`; false where it has none.
  func append(_ other: Gaussian, times unit: Double, to coordinates: inout [Double]) -> Bool {
    switch component.root {
    case .spherical(let precision):
      for j in mean.indices {
        coordinates.append(unit * (other.mean[j] - mean[j]) * precision.squareRoot())
      }
      let half = Double(mean.count) / 2
      coordinates.append(unit * half.squareRoot() * logRatio(other, 0))
    case .diagonal(let precisions):
      for j in mean.indices {
        coordinates.append(unit * (other.mean[j] - mean[j]) * precisions[j].squareRoot())
      }
      for j in mean.indices { coordinates.append(unit * 0.5.squareRoot() * logRatio(other, j)) }
    case .full(let frame):
      guard let factor = other.factor else { return false }
      let start = coordinates.count
      frame.appendWhitened(other.mean, about: mean, to: &coordinates)
      frame.appendCoordinates(of: factor, to: &coordinates)
      for index in start..<coordinates.count { coordinates[index] *= unit }
    }
    return true
  }

  /// ln(σⱼ′²/σⱼ²).
  private func logRatio(_ other: Gaussian, _ j: Int) -> Double {
    naturalLog(other.covariance.variance(j) / component.covariance.variance(j))
  }

  /// Nₖ, μₖ and Wₖ of the component at the coordinates that begin at `start`, each divided by `unit`.
  func scatter(
    at start: Int, of coordinates: [Double], over unit: Double, count: Double, shape: ScatterShape
  ) -> Scatter {
    let coordinate = { coordinates[start + $0] / unit }
    var scatter = Scatter(
      effectiveCount: count, mean: mean(at: coordinate), shape: shape,
      values: covariance(at: coordinate).scatterValues(shape))
    for index in scatter.values.indices { scatter.values[index] *= count }
    return scatter
  }

  private func mean(at coordinate: (Int) -> Double) -> [Double] {
    mean.indices.map { i in
      guard case .full(let frame) = component.root else {
        return mean[i] + component.covariance.variance(i).squareRoot() * coordinate(i)
      }
      return (0...i).reduce(mean[i]) { $0 + frame.packed[packedIndex(i, $1)] * coordinate($1) }
    }
  }

  private func covariance(at coordinate: (Int) -> Double) -> Covariance {
    let (d, own) = (mean.count, component.covariance)
    switch component.root {
    case .spherical:
      let unit = (Double(d) / 2).squareRoot()
      return .spherical(variance: own.variance(0) * exponential(coordinate(d) / unit), dimension: d)
    case .diagonal:
      return .diagonal(
        variances: (0..<d).map {
          own.variance($0) * exponential(coordinate(d + $0) / 0.5.squareRoot())
        })
    case .full(let frame):
      let t = packedTriangle(d) { i, j in
        let entry = coordinate(d + packedIndex(i, j))
        return i == j ? exponential(entry / 2.0.squareRoot()) : entry
      }
      return .full(lowerTriangle: packedSquare(packedProduct(frame.packed, t, d), d), dimension: d)
    }
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
    components.reserveCapacity(scatters.count)
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
  /// Appends L⁻¹(x − o).
  fileprivate func appendWhitened(
    _ x: [Double], about origin: [Double], to values: inout [Double]
  ) {
    for i in x.indices {
      var sum = 0.0
      for j in 0...i { sum += inverse[packedIndex(i, j)] * (x[j] - origin[j]) }
      values.append(sum)
    }
  }

  /// Appends √2 ln Tᵢᵢ and Tᵢⱼ of T = L⁻¹L′, row by row.
  fileprivate func appendCoordinates(of other: CholeskyFactor, to values: inout [Double]) {
    let start = values.count
    appendPackedProduct(inverse, other.packed, dimension, to: &values)
    for i in 0..<dimension {
      let index = start + packedIndex(i, i)
      values[index] = 2.0.squareRoot() * naturalLog(values[index])
    }
  }
}
