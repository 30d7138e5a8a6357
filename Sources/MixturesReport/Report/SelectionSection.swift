import Mixtures
import MixturesIO

/// What was tried, and how far the others fall short.
struct SelectionSection {
  private let result: SearchResult

  /// The table shows so many; the figures have all.
  private static let rowLimit = 10

  init(_ result: SearchResult) { self.result = result }

  var section: PageSection {
    get throws {
      var content: [Markup] = [table.markup]
      content += simplest
      content += try figures.enumerated().map { $1.pageMarkup(id: "selection-\($0 + 1)") }
      content += failures
      return PageSection(title: "What else was tried", id: "selection", content: content)
    }
  }

  private var figures: [Figure] {
    get throws {
      let structures = Set(result.cells.map(\.structure)).count
      let counts = Set(result.cells.map(\.components)).count
      var figures: [Figure] = []
      if counts > 1 {
        figures.append(.criterionCurves(result, size: FigureSize(width: 600, height: 440)))
      }
      if structures > 1 { figures.append(.criterionMap(result)) }
      if result.criterion is CrossValidation, counts > 1 {
        figures.append(.crossValidation(result, size: FigureSize(width: 600, height: 400)))
      }
      return figures
    }
  }

  private var table: PageTable {
    let shown = result.ranking.prefix(Self.rowLimit)
    let caption =
      shown.count < result.ranking.count
      ? "The \(shown.count) best of \(result.ranking.count) fits"
      : shown.count == 1 ? "The only fit" : "All \(shown.count) fits"
    return PageTable(
      caption: caption + ", by \(result.criterion.nameInText)",
      columns: [
        "structure", "components", "log-likelihood", "parameters",
        PageTable.Cell(result.criterion.name),
        "behind the best",
      ],
      rows: shown.enumerated().map(row))
  }

  private func row(_ rank: Int, _ cell: SearchCell) -> [PageTable.Cell] {
    let fit = try? cell.fit.get()
    let value = cell.value?.value ?? 0
    let digits = cell.value?.standardError == nil ? 2 : 4
    let gap = abs(value - (result.ranking.first?.value?.value ?? value))
    let cells = [
      PageTable.Cell(cell.structure.name), PageTable.Cell("\(cell.components)"),
      PageTable.Cell(fit?.logLikelihood.shown(2) ?? "–"),
      PageTable.Cell(fit.map { "\($0.parameterCount)" } ?? "–"),
      PageTable.Cell(value.shown(digits)), rank == 0 ? .none : PageTable.Cell(gap.shown(digits)),
    ]
    return rank == 0 ? cells.map { $0.marked("best") } : cells
  }

  private var simplest: [Markup] {
    guard let cell = result.simplestWithinStandardError else { return [] }
    return [
      .paragraph(
        "The simplest fit within one standard error of the best: \(cell.structure) with "
          + "\(counted(cell.components, "component")).")
    ]
  }

  /// One line per reason, with the cells that have it.
  private var failures: [Markup] {
    var cells: [String: [String]] = [:]
    var order: [String] = []
    for cell in result.cells {
      guard let error = cell.error else { continue }
      let reason = Excerpt.whole("\(error)")
      if cells[reason] == nil { order.append(reason) }
      cells[reason, default: []].append("\(cell.structure) \(cell.components)")
    }
    guard !order.isEmpty else { return [] }
    return [
      .element("h3", [:], text: "Without a fit"),
      .list(order.map { "\(cells[$0, default: []].joined(separator: ", ")): \($0)" }),
    ]
  }
}

extension SelectionCriterion {
  /// The name within a sentence: abbreviations stay as they are.
  var nameInText: String {
    guard name.dropFirst().first?.isLowercase == true else { return name }
    return name.prefix(1).lowercased() + name.dropFirst()
  }
}
