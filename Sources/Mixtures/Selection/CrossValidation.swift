import MixtureKernels

/// The log-likelihood per point of points that the fit has not seen: each fold is held out in turn, every cell is fitted to the
/// others, and scored on it. Larger is better.
///
/// ```
/// Σ_f ℓ(θ₋f; x_f) / n
/// ```
/// with θ₋f fitted without fold f. Its standard error is that of the folds' means, each in proportion to its size.
///
/// Source: Stone (1974), "Cross-validatory choice and assessment of statistical predictions", *JRSS B* 36, 111–147; Smyth
/// (2000), "Model selection for probabilistic clustering using cross-validated likelihood", *Statistics and Computing* 10,
/// 63–72.
public struct CrossValidation: SelectionCriterion {
  private enum Partition: Sendable {
    case drawn(count: Int, seed: UInt64)
    case given(Folds)
  }

  private let partition: Partition

  public var name: String { "Cross-validated log-likelihood per point" }
  public var prefersLarger: Bool { true }

  /// Folds of equal size, drawn from a seed.
  public init(folds: Int = 10, seed: UInt64 = 1) {
    partition = .drawn(count: folds, seed: seed)
  }

  /// Folds that are there.
  public init(_ folds: Folds) { partition = .given(folds) }

  /// How many folds there are.
  public var foldCount: Int {
    switch partition {
    case .drawn(let count, _): count
    case .given(let folds): folds.count
    }
  }

  /// The folds of points.
  ///
  /// - Throws: ``DataError`` where there cannot be so many, or where they were given for another number of points.
  /// - Complexity: a pass over the points for their weights, where folds are drawn.
  public func folds(of points: any PointSource) throws(DataError) -> Folds {
    switch partition {
    case .drawn(let count, let seed):
      return try Folds(count, of: points.count, weights: points.weightsOfRows, seed: seed)
    case .given(let folds):
      guard folds.pointCount == points.count else {
        throw .countMismatch(what: "folds", found: folds.pointCount, points: points.count)
      }
      return folds
    }
  }

  public func check(_ points: any PointSource) throws { _ = try folds(of: points) }

  /// - Complexity: that of the search, once more for each fold.
  public func values(
    of cells: [SearchCell], in search: ModelSearch, over points: any PointSource
  ) throws -> [Result<CriterionValue, any Error>?] {
    let folds = try folds(of: points)
    let threads = search.options.threads
    let isSideBySide = !BlockGrid(of: points).occupies(threads)
    let parts = try concurrentMap(
      count: folds.count, threads: isSideBySide ? threads : 1,
      throwing: { fold in
        var search = search
        if isSideBySide { search.options.threads = 1 }
        search.report = { _ in }
        search.options.journal = search.options.journal.map { FoldJournal($0, fold: fold) }
        return try HeldOut(fold, of: folds, search, points)
      }
    ).compactMap(\.self)
    // Some of the folds tell less than the criterion promises.
    guard parts.count == folds.count else { return cells.map { _ in nil } }
    return cells.map { cell in
      Result {
        _ = try cell.fit.get()
        return try Self.value(parts.map { (try $0.logLikelihood(of: cell), $0.pointCount) })
      }
    }
  }

  /// The mean over all points, and its standard error: folds of nₙ points are a sample of clusters, whose ratio of sums has
  /// variance F/(F − 1) Σ nₙ²(mₙ − m)² / n².
  ///
  /// Source: Cochran (1977), *Sampling Techniques*, eq. 6.4 without the finite population.
  private static func value(_ parts: [(logLikelihood: Double, count: Double)]) -> CriterionValue {
    let parts = parts.filter { $0.count > 0 }
    let total = parts.reduce(0) { $0 + $1.count }
    let mean = parts.reduce(0) { $0 + $1.logLikelihood } / total
    let squares = parts.reduce(0) { sum, part in
      let excess = part.logLikelihood - part.count * mean
      return sum + excess * excess
    }
    let count = Double(parts.count)
    return CriterionValue(
      mean, standardError: count > 1 ? (squares * count / (count - 1)).squareRoot() / total : nil)
  }
}

/// What the cells of a search say of a fold that they have not seen.
private struct HeldOut: Sendable {
  /// The sum of the weights of its points.
  let pointCount: Double

  private let logLikelihoods: [SearchTable.Key: Result<Double, any Error>]

  /// Whether no point of the fold counts.
  private let isEmpty: Bool

  /// - Returns: `nil` where the search is cancelled before it is done.
  init?(
    _ fold: Int, of folds: Folds, _ search: ModelSearch, _ points: any PointSource
  ) throws {
    if search.options.isCancelled() { return nil }
    let heldOut: any PointSource
    do {
      heldOut = try folds.heldOut(fold, of: points)
    } catch DataError.noWeight {
      (pointCount, logLikelihoods, isEmpty) = (0, [:], true)
      return
    }
    let cells: [SearchCell]
    do {
      let training = try folds.training(without: fold, of: points)
      if let k = heldOut.labelledComponents.subtracting(training.labelledComponents).min() {
        throw DataError.labelOfOneFold(component: k)
      }
      cells = try search.cells(training).cells
    } catch is CancellationError {
      return nil
    } catch {
      throw FoldError(fold: fold, reason: error)
    }
    if search.options.isCancelled() { return nil }
    var logLikelihoods: [SearchTable.Key: Result<Double, any Error>] = [:]
    var pointCount = 0.0
    for cell in cells {
      logLikelihoods[cell.key] = cell.fit.map { fit in
        let score = fit.mixture.scoreFinite(heldOut, threads: search.options.threads)
        pointCount = score.pointCount
        return score.logLikelihood
      }.mapError { FoldError(fold: fold, reason: $0) }
    }
    self.pointCount = pointCount
    self.logLikelihoods = logLikelihoods
    isEmpty = false
  }

  func logLikelihood(of cell: SearchCell) throws -> Double {
    isEmpty ? 0 : try logLikelihoods[cell.key]?.get() ?? -.infinity
  }
}

/// A fit without one of the folds failed.
public struct FoldError: Error, CustomStringConvertible {
  /// The fold that was held out, counting from zero.
  public let fold: Int

  /// Why there is no fit to the others.
  public let reason: any Error

  public var description: String { "Without fold \(fold + 1): \(reason)" }
}

/// The runs of a search without one of the folds.
private struct FoldJournal: RunJournal {
  private let base: any RunJournal
  private let fold: Int

  init(_ base: any RunJournal, fold: Int) {
    self.base = base
    self.fold = fold
  }

  func entry(of run: RunName) -> RunEntry? { base.entry(of: run.without(fold: fold)) }

  func record(_ entry: RunEntry, of run: RunName) {
    base.record(entry, of: run.without(fold: fold))
  }
}
