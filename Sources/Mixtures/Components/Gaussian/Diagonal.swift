import MixtureKernels

extension CovarianceStructure {
  /// One diagonal for all components: Σₖ = diag(Σₖ Wₖ) / n.
  public static let eei = CovarianceStructure(
    "EEI", scatterShape: .diagonal, needsOnlyPooled: true,
    covarianceParameterCount: { dimension, _ in dimension },
    closedForm: { scatters in
      let common = diagonalCovariance(of: scatters.pooled)
      return scatters.components.map { _ in common }
    })

  /// One shape, and a volume per component: Σₖ = λₖ diag(b).
  public static let vei = CovarianceStructure(
    "VEI", scatterShape: .diagonal,
    covarianceParameterCount: { dimension, components in components + dimension - 1 },
    innerLoop: { scatters in
      let common = ProportionalDiagonals(scatters, diagonals: scatters.components.map(\.values))
      return common.estimate { .diagonal(variances: $1) }
    })

  /// One volume, and a shape per component: Σₖ = λ diag(Wₖ) / |diag Wₖ|^(1/d) with λ = Σₖ |diag Wₖ|^(1/d) / n.
  public static let evi = CovarianceStructure(
    "EVI", scatterShape: .diagonal,
    covarianceParameterCount: { dimension, components in 1 + components * (dimension - 1) },
    closedForm: { scatters in
      let factors = scatters.factorsToOneVolume(
        scatters.components.map { geometricMean($0.values) })
      return factors.indices.map { k in
        .diagonal(variances: scatters.components[k].values.map { factors[k] * $0 })
      }
    })

  /// One diagonal per component: Σₖ = diag(Wₖ) / Nₖ.
  public static let vvi = CovarianceStructure(
    "VVI", scatterShape: .diagonal,
    covarianceParameterCount: { dimension, components in dimension * components },
    closedForm: { scatters in scatters.components.map(diagonalCovariance) })

  private static func diagonalCovariance(of scatter: Scatter) -> Covariance {
    .diagonal(variances: scatter.values.map { $0 / scatter.effectiveCount })
  }
}

/// λₖb for scatters whose diagonals, in axes of whatever direction, are proportional to each other but for chance.
struct ProportionalDiagonals {
  private let volumes: ProportionalVolumes
  private let shape: [Double]

  init(_ scatters: Scatters, diagonals: [[Double]]) {
    let count = scatters.pooled.effectiveCount
    let shape = { (volumes: [Double]) in
      diagonals[0].indices.map { j in
        volumes.indices.reduce(0) { sum, k in
          volumes[k] > 0 ? sum + diagonals[k][j] / volumes[k] : sum
        } / count
      }
    }
    volumes = ProportionalVolumes(scatters) { volumes in
      let shape = shape(volumes)
      return diagonals.map { own in shape.indices.reduce(0) { $0 + own[$1] / shape[$1] } }
    }
    self.shape = shape(volumes.values)
  }

  func estimate(_ covariance: (_ component: Int, _ variances: [Double]) -> Covariance)
    -> CovarianceEstimate
  {
    volumes.estimate { k, volume in covariance(k, shape.map { volume * $0 }) }
  }
}

extension Scatters {
  /// What scatters of the given volumes |Wₖ|^(1/d) are to be multiplied by so that all have the volume that
  /// maximises the likelihood, Σₖ |Wₖ|^(1/d) / n.
  func factorsToOneVolume(_ volumes: [Double]) -> [Double] {
    let common = volumes.reduce(0, +) / pooled.effectiveCount
    return volumes.map { common / $0 }
  }
}

/// (∏ xⱼ)^(1/d), which does not overflow.
func geometricMean(_ x: [Double]) -> Double {
  exponential(x.reduce(0) { $0 + naturalLog($1) } / Double(x.count))
}
