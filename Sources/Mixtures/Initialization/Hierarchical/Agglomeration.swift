import MixtureKernels

/// Agglomeration as it goes on: the clusters there are, and which two to join next.
///
/// Costs of all pairs are kept, O(n²) numbers, and for each cluster the later one that it had best join: a merge changes the
/// costs of one cluster only.
///
/// Of equal costs the first pair counts.
struct Agglomeration {
  private let pointCount: Int
  private let criterion: AdditiveCriterion
  private var clusters: [Cluster?]
  /// That of clusters i < j at j(j − 1)/2 + i.
  private var costs: [Double]
  /// For each cluster, the best of those after it, and what it costs to join it.
  private var partners: [(cluster: Int, cost: Double)]

  init(_ points: [[Double]], weights: [Double], _ criterion: AdditiveCriterion) {
    pointCount = points.count
    self.criterion = criterion
    clusters = zip(points, weights).map { point, weight in
      var cluster = Cluster(point, count: weight, keepsScatter: criterion.needsScatter)
      cluster.term = criterion.term(cluster)
      return cluster
    }
    costs = Array(repeating: 0, count: points.count * (points.count - 1) / 2)
    partners = Array(repeating: (-1, .infinity), count: points.count)
    for i in points.indices.reversed() { measure(from: i) }
  }

  /// All merges.
  ///
  /// - Throws: `CancellationError` once `isCancelled` says so.
  mutating func run(isCancelled: () -> Bool) throws(CancellationError) -> ClusterTree {
    var merges: [ClusterTree.Merge] = []
    for _ in 1..<max(1, pointCount) {
      if isCancelled() { throw CancellationError() }
      let first = nextPair()
      let second = partners[first].cluster
      merges.append(ClusterTree.Merge(kept: first, absorbed: second))
      join(first, second)
    }
    return ClusterTree(pointCount: pointCount, merges: merges)
  }

  private func nextPair() -> Int {
    var best = 0
    for i in partners.indices.dropFirst() where partners[i].cost < partners[best].cost { best = i }
    return best
  }

  private mutating func join(_ first: Int, _ second: Int) {
    guard var union = clusters[first], let other = clusters[second] else { return }
    union.join(other)
    union.term = criterion.term(union)
    clusters[first] = union
    clusters[second] = nil
    partners[second] = (-1, .infinity)
    for i in 0..<first where clusters[i] != nil {
      guard let cluster = clusters[i] else { continue }
      let cost = criterion.cost(cluster, union)
      costs[index(i, first)] = cost
      let partner = partners[i]
      if partner.cluster == first || partner.cluster == second {
        findPartner(of: i)
      } else if cost < partner.cost || (cost == partner.cost && first < partner.cluster) {
        partners[i] = (first, cost)
      }
    }
    measure(from: first)
    for i in (first + 1)..<max(first + 1, second)
    where clusters[i] != nil && partners[i].cluster == second {
      findPartner(of: i)
    }
  }

  /// The costs of joining a cluster with each after it.
  private mutating func measure(from i: Int) {
    guard let cluster = clusters[i] else { return }
    for j in (i + 1)..<max(i + 1, pointCount) {
      guard let other = clusters[j] else { continue }
      costs[index(i, j)] = criterion.cost(cluster, other)
    }
    findPartner(of: i)
  }

  private mutating func findPartner(of i: Int) {
    var best = (cluster: -1, cost: Double.infinity)
    for j in (i + 1)..<max(i + 1, pointCount) where clusters[j] != nil {
      let cost = costs[index(i, j)]
      if cost < best.cost || best.cluster < 0 { best = (j, cost) }
    }
    partners[i] = best
  }

  private func index(_ i: Int, _ j: Int) -> Int { j * (j - 1) / 2 + i }
}

/// Agglomeration by |Σₖ Wₖ|, where every merge changes what every other would cost.
struct PooledAgglomeration {
  private var clusters: [Cluster]
  /// The first point of each.
  private var names: [Int]
  private let pointCount: Int
  private let dimension: Int
  private var pooled: [Double]
  private var trace = 0.0
  private let totalTrace: Double
  private var stage = Stage.trace

  /// The pooled scatter is of full rank only after some merges, and of any size only after more.
  private enum Stage {
    case trace, both, determinant
  }

  /// - Parameter points: divided by √n.
  init(_ points: [[Double]], weights: [Double], totalTrace: Double) {
    clusters = zip(points, weights).map { Cluster($0, count: $1, keepsScatter: false) }
    names = Array(points.indices)
    pointCount = points.count
    dimension = points[0].count
    pooled = Array(repeating: 0, count: packedCount(dimension))
    self.totalTrace = totalTrace
  }

  /// As ``Agglomeration/run(isCancelled:)``, in O(n³) time.
  mutating func run(isCancelled: () -> Bool) throws(CancellationError) -> ClusterTree {
    var merges: [ClusterTree.Merge] = []
    while clusters.count > 1 {
      if isCancelled() { throw CancellationError() }
      let (first, second) = nextPair(after: merges.count)
      merges.append(ClusterTree.Merge(kept: names[first], absorbed: names[second]))
      let difference = zip(clusters[first].mean, clusters[second].mean).map(-)
      let (a, b) = (clusters[first].count, clusters[second].count)
      addSquare(a * b / (a + b), of: difference, to: &pooled)
      trace += clusters[first].between(clusters[second])
      clusters[first].join(clusters[second])
      clusters.remove(at: second)
      names.remove(at: second)
    }
    return ClusterTree(pointCount: pointCount, merges: merges)
  }

  private mutating func nextPair(after merges: Int) -> (Int, Int) {
    if merges + 1 < dimension && stage == .trace {
      return cheapestPair { $0.between($1) }.pair
    }
    if stage == .trace { stage = .both }
    let determinant = determinants()
    if stage == .both {
      let (_, smallest) = cheapestPair(determinant)
      if smallest >= totalTrace / Double(dimension) { stage = .determinant }
    }
    guard stage == .both else { return cheapestPair(determinant).pair }
    return cheapestPair { determinant($0, $1) + trace + $0.between($1) }.pair
  }

  /// |S + wδδᵀ| of the pooled scatter and a union's: |S| (1 + w |L⁻¹δ|²) where S = LLᵀ is regular.
  private func determinants() -> (Cluster, Cluster) -> Double {
    let (pooled, dimension) = (pooled, dimension)
    guard let factor = try? CholeskyFactor(packed: pooled, dimension: dimension) else {
      return { a, b in
        var united = pooled
        let factor = a.count * b.count / (a.count + b.count)
        addSquare(factor, of: zip(a.mean, b.mean).map(-), to: &united)
        return packedDeterminant(united, dimension)
      }
    }
    let determinant = exponential(factor.logDeterminant)
    return { a, b in
      var square = 0.0
      for i in 0..<dimension {
        var sum = 0.0
        let row = packedIndex(i, 0)
        for j in 0...i { sum += factor.inverse[row + j] * (a.mean[j] - b.mean[j]) }
        square += sum * sum
      }
      return determinant * (1 + a.count * b.count / (a.count + b.count) * square)
    }
  }

  private func cheapestPair(
    _ cost: (Cluster, Cluster) -> Double
  ) -> (pair: (Int, Int), cost: Double) {
    var best = (pair: (0, 1), cost: Double.infinity)
    for i in clusters.indices {
      for j in (i + 1)..<max(i + 1, clusters.count) {
        let cost = cost(clusters[i], clusters[j])
        if cost < best.cost { best = ((i, j), cost) }
      }
    }
    return best
  }
}
