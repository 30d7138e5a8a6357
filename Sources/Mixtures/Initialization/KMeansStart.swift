/// Starts from k-means: centres drawn by k-means++, moved by Lloyd's algorithm.
///
/// Distances are Euclidean in units of the columns' standard deviations. Point weights count in
/// the draw and in the centres.
///
/// Source: Arthur & Vassilvitskii (2007), "k-means++: the advantages of careful seeding", SODA;
/// Lloyd (1982), "Least squares quantization in PCM".
public struct KMeansStart: StartingMethod, Equatable {
  /// What the components take from their clusters beside the means.
  public enum CovarianceChoice: Sendable, Equatable {
    /// Each cluster's own covariance, as the structure allows: the M-step of the partition.
    case cluster
    /// One covariance for all.
    case common(CommonCovariance)
  }

  /// Where the mixing weights come from.
  public enum WeightChoice: Sendable, Equatable {
    /// Each cluster's share of the points.
    case proportional
    /// 1/K each.
    case equal
  }

  /// What the components take from their clusters beside the means.
  public var covariance: CovarianceChoice

  /// Where the mixing weights come from.
  public var weights: WeightChoice

  /// By default the M-step of the partition.
  public init(covariance: CovarianceChoice = .cluster, weights: WeightChoice = .proportional) {
    self.covariance = covariance
    self.weights = weights
  }

  public var isRandom: Bool { true }

  public func start(
    _ problem: FitProblem, components: Int, seed: UInt64
  ) throws -> GaussianMixture {
    let seeds = try problem.drawCentres(components, seed: seed) { $0 }
    let clusters = problem.lloyd(from: Centres(seeds, scale: problem.summary.scale))
    let own = try mixture(problem, clusters)
    guard weights == .equal else { return own }
    let equal = Array(repeating: 1 / Double(components), count: components)
    return Mixture(fitted: own.components, weights: equal, background: own.background)
  }

  private func mixture(_ problem: FitProblem, _ clusters: Clusters) throws -> GaussianMixture {
    switch covariance {
    case .cluster:
      try problem.mixture(assigning: NearestCentreAssignment(centres: clusters.centres))
    case .common(let common):
      try problem.mixture(
        means: clusters.centres.positions, covariance: common, weights: clusters.shares)
    }
  }
}

/// A partition of the points by their nearest centre.
struct Clusters {
  var centres: Centres
  /// Each cluster's share of the points.
  var shares: [Double]
}

extension FitProblem {
  /// Where no centre moves further than this in standard deviations, a start needs no more.
  private static let smallestMovement = 1e-3
  private static let iterationLimit = 100

  /// Moves each centre to the mean of the points nearest to it, until none moves.
  func lloyd(from start: Centres) -> Clusters {
    var clusters = Clusters(centres: start, shares: [])
    for _ in 0..<Self.iterationLimit {
      let seen = PointPass(points, threads: threads).fold(
        into: ClusterSums(clusters.centres, dimension: points.dimension)
      ) { $0.add($1) }
      let next = Clusters(centres: seen.means, shares: seen.shares)
      let movement = next.centres.squaredMovement(from: clusters.centres)
      clusters = next
      if movement <= Self.smallestMovement * Self.smallestMovement || isCancelled() { break }
    }
    return clusters
  }
}
