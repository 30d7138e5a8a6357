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
  private let vectors: [[Double]]

  init(_ scatter: Scatter) {
    let isFinite = scatter.values.allSatisfy(\.isFinite)
    let eigen = SymmetricEigen(
      packed: isFinite ? scatter.values : scatter.values.map { _ in 0 },
      dimension: scatter.dimension)
    // Rounding may leave what is zero below it.
    scatters = isFinite ? eigen.values.map { max(0, $0) } : eigen.values.map { _ in .nan }
    vectors = eigen.values.indices.map(eigen.vector)
  }

  /// Of the given variances along the axes.
  func covariance(_ variances: [Double]) -> Covariance {
    .full(along: vectors, variances: variances)
  }
}

extension Covariance {
  /// Σⱼ vⱼ uⱼuⱼᵀ for variances v along unit vectors u.
  static func full(along vectors: [[Double]], variances: [Double]) -> Covariance {
    let dimension = vectors.count
    var packed = Array(repeating: 0.0, count: packedCount(dimension))
    for (vector, variance) in zip(vectors, variances) {
      addSquare(variance, of: vector, to: &packed)
    }
    return .full(lowerTriangle: packed, dimension: dimension)
  }
}
