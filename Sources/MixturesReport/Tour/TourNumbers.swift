// How the tour writes numbers.

import Mixtures

extension [Double] {
  /// As in `(1.20, 3.01)`.
  func shown(_ decimals: Int) -> String {
    "(" + map { $0.shown(decimals) }.joined(separator: ", ") + ")"
  }
}

extension [[Double]] {
  /// As a ``Formula`` writes a matrix.
  func formula(_ decimals: Int) -> String {
    let rows = map { row in row.map { $0.shown(decimals) }.joined(separator: ", ") }
    return "matrix{" + rows.joined(separator: "; ") + "}"
  }
}

extension Matrix {
  /// The points as the data of a figure.
  ///
  /// - Parameter more: further columns, by their names.
  func table(_ more: [(name: String, cells: [String])] = []) -> FigureTable {
    FigureTable(
      columns: ["point"] + columnNames + more.map(\.name),
      rows: rows.enumerated().map { index, row in
        ["\(index + 1)"] + row.map { $0.shown(3) } + more.map { $0.cells[index] }
      })
  }
}

extension PageTable {
  /// The same cells as the data of a figure.
  var figureTable: FigureTable {
    func text(_ cell: Cell) -> String {
      cell.content.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined()
    }
    return FigureTable(columns: columns.map(text), rows: rows.map { $0.map(text) })
  }
}
