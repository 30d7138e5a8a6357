/// One pair of a number of components and a structure, with its fit or the reason there is none.
public struct SearchCell: Sendable {
  /// As it reads in the dimension of the data.
  public let structure: CovarianceStructure

  /// K.
  public let components: Int

  /// The fit, or why there is none.
  public let fit: Result<Fit, any Error>

  /// What the criterion says of it, or why it says nothing; `nil` before it is asked.
  public internal(set) var evaluation: Result<CriterionValue, any Error>?
}

extension SearchCell {
  /// What the criterion says of it.
  public var value: CriterionValue? { try? evaluation?.get() }

  /// Why there is no fit, or no value of the criterion.
  public var error: (any Error)? {
    if case .failure(let error) = fit { return error }
    if case .failure(let error) = evaluation { return error }
    return nil
  }
}

/// All fits of a search.
public struct SearchResult: Sendable {
  /// Structure by structure, in the order that was asked for.
  public let cells: [SearchCell]

  /// How many fits were not begun because the search was cancelled.
  public let skipped: Int

  /// What decided.
  public let criterion: any SelectionCriterion

  /// Cells with a fit and a value of the criterion, the best first; of equals the first.
  public let ranking: [SearchCell]

  /// The fit of the best cell.
  public let best: Fit

  private let choiceWarnings: [FitWarning]

  /// The smallest number of components that the data allow.
  private let fewest: Int

  /// The simplest cell that is worse than the best by no more than the latter's standard error; `nil` where the criterion has
  /// none.
  ///
  /// Source: Breiman, Friedman, Olshen & Stone (1984), *Classification and Regression Trees*, §3.4.3.
  public var simplestWithinStandardError: SearchCell? {
    guard let value = ranking.first?.value, let error = value.standardError else { return nil }
    let limit = criterion.loss(value) + error
    func parameters(_ cell: SearchCell) -> Int {
      (try? cell.fit.get().parameterCount) ?? .max
    }
    return ranking.filter { $0.value.map { criterion.loss($0) <= limit } ?? false }
      .min { parameters($0) < parameters($1) }
  }

  /// What a reader should know before trusting the choice.
  public var warnings: [FitWarning] { warnings(choosing: best) }

  /// The same where another fit is chosen.
  func warnings(choosing fit: Fit) -> [FitWarning] {
    (skipped > 0 ? [.searchCancelled(skipped: skipped, planned: skipped + cells.count)] : [])
      + choiceWarnings + edge(choosing: fit) + fit.warnings
  }

  /// The best number of components may lie beyond those that were tried.
  private func edge(choosing fit: Fit) -> [FitWarning] {
    let tried = Set(cells.map(\.components))
    let chosen = fit.mixture.componentCount
    guard tried.count > 1, let least = tried.min(), let most = tried.max() else { return [] }
    if chosen == most { return [.edgeOfSearch(components: most, isUpper: true)] }
    return chosen == least && least > fewest
      ? [.edgeOfSearch(components: least, isUpper: false)] : []
  }

  /// - Throws: the first cell's error where no cell has a value.
  init(
    cells: [SearchCell], planned: Int, fewest: Int, criterion: any SelectionCriterion,
    warnings: [FitWarning]
  ) throws {
    self.cells = cells
    self.fewest = fewest
    self.criterion = criterion
    skipped = planned - cells.count
    choiceWarnings = warnings
    let ranked = cells.enumerated().compactMap { index, cell in
      cell.value.map { (cell: cell, loss: criterion.loss($0), index: index) }
    }
    ranking = ranked.sorted { ($0.loss, $0.index) < ($1.loss, $1.index) }.map(\.cell)
    guard let first = ranking.first else {
      throw cells.lazy.compactMap(\.error).first ?? DataError.noPoints
    }
    best = try first.fit.get()
  }
}
