import MixtureKernels

/// Fits every pair of a number of components and a structure, and chooses among them.
///
/// Unless told how to start, each pair races several starts: from agglomeration, from k-means++ and from random points, the
/// same for every structure; from the fits of simpler structures; from the fit with one component fewer, one of which is
/// split, and from that with one more, two of which are merged. So a richer structure ends no lower than a
/// simpler one that it contains.
public struct ModelSearch: Sendable {
  /// The numbers of components to try.
  public var components: [Int]

  /// The structures to try; `nil` for all that the dimension of the data allows.
  public var structures: [CovarianceStructure]?

  /// What decides; smaller is better.
  public var criterion: InformationCriterion

  /// The way to the first mixture of every fit, each of which then stands alone; `nil` for several ways that share what
  /// they find, or where there is but one pair to fit, for k-means.
  public var start: (any StartingMethod)?

  /// How every fit is made. Without ``start``, `restarts` is the number of k-means starts for each number of components,
  /// three unless given.
  public var options: FitOptions

  /// By default 1 to 9 components, all structures, by BIC.
  public init(
    components: some Sequence<Int> = 1...9, structures: [CovarianceStructure]? = nil,
    criterion: InformationCriterion = .bic, start: (any StartingMethod)? = nil,
    options: FitOptions = FitOptions()
  ) {
    self.components = Array(components)
    self.structures = structures
    self.criterion = criterion
    self.start = start
    self.options = options
  }

  /// Makes all fits, several at a time where the data are small.
  ///
  /// - Throws: ``DataError`` or ``ParameterError`` where nothing can be fitted, else the first
  ///   cell's error where no cell has a fit.
  public func run(_ points: any PointSource) throws -> SearchResult {
    precondition(!components.isEmpty, "at least one number of components")
    let table = try SearchTable(self, points)
    let cells = try start.map { try table.fitted(from: $0) } ?? table.fitted()
    try points.checkReading()
    return try SearchResult(cells: cells, planned: table.keys.count, criterion: criterion)
  }
}

/// One pair of a number of components and a structure, with its fit or the reason there is none.
public struct SearchCell: Sendable {
  /// As it reads in the dimension of the data.
  public let structure: CovarianceStructure

  /// K.
  public let components: Int

  /// The fit, or why there is none.
  public let fit: Result<Fit, any Error>
}

extension SearchCell {
  /// Why there is no fit.
  public var error: (any Error)? {
    if case .failure(let error) = fit { error } else { nil }
  }
}

/// All fits of a search.
public struct SearchResult: Sendable {
  /// Structure by structure, in the order that was asked for.
  public let cells: [SearchCell]

  /// How many fits were not begun because the search was cancelled.
  public let skipped: Int

  /// What decided.
  public let criterion: InformationCriterion

  /// The fit with the smallest criterion; the first of equals.
  public let best: Fit

  /// Cells that have a fit, the best first; of equals the first.
  public var ranking: [SearchCell] {
    let ranked = cells.enumerated().compactMap { index, cell in
      (try? cell.fit.get()).map { (cell: cell, value: $0.value(criterion), index: index) }
    }
    return ranked.sorted { ($0.value, $0.index) < ($1.value, $1.index) }.map(\.cell)
  }

  /// What a reader should know before trusting the choice.
  public var warnings: [FitWarning] {
    (skipped > 0 ? [.searchCancelled(skipped: skipped, planned: skipped + cells.count)] : [])
      + edge + best.warnings
  }

  /// The best number of components may lie beyond those that were tried.
  private var edge: [FitWarning] {
    let tried = Set(cells.map(\.components))
    let chosen = best.mixture.componentCount
    guard tried.count > 1, let least = tried.min(), let most = tried.max() else { return [] }
    if chosen == most { return [.edgeOfSearch(components: most, isUpper: true)] }
    return chosen == least && least > 1 ? [.edgeOfSearch(components: least, isUpper: false)] : []
  }

  init(cells: [SearchCell], planned: Int, criterion: InformationCriterion) throws {
    self.cells = cells
    skipped = planned - cells.count
    self.criterion = criterion
    let fits = cells.compactMap { try? $0.fit.get() }
    let smallest = fits.min { $0.value(criterion) < $1.value(criterion) }
    guard let smallest else { throw cells.first?.error ?? DataError.noPoints }
    best = smallest
  }
}
