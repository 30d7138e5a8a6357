import MixtureKernels

/// Points of which some cells are missing.
///
/// Rows are grouped by which of their cells are observed, and every pattern is worked on like complete points of fewer
/// dimensions: nothing of a row is lost, and nothing is made up. The likelihood is that of the cells that are there, which is right
/// where cells are missing at random.
///
/// What reads the points themselves, as starts do, finds in the place of missing cells their conditional means under one Gaussian for
/// all points, and rows without any cell absent. Where EM begins and ends does not depend on such rows, but for the mixing weights where
/// they have labels; they count in n, and in the length of its steps.
///
/// Source: Little & Rubin (2002), *Statistical Analysis with Missing Data*, §8.2, 11.2; Ghahramani & Jordan (1994), "Supervised learning
/// from incomplete data via an EM approach", NIPS 6.
public struct IncompletePoints: PointSource {
  private let filled: Matrix
  private let groups: [PatternGroup]

  /// Weight zero for each row without any cell, one for the others; `nil` where there is no such row.
  private let presence: [Double]?

  /// How many cells are missing.
  public let missingCellCount: Int

  /// How many rows that count have no cell at all. They count in n, and say nothing.
  public let emptyRowCount: Int

  /// Takes points of a fit, whose missing cells are NaN, into memory.
  ///
  /// - Parameters:
  ///   - points: any source.
  ///   - weights: those that the points will be given, if any: what fills missing cells for starts goes by them.
  /// - Throws: ``DataError`` for a column without any value, or with one that is infinite.
  public init(_ points: any PointSource, weights: [Double]? = nil) throws(DataError) {
    let table = try MissingTable(points, weights: weights)
    for column in 0..<points.dimension where table.observedCounts[column] == 0 {
      throw .emptyColumn(column: column, name: points.featureNames[column])
    }
    self.init(table, names: points.featureNames, weights: weights) { means, groups in
      Self.filled(means, groups, weights)
    }
  }

  /// Takes points that a mixture is asked about: no column needs a value.
  public init(askedAbout points: any PointSource) throws(DataError) {
    self.init(
      try MissingTable(points, weights: nil), names: points.featureNames, weights: nil
    ) { means, _ in means }
  }

  private init(
    _ table: MissingTable, names: [String], weights: [Double]?,
    fill: (Matrix, [PatternGroup]) -> Matrix
  ) {
    missingCellCount = table.missingCellCount
    groups = table.groups(names: names)
    emptyRowCount =
      groups.first { $0.observed.isEmpty }?.rows.count { weights?[$0] != 0 } ?? 0
    presence = groups.presence(of: table.rowCount)
    let means = Matrix(
      rowCount: table.rowCount, columnCount: names.count, elements: table.filledWithMeans,
      columnNames: names)
    filled = table.missingCellCount > 0 ? fill(means, groups) : means
  }

  /// Conditional means under one Gaussian, which a few iterations of EM bring near enough for starts.
  private static func filled(
    _ means: Matrix, _ groups: [PatternGroup], _ weights: [Double]?
  ) -> Matrix {
    let groups = groups.filter { !$0.observed.isEmpty }
    let present = groups.presence(of: means.rowCount)
    let counts = weights.map { weights in present.map { zip(weights, $0).map(*) } ?? weights }
    let points =
      (counts ?? present).flatMap { try? WeightedPoints(means, weights: $0) }
      ?? means as any PointSource
    let weighted = weights.map { weights in
      groups.filter { $0.rows.contains { weights[$0] > 0 } }.map { group in
        group.with { points, rows in
          (try? WeightedPoints(points, weights: rows.map { weights[$0] })) ?? points
        }
      }
    }
    guard let summary = try? DataSummary(of: points),
      let family = try? GaussianFamily(.vvv, scale: summary.scale),
      let first = try? Gaussian(mean: summary.mean, covariance: summary.covariance)
    else { return means }
    var mixture = Mixture(fitted: [first], weights: [1])
    for _ in 0..<10 {
      let seen = mixture.expectation(over: weighted ?? groups, family: family, threads: 1)
      guard let next = try? family.maximize(seen) else { return means }
      mixture = next.mixture
    }
    return mixture.filling(means, groups)
  }

  public var count: Int { filled.rowCount }
  public var dimension: Int { filled.columnCount }
  public var featureNames: [String] { filled.columnNames }
  public var patternGroups: [PatternGroup]? { missingCellCount > 0 ? groups : nil }

  public func read(_ rows: Range<Int>, into tile: inout Tile) {
    filled.read(rows, into: &tile)
    if let presence { tile.scaleWeights(by: presence, from: rows.lowerBound) }
  }

  /// Puts the coordinates of the same rows in the place of a tile's; its weights stay.
  func rewrite(_ tile: inout Tile) {
    let rows = tile.rows
    tile.rewrite { column, coordinates in
      for (place, row) in rows.enumerated() { coordinates[place] = filled[row, column] }
    }
  }
}

/// The rows of a source that have the same cells.
public struct PatternGroup: Sendable {
  /// Which columns are there, ascending.
  package let observed: [Int]

  /// The rows, in the order of the source.
  package let rows: [Int]

  /// Their observed cells, with weights and labels if there are such; one column of zeros where there is none.
  let points: any PointSource

  /// The same rows with what stands beside the points.
  func with(
    _ change: (_ points: any PointSource, _ rows: [Int]) -> any PointSource
  ) -> PatternGroup {
    PatternGroup(observed: observed, rows: rows, points: change(points, rows))
  }
}

extension [PatternGroup] {
  /// Weight one for rows with a cell, zero for others; `nil` where every row has one.
  fileprivate func presence(of rowCount: Int) -> [Double]? {
    var presence = [Double](repeating: 0, count: rowCount)
    for group in self where !group.observed.isEmpty {
      for row in group.rows { presence[row] = 1 }
    }
    return presence.contains(0) ? presence : nil
  }
}

/// All cells of a source, with NaN for missing ones.
private struct MissingTable {
  let rowCount: Int
  private let columnCount: Int
  private let elements: [Double]
  /// For each column, the cells that are there in rows of positive weight.
  let observedCounts: [Int]
  let missingCellCount: Int
  private let means: [Double]

  init(_ points: any PointSource, weights: [Double]?) throws(DataError) {
    let d = points.dimension
    guard d > 0 else { throw .noColumns }
    let cells = Matrix(copying: points).elements
    try points.checkReading()
    if let weights, weights.count != points.count {
      throw .countMismatch(what: "weights", found: weights.count, points: points.count)
    }
    var (counts, presentCounts) = (Array(repeating: 0, count: d), Array(repeating: 0, count: d))
    var means = Array(repeating: 0.0, count: d)
    var totals = Array(repeating: 0.0, count: d)
    for (index, value) in cells.enumerated() where !value.isNaN {
      let (row, column) = (index / d, index % d)
      guard value.isFinite else {
        throw .notFinite(
          row: row, column: column, name: points.featureNames[column], value: value)
      }
      counts[column] += 1
      let weight = weights?[row] ?? 1
      guard weight > 0 else { continue }
      presentCounts[column] += 1
      totals[column] += weight
      means[column] += (value - means[column]) * weight / totals[column]
    }
    rowCount = points.count
    columnCount = d
    elements = cells
    observedCounts = presentCounts
    missingCellCount = cells.count - counts.reduce(0, +)
    self.means = means
  }

  var filledWithMeans: [Double] {
    elements.enumerated().map { $1.isNaN ? means[$0 % columnCount] : $1 }
  }

  /// Complete rows first, then patterns in the order in which they come.
  func groups(names: [String]) -> [PatternGroup] {
    var rowsOfPattern: [[Bool]: [Int]] = [:]
    var order = [Array(repeating: true, count: columnCount)]
    for row in 0..<rowCount {
      let pattern = (0..<columnCount).map { !elements[row * columnCount + $0].isNaN }
      if rowsOfPattern[pattern] == nil, pattern != order[0] { order.append(pattern) }
      rowsOfPattern[pattern, default: []].append(row)
    }
    return order.compactMap { pattern in
      guard let rows = rowsOfPattern[pattern] else { return nil }
      let observed = pattern.indices.filter { pattern[$0] }
      let points =
        observed.isEmpty
        ? Matrix(zerosOf: rows.count, by: 1)
        : Matrix(
          rowCount: rows.count, columnCount: observed.count,
          elements: rows.flatMap { row in observed.map { elements[row * columnCount + $0] } },
          columnNames: observed.map { names[$0] })
      return PatternGroup(observed: observed, rows: rows, points: points)
    }
  }
}
