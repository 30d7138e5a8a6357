extension CovarianceStructure {
  /// One variance for all components: Σₖ = λI with λ = Σₖ tr Wₖ / (n d).
  public static let eii = CovarianceStructure(
    "EII", scatterShape: .trace, needsOnlyPooled: true, covarianceParameterCount: { _, _ in 1 },
    closedForm: commonVariance)

  /// One variance per component: Σₖ = λₖI with λₖ = tr Wₖ / (Nₖ d).
  public static let vii = CovarianceStructure(
    "VII", scatterShape: .trace, covarianceParameterCount: { _, components in components },
    closedForm: ownVariances)

  /// One dimension, one variance for all components: σ² = Σₖ Wₖ / n.
  public static let e = CovarianceStructure(
    "E", scatterShape: .trace, needsOnlyPooled: true, dimensions: 1...1,
    covarianceParameterCount: { _, _ in 1 },
    closedForm: commonVariance)

  /// One dimension, one variance per component: σₖ² = Wₖ / Nₖ.
  public static let v = CovarianceStructure(
    "V", scatterShape: .trace, dimensions: 1...1,
    covarianceParameterCount: { _, components in components },
    closedForm: ownVariances)

  private static let commonVariance: @Sendable (Scatters) -> [Covariance] = { scatters in
    let common = sphericalCovariance(of: scatters.pooled)
    return scatters.components.map { _ in common }
  }

  private static let ownVariances: @Sendable (Scatters) -> [Covariance] = { scatters in
    scatters.components.map(sphericalCovariance)
  }

  private static func sphericalCovariance(of scatter: Scatter) -> Covariance {
    .spherical(
      variance: scatter.values[0] / scatter.effectiveCount / Double(scatter.dimension),
      dimension: scatter.dimension)
  }
}
