import Mixtures
import MixturesIO

/// Two models of the same data side by side.
struct Comparison {
  let paths: [String]
  let models: [ModelFile]
  let scores: [Score]
  let agreement: Agreement
  let test: LikelihoodRatio?

  private static let criteria: [(key: String, criterion: InformationCriterion)] = [
    ("bic", .bic), ("aic", .aic), ("icl", .icl), ("iclEntropy", .iclEntropy),
  ]

  private func values(_ criterion: InformationCriterion) -> [Double] {
    zip(scores, models).map { criterion.value($0, $1.freeParameterCount) }
  }

  // MARK: Text

  func text(width: Int) -> String {
    var table = TextTable()
    table.append(["", "A", "B", "B - A"])
    table.append(["model"] + paths.map { Excerpt($0).description })
    table.append(["components"] + models.map { "\($0.mixture.componentCount)" })
    table.append(["structure"] + models.map(\.structure.name))
    table.append(["parameters"] + models.map { "\($0.freeParameterCount)" })
    table.append(row("log-likelihood", scores.map(\.logLikelihood), digits: 4))
    table.append(row("per point", scores.map(\.logLikelihoodPerPoint), digits: 6))
    for (_, criterion) in Self.criteria {
      table.append(row(criterion.name, values(criterion), digits: 4))
    }
    var lines = table.lines(width: width)
    lines += [
      "Smaller criteria are better; mclust prints their negatives.", "",
      "Adjusted Rand index of the two classifications: \(agreement.adjustedRandIndex.fixed(4))",
    ]
    return (lines + testLines).joined(separator: "\n") + "\n"
  }

  private func row(_ name: String, _ values: [Double], digits: Int) -> [String] {
    [name] + values.map { $0.fixed(digits) } + [(values[1] - values[0]).fixed(digits)]
  }

  private var testLines: [String] {
    guard let test else { return [] }
    guard let p = test.pValue else { return ["", "Interrupted before the first sample: no test."] }
    let redrawn =
      test.redrawn == 0 ? "" : "; \(counted(test.redrawn, "sample")) drawn anew, as one had no fit"
    return [
      "",
      "Bootstrap likelihood-ratio test, the simpler model against the richer:",
      "2 (difference of log-likelihoods) = \(test.statistic.fixed(4)), "
        + "p = \(p.significant(3)) (\(counted(test.replicates.count, "sample"))\(redrawn))",
    ]
  }

  // MARK: JSON

  var document: JSONValue {
    [
      "schema": "mixtures.compare/1",
      "n": JSONValue(count: scores[0].pointCount),
      "models": .array(models.indices.map(model)),
      "adjustedRandIndex": .number(agreement.adjustedRandIndex),
      "likelihoodRatioTest": test.map {
        [
          "statistic": .number($0.statistic), "pValue": JSONValue($0.pValue),
          "samples": .integer($0.replicates.count), "planned": .integer($0.planned),
          "redrawn": .integer($0.redrawn), "replicates": JSONValue($0.replicates),
        ]
      } ?? nil,
    ]
  }

  private func model(_ index: Int) -> JSONValue {
    let (model, score) = (models[index], scores[index])
    let criteria = Self.criteria.map {
      JSONValue.Member($0.key, .number($0.criterion.value(score, model.freeParameterCount)))
    }
    return .object(
      [
        .init("path", .string(paths[index])),
        .init("structure", .string(model.structure.name)),
        .init("components", .integer(model.mixture.componentCount)),
        .init("parameterCount", .integer(model.freeParameterCount)),
        .init("logLikelihood", .number(score.logLikelihood)),
        .init("logLikelihoodPerPoint", .number(score.logLikelihoodPerPoint)),
      ] + criteria)
  }
}
