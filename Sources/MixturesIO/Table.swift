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
///   coordinate per point, as integers or floating-point numbers. See ``NPYPoints``.
///
/// A text table is read into a dense matrix; an NPY file stays on disk, and its pages are
/// read when needed. In both cases the file must not change meanwhile: a mapped file that
/// another process shortens ends this process with a bus error.
public struct Table: Sendable {
  /// A `Matrix` from text, ``NPYPoints`` from NPY; `featureNames` are those of the columns.
  public let points: any PointSource

  /// Whether the columns have names in the file. If not, they are `x1`, `x2`, ….
  public let hasHeader: Bool

  /// One text per row, if a class column was chosen.
  public let classes: [String]?

  /// One finite weight ≥ 0 per row, if a weight column was chosen.
  public let weights: [Double]?

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: `-` is standard input.
  ///   - selection: which columns are what. Columns without a role are not read as numbers.
  /// - Throws: ``TableError`` naming the first line and column that is not as it should be.
  /// - Complexity: one pass. Memory is that of the *n* × *d* numbers for text; for
  ///   NPY and for skipped columns there is none. What comes through a pipe is kept whole
  ///   beside them.
  public init(
    contentsOf path: String, selecting selection: ColumnSelection = ColumnSelection()
  ) throws(TableError) {
    let file: FileBytes
    do throws(SystemFailure) {
      file = try FileBytes(contentsOf: path)
    } catch {
      throw TableError(
        .unreadable, path: path, problem: "cannot be read: \(error.reason)",
        advice: "Check the path and the permissions.")
    }
    try self.init(file, path: path, selecting: selection)
  }

  package init(
    _ file: FileBytes, path: String, selecting selection: ColumnSelection
  ) throws(TableError) {
    defer { file.keepAlive() }
    if file.all.starts(with: NPYHeader.magic) {
      let table = try NPYTable(file, path: path, selecting: selection)
      points = table.points
      hasHeader = false
      classes = table.classes
      weights = table.weights
      return
    }
    if let format = ForeignFormat(of: file.all) {
      throw TableError(
        .invalidData, path: path, problem: "expected a text table or NPY, found \(format.name)",
        advice: format.advice)
    }
    let table = try CSVTable(file, path: path)
    let roles = try ColumnRoles(selection, of: table.names, in: path)
    let reader = try CSVReader(table, roles)
    points = Matrix(
      rowCount: reader.rowCount, columnCount: roles.features.count, elements: reader.elements,
      columnNames: roles.featureNames)
    hasHeader = table.hasHeader
    classes = roles.classColumn == nil ? nil : reader.classes
    weights = roles.weightColumn == nil ? nil : reader.weights
  }
}
