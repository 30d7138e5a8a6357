/// The layout of a text table: its dialect, the names of its columns, where its rows begin.
///
/// The first row is a header if it holds a text that is neither a number nor a missing
/// value, and either holds no number at all or has, below one of its texts, a number in
/// the next row. So `5.1,setosa` above `4.9,setosa` are two rows without a header, and
/// `country,1990` above `7,0.3` is a header with a row.
struct CSVTable {
  let path: String
  let dialect: CSVDialect
  let names: ColumnNames

  /// Before the first row that is data.
  let rows: CSVScanner

  var hasHeader: Bool { names.areFromFile }
  var width: Int { names.all.count }

  /// Looks at the first rows, which must be whole: see ``isLaidOut(by:)``.
  init(_ text: UnsafeBufferPointer<UInt8>, path: String) throws(TableError) {
    self.path = path
    dialect = CSVDialect(of: text)

    let start = CSVScanner(text, at: dialect.start, delimiter: dialect.delimiter)
    var scanner = start
    guard scanner.moveToNextRow() else {
      throw TableError(
        .invalidData, path: path, problem: "the file is empty",
        advice: "It should hold a row of numbers for each point.")
    }
    let first: [CSVCell]
    do throws(CSVFault) {
      first = try Self.row(&scanner)
    } catch {
      throw TableError(error, path: path)
    }
    guard first.count <= ColumnNames.limit else {
      throw TableError(
        .invalidData, path: path, line: first[0].line,
        problem: "the row has more than \(ColumnNames.limit) cells",
        advice: "Write one point per line.")
    }
    var ahead = scanner
    let second = ahead.moveToNextRow() ? (try? Self.row(&ahead)) ?? [] : []

    let hasHeader = Self.isHeader(first, above: second)
    names = ColumnNames(
      all: first.enumerated().map { index, cell in
        let text = hasHeader ? cell.text : ""
        return text.isEmpty ? "x\(index + 1)" : text
      }, areFromFile: hasHeader)
    rows = hasHeader ? scanner : start
  }

  /// Whether the beginning of a text says as much of the table as the whole.
  static func isLaidOut(by text: UnsafeBufferPointer<UInt8>) -> Bool {
    let dialect = CSVDialect(of: text)
    guard dialect.isCertain else { return false }
    var scanner = CSVScanner(text, at: dialect.start, delimiter: dialect.delimiter)
    for _ in 0..<2 {
      guard scanner.moveToNextRow(), scanner.isAtWholeRow else { return false }
      _ = try? row(&scanner)
    }
    return true
  }

  private static func row(_ scanner: inout CSVScanner) throws(CSVFault) -> [CSVCell] {
    var cells: [CSVCell] = []
    repeat {
      cells.append(try scanner.cell())
    } while scanner.separator() == .delimiter
      && cells.count <= ColumnNames.limit
    return cells
  }

  private static func isHeader(_ first: [CSVCell], above second: [CSVCell]) -> Bool {
    let texts = first.indices.filter { !first[$0].isMissing && !first[$0].isNumber }
    if texts.isEmpty { return false }
    return !first.contains(where: \.isNumber)
      || texts.contains { $0 < second.count && second[$0].isNumber }
  }
}

extension CSVCell {
  fileprivate var isNumber: Bool { number.outcome != .notANumber }
}

extension TableError {
  init(_ fault: CSVFault, path: String) {
    switch fault {
    case .unclosedQuote(let line):
      self.init(
        .invalidData, path: path, line: line,
        problem: "a quotation mark opens a cell and none closes it",
        advice: "Close the cell; inside it, write a quotation mark twice.")
    case .textAfterQuote(let line):
      self.init(
        .invalidData, path: path, line: line,
        problem: "text follows the closing quotation mark of a cell",
        advice: "Separate the cells; inside one, write a quotation mark twice.")
    }
  }
}
