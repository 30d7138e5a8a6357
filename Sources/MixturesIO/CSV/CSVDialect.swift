/// How the cells of a text table are written.
///
/// Cells are separated by tab, semicolon or comma: the first of these, in this order, that
/// stands outside quotation marks on the first row. A tab after one of the others is
/// mere alignment. Semicolon goes before comma because files that use it often have decimal
/// commas, which then are refused cell by cell rather than read as columns.
struct CSVDialect {
  let delimiter: UInt8

  /// Where the text begins: behind the byte order mark, if there is one.
  let start: Int

  /// Whether the text holds the whole first row, so that more text changes nothing.
  let isCertain: Bool

  init(of text: UnsafeBufferPointer<UInt8>) {
    start = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var rows = CSVScanner(text, at: start, delimiter: comma)
    _ = rows.moveToNextRow()
    (delimiter, isCertain) = Self.delimiter(of: text[rows.offset(in: text)...])
  }

  private static func delimiter(
    of text: Slice<UnsafeBufferPointer<UInt8>>
  ) -> (UInt8, isCertain: Bool) {
    var found = comma
    var isQuoted = false
    var wasClosed = false  // by the byte before, which this one may undo
    var atCellStart = true
    var last = lineFeed  // that is no blank
    for byte in text {
      if byte == quote, isQuoted || wasClosed || atCellStart {
        wasClosed = isQuoted
        isQuoted.toggle()
        atCellStart = false
        last = byte
        continue
      }
      wasClosed = false
      if isQuoted { continue }
      switch byte {
      case lineFeed, carriageReturn: return (found, true)
      case tab where last != comma && last != semicolon: return (tab, true)
      case semicolon: found = semicolon
      default: break
      }
      let isBlank = byte == space || byte == tab
      atCellStart = byte == comma || byte == semicolon || isBlank && atCellStart
      if !isBlank { last = byte }
    }
    return (found, false)
  }
}
