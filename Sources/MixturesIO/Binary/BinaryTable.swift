import Mixtures

/// The chosen columns of a binary file.
struct BinaryTable {
  let points: BinaryPoints
  let classes: [String]?
  let weights: BinaryPoints?

  /// The columns of the file, and which of them are the points'.
  let names: ColumnNames
  let columns: [Int]

  init(
    _ bytes: any ByteStore, _ layout: NumberLayout, path: String,
    selecting selection: ColumnSelection
  ) throws(TableError) {
    guard layout.rowCount > 0, layout.columnCount > 0 else {
      throw TableError(
        .invalidData, path: path,
        problem: "the file holds \(layout.rowCount) × \(layout.columnCount) values",
        advice: "It should hold a row of numbers for each point.")
    }
    guard layout.columnCount <= ColumnNames.limit else {
      throw TableError(
        .invalidData, path: path,
        problem: "the file has more than \(ColumnNames.limit) columns",
        advice: "Save a matrix with a row per point.")
    }
    let names = ColumnNames(
      all: (1...layout.columnCount).map { "x\($0)" }, areFromFile: false)
    let roles = try ColumnRoles(selection, of: names, in: path)
    self.names = names
    columns = roles.features
    func column(_ index: Int) -> BinaryPoints {
      BinaryPoints(bytes, layout, columns: [index], names: [names.all[index]])
    }
    points = BinaryPoints(bytes, layout, columns: roles.features, names: roles.featureNames)
    weights = roles.weightColumn.map(column)
    var classes: [String] = []
    if let index = roles.classColumn {
      try column(index).forEachRow { row throws(TableError) in
        guard !row[0].isNaN else {
          throw Self.error(path, names.column(index), "expected a class", row[0])
        }
        classes.append(Int(exactly: row[0]).map(String.init) ?? "\(row[0])")
      }
    }
    self.classes = roles.classColumn == nil ? nil : classes
    if let index = roles.weightColumn {
      try column(index).forEachRow { row throws(TableError) in
        guard row[0] >= 0, row[0].isFinite else {
          throw Self.error(
            path, names.column(index), "expected a weight of at least 0", row[0])
        }
      }
    }
    try checkReading(path)
  }

  /// Throws if the file could not be read so far.
  func checkReading(_ path: String) throws(TableError) {
    do throws(DataError) {
      try points.checkReading()
    } catch {
      throw TableError(error, names, columns: columns, path: path)
    }
  }

  private static func error(
    _ path: String, _ column: TableError.Column, _ expected: String, _ found: Double
  ) -> TableError {
    TableError(
      .invalidData, path: path, column: column, problem: "\(expected), found \(found)",
      advice: "Correct or remove the row.")
  }
}
