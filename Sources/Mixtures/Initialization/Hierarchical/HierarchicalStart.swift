/// Starts from model-based agglomeration: points are joined, two clusters at a time, so that the classification
/// likelihood falls least; the partition into K clusters gives the first mixture, by its M-step.
///
/// Equal points are together from the beginning. One tree serves every K. Where there are more points than it can hold, it is that of so many rows, evenly spread; their
/// mixture takes in all points in the first E-step.
///
/// - Complexity: O(*m*²) memory for *m* points in the tree, and O(*md*²) for VVV; O(*m*²*d*) time for EII and VII,
///   O(*m*²*d*³) for VVV, O(*m*³*d*²) for EEE.
///
/// Source: Fraley (1998), "Algorithms for model-based Gaussian hierarchical clustering", *SIAM J. Sci. Comput.* 20,
/// 270–281.
public struct HierarchicalStart: StartingMethod, Equatable {
  /// What agglomeration keeps as small as it can; `nil` for VVV in up to 30 dimensions, EII in more.
  public var criterion: AgglomerationCriterion?

  /// What is done to the columns before.
  public var scaling: AgglomerationScaling

  /// How many points are joined at most; `nil` for 2000, or as many as take some 10⁹ operations.
  public var sampleSize: Int?

  /// By default VVV or EII on axes scaled by their singular values.
  public init(
    criterion: AgglomerationCriterion? = nil, scaling: AgglomerationScaling = .singularValues,
    sampleSize: Int? = nil
  ) {
    self.criterion = criterion
    self.scaling = scaling
    self.sampleSize = sampleSize
  }

  private func criterion(dimension: Int) -> AgglomerationCriterion {
    criterion ?? (dimension <= 30 ? .vvv : .eii)
  }

  private func sampleSize(dimension: Int) -> Int {
    if let sampleSize { return sampleSize }
    let d = Double(dimension)
    switch criterion(dimension: dimension) {
    case .eii, .vii: return 2000
    case .eee: return 1000
    // Each of the O(m²) costs of VVV takes a determinant.
    case .vvv: return min(2000, max(200, Int((9e9 / (d * d * d)).squareRoot())))
    }
  }

  public var isRandom: Bool { false }

  public func start(
    _ problem: FitProblem, components: Int, seed: UInt64
  ) throws -> GaussianMixture {
    try prepared(for: problem.points, isCancelled: problem.isCancelled)
      .start(problem, components: components, seed: seed)
  }

  public func prepared(
    for points: any PointSource, isCancelled: @Sendable () -> Bool
  ) throws -> any StartingMethod {
    guard
      let sample = RowSample(
        of: points, rows: sampleSize(dimension: points.dimension), blockRows: 1)
    else {
      throw DataError.noPoints
    }
    let present = try Self.present(sample.points)
    let (rows, weights) = Self.distinct(present.rows, present.weights)
    let tree = try tree(of: scaling.apply(to: rows, weights: weights), weights, isCancelled)
    return TreeStart(
      tree: tree, points: try WeightedPoints(Matrix(rows: rows), weights: weights),
      rowCount: present.rows.count)
  }

  /// The order in which the points of positive weight are joined, each on its own at first; the others are absent.
  ///
  /// - Throws: ``DataError`` where there is no point; `CancellationError` once `isCancelled` says so.
  public func tree(
    of points: any PointSource, isCancelled: () -> Bool = { false }
  ) throws -> ClusterTree {
    let (rows, weights) = try Self.present(points)
    return try tree(of: scaling.apply(to: rows, weights: weights), weights, isCancelled)
  }

  /// Points of positive weight.
  private static func present(
    _ points: any PointSource
  ) throws(DataError) -> (rows: [[Double]], weights: [Double]) {
    var (rows, weights): ([[Double]], [Double]) = ([], [])
    var tile = Tile(capacity: 256, dimension: points.dimension)
    for first in stride(from: 0, to: points.count, by: tile.capacity) {
      points.read(first..<min(points.count, first + tile.capacity), into: &tile)
      for index in 0..<tile.count where tile.weights[index] > 0 {
        rows.append((0..<tile.dimension).map { tile[index, $0] })
        weights.append(tile.weights[index])
      }
    }
    try points.checkReading()
    guard !rows.isEmpty else { throw .noPoints }
    return (rows, weights)
  }

  /// Each point once, with the weights of all that are equal to it.
  private static func distinct(
    _ rows: [[Double]], _ weights: [Double]
  ) -> (rows: [[Double]], weights: [Double]) {
    var places: [[Double]: Int] = [:]
    var (found, sums): ([[Double]], [Double]) = ([], [])
    for (row, weight) in zip(rows, weights) {
      if let place = places[row] {
        sums[place] += weight
      } else {
        places[row] = found.count
        found.append(row)
        sums.append(weight)
      }
    }
    return (found, sums)
  }

  private func tree(
    of rows: [[Double]], _ weights: [Double], _ isCancelled: () -> Bool
  ) throws -> ClusterTree {
    let count = weights.reduce(0, +)
    let trace = zip(rows, weights).reduce(0) { sum, point in
      sum + point.1 * point.0.reduce(0) { $0 + $1 * $1 }
    }
    let dimension = rows[0].count
    let criterion = criterion(dimension: dimension)
    if criterion == .eee {
      let root = count.squareRoot()
      var agglomeration = PooledAgglomeration(
        rows.map { $0.map { $0 / root } }, weights: weights, totalTrace: trace / count)
      return try agglomeration.run(isCancelled: isCancelled)
    }
    let allowance = max(trace / (count * Double(dimension)), .ulpOfOne)
    var agglomeration = Agglomeration(
      rows, weights: weights,
      AdditiveCriterion(criterion, dimension: dimension, allowance: allowance))
    return try agglomeration.run(isCancelled: isCancelled)
  }
}

/// Starts from a tree that is there already.
private struct TreeStart: StartingMethod {
  let tree: ClusterTree
  let points: any PointSource
  /// How many points there were before equal ones were one.
  let rowCount: Int

  var isRandom: Bool { false }

  func start(
    _ problem: FitProblem, components: Int, seed: UInt64
  ) throws -> GaussianMixture {
    guard components <= rowCount else {
      throw DataError.tooManyComponents(components: components, points: rowCount)
    }
    guard components <= tree.pointCount else {
      throw DataError.tooFewDistinctPoints(components: components, distinct: tree.pointCount)
    }
    let labels = tree.labels(clusters: components)
    return try problem.onSample(points).mixture(
      assigning: LabelAssignment(labels, componentCount: components))
  }
}
