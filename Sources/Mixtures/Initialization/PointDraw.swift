import MixtureKernels

extension FitProblem {
  /// Draws distinct points, each in turn with a probability that depends on its squared distance
  /// to the nearest one drawn before: in proportion to it for k-means++, or equal for all that are not
  /// yet taken.
  ///
  /// - Throws: ``DataError`` where there are fewer distinct points than asked for.
  func drawDistinctPoints(
    _ count: Int, seed: UInt64,
    likelihood: @escaping @Sendable (_ squaredDistance: Double) -> Double
  ) throws(DataError) -> [[Double]] {
    var centres = Centres([], scale: summary.scale)
    while centres.positions.count < count {
      let stream = SplitMix64.seed(seed, stream: centres.positions.count)
      let drawn = centres
      let winner = PointPass(points, threads: threads).fold(into: Race()) { race, tile in
        race.enter(tile, centres: drawn, seed: stream, likelihood: likelihood)
      }
      guard let row = winner.row else {
        throw .tooFewDistinctPoints(components: count, distinct: centres.positions.count)
      }
      var tile = Tile(capacity: 1, dimension: points.dimension)
      points.read(row..<(row + 1), into: &tile)
      centres.positions.append((0..<tile.dimension).map { tile[0, $0] })
    }
    return centres.positions
  }
}

/// Draws one point in proportion to its likelihood, in one pass and in any order: each draws an
/// exponential time with its likelihood as the rate, and the first to finish wins.
private struct Race: Mergeable {
  private(set) var row: Int?
  private var speed = 0.0  // reciprocal of the time

  mutating func enter(
    _ tile: Tile, centres: Centres, seed: UInt64, likelihood: (Double) -> Double
  ) {
    let nearest = nearestDistances(of: tile, to: centres)
    for index in 0..<tile.count {
      let rate = tile.weights[index] * (centres.positions.isEmpty ? 1 : likelihood(nearest[index]))
      guard rate > 0 else { continue }
      let row = tile.firstRow + index
      var generator = SplitMix64(seed: SplitMix64.seed(seed, stream: row))
      consider(row, speed: rate / standardExponential(using: &generator))
    }
  }

  private func nearestDistances(of tile: Tile, to centres: Centres) -> [Double] {
    var nearest = Array(repeating: Double.infinity, count: tile.capacity)
    let count = centres.positions.count * tile.capacity
    withAlignedScratch(count) { distances in
      centres.squaredDistances(
        of: tile, into: UnsafeMutableBufferPointer(start: distances, count: count))
      for start in stride(from: 0, to: count, by: tile.capacity) {
        for index in 0..<tile.count {
          nearest[index] = min(nearest[index], distances[start + index])
        }
      }
    }
    return nearest
  }

  private mutating func consider(_ row: Int, speed: Double) {
    guard speed > self.speed || (speed == self.speed && row < self.row ?? .max) else { return }
    (self.row, self.speed) = (row, speed)
  }

  mutating func merge(_ other: Race) {
    if let row = other.row { consider(row, speed: other.speed) }
  }
}
