import MixtureKernels

/// The log-density below which a point is of none of the classes, for each point by what is known of it.
public struct RejectionThresholds: Sendable {
  private let ofCompleteRows: Double
  private let ofRows: [Double]?

  fileprivate init(ofCompleteRows: Double, ofRows: [Double]?) {
    self.ofCompleteRows = ofCompleteRows
    self.ofRows = ofRows
  }

  /// That of the point in the given row.
  public subscript(row: Int) -> Double { ofRows?[row] ?? ofCompleteRows }
}

extension Classifier {
  /// From how many drawn points a quantile of the density is taken.
  public static let quantileSampleSize = 100_000

  /// The log-density below which the given share of the points lies that the classifier itself describes: a point below it
  /// is of none of the classes.
  ///
  /// It is the quantile of ``quantileSampleSize`` drawn points: the share that really lies below it differs from *p* by
  /// √(*p*(1 − *p*) / 10⁵), a tenth of a share of 10⁻³ and all of one of 10⁻⁵, below which nothing can be told.
  ///
  /// - Parameters:
  ///   - share: from 0 to 1.
  ///   - columns: those of which densities are, in any order; all unless given. Of no columns every density is one, and none lies below.
  ///   - seed: from which points are drawn.
  public func logDensityQuantile(
    _ share: Double, columns: [Int]? = nil, seed: UInt64 = 1
  ) -> Double {
    let mixture = columns.map(marginal) ?? mixture
    guard share > 0, let mixture else { return -.infinity }
    var generator = SplitMix64(seed: seed)
    let sample = mixture.sample(Self.quantileSampleSize, using: &generator).points
    // Drawn points are finite and of the mixture's dimension.
    let logs = (try? mixture.logDensities(of: sample).sorted()) ?? []
    return logs.isEmpty ? -.infinity : logs[min(logs.count - 1, Int(share * Double(logs.count)))]
  }

  /// The thresholds of points, with one quantile for each pattern of observed columns.
  ///
  /// - Parameters:
  ///   - share: from 0 to 1; see ``logDensityQuantile(_:columns:seed:)`` for how precise it is.
  ///   - points: of the classifier's dimension.
  ///   - seed: from which points are drawn.
  ///   - threads: changes no bit of the result.
  /// - Complexity: 10⁵ draws for each pattern; O(*n*) memory where cells are missing.
  public func rejectionThresholds(
    _ share: Double, of points: any PointSource, seed: UInt64 = 1, threads: Int = 1
  ) -> RejectionThresholds {
    let ofCompleteRows = logDensityQuantile(share, seed: seed)
    guard let groups = points.patternGroups else {
      return RejectionThresholds(ofCompleteRows: ofCompleteRows, ofRows: nil)
    }
    let quantiles = concurrentMap(count: groups.count, threads: threads) { index in
      groups[index].observed.count == mixture.dimension
        ? ofCompleteRows : logDensityQuantile(share, columns: groups[index].observed, seed: seed)
    }
    var ofRows = Array(repeating: ofCompleteRows, count: points.count)
    for (group, quantile) in zip(groups, quantiles) {
      for row in group.rows { ofRows[row] = quantile }
    }
    return RejectionThresholds(ofCompleteRows: ofCompleteRows, ofRows: ofRows)
  }

  /// The mixture of some columns; `nil` of none.
  private func marginal(_ columns: [Int]) -> GaussianMixture? {
    guard !columns.isEmpty else { return nil }
    return Mixture(
      fitted: mixture.components.map { $0.marginal(columns) }, weights: mixture.weights)
  }
}
