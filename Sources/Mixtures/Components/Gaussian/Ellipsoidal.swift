import MixtureKernels

extension CovarianceStructure {
  /// One covariance for all components: Σₖ = Σₖ Wₖ / n.
  public static let eee = CovarianceStructure(
    "EEE", scatterShape: .full, needsOnlyPooled: true,
    covarianceParameterCount: { dimension, _ in packedCount(dimension) },
    estimate: { scatters in
      let common = fullCovariance(of: scatters.pooled)
      return scatters.components.map { _ in common }
    })

  /// One covariance per component: Σₖ = Wₖ / Nₖ.
  public static let vvv = CovarianceStructure(
    "VVV", scatterShape: .full,
    covarianceParameterCount: { dimension, components in components * packedCount(dimension) },
    estimate: { scatters in scatters.components.map(fullCovariance) })

  private static func fullCovariance(of scatter: Scatter) -> Covariance {
    .full(
      lowerTriangle: scatter.values.map { $0 / scatter.effectiveCount },
      dimension: scatter.dimension)
  }
}
