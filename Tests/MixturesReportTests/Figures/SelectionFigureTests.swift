import Mixtures
import MixturesReport
import Testing

@Suite struct SelectionFigureTests {
  /// Two structures; K = 1 is far worse, and one fit is missing.
  static let table = SelectionTable(
    criterion: "BIC", prefersLarger: false,
    cells: [
      .init(structure: "EII", components: 1, value: 900, parameterCount: 3),
      .init(structure: "EII", components: 2, value: 120, parameterCount: 6),
      .init(structure: "EII", components: 3, value: 112, parameterCount: 9),
      .init(structure: "EII", components: 4, value: 118, parameterCount: 12),
      .init(structure: "VVV", components: 1, value: 700, parameterCount: 5),
      .init(structure: "VVV", components: 2, value: 110, parameterCount: 11),
      .init(structure: "VVV", components: 3, value: 121, parameterCount: 17),
      .init(structure: "VVV", components: 4, value: nil),
    ])

  @Test func theBestIsMarkedAndWhatFlattensIsLeftOut() throws {
    let figure = Figure.criterionCurves(Self.table)
    #expect(try Drawing(figure.svg).texts.contains("best: VVV, 2"))
    #expect(figure.caption.contains("2 of 7 values are much worse"))
    #expect(figure.caption.contains("1 cell has no value."))
    #expect(
      figure.table.rows == [
        ["EII", "900.0", "120.0", "112.0", "118.0"], ["VVV", "700.0", "110.0", "121.0", ""],
      ])
  }

  @Test func aStructureWithoutValuesIsNoCurve() {
    let empty = ["EEE", "VVV"].map { SelectionTable.Cell(structure: $0, components: 1, value: nil) }
    let figure = Figure.criterionCurves(
      SelectionTable(
        criterion: "BIC", prefersLarger: false,
        cells: empty + [.init(structure: "EII", components: 1, value: 3)]))
    #expect(figure.description.hasPrefix("1 curve "))
    #expect(figure.caption.contains("2 cells have no value."))
  }

  @Test func theMapHatchesWhatIsMissing() throws {
    let figure = Figure.criterionMap(Self.table)
    let drawing = try Drawing(figure.svg)
    #expect(drawing.texts.contains("+8.0"))
    #expect(drawing.references.contains("figure-hatching"))
    #expect(figure.caption.contains("Hatched"))
  }

  @Test func crossValidationMarksTheSimplestWithinOneStandardError() throws {
    let table = SelectionTable(
      criterion: "cv", prefersLarger: true,
      cells: [
        .init(structure: "V", components: 1, value: -3, standardError: 0.1, parameterCount: 2),
        .init(structure: "V", components: 2, value: -2.05, standardError: 0.1, parameterCount: 5),
        .init(structure: "V", components: 3, value: -2, standardError: 0.1, parameterCount: 8),
      ])
    let texts = try Drawing(Figure.crossValidation(table).svg).texts
    #expect(texts.contains("best: V, 3"))
    #expect(texts.contains("simplest within one standard error: V, 2"))
  }

  @Test func tablesWithoutValuesAreDrawn() throws {
    for cells in [[], [SelectionTable.Cell(structure: "E", components: 1, value: .nan)]] {
      let table = SelectionTable(criterion: "BIC", prefersLarger: false, cells: cells)
      for figure in [Figure.criterionCurves(table), .criterionMap(table), .crossValidation(table)] {
        _ = try Drawing(figure.svg)
      }
    }
  }

  @Test func aSearchIsATable() throws {
    let points = Known.draw(90, from: try Known.row(components: 2, dimension: 2))
    let result = try ModelSearch(components: [1, 2], structures: [.eii, .vvv]).run(points)
    let table = SelectionTable(result)
    #expect(table.cells.count == 4)
    #expect(table.best?.value == result.ranking.first?.value?.value)
    #expect(SelectionTable(result, criterion: .aic).criterion == "AIC")
  }

  /// With gains 3, 0.8, 0.16 and 0.04 the last ratio is 1/4: 0.04 · (1/4) / (3/4) = 0.0133 remain.
  @Test func theTraceTellsWhatAitkenPredicts() throws {
    let figure = Figure.trace([-104, -101, -100.2, -100.04, -100])
    #expect(figure.caption.contains("predicts 0.013 more: a limit of −99.9867"))
    #expect(try Drawing(figure.svg).texts.contains("predicted limit −99.987"))
  }

  @Test(arguments: [[], [-5], [-5, -5, -5], [-5, .nan, .infinity], [1e308, -1e308]])
  func anyTraceIsDrawn(trace: [Double]) throws {
    _ = try Drawing(Figure.trace(trace).svg)
  }
}
