import Mixtures

/// The chosen columns of a binary file.
struct BinaryTable {
  let points: BinaryPoints
  let classes: [String]?
  let folds: [String]?
  let labels: [String]?
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
    // What could not be read is all ones, and that is no fault of the data.
    func fault(_ index: Int, _ expected: String, _ found: Double) -> TableError {
      do throws(DataError) {
        try column(index).checkReading()
      } catch {
        return TableError(error, names, columns: [index], path: path)
      }
      return TableError(
        .invalidData, path: path, column: names.column(index),
        problem: "expected \(expected), found \(found)", advice: "Correct or remove the row.")
    }
    // Without an expectation, a missing value is an empty text.
    func texts(_ index: Int?, _ expectation: String?) throws(TableError) -> [String]? {
      guard let index else { return nil }
      var texts: [String] = []
      try column(index).forEachRow { row throws(TableError) in
        guard !row[0].isNaN else {
          guard let expectation else {
            texts.append("")
            return
          }
          throw fault(index, expectation, row[0])
        }
        texts.append(Int(exactly: row[0]).map(String.init) ?? "\(row[0])")
      }
      return texts
    }
    classes = try texts(roles.classColumn, "a class")
    folds = try texts(roles.foldColumn, "a fold")
    labels = try texts(roles.labelColumn, nil)
    if let index = roles.weightColumn {
      try column(index).forEachRow { row throws(TableError) in
        guard row[0] >= 0, row[0].isFinite else {
          throw fault(index, "a weight of at least 0", row[0])
        }
      }
    }
    try checkReading(path)
  }

  /// How many coordinates are NaN: one pass.
  func missingCellCount(_ path: String) throws(TableError) -> Int {
    var count = 0
    points.forEachRow { row in count += row.count(where: \.isNaN) }
    try checkReading(path)
    return count
  }

  /// Throws if the file could not be read so far.
  func checkReading(_ path: String) throws(TableError) {
    do throws(DataError) {
      try points.checkReading()
    } catch {
      throw TableError(error, names, columns: columns, path: path)
    }
  }
}
