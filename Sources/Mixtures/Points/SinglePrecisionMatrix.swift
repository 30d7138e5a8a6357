/// Points in memory in single precision: half the memory of a ``Matrix``.
///
/// Each coordinate is the nearest `Float`, and all that is computed from it is in `Double`. A
/// coordinate x moves by at most half a step of `Float` at x, |x̃ − x| ≤ 2⁻²⁴ |x| ≈ 6 · 10⁻⁸ |x|. Where a
/// column's largest magnitude lies in [2ᵉ, 2ᵉ⁺¹), the step is at most h = 2ᵉ⁻²³, so that
/// - a mean moves by at most h / 2,
/// - a variance σ² grows by about h² / 12, as if by noise: by (h / σ)² / 12 of itself,
/// - the log-density of a point z standard deviations from a mean changes by at most about |z| h / 2σ per
///   coordinate, up or down.
///
/// What counts is the spread beside the magnitude: a column of 10⁶ ± 1 has h = 1/16. A column
/// that spreads over fewer than 1024 steps, and is not of exact `Float`s, is refused.
///
/// Source: Higham (2002), *Accuracy and Stability of Numerical Algorithms*, §2.2; Widrow & Kollár (2008),
/// *Quantization Noise*, ch. 4, for h² / 12.
public struct SinglePrecisionMatrix: Sendable, Equatable {
  /// The number of rows.
  public let rowCount: Int

  /// The number of columns.
  public let columnCount: Int

  /// One name per column.
  public let columnNames: [String]

  /// The entries, row by row.
  public let elements: [Float]

  /// Points that are in single precision already.
  ///
  /// - Parameters:
  ///   - elements: `rowCount` · `columnCount` numbers, row by row.
  ///   - columnNames: one per column, `x1`, `x2`, … unless given.
  /// - Precondition: `elements.count == rowCount * columnCount`.
  public init(
    rowCount: Int, columnCount: Int, elements: [Float], columnNames: [String]? = nil
  ) {
    precondition(
      rowCount >= 0 && columnCount >= 0 && elements.count == rowCount * columnCount,
      "\(elements.count) entries do not fill \(rowCount) rows of \(columnCount)")
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.elements = elements
    self.columnNames = columnNames ?? (0..<columnCount).map { "x\($0 + 1)" }
    precondition(self.columnNames.count == columnCount, "one name per column")
  }

  /// The points of any source, rounded.
  ///
  /// - Throws: ``DataError`` for a column that does not survive rounding: a value beyond the range of
  ///   `Float`, or a spread of fewer than 1024 steps.
  public init(rounding points: any PointSource) throws(DataError) {
    guard points.dimension > 0 else { throw .noColumns }
    var rounding = SinglePrecisionRounding(dimension: points.dimension)
    var elements: [Float] = []
    elements.reserveCapacity(points.count * points.dimension)
    points.forEachRow { rounding.append($0, to: &elements) }
    try points.checkReading()
    try rounding.check(names: points.featureNames)
    self.init(
      rowCount: points.count, columnCount: points.dimension, elements: elements,
      columnNames: points.featureNames)
  }
}

extension SinglePrecisionMatrix: PointSource {
  public var count: Int { rowCount }
  public var dimension: Int { columnCount }
  public var featureNames: [String] { columnNames }

  public func read(_ rows: Range<Int>, into tile: inout Tile) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= rowCount, "no rows \(rows)")
    elements.withUnsafeBufferPointer { all in
      guard let start = all.baseAddress else { return }
      tile.load(
        rows, rowMajor: start + rows.lowerBound * columnCount, rowStride: columnCount,
        following: rowCount - rows.upperBound)
    }
  }
}

/// Rounds rows to single precision, and knows what the columns have lost by it.
package struct SinglePrecisionRounding: Sendable {
  /// A spread of fewer steps than this is lost.
  private static let fewestSteps = 1024.0

  private struct Column {
    var lowest = Double.infinity
    var highest = -Double.infinity
    var isExact = true
    var overflow: (row: Int, value: Double)?
  }

  private var columns: [Column]
  private var rowCount = 0

  package init(dimension: Int) { columns = Array(repeating: Column(), count: dimension) }

  /// Rounds one row.
  package mutating func append(_ row: UnsafeBufferPointer<Double>, to rounded: inout [Float]) {
    for (index, value) in row.enumerated() {
      let nearest = Float(value)
      rounded.append(nearest)
      guard value.isFinite else { continue }  // whoever uses the points refuses it
      columns[index].lowest = min(columns[index].lowest, value)
      columns[index].highest = max(columns[index].highest, value)
      if Double(nearest) != value { columns[index].isExact = false }
      if nearest.isInfinite, columns[index].overflow == nil {
        columns[index].overflow = (rowCount, value)
      }
    }
    rowCount += 1
  }

  /// Throws for the first column that is beyond the range or the resolution of single precision.
  package func check(names: [String]) throws(DataError) {
    for (index, column) in columns.enumerated() where !column.isExact {
      if let (row, value) = column.overflow {
        throw .beyondSinglePrecision(row: row, column: index, name: names[index], value: value)
      }
      let spread = column.highest - column.lowest
      let step = Double(Float(max(abs(column.lowest), abs(column.highest))).ulp)
      if spread > 0, spread < Self.fewestSteps * step {
        throw .lostInSinglePrecision(
          column: index, name: names[index], spread: spread, step: step)
      }
    }
  }
}

extension PointSource {
  /// Calls `body` with the coordinates of each point, in order.
  package func forEachRow<Failure>(
    _ body: (UnsafeBufferPointer<Double>) throws(Failure) -> Void
  ) throws(Failure) {
    guard dimension > 0 else { return }
    var tile = Tile(capacity: 512, dimension: dimension)
    var row = Array(repeating: 0.0, count: dimension)
    for start in stride(from: 0, to: count, by: tile.capacity) {
      let rows = start..<Swift.min(count, start + tile.capacity)
      willRead(rows)
      read(rows, into: &tile)
      for index in 0..<tile.count {
        for column in 0..<dimension { row[column] = tile[index, column] }
        try row.withUnsafeBufferPointer(body)
      }
    }
  }
}
