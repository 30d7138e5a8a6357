import MixtureKernels

extension CovarianceStructure {
  /// One covariance for all components: Σₖ = Σₖ Wₖ / n.
  public static let eee = CovarianceStructure(
    "EEE", scatterShape: .full, needsOnlyPooled: true,
    covarianceParameterCount: { dimension, _ in packedCount(dimension) },
    closedForm: { scatters in
      let common = fullCovariance(of: scatters.pooled)
      return scatters.components.map { _ in common }
    })

  /// One shape and orientation, and a volume per component: Σₖ = λₖC.
  public static let vee = CovarianceStructure(
    "VEE", scatterShape: .full,
    covarianceParameterCount: { dimension, components in components - 1 + packedCount(dimension) },
    innerLoop: { scatters in
      let volumes = ProportionalVolumes(scatters) { volumes in
        let common = proportional(scatters, volumes)
        guard let factor = try? CholeskyFactor(packed: common, dimension: scatters.pooled.dimension)
        else { return nil }
        return scatters.components.map { factor.inverseTrace(times: $0.values) }
      }
      let common = proportional(scatters, volumes.values)
      return volumes.estimate { _, volume in
        .full(
          lowerTriangle: common.map { volume * $0 }, dimension: scatters.pooled.dimension)
      }
    })

  /// One volume, and a shape and an orientation per component: Σₖ = λ Wₖ / |Wₖ|^(1/d) with λ = Σₖ |Wₖ|^(1/d) / n.
  public static let evv = CovarianceStructure(
    "EVV", scatterShape: .full,
    covarianceParameterCount: { dimension, components in
      1 + components * (packedCount(dimension) - 1)
    },
    closedForm: { scatters in
      let factors = scatters.factorsToOneVolume(scatters.components.map(rootOfDeterminant))
      return factors.indices.map { k in
        let scatter = scatters.components[k]
        return .full(
          lowerTriangle: scatter.values.map { factors[k] * $0 }, dimension: scatter.dimension)
      }
    })

  /// One covariance per component: Σₖ = Wₖ / Nₖ.
  public static let vvv = CovarianceStructure(
    "VVV", scatterShape: .full,
    covarianceParameterCount: { dimension, components in components * packedCount(dimension) },
    closedForm: { scatters in scatters.components.map(fullCovariance) })

  private static func fullCovariance(of scatter: Scatter) -> Covariance {
    .full(
      lowerTriangle: scatter.values.map { $0 / scatter.effectiveCount },
      dimension: scatter.dimension)
  }

  /// Σₖ Wₖ/λₖ / n.
  private static func proportional(_ scatters: Scatters, _ volumes: [Double]) -> [Double] {
    var common = zeros(scatters.pooled.values.count)
    for (scatter, volume) in zip(scatters.components, volumes) where volume > 0 {
      let factor = 1 / (volume * scatters.pooled.effectiveCount)
      for index in common.indices { common[index] += factor * scatter.values[index] }
    }
    return common
  }

  /// |W|^(1/d); zero where W is singular.
  private static func rootOfDeterminant(of scatter: Scatter) -> Double {
    let factor = try? CholeskyFactor(packed: scatter.values, dimension: scatter.dimension)
    return factor.map { exponential($0.logDeterminant / Double(scatter.dimension)) } ?? 0
  }
}
