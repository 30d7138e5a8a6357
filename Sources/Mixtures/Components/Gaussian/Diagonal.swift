extension CovarianceStructure {
  /// One diagonal for all components: Σₖ = diag(Σₖ Wₖ) / n.
  public static let eei = CovarianceStructure(
    "EEI", scatterShape: .diagonal, needsOnlyPooled: true,
    covarianceParameterCount: { dimension, _ in dimension },
    estimate: { scatters in
      let common = diagonalCovariance(of: scatters.pooled)
      return scatters.components.map { _ in common }
    })

  /// One diagonal per component: Σₖ = diag(Wₖ) / Nₖ.
  public static let vvi = CovarianceStructure(
    "VVI", scatterShape: .diagonal,
    covarianceParameterCount: { dimension, components in dimension * components },
    estimate: { scatters in scatters.components.map(diagonalCovariance) })

  private static func diagonalCovariance(of scatter: Scatter) -> Covariance {
    .diagonal(variances: scatter.values.map { $0 / scatter.effectiveCount })
  }
}
