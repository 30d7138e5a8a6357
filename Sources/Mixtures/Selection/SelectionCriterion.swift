/// What decides among the cells of a search: a function of their fits, and of the points if it needs them.
public protocol SelectionCriterion: Sendable {
  /// As it is printed.
  var name: String { get }

  /// Whether the largest value is the best; else the smallest is.
  var prefersLarger: Bool { get }

  /// Throws where the criterion cannot be asked about these points, before any fit is made. By default nothing.
  func check(_ points: any PointSource) throws

  /// The value of each cell, in their order.
  ///
  /// - Parameters:
  ///   - cells: every cell of the search that was begun.
  ///   - search: what made them.
  ///   - points: those of the search.
  /// - Returns: for each cell its value, why it has none, or `nil` where the search was cancelled first.
  func values(
    of cells: [SearchCell], in search: ModelSearch, over points: any PointSource
  ) throws -> [Result<CriterionValue, any Error>?]
}

/// What a criterion says of a fit.
public struct CriterionValue: Sendable, Equatable {
  /// The criterion.
  public let value: Double

  /// How far chance may have moved it; `nil` where the criterion knows no chance.
  public let standardError: Double?

  /// A value whose standard error may be known.
  public init(_ value: Double, standardError: Double? = nil) {
    self.value = value
    self.standardError = standardError
  }
}

extension InformationCriterion: SelectionCriterion {
  public var prefersLarger: Bool { false }

  public func values(
    of cells: [SearchCell], in search: ModelSearch, over points: any PointSource
  ) -> [Result<CriterionValue, any Error>?] {
    cells.map { $0.fit.map { CriterionValue($0.value(self)) } }
  }
}

extension SelectionCriterion {
  public func check(_ points: any PointSource) throws {}

  /// The value with a sign such that less is better.
  func loss(_ value: CriterionValue) -> Double { prefersLarger ? -value.value : value.value }
}
