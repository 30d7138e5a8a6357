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

  init(of file: FileBytes) {
    start = file.all.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var rows = CSVScanner(file, at: start, delimiter: comma)
    _ = rows.moveToNextRow()

    var found = comma
    var isQuoted = false
    var atCellStart = true
    var last = space  // that is no blank
    scan: for byte in file.all[(rows.position - file.start)...] {
      switch byte {
      case quote where isQuoted || atCellStart: isQuoted.toggle()
      case _ where isQuoted: break
      case lineFeed, carriageReturn: break scan
      case tab where last != comma && last != semicolon:
        found = tab
        break scan
      case semicolon: found = semicolon
      default: break
      }
      atCellStart = !isQuoted && [comma, semicolon, tab, space].contains(byte)
      if byte != space && byte != tab { last = byte }
    }
    delimiter = found
  }
}
