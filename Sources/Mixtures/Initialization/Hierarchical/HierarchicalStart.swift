/// Starts from model-based agglomeration: points are joined, two clusters at a time, so that the classification
/// likelihood falls least; the partition into K clusters gives the first mixture, by its M-step.
///
/// One tree serves every K. Where there are more than ``sampleSize`` points, it is that of so many rows, evenly spread; their
/// mixture takes in all points in the first E-step.
///
/// - Complexity: O(*m*²*d*²) time and O(*m*²) memory for *m* points in the tree; O(*m*³*d*) time for EEE.
///
/// Source: Fraley (1998), "Algorithms for model-based Gaussian hierarchical clustering", *SIAM J. Sci. Comput.* 20,
/// 270–281.
public struct HierarchicalStart: StartingMethod, Equatable {
  /// What agglomeration keeps as small as it can.
  public var criterion: AgglomerationCriterion

  /// What is done to the columns before.
  public var scaling: AgglomerationScaling

  /// How many points are joined at most.
  public var sampleSize: Int

  /// By default VVV on axes scaled by their singular values, of 2000 points; 1000 for EEE.
  public init(
    criterion: AgglomerationCriterion = .vvv, scaling: AgglomerationScaling = .singularValues,
    sampleSize: Int? = nil
  ) {
    self.criterion = criterion
    self.scaling = scaling
    self.sampleSize = sampleSize ?? (criterion == .eee ? 1000 : 2000)
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
    guard let sample = RowSample(of: points, rows: sampleSize, blockRows: 1) else {
      throw DataError.noPoints
    }
    let tree = try tree(of: sample.points, isCancelled: isCancelled)
    return TreeStart(tree: tree, sample: sample.points)
  }

  /// The order in which the points are joined; points of weight zero come last.
  ///
  /// - Throws: ``DataError`` where there is no point; `CancellationError` once `isCancelled` says so.
  public func tree(
    of points: any PointSource, isCancelled: () -> Bool = { false }
  ) throws -> ClusterTree {
    var (rows, weights): ([[Double]], [Double]) = ([], [])
    var tile = Tile(capacity: 256, dimension: points.dimension)
    for first in stride(from: 0, to: points.count, by: tile.capacity) {
      points.read(first..<min(points.count, first + tile.capacity), into: &tile)
      for index in 0..<tile.count {
        rows.append((0..<tile.dimension).map { tile[index, $0] })
        weights.append(tile.weights[index])
      }
    }
    try points.checkReading()
    guard weights.contains(where: { $0 > 0 }) else { throw DataError.noPoints }
    return try tree(of: scaling.apply(to: rows, weights: weights), weights, isCancelled)
  }

  private func tree(
    of rows: [[Double]], _ weights: [Double], _ isCancelled: () -> Bool
  ) throws -> ClusterTree {
    let count = weights.reduce(0, +)
    let trace = zip(rows, weights).reduce(0) { sum, point in
      sum + point.1 * point.0.reduce(0) { $0 + $1 * $1 }
    }
    let dimension = rows[0].count
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
  /// The points of the tree.
  let sample: any PointSource

  var isRandom: Bool { false }

  func start(
    _ problem: FitProblem, components: Int, seed: UInt64
  ) throws -> GaussianMixture {
    guard components <= tree.pointCount else {
      throw DataError.tooManyComponents(components: components, points: tree.pointCount)
    }
    let labels = tree.labels(clusters: components)
    return try problem.onSample(sample).mixture(
      assigning: LabelAssignment(labels, componentCount: components))
  }
}
