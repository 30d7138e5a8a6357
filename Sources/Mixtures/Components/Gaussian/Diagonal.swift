extension CovarianceStructure {
  /// One diagonal for all components: Σₖ = diag(Σₖ Wₖ) / n.
  public static let eei = CovarianceStructure(
    "EEI", scatterShape: .diagonal, covarianceParameterCount: { dimension, _ in dimension },
    estimate: { scatters in
      let pooled = Scatter.pooled(scatters)
      return scatters.map { _ in diagonalCovariance(of: pooled) }
    })

  /// One diagonal per component: Σₖ = diag(Wₖ) / Nₖ.
  public static let vvi = CovarianceStructure(
    "VVI", scatterShape: .diagonal,
    covarianceParameterCount: { dimension, components in dimension * components },
    estimate: { scatters in scatters.map(diagonalCovariance) })

  private static func diagonalCovariance(of scatter: Scatter) -> Covariance {
    .diagonal(variances: scatter.values.map { $0 / scatter.effectiveCount })
  }
}
