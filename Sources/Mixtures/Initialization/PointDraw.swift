import MixtureKernels

extension FitProblem {
  /// Where K clusters may begin: at the means of the points of each label, and for others, for labels that no point has, and for
  /// those that tell nothing from one before, at distinct points that are drawn among those without a label.
  ///
  /// - Throws: as ``drawDistinctPoints(_:after:seed:likelihood:)``.
  func drawCentres(
    _ count: Int, seed: UInt64,
    likelihood: @escaping @Sendable (_ squaredDistance: Double) -> Double
  ) throws -> [[Double]] {
    let means = distinct(labelMeans)
    let known = means.compactMap(\.self)
    var drawn = try drawDistinctPoints(
      count - known.count, after: known, seed: seed, likelihood: likelihood)[...]
    return (0..<count).compactMap { k in
      (k < means.count ? means[k] : nil) ?? drawn.popFirst()
    }
  }

  /// Means that differ by more than rounding, in standard deviations; `nil` in the place of others.
  private func distinct(_ means: [[Double]?]) -> [[Double]?] {
    let deviations = summary.scale.deviations
    func areEqual(_ a: [Double], _ b: [Double]) -> Bool {
      a.indices.allSatisfy { abs(a[$0] - b[$0]) <= 1e-6 * deviations[$0] }
    }
    var distinct: [[Double]?] = []
    for mean in means {
      let isKnown = mean.map { mean in distinct.contains { $0.map { areEqual($0, mean) } == true } }
      distinct.append(isKnown == true ? nil : mean)
    }
    return distinct
  }

  /// The mean of the points of each label, shared out as labels say; `nil` for one that no point has.
  private var labelMeans: [[Double]?] {
    guard points.labelCount > 0 else { return [] }
    return PointPass(points, threads: threads).fold(
      into: LabelSums(count: points.labelCount, origin: summary.mean)
    ) { $0.add($1) }.means
  }

  /// Draws distinct points, each in turn with a probability that depends on its squared distance
  /// to the nearest one drawn before: in proportion to it for k-means++, or equal for all that are not
  /// yet taken.
  ///
  /// - Throws: ``DataError`` where there are fewer distinct points than asked for; `CancellationError` where the fit is
  ///   cancelled and can do without this start.
  /// - Complexity: O(*nKd*), or O(*nK*²*d*) where there are too many points to remember their distances.
  func drawDistinctPoints(
    _ count: Int, after known: [[Double]] = [], seed: UInt64,
    likelihood: @escaping @Sendable (_ squaredDistance: Double) -> Double
  ) throws -> [[Double]] {
    let nearest = NearestDistances(to: summary.scale, points: points.count)
    if !known.isEmpty { nearest.add(known) }
    var drawn: [[Double]] = []
    while drawn.count < count {
      if isDispensable, isCancelled() { throw CancellationError() }
      let stream = SplitMix64.seed(seed, stream: drawn.count)
      let isFirst = drawn.isEmpty && known.isEmpty
      let winner = PointPass(points, threads: threads).fold(into: Race()) { race, tile in
        nearest.withDistances(of: tile) {
          race.enter(
            tile, seed: stream, distances: $0, likelihood: isFirst ? { _ in 1 } : likelihood)
        }
      }
      guard let row = winner.row else {
        throw DataError.tooFewDistinctPoints(
          components: known.count + count, distinct: known.count + drawn.count)
      }
      var tile = Tile(capacity: 1, dimension: points.dimension)
      points.read(row..<(row + 1), into: &tile)
      drawn.append((0..<tile.dimension).map { tile[0, $0] })
      nearest.add([drawn[drawn.count - 1]])
    }
    return drawn
  }
}

/// The squared distance of each point to the nearest of some centres, which come one by one.
///
/// It is remembered, so that each pass measures only to what is new; for more than `capacity` points it is
/// measured to all centres again.
private final class NearestDistances: @unchecked Sendable {  // in a pass a row has one thread
  private let scale: DataScale
  private let remembered: UnsafeMutableBufferPointer<Double>?
  private var centres: [[Double]] = []

  /// So many at a time: what a tile needs does not grow with their number.
  private var new: [Centres] = []
  private static let groupSize = 8

  /// 1 MiB: more points than starts race on, see ``RowSample``, unless they need more of them.
  private static let capacity = 131_072

  init(to scale: DataScale, points: Int) {
    self.scale = scale
    guard points <= Self.capacity else {
      remembered = nil
      return
    }
    remembered = .allocate(capacity: points)
    remembered?.initialize(repeating: .infinity)
  }

  deinit { remembered?.deallocate() }

  /// Adds centres that the next pass will measure to.
  func add(_ added: [[Double]]) {
    centres += added
    let asked = remembered == nil ? centres : added
    new = stride(from: 0, to: asked.count, by: Self.groupSize).map {
      Centres(Array(asked[$0..<min(asked.count, $0 + Self.groupSize)]), scale: scale)
    }
  }

  /// Calls `body` with the distances of the tile's points.
  func withDistances(of tile: Tile, _ body: (UnsafePointer<Double>) -> Void) {
    if let remembered {
      guard let all = remembered.baseAddress else { return }
      precondition(
        tile.rows.clamped(to: remembered.indices) == tile.rows, "a tile says which rows it holds")
      for group in new { group.lower(all + tile.firstRow, of: tile) }
      body(all + tile.firstRow)
    } else {
      withAlignedScratch(tile.capacity) { distances in
        distances.initialize(repeating: .infinity, count: tile.capacity)
        for group in new { group.lower(distances, of: tile) }
        body(distances)
      }
    }
  }
}

/// For each label Σᵢ wᵢqᵢₖ and Σᵢ wᵢqᵢₖ(xᵢ − o).
private struct LabelSums: Mergeable {
  private(set) var counts: [Double]
  private var sums: [[Double]]
  private let origin: [Double]

  init(count: Int, origin: [Double]) {
    counts = Array(repeating: 0, count: count)
    sums = Array(repeating: origin.map { _ in 0 }, count: count)
    self.origin = origin
  }

  mutating func add(_ tile: Tile) {
    guard let labels = tile.labels else { return }
    labels.visit { index, label in
      let total = counts.indices.reduce(0) { $0 + labels.table.factor(label, $1) }
      for k in counts.indices {
        let weight = tile.weights[index] * labels.table.factor(label, k) / total
        counts[k] += weight
        for j in origin.indices { sums[k][j] += weight * (tile[index, j] - origin[j]) }
      }
    }
  }

  mutating func merge(_ other: LabelSums) {
    for k in counts.indices {
      counts[k] += other.counts[k]
      for j in origin.indices { sums[k][j] += other.sums[k][j] }
    }
  }

  var means: [[Double]?] {
    zip(sums, counts).map { sum, count in
      count > 0 ? zip(origin, sum).map { $0 + $1 / count } : nil
    }
  }
}

/// Draws one point in proportion to its likelihood, in one pass and in any order: each draws an
/// exponential time with its likelihood as the rate, and the first to finish wins.
private struct Race: Mergeable {
  private(set) var row: Int?
  private var speed = 0.0  // reciprocal of the time

  mutating func enter(
    _ tile: Tile, seed: UInt64, distances: UnsafePointer<Double>, likelihood: (Double) -> Double
  ) {
    for index in 0..<tile.count {
      // A point that belongs to one component is no place for another.
      if let labels = tile.labels, labels.table.isDecided(labels[index]) { continue }
      let rate = tile.weights[index] * likelihood(distances[index])
      guard rate > 0 else { continue }
      let row = tile.firstRow + index
      var generator = SplitMix64(seed: SplitMix64.seed(seed, stream: row))
      let draw = uniform(using: &generator)
      // −ln(1 − u) ≥ u: who is too slow even so needs no logarithm.
      guard rate >= 0.999 * speed * draw else { continue }
      consider(row, speed: rate / standardExponential(of: draw))
    }
  }

  private mutating func consider(_ row: Int, speed: Double) {
    guard speed > self.speed || (speed == self.speed && row < self.row ?? .max) else { return }
    (self.row, self.speed) = (row, speed)
  }

  mutating func merge(_ other: Race) {
    if let row = other.row { consider(row, speed: other.speed) }
  }
}
