/// Reads the chosen columns of a text table in one pass, row by row.
struct CSVReader {
  /// What to do with the cells of a column.
  private enum Use {
    case skip
    case feature(Int)
    /// Which of the text columns it is.
    case text(Int)
    case weight
  }

  private let table: CSVTable
  private let roles: ColumnRoles
  private let keepsMissing: Bool
  private let uses: [Use]
  private var scanner: CSVScanner

  /// What the last row says beside its features.
  private var lastTexts: [String]
  private var weight = 1.0
  private var knownTexts: Set<String> = []

  /// How many cells of features are missing.
  private(set) var missingCellCount = 0
  private var missingInRow = 0

  /// The text of each row, for each of the text columns.
  private var texts: [[String]]

  init(_ table: CSVTable, _ roles: ColumnRoles, keepsMissing: Bool) {
    self.table = table
    self.roles = roles
    self.keepsMissing = keepsMissing
    scanner = table.rows
    var uses = [Use](repeating: .skip, count: table.width)
    for (coordinate, index) in roles.features.enumerated() { uses[index] = .feature(coordinate) }
    for (number, index) in roles.textColumns.enumerated() { uses[index] = .text(number) }
    texts = roles.textColumns.map { _ in [] }
    lastTexts = roles.textColumns.map { _ in "" }
    if let index = roles.weightColumn { uses[index] = .weight }
    self.uses = uses
  }

  /// Reads all rows while the window moves over them.
  ///
  /// A row that may go on behind the window is read again when all of it can be seen.
  ///
  /// - Parameter weights: takes the weight of each row, if a column has it.
  mutating func read(
    _ window: TextWindow, into points: inout RowPacker, weights: inout RowPacker?
  ) throws(TableError) {
    if window.isLast { reserve(&points, &weights) }
    let row = UnsafeMutableBufferPointer<Double>.allocate(capacity: roles.features.count)
    defer { row.deallocate() }
    var isEmpty = true
    while true {
      guard scanner.moveToNextRow() else {
        if window.isLast { break }
        try moveOn(window)
        continue
      }
      let start = scanner
      do throws(TableError) {
        try readRow(into: row)
      } catch {
        if window.isLast || start.isAtWholeRow { throw error }
        scanner = start
        try moveOn(window)
        continue
      }
      if scanner.isAtEnd, !window.isLast {
        scanner = start
        try moveOn(window)
        continue
      }
      isEmpty = false
      missingCellCount += missingInRow
      try points.append(UnsafeBufferPointer(row))
      for number in texts.indices { texts[number].append(lastTexts[number]) }
      guard weights != nil else { continue }
      try withUnsafePointer(to: weight) { weight throws(TableError) in
        try weights?.append(UnsafeBufferPointer(start: weight, count: 1))
      }
    }
    if isEmpty {
      throw TableError(
        .invalidData, path: table.path, problem: "the file has a header and no rows",
        advice: "It should hold a row of numbers for each point.")
    }
  }

  /// Makes room for no fewer rows than there are, so that nothing grows and moves: a row has a line
  /// break, or the end of the file, and `width` − 1 delimiters.
  private mutating func reserve(_ points: inout RowPacker, _ weights: inout RowPacker?) {
    let most = min(scanner.lineBreaksAhead, scanner.bytesAhead / table.width) + 1
    points.reserve(rows: most)
    weights?.reserve(rows: most)
    for number in texts.indices { texts[number].reserveCapacity(most) }
  }

  /// The text of each row in the column at `index`; `nil` for none.
  func texts(of index: Int?) -> [String]? {
    index.flatMap(roles.textColumns.firstIndex).map { texts[$0] }
  }

  /// Lets the window begin where the scanner is.
  private mutating func moveOn(_ window: TextWindow) throws(TableError) {
    guard scanner.bytesAhead < TextWindow.limit else {
      throw TableError(
        .invalidData, path: table.path, line: scanner.line,
        problem: "a row is longer than \(TextWindow.limit >> 20) MiB",
        advice: "Look for a quotation mark that is not closed, or for line breaks that are missing."
      )
    }
    do throws(SystemError) {
      try window.moveOn(to: scanner.position)
    } catch {
      throw TableError(unreadable: error, path: table.path)
    }
    scanner = CSVScanner(window.text, delimiter: table.dialect.delimiter, line: scanner.line)
  }

  private mutating func readRow(into row: UnsafeMutableBufferPointer<Double>) throws(TableError) {
    let line = scanner.line
    missingInRow = 0
    for column in uses.indices {
      switch uses[column] {
      case .feature(let coordinate):
        row[coordinate] = try number(column)
      case .skip:
        _ = try cell()
      case .text(let number):
        lastTexts[number] = try text(column)
      case .weight:
        weight = try weight(column)
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
    guard !cell.isMissing else {
      guard keepsMissing, column != roles.weightColumn else { throw missingError(cell, column) }
      missingInRow += 1
      return .nan
    }
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

  private mutating func text(_ column: Int) throws(TableError) -> String {
    let cell = try cell()
    guard cell.isQuoted ? cell.start < cell.end : !cell.isMissing else {
      if allowsMissing(column) { return "" }
      throw missingError(cell, column)
    }
    let text = cell.text
    // Up to fifteen bytes live in the string itself; share the memory of longer ones.
    return text.utf8.count < 16 ? text : knownTexts.insert(text).memberAfterInsert
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
      cell, column, expected: expectation(column),
      found: isEmpty ? "an empty cell" : "the missing value \(Excerpt(cell.bytes).quoted)",
      advice: "Remove the row, or \(leavingOut(column)).")
  }

  /// A label need not be known, unless it is something else as well.
  private func allowsMissing(_ column: Int) -> Bool {
    column == roles.labelColumn && column != roles.classColumn && column != roles.foldColumn
  }

  private func expectation(_ column: Int) -> String {
    switch column {
    case roles.classColumn: "a class"
    case roles.foldColumn: "a fold"
    default: "a number"
    }
  }

  private func leavingOut(_ column: Int) -> String {
    if column == roles.weightColumn || roles.textColumns.contains(column) {
      return "do without \(roles.role(of: column))"
    }
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
