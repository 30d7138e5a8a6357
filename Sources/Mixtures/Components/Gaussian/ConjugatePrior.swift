import MixtureKernels

/// A conjugate prior on the parameters of a Gaussian mixture: EM then climbs to the mode of the posterior, where no component
/// collapses.
///
/// ```
/// π ~ Dirichlet(α, …, α)      μₖ | Σₖ ~ N(μ₀, Σₖ / κ)      Σ ~ inverse Wishart(ν, Λ)
/// ```
/// with an inverse gamma distribution of ν/2 and ς²/2 for each variance of spherical and diagonal covariances. To an M-step it is
/// so many more points: κ of them at μ₀, and some of scatter Λ.
///
/// Source: Fraley & Raftery (2007), "Bayesian regularization for normal mixture estimation and model-based clustering", *J.
/// Classification* 24, 155–181, §2–3.
public struct ConjugatePrior: Sendable, Equatable {
  /// μ₀; `nil` for the mean of the data.
  public var mean: [Double]?

  /// κ ≥ 0, the number of points that μ₀ counts for; zero for no prior on the means.
  public var shrinkage = 0.01

  /// ν > 0; `nil` for *d* + 2.
  public var degreesOfFreedom: Double?

  /// The factor by which Λ exceeds its default: the covariance of the data over K^(2/d), and ς² the mean of its diagonal.
  public var scale = 1.0

  /// α ≥ 1; one for no prior on the mixing weights.
  public var concentration = 1.0

  /// The default of Fraley and Raftery.
  public init() {}
}

/// A prior with all that it takes from the data.
struct ResolvedPrior: Sendable {
  let concentration: Double
  private let mean: [Double]
  let shrinkage: Double
  private let degreesOfFreedom: Double

  /// Λ for one component, in the shape of the structure: full, or ς² for each variance.
  private let scatter: [Double]
  private let shape: ScatterShape

  /// - Throws: ``ParameterError`` for a structure without a conjugate prior, and values out of range.
  init(
    _ prior: ConjugatePrior, _ structure: CovarianceStructure, _ data: DataSummary
  ) throws(ParameterError) {
    let d = data.scale.dimension
    guard structure.hasConjugatePrior else {
      throw .noConjugatePrior(structure: structure.name)
    }
    mean = prior.mean ?? data.mean
    shrinkage = prior.shrinkage
    degreesOfFreedom = prior.degreesOfFreedom ?? Double(d + 2)
    concentration = prior.concentration
    shape = structure.scatterShape
    guard mean.count == d, mean.allSatisfy(\.isFinite), shrinkage >= 0, shrinkage < .infinity,
      degreesOfFreedom > 0, degreesOfFreedom < .infinity, prior.scale > 0, prior.scale < .infinity,
      concentration >= 1, concentration < .infinity
    else { throw .invalidPrior }
    // The sample covariance, with divisor n − 1.
    let factor = prior.scale * data.pointCount / max(1, data.pointCount - 1)
    let variance = factor * data.scale.variances.reduce(0, +) / Double(d)
    switch shape {
    case .trace: scatter = [variance]
    case .diagonal: scatter = Array(repeating: variance, count: d)
    case .full: scatter = data.covariance.lowerTriangle.map { factor * $0 }
    }
  }

  private var dimension: Double { Double(mean.count) }

  /// How many points the prior of a covariance counts for.
  private var covarianceCount: Double {
    switch shape {
    case .trace: (degreesOfFreedom + 2) / dimension
    case .diagonal: degreesOfFreedom + 2
    case .full: degreesOfFreedom + dimension + 1
    }
  }

  /// Those of a mean.
  private var meanCount: Double { shrinkage > 0 ? 1 : 0 }

  /// Λ for K components.
  private func scatter(components: Int) -> [Double] {
    let factor = exponential(-2 / dimension * naturalLog(Double(components)))
    return scatter.map { factor * $0 }
  }

  /// What components have learnt from the points and from the prior.
  func added(to seen: Scatters) -> Scatters {
    let own = scatter(components: seen.components.count)
    var all = seen
    for k in all.components.indices {
      let count = seen.components[k].effectiveCount
      let shift = entrywise(seen.components[k].mean, mean, -)
      let share = shrinkage * count / (shrinkage + count)
      if !all.components[k].values.isEmpty {
        all.components[k].add(share, squareOf: shift)
        add(own, to: &all.components[k].values)
      }
      all.pooled.add(share, squareOf: shift)
      all.components[k].effectiveCount += meanCount + covarianceCount
      all.components[k].mean = entrywise(mean, shift) { $0 + $1 * count / (shrinkage + count) }
      all.pooled.effectiveCount += meanCount
    }
    add(own, to: &all.pooled.values)
    all.pooled.effectiveCount += covarianceCount
    return all
  }

  private func add(_ own: [Double], to values: inout [Double]) {
    for index in values.indices { values[index] += own[index] }
  }

  /// ln of the density of the prior at a mixture, up to a constant.
  ///
  /// - Parameter isShared: whether one covariance is that of all components, and counts once.
  func logDensity(of mixture: GaussianMixture, isShared: Bool) -> Double {
    let own = scatter(components: mixture.componentCount)
    var sum = 0.0
    for (k, component) in mixture.components.enumerated() {
      if concentration > 1 { sum += (concentration - 1) * naturalLog(mixture.weights[k]) }
      let shift = entrywise(mean, component.mean, -)
      if shrinkage > 0 {
        sum -= component.logDeterminant / 2 + shrinkage * component.squaredDistance(shift) / 2
      }
      if !isShared || k == 0 {
        sum -= covarianceCount * component.logDeterminant / 2 + trace(own, component) / 2
      }
    }
    return sum
  }

  /// tr(Σ⁻¹Λ); for spherical structures ς²/σ². A start need not obey the structure.
  private func trace(_ own: [Double], _ component: Gaussian) -> Double {
    func entry(_ j: Int) -> Double {
      shape == .full ? own[packedIndex(j, j)] : own[min(j, own.count - 1)]
    }
    switch component.root {
    case .spherical(let precision):
      return shape == .trace
        ? precision * own[0] : precision * mean.indices.reduce(0) { $0 + entry($1) }
    case .diagonal(let precisions):
      return precisions.indices.reduce(0) { $0 + precisions[$1] * entry($1) }
    case .full(let factor):
      guard shape != .full else { return factor.inverseTrace(times: own) }
      let variances = component.covariance.variances
      return variances.indices.reduce(0) { $0 + entry($1) / variances[$1] }
    }
  }
}

extension Gaussian {
  /// δᵀΣ⁻¹δ.
  fileprivate func squaredDistance(_ delta: [Double]) -> Double {
    switch root {
    case .spherical(let precision): precision * delta.reduce(0) { $0 + $1 * $1 }
    case .diagonal(let precisions): zip(precisions, delta).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
    case .full(let factor):
      packedProduct(factor.inverse, delta).reduce(0) { $0 + $1 * $1 }
    }
  }
}

extension CovarianceStructure {
  /// Whether a conjugate prior of its covariances exists.
  public var hasConjugatePrior: Bool {
    ["E", "V", "EII", "VII", "EEI", "VVI", "EEE", "VVV"].contains(name)
  }
}
