extension CovarianceStructure {
  /// One variance for all components: Σₖ = λI with λ = Σₖ tr Wₖ / (n d).
  public static let eii = CovarianceStructure(
    "EII", scatterShape: .trace, covarianceParameterCount: { _, _ in 1 },
    estimate: commonVariance)

  /// One variance per component: Σₖ = λₖI with λₖ = tr Wₖ / (Nₖ d).
  public static let vii = CovarianceStructure(
    "VII", scatterShape: .trace, covarianceParameterCount: { _, components in components },
    estimate: ownVariances)

  /// One dimension, one variance for all components: σ² = Σₖ Wₖ / n.
  public static let e = CovarianceStructure(
    "E", scatterShape: .trace, dimensions: 1...1, covarianceParameterCount: { _, _ in 1 },
    estimate: commonVariance)

  /// One dimension, one variance per component: σₖ² = Wₖ / Nₖ.
  public static let v = CovarianceStructure(
    "V", scatterShape: .trace, dimensions: 1...1,
    covarianceParameterCount: { _, components in components },
    estimate: ownVariances)

  private static let commonVariance: @Sendable ([Scatter]) -> [Covariance] = { scatters in
    let pooled = Scatter.pooled(scatters)
    return scatters.map { _ in sphericalCovariance(of: pooled) }
  }

  private static let ownVariances: @Sendable ([Scatter]) -> [Covariance] = { scatters in
    scatters.map(sphericalCovariance)
  }

  private static func sphericalCovariance(of scatter: Scatter) -> Covariance {
    .spherical(
      variance: scatter.values[0] / scatter.effectiveCount / Double(scatter.dimension),
      dimension: scatter.dimension)
  }
}

extension Scatter {
  /// What all components have learnt about a covariance they share: Σₖ Nₖ and Σₖ Wₖ.
  static func pooled(_ scatters: [Scatter]) -> Scatter {
    var pooled = scatters[0]
    for scatter in scatters.dropFirst() {
      pooled.effectiveCount += scatter.effectiveCount
      for index in pooled.values.indices { pooled.values[index] += scatter.values[index] }
    }
    return pooled
  }
}
