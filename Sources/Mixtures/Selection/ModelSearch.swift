import MixtureKernels

/// Fits every pair of a number of components and a structure, and chooses among them.
public struct ModelSearch: Sendable {
  /// The numbers of components to try.
  public var components: [Int]

  /// The structures to try; `nil` for all that the dimension of the data allows.
  public var structures: [CovarianceStructure]?

  /// What decides; smaller is better.
  public var criterion: InformationCriterion

  /// The way to the first mixture of every fit.
  public var start: any StartingMethod

  /// How every fit is made.
  public var options: FitOptions

  /// By default 1 to 9 components, all structures, by BIC.
  public init(
    components: some Sequence<Int> = 1...9, structures: [CovarianceStructure]? = nil,
    criterion: InformationCriterion = .bic, start: any StartingMethod = KMeansStart(),
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
    let summary = try DataSummary(of: points, threads: options.threads)
    let sideBySide = !BlockGrid(of: points).occupies(options.threads)
    var cellOptions = options
    if sideBySide { cellOptions.threads = 1 }
    let start = try start.prepared(for: points, isCancelled: options.isCancelled)
    let plan = try distinctStructures(dimension: points.dimension).flatMap { structure in
      let problem = Result {
        try FitProblem(points, summary: summary, structure: structure, options: cellOptions)
      }
      return components.map {
        Cell(
          structure: structure, components: $0, problem: problem, start: start, options: cellOptions
        )
      }
    }
    let cells = concurrentMap(count: plan.count, threads: sideBySide ? options.threads : 1) {
      index in
      index > 0 && options.isCancelled() ? nil : plan[index].fitted
    }
    try points.checkReading()
    return try SearchResult(
      cells: cells.compactMap(\.self), planned: plan.count, criterion: criterion)
  }

  private func distinctStructures(dimension: Int) throws(ParameterError) -> [CovarianceStructure] {
    var distinct: [CovarianceStructure] = []
    for structure in structures ?? CovarianceStructure.all(inDimension: dimension) {
      let structure = try structure.inDimension(dimension)
      if !distinct.contains(structure) { distinct.append(structure) }
    }
    return distinct
  }

  private struct Cell: Sendable {
    let structure: CovarianceStructure
    let components: Int
    let problem: Result<FitProblem, any Error>
    let start: any StartingMethod
    let options: FitOptions

    var fitted: SearchCell {
      SearchCell(
        structure: structure, components: components,
        fit: Result { try problem.get().fit(components: components, from: start, options: options) }
      )
    }
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

  /// What a reader should know before trusting the choice.
  public var warnings: [FitWarning] {
    (skipped > 0 ? [.searchCancelled(skipped: skipped, planned: skipped + cells.count)] : [])
      + best.warnings
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

extension SearchCell {
  /// Why there is no fit.
  public var error: (any Error)? {
    if case .failure(let error) = fit { error } else { nil }
  }
}
