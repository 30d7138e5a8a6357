/// A table of aligned columns: the first to the left, the others to the right.
struct TextTable {
  /// A cell with an emphasis that takes no room.
  struct Cell {
    let text: String
    var emphasis: (String) -> String = { $0 }
  }

  private var rows: [[Cell]] = []

  mutating func append(_ row: [Cell]) { rows.append(row) }
  mutating func append(_ row: [String]) { rows.append(row.map { Cell(text: $0) }) }

  /// The lines, the columns cut into blocks that fit the width; the first column leads each block.
  func lines(width: Int) -> [String] {
    guard let columnCount = rows.map(\.count).max(), columnCount > 0 else { return [] }
    let widths = (0..<columnCount).map { column in
      rows.map { column < $0.count ? $0[column].text.count : 0 }.max() ?? 0
    }
    var blocks: [Range<Int>] = []
    var first = 1
    while first < columnCount {
      var (end, used) = (first, widths[0])
      repeat {
        used += widths[end] + 2
        end += 1
      } while end < columnCount && used + widths[end] + 2 <= width
      blocks.append(first..<end)
      first = end
    }
    if blocks.isEmpty { blocks = [1..<1] }
    return Array(
      blocks.map { block in rows.map { line($0, block, widths) } }.joined(separator: [""]))
  }

  private func line(_ row: [Cell], _ block: Range<Int>, _ widths: [Int]) -> String {
    var line = padded(row.first, to: widths[0], left: true)
    for column in block {
      line += "  " + padded(column < row.count ? row[column] : nil, to: widths[column], left: false)
    }
    while line.last == " " { line.removeLast() }
    return line
  }

  private func padded(_ cell: Cell?, to width: Int, left: Bool) -> String {
    let text = cell?.text ?? ""
    let blanks = String(repeating: " ", count: width - text.count)
    let shown = cell?.emphasis(text) ?? text
    return left ? shown + blanks : blanks + shown
  }
}
