/// The density of a class, chosen among all that a search has found.
///
/// The one with the smallest BIC of which no covariance is arbitrary; if there is none, the one with the smallest.
///
/// A class has only part of the rows, and is soon cut into parts so small that their covariances say nothing of other points. Where
/// axes are a component's own, the inverse of its covariance is, after N points, an inverse Wishart matrix of N − 1 degrees of freedom,
/// and the squared distance of a new point has an expectation only if these exceed *d* + 1. So such a component needs more than
/// *d* + 2 points: with fewer, the density of the class is far too small everywhere else.
///
/// Source: Mardia, Kent & Bibby (1979), *Multivariate Analysis*, §3.8 (the mean of an inverse Wishart matrix).
struct ClassDensity {
  let fit: Fit

  /// What a reader should know of the fit.
  let warnings: [FitWarning]

  /// How many fits with a smaller BIC were passed over.
  let passedOver: Int

  init(_ result: SearchResult, of points: any PointSource, threads: Int) throws(DataError) {
    let data = try DataSummary(of: points, threads: threads)
    let fits = result.ranking.compactMap { try? $0.fit.get() }
    let index = fits.firstIndex { !$0.mixture.isArbitrary($0.structure, in: data) } ?? 0
    fit = fits.indices.contains(index) ? fits[index] : result.best
    warnings = result.warnings(choosing: fit)
    passedOver = index
  }
}

extension GaussianMixture {
  /// Whether a component has axes of its own and no more than *d* + 2 effective points, or, whatever the structure, is thinner than
  /// ``spuriousComponent(of:in:)`` lets components be whose volumes are their own.
  fileprivate func isArbitrary(_ structure: CovarianceStructure, in data: DataSummary) -> Bool {
    guard componentCount > 1 else { return false }
    let least = weights.min() ?? 0
    return structure.hasOwnAxes && least * data.occurrenceCount <= Double(dimension + 2)
      || spuriousComponent(of: .vvi, in: data) != nil
  }
}
