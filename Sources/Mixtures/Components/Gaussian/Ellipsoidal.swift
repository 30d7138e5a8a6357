import MixtureKernels

extension CovarianceStructure {
  /// One covariance for all components: Σₖ = Σₖ Wₖ / n.
  public static let eee = CovarianceStructure(
    "EEE", scatterShape: .full,
    covarianceParameterCount: { dimension, _ in packedCount(dimension) },
    estimate: { scatters in
      let pooled = Scatter.pooled(scatters)
      return scatters.map { _ in fullCovariance(of: pooled) }
    })

  /// One covariance per component: Σₖ = Wₖ / Nₖ.
  public static let vvv = CovarianceStructure(
    "VVV", scatterShape: .full,
    covarianceParameterCount: { dimension, components in components * packedCount(dimension) },
    estimate: { scatters in scatters.map(fullCovariance) })

  private static func fullCovariance(of scatter: Scatter) -> Covariance {
    .full(
      lowerTriangle: scatter.values.map { $0 / scatter.effectiveCount },
      dimension: scatter.dimension)
  }
}
