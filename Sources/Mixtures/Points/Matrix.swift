/// A table of numbers in memory, row by row.
///
/// As points, a row is a point xᵢ and a column a coordinate; as responsibilities, a row
/// is a point and a column a component.
public struct Matrix: Sendable, Equatable {
  /// The number of rows.
  public let rowCount: Int

  /// The number of columns.
  public let columnCount: Int

  /// One name per column.
  public var columnNames: [String]

  /// The entries, row by row.
  public private(set) var elements: [Double]

  /// A matrix of the given shape from its entries, row by row.
  ///
  /// - Parameters:
  ///   - rowCount: at least zero.
  ///   - columnCount: at least zero.
  ///   - elements: `rowCount` · `columnCount` numbers.
  ///   - columnNames: one per column, `x1`, `x2`, … unless given.
  /// - Precondition: `elements.count == rowCount * columnCount`.
  public init(
    rowCount: Int, columnCount: Int, elements: [Double], columnNames: [String]? = nil
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

  /// A matrix from its rows.
  ///
  /// - Precondition: all rows have the same length.
  public init(rows: [[Double]], columnNames: [String]? = nil) {
    let width = rows.first?.count ?? columnNames?.count ?? 0
    precondition(rows.allSatisfy { $0.count == width }, "all rows have the same length")
    self.init(
      rowCount: rows.count, columnCount: width, elements: rows.flatMap(\.self),
      columnNames: columnNames)
  }

  /// A matrix of zeros.
  public init(zerosOf rowCount: Int, by columnCount: Int) {
    self.init(
      rowCount: rowCount, columnCount: columnCount,
      elements: Array(repeating: 0, count: rowCount * columnCount))
  }

  /// The entry in the given row and column.
  public subscript(row: Int, column: Int) -> Double {
    get {
      precondition(column >= 0 && column < columnCount, "no column \(column)")
      return elements[row * columnCount + column]
    }
    set {
      precondition(column >= 0 && column < columnCount, "no column \(column)")
      elements[row * columnCount + column] = newValue
    }
  }

  /// The entries of one row.
  public func row(_ row: Int) -> [Double] {
    Array(elements[(row * columnCount)..<((row + 1) * columnCount)])
  }

  /// All rows.
  public var rows: [[Double]] { (0..<rowCount).map(row) }
}

extension Matrix: PointSource {
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

extension Matrix {
  /// All points of a source, in memory.
  public init(copying points: any PointSource) {
    if let matrix = points as? Matrix {
      self = matrix
      return
    }
    var elements: [Double] = []
    elements.reserveCapacity(points.count * points.dimension)
    points.forEachRow { elements += $0 }
    self.init(
      rowCount: points.count, columnCount: points.dimension, elements: elements,
      columnNames: points.featureNames)
  }
}
