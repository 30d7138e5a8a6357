import MixtureKernels

extension CovarianceStructure {
  /// One volume and shape, and an orientation per component: Σₖ = DₖBDₖᵀ, Dₖ the eigenvectors of Wₖ and B the sum of
  /// their eigenvalues, each in order of size, over n.
  public static let eev = CovarianceStructure(
    "EEV", scatterShape: .full,
    covarianceParameterCount: { dimension, components in
      dimension + components * packedCount(dimension - 1)
    },
    closedForm: { scatters in
      let axes = scatters.components.map(Axes.init)
      let count = scatters.pooled.effectiveCount
      let variances = axes[0].scatters.indices.map { j in
        axes.reduce(0) { $0 + $1.scatters[j] } / count
      }
      return axes.map { $0.covariance(variances) }
    })

  /// One shape, and a volume and an orientation per component: Σₖ = λₖDₖBDₖᵀ, Dₖ the eigenvectors of Wₖ, in order of
  /// their eigenvalues.
  public static let vev = CovarianceStructure(
    "VEV", scatterShape: .full,
    covarianceParameterCount: { dimension, components in
      components + dimension - 1 + components * packedCount(dimension - 1)
    },
    innerLoop: { scatters in
      let axes = scatters.components.map(Axes.init)
      let common = ProportionalDiagonals(scatters, diagonals: axes.map(\.scatters))
      return common.estimate { axes[$0].covariance($1) }
    })
}

/// A component's own axes: the eigenvectors of its scatter, with the scatter along each, ascending.
private struct Axes {
  let scatters: [Double]
  private let eigen: SymmetricEigen

  init(_ scatter: Scatter) {
    let isFinite = scatter.values.allSatisfy(\.isFinite)
    eigen = SymmetricEigen(
      packed: isFinite ? scatter.values : zeros(scatter.values.count),
      dimension: scatter.dimension)
    // Rounding may leave what is zero below it.
    scatters = eigen.values.map { isFinite ? max(0, $0) : .nan }
  }

  /// Of the given variances along the axes.
  func covariance(_ variances: [Double]) -> Covariance {
    .full(variances: variances) { eigen[$0, $1] }
  }
}

extension Covariance {
  /// Σⱼ vⱼ uⱼuⱼᵀ for variances v along unit vectors u, of which `entry(i, j)` is the i-th of uⱼ.
  static func full(
    variances: [Double], along entry: (_ row: Int, _ vector: Int) -> Double
  ) -> Covariance {
    .full(
      lowerTriangle: packedTriangle(variances.count) { i, j in
        variances.indices.reduce(0) { $0 + variances[$1] * entry(i, $1) * entry(j, $1) }
      }, dimension: variances.count)
  }
}
