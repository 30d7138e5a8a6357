import MixtureKernels

/// Positions of cluster centres, and the distance that k-means measures to them: Euclidean, in
/// units of the columns' standard deviations, so that scaling a column changes no cluster.
struct Centres: Sendable, Equatable {
  var positions: [[Double]]

  /// 1/σⱼ² of each column over all points; zero for a constant one.
  let precisions: [Double]

  /// A squared distance is a log-density with these as precisions.
  private let minusTwicePrecisions: [Double]

  init(_ positions: [[Double]], scale: DataScale) {
    self.positions = positions
    precisions = scale.variances.map { $0 > 0 ? 1 / $0 : 0 }
    minusTwicePrecisions = precisions.map { -2 * $0 }
  }

  /// Squared distances of a tile's points to all centres, a run of `tile.capacity` values for each.
  func squaredDistances(of tile: Tile, into distances: UnsafeMutableBufferPointer<Double>) {
    precondition(
      distances.count == positions.count * tile.capacity, "one value per point and centre")
    guard let out = distances.baseAddress else { return }
    tile.withView { view in
      TileKernels.chosen.diagonalTerms(
        view, means: positions.flatMap(\.self),
        precisions: positions.flatMap { _ in minusTwicePrecisions },
        constants: positions.map { _ in 0 }, into: out)
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
