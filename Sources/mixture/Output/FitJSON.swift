import Mixtures
import MixturesIO

/// The result of `fit --json`.
struct FitJSON {
  let result: SearchResult
  let agreement: ClassTable?
  let model: ModelFile

  /// Whether there was a prior, so that not ℓ rises but what is reported beside it.
  let hasPrior: Bool

  /// Of the rows, and of the result.
  let warnings: [String]

  private var fit: Fit { result.best }

  var document: JSONValue {
    [
      "schema": "mixtures.fit/1",
      "n": JSONValue(count: fit.score.pointCount),
      "dimension": .integer(fit.mixture.dimension),
      "features": JSONValue(fit.featureNames),
      "structure": .string(fit.structure.name),
      "components": .integer(fit.mixture.componentCount),
      "logLikelihood": .number(fit.logLikelihood),
      "logPosterior": hasPrior ? .number(fit.logPosterior) : nil,
      "parameterCount": .integer(fit.parameterCount),
      "bic": .number(fit.bic),
      "icl": .number(fit.value(.icl)),
      "iclEntropy": .number(fit.value(.iclEntropy)),
      "aic": .number(fit.value(.aic)),
      "iterations": .integer(fit.iterations),
      "stopped": .string(fit.stopped.rawValue),
      "converged": .bool(fit.stopped.isConvergence),
      "trace": JSONValue(fit.trace),
      "traceOf": hasPrior ? "logPosterior" : "logLikelihood",
      "selection": .array(result.cells.map(cell)),
      "certificate": certificate,
      "crossValidation": crossValidation,
      "agreement": agreement?.json ?? nil,
      "warnings": JSONValue(warnings),
      "model": model.json,
    ]
  }

  private func cell(_ cell: SearchCell) -> JSONValue {
    let fit = try? cell.fit.get()
    return [
      "structure": .string(cell.structure.name),
      "components": .integer(cell.components),
      "logLikelihood": JSONValue(fit?.logLikelihood),
      "parameterCount": fit.map { .integer($0.parameterCount) } ?? nil,
      "bic": JSONValue(fit?.bic),
      "icl": JSONValue(fit?.value(.icl)),
      "aic": JSONValue(fit?.value(.aic)),
      "cv": JSONValue(held(cell)?.value),
      "cvStandardError": JSONValue(held(cell)?.standardError),
      "status": fit == nil ? "degenerate" : "ok",
      "reason": JSONValue(cell.error.map { "\($0)" }),
    ]
  }

  /// What cross-validation says of a cell.
  private func held(_ cell: SearchCell) -> CriterionValue? {
    result.criterion is CrossValidation ? cell.value : nil
  }

  private var crossValidation: JSONValue {
    guard let criterion = result.criterion as? CrossValidation, let best = result.ranking.first
    else { return nil }
    return [
      "folds": .integer(criterion.foldCount),
      "logLikelihoodPerPoint": JSONValue(best.value?.value),
      "standardError": JSONValue(best.value?.standardError),
      "simplestWithinStandardError": result.simplestWithinStandardError.map {
        ["structure": .string($0.structure.name), "components": .integer($0.components)]
      } ?? nil,
    ]
  }

  private var certificate: JSONValue {
    let found = fit.certificate
    return [
      "starts": .integer(found.starts),
      "reachedBest": .integer(found.reachedBest),
      "gapToNext": JSONValue(found.gapToNext),
      "predictedRemainingGain": JSONValue(found.predictedRemainingGain),
      "smallestEffectiveCount": .number(found.smallestEffectiveCount),
      "worstCondition": .number(found.worstCondition),
      "safeguards": .object(
        found.safeguards.counts.sorted { $0.key < $1.key }.map {
          JSONValue.Member($0.key, .integer($0.value))
        }),
    ]
  }
}

extension JSONValue {
  /// A sum of weights: an integer if it is whole.
  init(count: Double) {
    self = Int(exactly: count).map(JSONValue.integer) ?? .number(count)
  }

  /// A seed: a text if it is beyond the integers of JSON readers.
  init(seed: UInt64) {
    self = Int(exactly: seed).map(JSONValue.integer) ?? .string(String(seed))
  }
}
