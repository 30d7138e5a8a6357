extension GaussianMixture {
  /// The first component that makes this a spurious maximum of the likelihood, if there is one.
  ///
  /// Where components have volumes of their own, the likelihood has no bound: one that sits on a few points which nearly lie in
  /// a plane adds what one likes, and many starts find such places. A component of such a structure is spurious if its
  /// smallest standard deviation in any direction is less than
  /// ```
  /// (d + 1) / (50 Nₖ)
  /// ```
  /// of that of the data, and of the largest of the other components'. The fewer points it rests on, the less thin it may be: with
  /// d + 1, as many as a covariance needs, a fiftieth. Standard deviations are in units of the columns'. Weights that are
  /// not whole are no numbers of points: of these only the ratios count.
  ///
  /// Of the solutions that mclust reports for the data sets in the tests, those that come nearest to the limit have
  /// three points in three dimensions and a ratio of 0.03, where the limit is 0.027, and 3.5 points in one dimension and a
  /// ratio of 0.018, where it is 0.011. Where it goes on from its stop, a component of 3.3 points comes down to 0.006, and is
  /// spurious. Components on one or two points, which win where nothing is rejected, have 10⁻³ and less.
  ///
  /// Source: McLachlan & Peel (2000), *Finite Mixture Models*, §3.10; Hathaway (1985), "A constrained formulation of
  /// maximum-likelihood estimation for normal mixture distributions", *Ann. Statist.* 13, 795–800, for the ratio.
  func spuriousComponent(of structure: CovarianceStructure, in data: DataSummary) -> Int? {
    guard componentCount > 1, structure.hasOwnVolumes else { return nil }
    let counts = weights.map { $0 * data.occurrenceCount }
    let thickness = components.map { data.scale.smallestDeviation(of: $0.covariance) }
    let reference = min(
      data.scale.smallestDeviation(of: data.covariance), thickness.max() ?? 0)
    return thickness.indices.first { k in
      thickness[k] < Double(dimension + 1) / (50 * counts[k]) * reference
    }
  }
}
