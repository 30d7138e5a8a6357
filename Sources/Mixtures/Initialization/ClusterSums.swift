/// How many points are nearest to each centre, and the sum of their differences from it: all that Lloyd's algorithm
/// needs of a pass.
struct ClusterSums: Mergeable {
  let centres: Centres

  /// For each centre Σᵢ wᵢ, then Σᵢ wᵢ(xᵢ − c).
  private var sums: [Double]
  private let dimension: Int

  init(_ centres: Centres, dimension: Int) {
    self.centres = centres
    self.dimension = dimension
    sums = Array(repeating: 0, count: centres.count * (1 + dimension))
  }

  /// Adds each point to its nearest centre: work that does not grow with their number.
  mutating func add(_ tile: Tile) {
    let (centres, dimension) = (centres, dimension)
    sums.withUnsafeMutableBufferPointer { sums in
      centres.withNearest(tile) { nearest in
        tile.coordinates.withUnsafeBufferPointer { x in
          for index in 0..<tile.count {
            let k = nearest[index]
            let (first, weight) = (k * (1 + dimension), tile.weights[index])
            sums[first] += weight
            for j in 0..<dimension {
              let difference = x[j * tile.capacity + index] - centres.coordinates[k * dimension + j]
              sums[first + 1 + j] += weight * difference
            }
          }
        }
      }
    }
  }

  mutating func merge(_ other: ClusterSums) {
    for index in sums.indices { sums[index] += other.sums[index] }
  }

  private func count(_ k: Int) -> Double { sums[k * (1 + dimension)] }

  /// Each cluster's share of the points.
  var shares: [Double] {
    let counts = (0..<centres.count).map(count)
    let total = counts.reduce(0, +)
    return counts.map { $0 / total }
  }

  /// The mean of each cluster; one that has lost all its points keeps its centre.
  var means: Centres {
    centres.moved(
      to: centres.positions.enumerated().map { k, centre in
        let count = count(k)
        guard count > 0 else { return centre }
        let first = k * (1 + dimension) + 1
        return zip(centre, sums[first..<(first + dimension)]).map { $0 + $1 / count }
      })
  }
}
