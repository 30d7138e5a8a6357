import Mixtures

/// Chapter 10: how many components, by points that a fit has not seen.
package struct ChoosingK: Sendable {
  package static let candidates = 1...6
  package static let folds = 10
  package static let seed: UInt64 = 1

  package let search: SearchResult

  /// One for each number of components.
  package struct Row: Sendable {
    package let components: Int
    package let parameterCount: Int
    /// ℓ / n of the points that were fitted.
    package let training: Double
    /// ℓ / n of points that were held out, and its standard error.
    package let heldOut: Double
    package let standardError: Double?
    package let bic: Double
  }
  package let rows: [Row]

  package init(
    _ points: Matrix,
    _ criterion: CrossValidation = CrossValidation(folds: Self.folds, seed: Self.seed)
  ) throws {
    search = try ModelSearch(
      components: Self.candidates, structures: [.vvv], criterion: criterion
    ).run(points)
    rows = search.cells.compactMap { cell in
      guard let fit = try? cell.fit.get(), let value = cell.value else { return nil }
      return Row(
        components: cell.components, parameterCount: fit.parameterCount,
        training: fit.score.logLikelihoodPerPoint, heldOut: value.value,
        standardError: value.standardError, bic: fit.bic)
    }
  }

  /// What cross-validation chooses.
  package var chosen: Int { search.best.mixture.componentCount }
}
