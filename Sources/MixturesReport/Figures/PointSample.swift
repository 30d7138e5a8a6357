import Mixtures

/// The points that a figure draws: all of them, or a seeded sample of many.
package struct PointSample: Sendable {
  /// Their coordinates; NaN where a cell is missing.
  package let points: Matrix

  /// The weight of each, `nil` if all are one.
  package let weights: [Double]?

  /// The row of each in the source.
  package let rows: [Int]

  /// How many there were to choose from.
  package let totalCount: Int

  /// The same points for a mixture to be asked about.
  package let source: any PointSource

  package var isPartial: Bool { rows.count < totalCount }

  /// - Parameter limit: where there are more points, one is drawn from each of so many runs of rows, of one at least.
  /// - Throws: ``DataError`` for no points, and for a coordinate that is infinite.
  package init(of source: any PointSource, limit: Int, seed: UInt64) throws(DataError) {
    guard source.count > 0 else { throw .noPoints }
    totalCount = source.count
    rows = Self.rows(count: source.count, limit: max(1, limit), seed: seed)
    let read = RowReading(source, rows: rows)
    try source.checkReading()
    points = try read.matrix(of: source, rows: rows)
    weights = read.weights.allSatisfy { $0 == 1 } ? nil : read.weights
    var asked: any PointSource = points
    if points.elements.contains(where: \.isNaN) {
      asked = try IncompletePoints(askedAbout: points)
    }
    if let weights, weights.contains(where: { $0 > 0 }) {
      asked = try WeightedPoints(asked, weights: weights)
    }
    self.source = asked
  }

  /// All rows, or one from each of `limit` runs of equal length.
  private static func rows(count: Int, limit: Int, seed: UInt64) -> [Int] {
    guard count > limit else { return Array(0..<count) }
    var generator = SplitMix64(seed: seed)
    func start(_ run: Int) -> Int {
      run * (count / limit) + run * (count % limit) / limit
    }
    return (0..<limit).map { Int.random(in: start($0)..<start($0 + 1), using: &generator) }
  }

  /// How often point `index` counts.
  package func weight(_ index: Int) -> Double { weights?[index] ?? 1 }

  /// The points that count and whose cells in the given columns are there.
  package func drawn(columns: [Int]) -> [Int] {
    rows.indices.filter { index in
      weight(index) > 0 && columns.allSatisfy { !points[index, $0].isNaN }
    }
  }

  /// Whether some points count more than others.
  private var haveSizes: Bool {
    let positive = (weights ?? []).filter { $0 > 0 }
    return positive.contains { $0 != positive[0] }
  }

  /// How many points are drawn, as in `272 points` or `3356 of 8000 points`.
  ///
  /// - Parameter inPanels: whether a point without some of the columns is drawn where the others are.
  func drawnInWords(columns: [Int], inPanels: Bool = false) -> String {
    let count = drawn(columns: inPanels ? [] : columns).count
    let total = counted(totalCount, "point")
    return count < totalCount ? "\(count.grouped) of \(total)" : total
  }

  /// What of the points is not drawn, and what their sizes tell, in sentences.
  ///
  /// - Parameter inPanels: whether a point without some of the columns is drawn where the others are.
  package func remarks(columns: [Int], inPanels: Bool = false) -> [String] {
    var remarks: [String] = []
    if isPartial {
      let words = drawnInWords(columns: columns, inPanels: inPanels)
      remarks.append("Drawn are \(words), a sample from a seed.")
    }
    let counting = drawn(columns: []).count
    let absent = rows.count - counting
    if absent > 0 {
      remarks.append(
        "\(counted(absent, "point")) of weight zero \(absent == 1 ? "is" : "are") not drawn.")
    }
    let missing = counting - drawn(columns: columns).count
    if missing > 0 {
      let drawn = inPanels ? "drawn only in panels of others" : "not drawn"
      remarks.append(
        "\(counted(missing, "point")) \(missing == 1 ? "lacks" : "lack") a cell in "
          + "\(columns.count == 1 ? "this column" : "one of these columns") and "
          + "\(missing == 1 ? "is" : "are") \(drawn).")
    }
    if haveSizes { remarks.append("Areas of points grow with their weights.") }
    return remarks
  }
}

/// Some rows of a source as they are.
private struct RowReading {
  private(set) var elements: [Double] = []
  private(set) var weights: [Double] = []

  init(_ source: any PointSource, rows: [Int]) {
    let isWhole = rows.count == source.count
    var tile = Tile(capacity: isWhole ? 512 : 1, dimension: source.dimension)
    elements.reserveCapacity(rows.count * source.dimension)
    var next = 0
    while next < rows.count {
      let count = isWhole ? min(tile.capacity, rows.count - next) : 1
      source.read(rows[next]..<(rows[next] + count), into: &tile)
      for index in 0..<tile.count {
        for column in 0..<tile.dimension { elements.append(tile[index, column]) }
        weights.append(tile.weights[index])
      }
      next += count
    }
    markMissing(source, rows: rows)
  }

  /// What a source with missing cells reads in their place is made up, and rows without any cell read as absent.
  private mutating func markMissing(_ source: any PointSource, rows: [Int]) {
    guard let groups = source.patternGroups else { return }
    let own = source.weightsOfRows
    weights = rows.map { own?[$0] ?? 1 }
    let places = Dictionary(uniqueKeysWithValues: zip(rows, rows.indices))
    for group in groups where group.observed.count < source.dimension {
      let missing = (0..<source.dimension).filter { !group.observed.contains($0) }
      for row in group.rows {
        guard let place = places[row] else { continue }
        for column in missing { elements[place * source.dimension + column] = .nan }
      }
    }
  }

  func matrix(of source: any PointSource, rows: [Int]) throws(DataError) -> Matrix {
    let d = source.dimension
    if let index = elements.firstIndex(where: \.isInfinite) {
      throw .notFinite(
        row: rows[index / d], column: index % d, name: source.featureNames[index % d],
        value: elements[index])
    }
    return Matrix(
      rowCount: rows.count, columnCount: d, elements: elements, columnNames: source.featureNames)
  }
}
