/// The chosen columns of an NPY file.
struct NPYTable {
  let points: NPYPoints
  let classes: [String]?
  let weights: [Double]?

  init(
    _ file: FileBytes, path: String, selecting selection: ColumnSelection
  ) throws(TableError) {
    let header: NPYHeader
    do throws(NPYFault) {
      header = try NPYHeader(file.all)
    } catch {
      throw TableError(error, path: path)
    }
    guard header.rowCount > 0, header.columnCount > 0 else {
      throw TableError(
        .invalidData, path: path,
        problem: "the NPY file holds \(header.rowCount) × \(header.columnCount) values",
        advice: "It should hold a row of numbers for each point.")
    }
    guard header.columnCount <= ColumnNames.limit else {
      throw TableError(
        .invalidData, path: path,
        problem: "the NPY file has more than \(ColumnNames.limit) columns",
        advice: "Save a matrix with a row per point.")
    }
    let names = ColumnNames(
      all: (1...header.columnCount).map { "x\($0)" }, areFromFile: false)
    let roles = try ColumnRoles(selection, of: names, in: path)
    points = NPYPoints(file, header, columns: roles.features, names: roles.featureNames)
    classes = try roles.classColumn.map { index throws(TableError) in
      try header.column(index, of: file).map { value throws(TableError) in
        guard !value.isNaN else {
          throw Self.error(path, names.column(index), "expected a class", value)
        }
        return Int(exactly: value).map(String.init) ?? "\(value)"
      }
    }
    weights = try roles.weightColumn.map { index throws(TableError) in
      let weights = header.column(index, of: file)
      if let weight = weights.first(where: { !($0 >= 0 && $0.isFinite) }) {
        throw Self.error(path, names.column(index), "expected a weight of at least 0", weight)
      }
      return weights
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

extension NPYHeader {
  fileprivate func column(_ index: Int, of file: FileBytes) -> [Double] {
    Array(unsafeUninitializedCapacity: rowCount) { memory, count in
      read(
        column: index, from: 0, of: file,
        into: UnsafeMutableBufferPointer(rebasing: memory[..<rowCount]))
      count = rowCount
    }
  }
}
