import Mixtures

/// What a criterion says of each pair of a structure and a number of components: the data of the figures of a search.
public struct SelectionTable: Sendable, Equatable {
  /// One pair.
  public struct Cell: Sendable, Equatable {
    /// The letters of the structure.
    public let structure: String

    /// K.
    public let components: Int

    /// What the criterion says; `nil` where there is no fit.
    public let value: Double?

    /// How far chance may have moved it, if that is known.
    public let standardError: Double?

    /// The number of free parameters, if there is a fit.
    public let parameterCount: Int?

    /// One pair with its value; what is not finite is none.
    public init(
      structure: String, components: Int, value: Double?, standardError: Double? = nil,
      parameterCount: Int? = nil
    ) {
      self.structure = structure
      self.components = components
      self.value = value.flatMap { $0.isFinite ? $0 : nil }
      self.standardError = standardError.flatMap { $0.isFinite ? $0 : nil }
      self.parameterCount = parameterCount
    }
  }

  /// As it is printed.
  public let criterion: String

  /// Whether the largest value is the best; else the smallest is.
  public let prefersLarger: Bool

  /// Structure by structure.
  public let cells: [Cell]

  /// A table of its parts.
  public init(criterion: String, prefersLarger: Bool, cells: [Cell]) {
    self.criterion = criterion
    self.prefersLarger = prefersLarger
    self.cells = cells
  }

  /// What decided a search.
  public init(_ result: SearchResult) {
    self.init(
      criterion: result.criterion.name, prefersLarger: result.criterion.prefersLarger,
      cells: result.cells.map { cell in
        Cell(
          structure: cell.structure.name, components: cell.components, value: cell.value?.value,
          standardError: cell.value?.standardError,
          parameterCount: (try? cell.fit.get())?.parameterCount)
      })
  }

  /// What an information criterion says of the fits of a search, whatever decided it.
  public init(_ result: SearchResult, criterion: InformationCriterion) {
    self.init(
      criterion: criterion.name, prefersLarger: false,
      cells: result.cells.map { cell in
        let fit = try? cell.fit.get()
        return Cell(
          structure: cell.structure.name, components: cell.components,
          value: fit?.value(criterion), parameterCount: fit?.parameterCount)
      })
  }
}

extension SelectionTable {
  /// In the order in which they come.
  var structures: [String] {
    var found: [String] = []
    for cell in cells where !found.contains(cell.structure) { found.append(cell.structure) }
    return found
  }

  /// Ascending.
  var componentCounts: [Int] { Set(cells.map(\.components)).sorted() }

  /// As in `1 to 9 components`.
  var componentCountsInWords: String {
    let (least, most) = (componentCounts.first ?? 0, componentCounts.last ?? 0)
    return least == most ? counted(least, "component") : "\(least) to \(most) components"
  }

  /// With a margin in which no number is marked.
  var componentAxis: Axis {
    let (least, most) = (Double(componentCounts.first ?? 1), Double(componentCounts.last ?? 1))
    let side = max(0.3, 0.04 * (most - least))
    let lower = min(least, max(0.5, least - side))
    return Axis(title: "components", domain: lower...(most + side), kind: .integers)
  }

  /// The cells of a structure that have a value, by their numbers of components.
  func curve(of structure: String) -> [(components: Int, value: Double, error: Double?)] {
    cells.filter { $0.structure == structure }
      .compactMap { cell in cell.value.map { (cell.components, $0, cell.standardError) } }
      .sorted { $0.0 < $1.0 }
  }

  /// The best cell; of equals the first.
  package var best: Cell? {
    cells.filter { $0.value != nil }.min { loss($0) < loss($1) }
  }

  /// The simplest cell within a standard error of the best; `nil` where none is known.
  var simplestWithinStandardError: Cell? {
    guard let best, let error = best.standardError else { return nil }
    return cells.filter { loss($0) <= loss(best) + error }
      .min { ($0.parameterCount ?? .max) < ($1.parameterCount ?? .max) }
  }

  /// The value with a sign such that less is better; infinite where there is none.
  func loss(_ cell: Cell) -> Double {
    cell.value.map { prefersLarger ? -$0 : $0 } ?? .infinity
  }

  /// How many decimals tell the values apart.
  var decimals: Int {
    let range = ValueRange(cells.compactMap(\.value))
    guard range.span > 0 else { return 2 }
    return max(0, min(6, 3 - range.span.decimalExponent))
  }

  /// As in `BIC, smaller is better`.
  var direction: String { "\(criterion), \(prefersLarger ? "larger" : "smaller") is better" }

  /// A row per structure, a column per number of components.
  var figureTable: FigureTable {
    FigureTable(
      columns: ["structure"] + componentCounts.map { "K = \($0)" },
      rows: structures.map { structure in
        [structure]
          + componentCounts.map { count in
            let cell = cells.first { $0.structure == structure && $0.components == count }
            return cell?.value?.shown(decimals) ?? ""
          }
      })
  }

  var bestInWords: String {
    best.map {
      "Best is \($0.structure) with \(counted($0.components, "component")), at \(($0.value ?? 0).shown(decimals))."
    } ?? "No fit has a value."
  }
}
