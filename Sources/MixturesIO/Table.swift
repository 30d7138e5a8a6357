import Mixtures

/// A data file: points, and what stands beside them.
///
/// Two formats are told apart by the first bytes of the file, not by its name.
///
/// - A *text table* has a row per line and cells separated by tab, semicolon or comma,
///   whichever of these comes first in this list and occurs on the first row. Cells may be
///   quoted as in RFC 4180: `""` inside is a quotation mark, and line breaks may occur.
///   Lines end with LF, CR LF or CR. A UTF-8 byte order mark, blank lines, lines whose
///   first character is `#` and blanks around a cell are passed over. The first row is a header if it holds a text
///   that is no number and either no number at all or, below one of its texts, a number.
///   Cells that are empty, `NA`, `NaN` (in any case) or `?` are missing values, and an
///   error in a column that is used.
/// - An *NPY* file, version 1 to 3, holds a matrix with a row per point, or one
///   coordinate per point, as integers or floating-point numbers. See ``BinaryPoints``.
///
/// - A *raw* file holds numbers and nothing else; only the caller can know that. See ``RawFormat``.
///
/// A text table is read into a dense matrix; a binary file stays on disk, and its pages are
/// read when needed. A large file of either kind is streamed, see ``TableOptions/isStreamed``.
/// The file must not change meanwhile: a mapped file that another process shortens ends
/// this process with a bus error, a streamed one makes `points.checkReading()` throw.
public struct Table: Sendable {
  /// A `Matrix` from text, ``BinaryPoints`` from NPY and raw files, a `SinglePrecisionMatrix` where they are
  /// rounded; streamed, ``BinaryPoints`` in any case. `featureNames` are those of the columns.
  public let points: any PointSource

  /// Whether the columns have names in the file. If not, they are `x1`, `x2`, ….
  public let hasHeader: Bool

  /// One text per row, if a class column was chosen.
  public let classes: [String]?

  /// The name of each row's fold, if a fold column was chosen.
  public let folds: [String]?

  /// The name of each row's component, `nil` where it is not known, if a label column was chosen.
  public let labels: [String?]?

  /// How many cells of features are missing, where they are kept, as NaN.
  public let missingCellCount: Int

  /// Which rows of the file these are, where others were left out; `nil` where none was.
  public private(set) var keptRows: KeptRows?

  /// Some rows of a file.
  public struct KeptRows: Sendable {
    /// Ascending, counting from zero.
    public let rows: [Int]

    /// How many the file has.
    public let totalCount: Int
  }

  /// One finite weight ≥ 0 per row, if a weight column was chosen: a source of one coordinate.
  public let weightColumn: (any PointSource)?

  /// The weights in memory.
  ///
  /// - Complexity: one pass over the weights each time.
  public var weights: [Double]? {
    guard let weightColumn else { return nil }
    var weights: [Double] = []
    weights.reserveCapacity(weightColumn.count)
    weightColumn.forEachRow { weights.append($0[0]) }
    return weights
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: `-` is standard input.
  ///   - selection: which columns are what. Columns without a role are not read as numbers.
  ///   - options: how the file is read and kept.
  /// - Throws: ``TableError`` naming the first line and column that is not as it should be.
  /// - Complexity: one pass over a text, none over a binary file unless it is rounded. Memory is that
  ///   of the *n* × *d* numbers for text, in 8 bytes or 4; for binary files and for skipped columns
  ///   there is none. What comes through a pipe is kept whole beside them. Streamed, memory is two
  ///   megabytes, the longest row of a text, and 16 bytes per row for the classes; while points are
  ///   read, at most as many rows of the file per thread as a tile has.
  public init(
    contentsOf path: String, selecting selection: ColumnSelection = ColumnSelection(),
    options: TableOptions = TableOptions()
  ) throws(TableError) {
    switch try OpenedFile(path, options) {
    case .mapped(let file):
      try self.init(file, path: path, selecting: selection, options: options)
    case .streamed(let file, let size):
      try self.init(streaming: file, size: size, path: path, selecting: selection, options: options)
    }
  }

  package init(
    _ file: FileBytes, path: String, selecting selection: ColumnSelection,
    options: TableOptions = TableOptions()
  ) throws(TableError) {
    defer { file.keepAlive() }
    let layout = try NumberLayout(
      in: file.all, fileSize: file.count, path: path, raw: options.raw)
    guard let layout else {
      try self.init(
        text: TextWindow(file), isStreamed: false, path: path, selecting: selection,
        options: options)
      return
    }
    try self.init(
      BinaryTable(file, layout, path: path, selecting: selection), isStreamed: false, path: path,
      options: options)
  }

  /// - Parameter size: nil for a pipe, which cannot be read at any place.
  private init(
    streaming file: StreamedFile, size: Int?, path: String, selecting selection: ColumnSelection,
    options: TableOptions
  ) throws(TableError) {
    let window = try TextWindow(file, path: path)
    defer { withExtendedLifetime(window) {} }
    guard options.raw != nil || window.text.starts(with: NPYHeader.magic) else {
      try self.init(
        text: window, isStreamed: true, path: path, selecting: selection, options: options)
      if let size, file.readCount < size {
        throw TableError(
          .unreadable, path: path, problem: "cannot be read: the file has become shorter",
          advice: "Leave the file alone while it is used, and run again.")
      }
      return
    }
    guard let size else {
      let (copy, size) = try window.copyOfFile(path: path)
      try self.init(
        streaming: copy, size: size, path: path, selecting: selection, options: options)
      return
    }
    let layout = try NumberLayout(
      in: window.text, fileSize: size, path: path, raw: options.raw)
    guard let layout else { preconditionFailure("raw numbers and NPY have a layout") }
    try self.init(
      BinaryTable(file, layout, path: path, selecting: selection), isStreamed: true, path: path,
      options: options)
  }

  /// The columns as they are, or rounded.
  private init(
    _ table: BinaryTable, isStreamed: Bool, path: String, options: TableOptions
  ) throws(TableError) {
    hasHeader = false
    classes = table.classes
    folds = table.folds
    labels = table.labels?.map { $0.isEmpty ? nil : $0 }
    weightColumn = table.weights
    missingCellCount = options.keepsMissing ? try table.missingCellCount(path) : 0
    guard options.precision == .float32, table.points.type.size > 4 else {
      points = table.points
      return
    }
    var packer = try RowPacker(
      dimension: table.points.dimension, precision: options.precision, inFile: isStreamed,
      path: path)
    packer.reserve(rows: table.points.count)
    try table.points.forEachRow { row throws(TableError) in try packer.append(row) }
    try table.checkReading(path)
    points = try packer.finish(table.names, columns: table.columns)
  }

  package init(
    text window: TextWindow, isStreamed: Bool, path: String, selecting selection: ColumnSelection,
    options: TableOptions = TableOptions()
  ) throws(TableError) {
    if let format = ForeignFormat(of: window.text) {
      throw TableError(
        .invalidData, path: path, problem: "expected a text table or NPY, found \(format.name)",
        advice: format.advice)
    }
    try window.showFirstRows(path: path)
    let table = try CSVTable(window.text, path: path)
    let roles = try ColumnRoles(selection, of: table.names, in: path)
    var reader = CSVReader(table, roles, keepsMissing: options.keepsMissing)
    var points = try RowPacker(
      dimension: roles.features.count, precision: options.precision, inFile: isStreamed, path: path)
    var weights = try roles.weightColumn.map { _ throws(TableError) in
      try RowPacker(dimension: 1, precision: .float64, inFile: isStreamed, path: path)
    }
    try reader.read(window, into: &points, weights: &weights)
    self.points = try points.finish(table.names, columns: roles.features)
    weightColumn = try weights?.finish(table.names, columns: [roles.weightColumn ?? 0])
    hasHeader = table.hasHeader
    classes = reader.texts(of: roles.classColumn)
    folds = reader.texts(of: roles.foldColumn)
    labels = reader.texts(of: roles.labelColumn)?.map { $0.isEmpty ? nil : $0 }
    missingCellCount = reader.missingCellCount
  }
}

extension Table {
  /// The table without the rows in which a cell of a feature is missing.
  ///
  /// - Throws: ``TableError`` where none is left.
  public func withoutMissing(path: String) throws(TableError) -> Table {
    guard missingCellCount > 0 else { return self }
    var (rows, elements): ([Int], [Double]) = ([], [])
    var row = 0
    points.forEachRow { values in
      if !values.contains(where: \.isNaN) {
        rows.append(row)
        elements += values
      }
      row += 1
    }
    guard !rows.isEmpty else {
      throw TableError(
        .invalidData, path: path, problem: "every row has a missing cell",
        advice: "Keep rows with missing cells (--missing exact), or exclude columns.")
    }
    let weights = weights
    return Table(
      points: Matrix(
        rowCount: rows.count, columnCount: points.dimension, elements: elements,
        columnNames: points.featureNames),
      weights: weights.map { weights in
        Matrix(rowCount: rows.count, columnCount: 1, elements: rows.map { weights[$0] })
      }, rows: rows, of: self)
  }

  private init(
    points: any PointSource, weights: (any PointSource)?, rows: [Int], of table: Table
  ) {
    self.points = points
    weightColumn = weights
    hasHeader = table.hasHeader
    classes = table.classes.map { texts in rows.map { texts[$0] } }
    folds = table.folds.map { texts in rows.map { texts[$0] } }
    labels = table.labels.map { texts in rows.map { texts[$0] } }
    missingCellCount = 0
    keptRows = KeptRows(rows: rows, totalCount: table.points.count)
  }
}
