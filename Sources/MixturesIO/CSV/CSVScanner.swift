/// A cell of a text table: a stretch of the file.
struct CSVCell {
  let start: UnsafePointer<UInt8>
  let end: UnsafePointer<UInt8>

  /// The line where it begins.
  let line: Int

  /// Whether it stood between quotation marks, which are not part of the stretch.
  let isQuoted: Bool

  /// Whether quotation marks inside are doubled.
  let hasDoubledQuotes: Bool

  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: end - start) }

  /// What the cell says; bytes that are no UTF-8 become U+FFFD.
  var text: String {
    guard hasDoubledQuotes else { return String(decoding: bytes, as: UTF8.self) }
    var wasQuote = false
    let single = bytes.filter { byte in
      let isSecond = wasQuote && byte == quote
      wasQuote = byte == quote && !isSecond
      return !isSecond
    }
    return String(decoding: single, as: UTF8.self)
  }

  /// Whether this is one of the texts that stand for a value nobody knows: nothing, `NA`,
  /// `NaN` in any case, `?`.
  var isMissing: Bool {
    switch end - start {
    case 0: true
    case 1: start[0] == UInt8(ascii: "?")
    case 2: hasLetters("na")
    case 3: hasLetters("nan")
    default: false
    }
  }

  var number: DecimalNumber { DecimalNumber(from: start, to: end) }

  private func hasLetters(_ letters: StaticString) -> Bool {
    (0..<letters.utf8CodeUnitCount).allSatisfy { start[$0] | 0x20 == letters.utf8Start[$0] }
  }
}

/// What is wrong with the text of a cell, whatever it means.
enum CSVFault: Error {
  case unclosedQuote(line: Int)
  case textAfterQuote(line: Int)
}

/// What stands after a cell.
enum CSVSeparator { case delimiter, endOfRow }

/// Walks over the cells of a text table.
///
/// This is the only code that moves about in the bytes of such a file. Its invariant:
/// `position` lies between the start of the file and `limit`, and no byte at or beyond
/// `limit` is read.
struct CSVScanner {
  private(set) var position: UnsafePointer<UInt8>
  private let limit: UnsafePointer<UInt8>
  private let delimiter: UInt8

  /// The line of `position`, counted from one.
  private(set) var line: Int

  init(_ text: UnsafeBufferPointer<UInt8>, at offset: Int = 0, delimiter: UInt8, line: Int = 1) {
    let start = text.baseAddress!  // files and windows have an address even without bytes
    position = start + min(offset, text.count)
    limit = start + text.count
    self.delimiter = delimiter
    self.line = line
  }

  /// Where `position` is in the text that this walks over.
  func offset(in text: UnsafeBufferPointer<UInt8>) -> Int { text.count - (limit - position) }

  /// Whether the text ends here.
  var isAtEnd: Bool { position == limit }

  /// How many bytes are ahead.
  var bytesAhead: Int { limit - position }

  /// Passes over blank lines and comments.
  ///
  /// - Returns: whether a row follows. If not, `position` is at the end, or at the start of a last line
  ///   that has no end.
  mutating func moveToNextRow() -> Bool {
    while position < limit {
      let start = position
      skipBlanks()
      if position < limit, position.pointee == hash {
        while position < limit, !isLineBreak(position.pointee) { position += 1 }
      } else if position < limit, !isLineBreak(position.pointee) {
        position = start
        return true
      }
      guard position < limit else {
        position = start
        return false
      }
      passLineBreak()
    }
    return false
  }

  /// Whether the row that begins here ends before the text does.
  var isAtWholeRow: Bool {
    var ahead = self
    do throws(CSVFault) {
      repeat {
        _ = try ahead.cell()
      } while ahead.separator() == .delimiter
      return !ahead.isAtEnd
    } catch {
      if case .textAfterQuote = error { return true }
      return false
    }
  }

  /// The number of line breaks ahead.
  var lineBreaksAhead: Int { lineBreakCount(from: position, to: limit) }

  /// The number that fills the next cell; nil, without moving, if something else does.
  @inline(__always)
  mutating func number() -> Double? {
    let start = position
    skipBlanks()
    let number = DecimalNumber(at: position, before: limit)
    if number.outcome == .value {
      position = number.end
      skipBlanks()
      if position == limit || isSeparator(position.pointee) { return number.value }
    }
    position = start
    return nil
  }

  /// The next cell, without the blanks around it.
  mutating func cell() throws(CSVFault) -> CSVCell {
    skipBlanks()
    if position < limit, position.pointee == quote { return try quotedCell() }
    let start = position
    while position < limit, !isSeparator(position.pointee) { position += 1 }
    var end = position
    while end > start, isBlank((end - 1).pointee) { end -= 1 }
    return CSVCell(
      start: start, end: end, line: line, isQuoted: false, hasDoubledQuotes: false)
  }

  /// Passes over what ended the last cell. The end of the file ends a row.
  @inline(__always)
  mutating func separator() -> CSVSeparator {
    guard position < limit else { return .endOfRow }
    if position.pointee == delimiter {
      position += 1
      return .delimiter
    }
    passLineBreak()
    return .endOfRow
  }

  private mutating func quotedCell() throws(CSVFault) -> CSVCell {
    let first = line
    position += 1
    let start = position
    var hasDoubledQuotes = false
    while true {
      guard position < limit else { throw .unclosedQuote(line: first) }
      if isLineBreak(position.pointee) {
        passLineBreak()
      } else if position.pointee != quote {
        position += 1
      } else if position + 1 < limit, (position + 1).pointee == quote {
        hasDoubledQuotes = true
        position += 2
      } else {
        break
      }
    }
    let end = position
    position += 1
    skipBlanks()
    guard position == limit || isSeparator(position.pointee) else {
      throw .textAfterQuote(line: line)
    }
    return CSVCell(
      start: start, end: end, line: first, isQuoted: true, hasDoubledQuotes: hasDoubledQuotes)
  }

  /// Passes over LF, CR LF or CR.
  @inline(__always)
  private mutating func passLineBreak() {
    let isReturn = position.pointee == carriageReturn
    position += 1
    if isReturn, position < limit, position.pointee == lineFeed { position += 1 }
    line += 1
  }

  @inline(__always)
  private mutating func skipBlanks() {
    while position < limit, isBlank(position.pointee) { position += 1 }
  }

  @inline(__always)
  private func isBlank(_ byte: UInt8) -> Bool {
    byte == space || byte == tab && delimiter != tab
  }

  @inline(__always)
  private func isSeparator(_ byte: UInt8) -> Bool { byte == delimiter || isLineBreak(byte) }

  @inline(__always)
  private func isLineBreak(_ byte: UInt8) -> Bool { byte == lineFeed || byte == carriageReturn }
}

let quote = UInt8(ascii: "\"")
let hash = UInt8(ascii: "#")
let comma = UInt8(ascii: ",")
let semicolon = UInt8(ascii: ";")
let tab = UInt8(ascii: "\t")
let space = UInt8(ascii: " ")
let lineFeed = UInt8(ascii: "\n")
let carriageReturn = UInt8(ascii: "\r")
