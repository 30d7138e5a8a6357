// Estimates that need no iteration: one Gaussian, and a mixture whose labels are known.

extension Gaussian {
  /// The maximum-likelihood Gaussian of all points:
  /// ```
  /// μ = Σᵢ wᵢxᵢ / n      Σ = Σᵢ wᵢ(xᵢ − μ)(xᵢ − μ)ᵀ / n      n = Σᵢ wᵢ
  /// ```
  /// with Σ in the shape of the structure: full (VVV), its diagonal (VVI), or the mean of the
  /// diagonal (VII).
  ///
  /// - Parameters:
  ///   - points: at least *d* + 1 for a full covariance.
  ///   - structure: the shape of Σ.
  /// - Throws: ``DataError`` where the covariance is singular.
  ///
  /// Source: Bishop (2006), *Pattern Recognition and Machine Learning*, eq. 2.121 and 2.122.
  public static func maximumLikelihood(
    of points: some PointSource, structure: CovarianceStructure = .vvv
  ) throws -> Gaussian {
    let labels = Array(repeating: 0, count: points.count)
    return try GaussianMixture.labelled(points, labels: labels, structure: structure).components[0]
  }
}

extension Mixture where Component == Gaussian {
  /// The maximum-likelihood mixture of points whose components are known:
  /// ```
  /// πₖ = Nₖ / n      μₖ = Σ_{i: cᵢ = k} wᵢxᵢ / Nₖ      Wₖ = Σ_{i: cᵢ = k} wᵢ(xᵢ − μₖ)(xᵢ − μₖ)ᵀ
  /// ```
  /// and the covariances from Nₖ and Wₖ as the structure says, Σₖ = Wₖ / Nₖ for VVV. It is the
  /// M-step with hard responsibilities, and maximises Σᵢ wᵢ ln πcᵢ f(xᵢ; θcᵢ).
  ///
  /// - Parameters:
  ///   - points: one row per label.
  ///   - labels: the component of each point, counting from zero; each of 0...max occurs.
  ///   - structure: what the covariances have in common.
  /// - Throws: ``DataError`` for unusable points or labels, ``DegenerateFitError`` where a
  ///   component's covariance is singular.
  ///
  /// Source: Hastie, Tibshirani & Friedman (2009), *The Elements of Statistical Learning*, §4.3.
  public static func labelled(
    _ points: some PointSource, labels: [Int], structure: CovarianceStructure = .vvv
  ) throws -> GaussianMixture {
    let components = labels.reduce(1) { max($0, $1 &+ 1) }
    var options = FitOptions()
    options.stopping = .exactly(0)
    options.threads = 1
    return try fit(
      points, components: components, structure: structure,
      from: LabelsStart(labels, components: components), options: options
    ).mixture
  }
}
