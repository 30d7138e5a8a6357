/// The rows on which starts race where the data are large: evenly spread blocks, chosen by row numbers alone and
/// held in memory.
struct RaceSample {
  let points: any PointSource

  /// Blocks are long enough to be read from a file at once.
  private static let blockRows = 256

  /// So many values decide among starts; more for components that need more points.
  private static func rows(dimension: Int, components: Int) -> Int {
    max(100_000 / dimension, 10 * components * (dimension + 1))
  }

  /// `nil` where a sample would be more than a quarter of the points, or count for nothing.
  init?(of source: any PointSource, components: Int) {
    let (count, dimension) = (source.count, source.dimension)
    let blocks = Self.rows(dimension: dimension, components: components) / Self.blockRows + 1
    guard blocks <= count / 4 / Self.blockRows else { return nil }
    var tile = Tile(capacity: Self.blockRows, dimension: dimension)
    var (elements, weights): ([Double], [Double]) = ([], [])
    elements.reserveCapacity(blocks * Self.blockRows * dimension)
    for block in 0..<blocks {
      // block · (count / blocks) without overflow, rows left over spread evenly
      let first = block * (count / blocks) + block * (count % blocks) / blocks
      source.read(first..<(first + Self.blockRows), into: &tile)
      for index in 0..<tile.count {
        for column in 0..<dimension { elements.append(tile[index, column]) }
        weights.append(tile.weights[index])
      }
    }
    let matrix = Matrix(
      rowCount: weights.count, columnCount: dimension, elements: elements,
      columnNames: source.featureNames)
    if weights.allSatisfy({ $0 == 1 }) {
      points = matrix
    } else if let weighted = try? WeightedPoints(matrix, weights: weights) {
      points = weighted
    } else {
      return nil
    }
  }
}
