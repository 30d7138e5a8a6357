import MixtureKernels

/// Fits every pair of a number of components and a structure, and chooses among them.
///
/// Unless told how to start, each pair races several starts: from agglomeration, from k-means++ and from random points, the
/// same for every structure; from the fits of simpler structures; from the fit with one component fewer, one of which is
/// split, and from that with one more, two of which are merged. So a richer structure ends no lower than a
/// simpler one that it contains. A single pair, and pairs for points with labels, which say where components begin, start by
/// k-means alone, ten times unless told otherwise.
public struct ModelSearch: Sendable {
  /// The numbers of components to try.
  public var components: [Int]

  /// The structures to try; `nil` for all that the dimension of the data allows, and the prior if there is one.
  public var structures: [CovarianceStructure]?

  /// What decides.
  public var criterion: any SelectionCriterion

  /// The way to the first mixture of every fit, each of which then stands alone; `nil` for several ways that share what
  /// they find, or where there is but one pair to fit, for k-means.
  public var start: (any StartingMethod)?

  /// How every fit is made. Without ``start``, `restarts` is the number of k-means starts for each number of components,
  /// three unless given.
  public var options: FitOptions

  /// Told of each cell as soon as it has a fit or none, from any thread, and again where a better fit is found for it.
  public var report: @Sendable (SearchCell) -> Void = { _ in }

  /// By default 1 to 9 components, all structures, by BIC.
  public init(
    components: some Sequence<Int> = 1...9, structures: [CovarianceStructure]? = nil,
    criterion: any SelectionCriterion = InformationCriterion.bic,
    start: (any StartingMethod)? = nil,
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
    try criterion.check(points)
    var (cells, planned) = try cells(points)
    var (criterion, warnings): (any SelectionCriterion, [FitWarning]) = (criterion, [])
    var values = try criterion.values(of: cells, in: self, over: points)
    if values.allSatisfy({ $0 == nil }) {
      warnings = [.choiceCancelled(criterion: criterion.name)]
      criterion = InformationCriterion.bic
      values = try criterion.values(of: cells, in: self, over: points)
    }
    try points.checkReading()
    for index in cells.indices { cells[index].evaluation = values[index] }
    return try SearchResult(
      cells: cells, planned: planned, fewest: max(1, points.labelCount), criterion: criterion,
      warnings: warnings)
  }

  /// Every fit, and how many were planned: some are not begun where the search is cancelled.
  func cells(_ points: any PointSource) throws -> (cells: [SearchCell], planned: Int) {
    precondition(!components.isEmpty, "at least one number of components")
    let table = try SearchTable(self, points)
    let cells = try start.map { try table.fitted(from: $0) } ?? table.fitted()
    try points.checkReading()
    return (cells, table.keys.count)
  }
}
