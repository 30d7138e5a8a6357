/// Reads the chosen columns of a text table in one pass.
///
/// Beside the file, memory holds the dense rows alone: line breaks are counted first, so
/// that nothing grows and moves.
struct CSVReader {
  /// What to do with the cells of a column.
  private enum Use {
    case skip
    case feature(Int)
    case label
    case weight
  }

  private let table: CSVTable
  private let roles: ColumnRoles
  private let uses: [Use]
  private var scanner: CSVScanner

  private(set) var rowCount = 0
  private(set) var elements: [Double] = []
  private(set) var classes: [String] = []
  private(set) var weights: [Double] = []
  private var knownLabels: Set<String> = []

  /// Reads all rows.
  init(_ table: CSVTable, _ roles: ColumnRoles) throws(TableError) {
    self.table = table
    self.roles = roles
    scanner = table.rows
    var uses = [Use](repeating: .skip, count: table.width)
    for (coordinate, index) in roles.features.enumerated() { uses[index] = .feature(coordinate) }
    if let index = roles.classColumn { uses[index] = .label }
    if let index = roles.weightColumn { uses[index] = .weight }
    self.uses = uses
    try readRows()
    guard rowCount > 0 else {
      throw TableError(
        .invalidData, path: table.path, problem: "the file has a header and no rows",
        advice: "It should hold a row of numbers for each point.")
    }
  }

  /// No fewer rows than there are: a row has a line break, or the end of the file, and
  /// `width` − 1 delimiters.
  private var mostRows: Int {
    let (start, end) = (scanner.position, table.file.end)
    return min(lineBreakCount(from: start, to: end), (end - start) / table.width) + 1
  }

  private mutating func readRows() throws(TableError) {
    let most = mostRows
    if roles.classColumn != nil { classes.reserveCapacity(most) }
    if roles.weightColumn != nil { weights.reserveCapacity(most) }

    let dimension = roles.features.count
    var failure: TableError?
    elements = Array(unsafeUninitializedCapacity: most * dimension) { memory, count in
      do throws(TableError) {
        while scanner.moveToNextRow() {
          precondition(count + dimension <= memory.count, "more rows than line breaks")
          let row = UnsafeMutableBufferPointer(rebasing: memory[count..<(count + dimension)])
          try readRow(into: row)
          count += dimension
          rowCount += 1
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  private mutating func readRow(into row: UnsafeMutableBufferPointer<Double>) throws(TableError) {
    let line = scanner.line
    for column in uses.indices {
      switch uses[column] {
      case .feature(let coordinate):
        row[coordinate] = try number(column)
      case .skip:
        _ = try cell()
      case .label:
        classes.append(try label(column))
      case .weight:
        weights.append(try weight(column))
      }
      let isLast = column == uses.count - 1
      guard (scanner.separator() == .endOfRow) == isLast else {
        throw widthError(line, found: isLast ? nil : column + 1)
      }
    }
  }

  private mutating func cell() throws(TableError) -> CSVCell {
    do throws(CSVFault) {
      return try scanner.cell()
    } catch {
      throw TableError(error, path: table.path)
    }
  }

  @inline(__always)
  private mutating func number(_ column: Int) throws(TableError) -> Double {
    if let number = scanner.number() { return number }
    return try carefulNumber(column)
  }

  /// The number in a cell that is more than blanks and digits, or the reason why there is none.
  @inline(never)
  private mutating func carefulNumber(_ column: Int) throws(TableError) -> Double {
    let cell = try cell()
    guard !cell.isMissing else { throw missingError(cell, column) }
    let number = cell.number
    switch number.outcome {
    case .value:
      return number.value
    case .beyondRange:
      throw error(
        cell, column, expected: "a number",
        found: "\(Excerpt(cell.bytes).quoted), which is beyond the range of Float64",
        advice: "Correct the cell, or remove the row.")
    case .notANumber:
      throw error(
        cell, column, expected: "a number", found: Excerpt(cell.text).quoted,
        advice: adviceAgainst(cell) ?? "Remove the row, or \(leavingOut(column)).")
    }
  }

  private mutating func weight(_ column: Int) throws(TableError) -> Double {
    let before = scanner
    let weight = try number(column)
    if weight >= 0 { return weight }
    scanner = before
    let cell = try cell()
    throw error(
      cell, column, expected: "a weight of at least 0", found: Excerpt(cell.text).quoted,
      advice: "Correct the weight, or remove the row.")
  }

  private mutating func label(_ column: Int) throws(TableError) -> String {
    let cell = try cell()
    guard cell.isQuoted ? cell.start < cell.end : !cell.isMissing else {
      throw missingError(cell, column)
    }
    let text = cell.text
    // Up to fifteen bytes live in the string itself; share the memory of longer ones.
    return text.utf8.count < 16 ? text : knownLabels.insert(text).memberAfterInsert
  }
}

// MARK: - Errors

extension CSVReader {
  private func error(
    _ cell: CSVCell, _ column: Int, expected: String, found: String, advice: String
  ) -> TableError {
    TableError(
      .invalidData, path: table.path, line: cell.line, column: table.names.column(column),
      problem: "expected \(expected), found \(found)", advice: advice)
  }

  private func missingError(_ cell: CSVCell, _ column: Int) -> TableError {
    let isEmpty = cell.start == cell.end
    return error(
      cell, column, expected: roles.classColumn == column ? "a class" : "a number",
      found: isEmpty ? "an empty cell" : "the missing value \(Excerpt(cell.bytes).quoted)",
      advice: "Remove the row, or \(leavingOut(column)).")
  }

  private func leavingOut(_ column: Int) -> String {
    if column == roles.classColumn { return "do without the class" }
    if column == roles.weightColumn { return "do without the weight" }
    return "leave the column out with --exclude \(table.names.option(column))"
  }

  /// What to do about two usual mistakes that concern every row.
  private func adviceAgainst(_ cell: CSVCell) -> String? {
    if table.dialect.delimiter != comma, cell.bytes.contains(comma) {
      return "Write decimals with a point."
    }
    if table.width == 1, cell.bytes.contains(where: { $0 == space || $0 == tab }) {
      return "Separate the cells by comma, tab or semicolon."
    }
    return nil
  }

  /// - Parameter found: nil if the row goes on after the last column.
  private func widthError(_ line: Int, found: Int?) -> TableError {
    var count = found ?? table.width + 1
    if found == nil {
      var rest = scanner
      while (try? rest.cell()) != nil, rest.separator() == .delimiter { count += 1 }
    }
    let cells = table.width == 1 ? "1 cell" : "\(table.width) cells"
    return TableError(
      .invalidData, path: table.path, line: line,
      problem: "expected \(cells) as in the first row, found \(count)",
      advice: "Complete or remove the row; quote a cell that contains a delimiter.")
  }
}

extension ColumnNames {
  /// What a user types to name the column at `index` on a command line.
  fileprivate func option(_ index: Int) -> String {
    let isPlain = all[index].utf8.allSatisfy { byte in
      (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
        || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") || byte == UInt8(ascii: "_")
    }
    let isUnique = all.count { $0 == all[index] } == 1
    return isPlain && isUnique && all[index].utf8.count <= Excerpt.limit
      ? all[index] : "\(index + 1)"
  }
}
