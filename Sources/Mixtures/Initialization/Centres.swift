import MixtureKernels

/// Positions of cluster centres, and the distance that k-means measures to them: Euclidean, in
/// units of the columns' standard deviations, so that scaling a column changes no cluster.
struct Centres: Sendable, Equatable {
  let positions: [[Double]]

  /// 1/σⱼ² of each column over all points; zero for a constant one.
  private let precisions: [Double]

  /// All positions one after the other.
  let coordinates: [Double]

  /// Minus a squared distance is a log-density with these as precisions.
  private let twicePrecisions: [Double]
  private let zeros: [Double]

  init(_ positions: [[Double]], scale: DataScale) {
    self.init(positions, precisions: scale.variances.map { $0 > 0 ? 1 / $0 : 0 })
  }

  private init(_ positions: [[Double]], precisions: [Double]) {
    self.positions = positions
    self.precisions = precisions
    coordinates = positions.flatMap(\.self)
    twicePrecisions = positions.flatMap { _ in precisions.map { 2 * $0 } }
    zeros = Array(repeating: 0, count: positions.count)
  }

  var count: Int { positions.count }

  /// The same distance to other positions.
  func moved(to positions: [[Double]]) -> Centres { Centres(positions, precisions: precisions) }

  /// How near a tile's points are to all centres, minus squared distances: a run of `tile.capacity` values for each.
  private func writeNearness(of tile: Tile, into nearness: UnsafeMutablePointer<Double>) {
    tile.withView { view in
      TileKernels.chosen.diagonalTerms(
        view, means: coordinates, precisions: twicePrecisions, constants: zeros,
        into: nearness)
    }
  }

  /// Lowers the squared distance of each point of the tile to that of the nearest centre, where that is nearer.
  func lower(_ nearest: UnsafeMutablePointer<Double>, of tile: Tile) {
    withAlignedScratch(count * tile.capacity) { nearness in
      writeNearness(of: tile, into: nearness)
      for k in 0..<count {
        let own = nearness + k * tile.capacity
        for index in 0..<tile.count {
          nearest[index] = -own[index] < nearest[index] ? -own[index] : nearest[index]
        }
      }
    }
  }

  /// The nearest centre of each point of the tile, the first of equals; `tile.lanes` of them.
  func withNearest(_ tile: Tile, _ body: (UnsafePointer<Int>) -> Void) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: tile.lanes) { nearest in
      // A tile has at least one lane.
      let labels = nearest.baseAddress!
      withAlignedScratch(count * tile.capacity) { nearness in
        writeNearness(of: tile, into: nearness)
        forbid(tile, nearness)
        TileKernels.chosen.largest(
          nearness, components: count, stride: tile.capacity, count: tile.lanes, into: labels)
      }
      body(labels)
    }
  }

  /// Moves centres that a point's label does not allow out of its reach.
  private func forbid(_ tile: Tile, _ nearness: UnsafeMutablePointer<Double>) {
    guard let labels = tile.labels else { return }
    labels.visit { index, label in
      for k in 0..<count where labels.table.factor(label, k) == 0 {
        nearness[k * tile.capacity + index] = -.infinity
      }
    }
  }

  /// The largest squared distance that a centre has moved.
  func squaredMovement(from other: Centres) -> Double {
    zip(positions, other.positions).map { new, old in
      new.indices.reduce(0.0) { sum, j in
        let difference = new[j] - old[j]
        return sum + precisions[j] * difference * difference
      }
    }.max() ?? 0
  }
}
