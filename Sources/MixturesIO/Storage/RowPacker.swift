import Mixtures

/// Takes rows one by one and makes them points: in memory or in a temporary file, as they are or in
/// single precision.
struct RowPacker {
  private let dimension: Int
  private let path: String
  private var rowCount = 0
  private var doubles: [Double] = []
  private var singles: [Float] = []
  private var rounding: SinglePrecisionRounding?

  /// Nil where rows stay in memory.
  private let file: StreamedFile?

  /// Numbers that wait for the file.
  private static let pendingLimit = 1 << 15

  /// - Parameter path: the file that the rows come from, for messages.
  init(
    dimension: Int, precision: TableOptions.Precision, inFile isInFile: Bool, path: String
  ) throws(TableError) {
    self.dimension = dimension
    self.path = path
    rounding = precision == .float32 ? SinglePrecisionRounding(dimension: dimension) : nil
    do throws(SystemError) {
      file = isInFile ? try StreamedFile(.temporary(in: FileSystem.temporaryFolder)) : nil
    } catch {
      throw TableError(unstorable: error, path: path)
    }
  }

  /// Makes room for rows that stay in memory.
  mutating func reserve(rows: Int) {
    guard file == nil else { return }
    if rounding == nil {
      doubles.reserveCapacity(rows * dimension)
    } else {
      singles.reserveCapacity(rows * dimension)
    }
  }

  /// Takes one row.
  mutating func append(_ row: UnsafeBufferPointer<Double>) throws(TableError) {
    rowCount += 1
    if rounding == nil {
      doubles.append(contentsOf: row)
    } else {
      rounding?.append(row, to: &singles)
    }
    if doubles.count + singles.count >= Self.pendingLimit { try flush() }
  }

  /// Writes what waits, if there is a file.
  private mutating func flush() throws(TableError) {
    guard let file else { return }
    do throws(SystemError) {
      try doubles.withUnsafeBufferPointer { values throws(SystemError) in
        try file.write(UnsafeRawBufferPointer(values))
      }
      try singles.withUnsafeBufferPointer { values throws(SystemError) in
        try file.write(UnsafeRawBufferPointer(values))
      }
    } catch {
      throw TableError(unstorable: error, path: path)
    }
    doubles.removeAll(keepingCapacity: true)
    singles.removeAll(keepingCapacity: true)
  }

  /// The rows as points.
  ///
  /// - Throws: ``TableError`` for a column that single precision cannot hold.
  mutating func finish(_ names: ColumnNames, columns: [Int]) throws(TableError) -> any PointSource {
    try flush()
    let featureNames = columns.map { names.all[$0] }
    do throws(DataError) {
      try rounding?.check(names: featureNames)
    } catch {
      throw TableError(error, names, columns: columns, path: path)
    }
    let isSingle = rounding != nil
    guard let file else {
      return isSingle
        ? SinglePrecisionMatrix(
          rowCount: rowCount, columnCount: dimension, elements: singles, columnNames: featureNames)
        : Matrix(
          rowCount: rowCount, columnCount: dimension, elements: doubles, columnNames: featureNames)
    }
    let layout = NumberLayout(
      type: isSingle ? .float32 : .float64, isBigEndian: 1.bigEndian == 1, isColumnMajor: false,
      rowCount: rowCount, columnCount: dimension, dataOffset: 0)
    return BinaryPoints(
      file, layout, columns: Array(0..<dimension), names: featureNames)
  }
}

extension TableError {
  init(unstorable error: SystemError, path: String) {
    self.init(
      .unstorable, path: path,
      problem: "cannot be packed into a temporary file in \(FileSystem.temporaryFolder): "
        + error.reason,
      advice: "Set the environment variable TMPDIR to a folder with enough room.")
  }

  /// What rounding would lose, in the words of the file.
  init(_ error: DataError, _ names: ColumnNames, columns: [Int], path: String) {
    switch error {
    case .beyondSinglePrecision(let row, let column, _, let value):
      self.init(
        .invalidData, path: path, column: names.column(columns[column]),
        problem: "row \(row + 1): expected a value within the range of Float32, found \(value)",
        advice: "Use --precision float64, or divide the column by a power of ten.")
    case .lostInSinglePrecision(let column, _, let spread, let step):
      self.init(
        .invalidData, path: path, column: names.column(columns[column]),
        problem: "expected values that Float32 tells apart, found a spread of \(spread) where "
          + "Float32 resolves steps of \(step)",
        advice: "Use --precision float64, or subtract a constant from the column.")
    case .unreadable(let row, let reason):
      self.init(
        .unreadable, path: path, problem: "row \(row + 1) could not be read: \(reason)",
        advice: "Leave the file alone while it is used, and run again.")
    default:  // none that reading throws; whole sentences all the same
      let problem = error.description
      self.init(
        .invalidData, path: path,
        problem: problem.hasSuffix(".") ? String(problem.dropLast()) : problem,
        advice: "Correct the file, and run again.")
    }
  }
}
