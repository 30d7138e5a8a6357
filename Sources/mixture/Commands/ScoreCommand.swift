import ArgumentParser
import Mixtures
import MixturesIO

/// `mixture score`: how well a model describes data.
struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Print the log-likelihood and the criteria of a model on a table.")

  @OptionGroup var input: ModelAndDataOptions

  @OptionGroup var weights: WeightOption

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print one JSON document instead of a table.")
  var json = false

  func run() throws {
    let model = try input.readModel()
    let table = try input.readTable(for: model, weights: weights.column)
    let points = try InFile.naming(input.data) { try table.weightedPoints(isAsked: true) }
    let score = try InFile.reading(points, from: input.data) {
      try model.mixture.score(points, threads: threads.count)
    }
    try OutputFile.write(
      json ? document(model, score).description + "\n" : text(model, score), to: "-")
  }

  private func document(_ model: ModelFile, _ score: Score) -> JSONValue {
    let parameters = model.freeParameterCount
    func value(_ criterion: InformationCriterion) -> JSONValue {
      .number(criterion.value(score, parameters))
    }
    return [
      "schema": "mixtures.score/1",
      "n": JSONValue(count: score.pointCount),
      "dimension": .integer(model.mixture.dimension),
      "structure": .string(model.structure.name),
      "components": .integer(model.mixture.componentCount),
      "logLikelihood": .number(score.logLikelihood),
      "logLikelihoodPerPoint": .number(score.logLikelihoodPerPoint),
      "parameterCount": .integer(parameters),
      "bic": value(.bic), "icl": value(.icl), "iclEntropy": value(.iclEntropy), "aic": value(.aic),
    ]
  }

  private func text(_ model: ModelFile, _ score: Score) -> String {
    var table = TextTable()
    table.append(["points", score.pointCount.count])
    table.append(["log-likelihood", score.logLikelihood.fixed(4)])
    table.append(["per point", score.logLikelihoodPerPoint.fixed(6)])
    table.append(["parameters", "\(model.freeParameterCount)"])
    for criterion in [InformationCriterion.bic, .aic, .icl, .iclEntropy] {
      table.append([criterion.name, criterion.value(score, model.freeParameterCount).fixed(4)])
    }
    return table.lines(width: Terminal.width()).joined(separator: "\n") + "\n"
  }
}
