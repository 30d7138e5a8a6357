/// Some of the points, in memory: blocks of rows, evenly spread and chosen by row numbers alone.
package struct RowSample {
  package let points: any PointSource

  /// - Parameters:
  ///   - rows: how many there should be about; all of them are taken where there are no more.
  ///   - blockRows: how many rows are read at once: one from memory, many from a file.
  /// - Returns: `nil` where the sample counts for nothing.
  package init?(of source: any PointSource, rows: Int, blockRows: Int) {
    let count = source.count
    guard rows < count else {
      points = source
      return
    }
    // Rows that count may come at the same distance as those of the sample: then others are taken.
    let gap = max(0, count / max(1, rows / blockRows) - blockRows)
    var best: (points: any PointSource, counted: Int)?
    for offset in 0...min(gap, 15) where (best?.counted ?? 0) < rows / 8 {
      let sample = Self.sample(of: source, rows, blockRows, offset: offset)
      if let sample, sample.counted > best?.counted ?? 0 { best = sample }
    }
    guard let best else { return nil }
    points = best.points
  }

  /// - Returns: the points, and how many of them count; `nil` where none does.
  private static func sample(
    of source: any PointSource, _ rows: Int, _ blockRows: Int, offset: Int
  ) -> (points: any PointSource, counted: Int)? {
    let count = source.count
    let blocks = max(1, rows / blockRows)
    var tile = Tile(capacity: blockRows, dimension: source.dimension)
    var (elements, weights): ([Double], [Double]) = ([], [])
    var (table, labels): (LabelTable?, [Int32]) = (nil, [])
    elements.reserveCapacity(blocks * blockRows * source.dimension)
    for block in 0..<blocks {
      // block · (count / blocks) without overflow, rows left over spread evenly
      let first = block * (count / blocks) + block * (count % blocks) / blocks
      source.read((offset + first)..<(offset + first + blockRows), into: &tile)
      table = table ?? tile.labels?.table
      for index in 0..<tile.count {
        for column in 0..<tile.dimension { elements.append(tile[index, column]) }
        weights.append(tile.weights[index])
        labels.append(tile.labels?[index] ?? -1)
      }
    }
    let matrix = Matrix(
      rowCount: weights.count, columnCount: source.dimension, elements: elements,
      columnNames: source.featureNames)
    var sample: any PointSource = matrix
    if let table {
      let labels = Labels(table, numbers: labels)
      guard let labelled = try? LabelledPoints(matrix, labels: labels) else { return nil }
      sample = labelled
    }
    if !weights.allSatisfy({ $0 == 1 }) {
      guard let weighted = try? WeightedPoints(sample, weights: weights) else { return nil }
      sample = weighted
    }
    return (sample, weights.count { $0 > 0 })
  }
}

extension RowSample {
  private static let raceBlockRows = 256

  /// The points on which starts race where the data are large: so many values decide among starts, more for
  /// components that need more points.
  ///
  /// - Returns: `nil` where that would be more than a quarter of the points, or count for nothing.
  static func forRace(of source: any PointSource, components: Int) -> RowSample? {
    // A sample has the conditional means of missing cells, not what is known of them.
    guard source.patternGroups == nil else { return nil }
    let dimension = source.dimension
    let wanted = max(100_000 / dimension, 10 * components * (dimension + 1))
    let blocks = wanted / raceBlockRows + 1
    guard blocks <= source.count / 4 / raceBlockRows else { return nil }
    return RowSample(of: source, rows: blocks * raceBlockRows, blockRows: raceBlockRows)
  }
}
