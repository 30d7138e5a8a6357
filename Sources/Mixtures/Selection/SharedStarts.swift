import MixtureKernels

/// Starts that serve every structure: for each number of components a partition by agglomeration, some by k-means++,
/// random points, and in one dimension equal parts.
struct SharedStarts: Sendable {
  private let points: any PointSource
  private let summary: DataSummary
  private let options: FitOptions
  private let quantiles: Quantiles?

  /// `nil` where the search was cancelled before it was there.
  private let tree: (any StartingMethod)?

  private var candidates: [Int: [Candidate]] = [:]

  private static let kMeansStarts = 3

  init(_ points: any PointSource, summary: DataSummary, options: FitOptions) throws {
    self.points = points
    self.summary = summary
    self.options = options
    quantiles = points.dimension == 1 ? Quantiles(of: points) : nil
    tree = try Self.tree(points, options)
  }

  /// Makes the starts for numbers of components that have none yet, several at a time. Once the search is cancelled it makes
  /// none but the first.
  mutating func prepare(_ components: [Int], threads: Int) throws {
    let counts = Set(components)
      .filter { candidates[$0] == nil && $0 <= summary.rowCount }.sorted()
    let isFirst = candidates.isEmpty
    let found = try concurrentMap(
      count: counts.count, threads: threads,
      throwing: { [self] index -> [Candidate] in
        if !(isFirst && index == 0), options.isCancelled() { return [] }
        let count = counts[index]
        let found = (tree.map { [Self.partition(by: $0, count)] } ?? []) + (try drawn(count))
        return found.isEmpty
          ? [Candidate { try RandomPointsStart().start($0, components: 1, seed: 0) }] : found
      })
    for (count, found) in zip(counts, found) { candidates[count] = found }
  }

  subscript(components: Int) -> [Candidate] { candidates[components] ?? [] }

  /// The points on which short runs are made; `nil` for all.
  func arena(components: Int) -> (any PointSource)? {
    RowSample.forRace(of: points, components: components)?.points
  }

  private static func tree(
    _ points: any PointSource, _ options: FitOptions
  ) throws -> (any StartingMethod)? {
    do {
      return try HierarchicalStart().prepared(for: points, isCancelled: options.isCancelled)
    } catch is CancellationError {
      return nil
    } catch DataError.noPoints {
      // The sample counts for nothing; other starts remain.
      return nil
    }
  }

  private static func partition(by tree: any StartingMethod, _ count: Int) -> Candidate {
    Candidate(runsToEnd: true) { try tree.start($0, components: count, seed: 0) }
  }

  /// One component has one start.
  private func drawn(_ count: Int) throws -> [Candidate] {
    guard count > 1 else { return [] }
    let starts = options.restarts ?? Self.kMeansStarts
    precondition(starts >= 1, "at least one start")
    var found: [Candidate] = []
    if let quantiles {
      found.append(Candidate(runsToEnd: true) { try $0.mixture(assigning: quantiles.cut(count)) })
    }
    var seen: [[[Double]]] = []
    for index in 0..<starts {
      let seed = SplitMix64.seed(options.seed, stream: index)
      guard let centres = try centres(count, seed: seed) else { break }
      // The same clusters again are the same start.
      let positions = centres.positions.sorted { $0.lexicographicallyPrecedes($1) }
      if seen.contains(positions) { continue }
      seen.append(positions)
      found.append(
        Candidate { try $0.mixture(assigning: NearestCentreAssignment(centres: centres)) })
    }
    let seed = SplitMix64.seed(options.seed, stream: starts)
    found.append(Candidate { try RandomPointsStart().start($0, components: count, seed: seed) })
    return found
  }

  /// `nil` where there are fewer distinct points.
  private func centres(_ count: Int, seed: UInt64) throws -> Centres? {
    let problem = try FitProblem(
      arena(components: count) ?? points, summary: summary, structure: .vii, options: options)
    do {
      let drawn = try problem.drawDistinctPoints(count, seed: seed) { $0 }
      return problem.lloyd(from: Centres(drawn, scale: summary.scale)).centres
    } catch is DataError {
      return nil
    }
  }
}

/// The values of one-dimensional points in order, or of some of them.
private struct Quantiles: Mergeable {
  private var values: [(value: Double, weight: Double)] = []

  /// So many tell where equal parts end.
  private static let sampleSize = 10_000

  init?(of points: any PointSource) {
    guard let sample = RowSample(of: points, rows: Self.sampleSize, blockRows: 1)?.points else {
      return nil
    }
    self = PointPass(sample, threads: 1).fold(into: Quantiles()) { $0.add($1) }
    values.sort { $0.value < $1.value }
  }

  private init() {}

  private mutating func add(_ tile: Tile) {
    for index in 0..<tile.count where tile.weights[index] > 0 {
      values.append((tile[index, 0], tile.weights[index]))
    }
  }

  mutating func merge(_ other: Quantiles) { values += other.values }

  /// The assignment to so many parts of as many values each, cut where quantiles lie by Hyndman & Fan's definition 7.
  func cut(_ count: Int) -> IntervalAssignment {
    let total = values.reduce(0) { $0 + $1.weight }
    // Weights that are no numbers of points count by their ratios.
    let areCounts = values.allSatisfy { $0.weight == $0.weight.rounded() }
    let point = areCounts ? 1 : total / Double(values.count)
    var cuts: [Double] = []
    var before = 0.0
    for (value, weight) in values {
      before += weight
      while cuts.count < count - 1,
        before - point >= Double(cuts.count + 1) * (total - point) / Double(count)
      {
        cuts.append(value)
      }
    }
    return IntervalAssignment(cuts: cuts)
  }
}

/// Every one-dimensional point belongs to the interval between two cuts in which it lies.
private struct IntervalAssignment: Assignment {
  /// Ascending.
  let cuts: [Double]

  var componentCount: Int { cuts.count + 1 }

  func assign(_ tile: Tile, into responsibilities: UnsafeMutableBufferPointer<Double>) -> Double {
    responsibilities.update(repeating: 0)
    for index in 0..<tile.count {
      let component = cuts.firstIndex { tile[index, 0] < $0 } ?? cuts.count
      responsibilities[component * tile.capacity + index] = 1
    }
    return 0
  }
}
