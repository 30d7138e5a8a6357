import Mixtures
import MixturesIO

/// The result of `train`.
struct TrainingOutput {
  let result: TrainedClassifier
  let criterion: TrainCommand.Criterion

  /// Of the rows, and of the result.
  let warnings: [String]
  let model: ModelFile

  private var fit: TrainedClassifier.Fit { result.fit }
  private var names: [String] { fit.classifier.classNames }

  // MARK: Text

  func text(style: Style, width: Int) -> String {
    var sections: [[String]] = []
    if result.candidates.count > 1 { sections.append(candidates(style, width)) }
    sections.append([
      style.bold(
        counted(names.count, "class", plural: "classes") + ", "
          + counted(fit.classifier.mixture.componentCount, "component") + ": "
          + "\(fit.pointCount.count) points in "
          + counted(fit.classifier.mixture.dimension, "dimension"))
    ])
    sections.append(classes(width))
    sections.append(summary(width))
    sections.append(
      confusion(
        result.validation == nil
          ? "On the points of the fit (rows: true class)"
          : "On points that were held out (rows: true class)",
        result.validation ?? fit.training, style, width))
    return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private func candidates(_ style: Style, _ width: Int) -> [String] {
    var table = TextTable()
    let hasErrors = result.candidates.contains { $0.validation != nil }
    table.append(
      ["structure", "components", "BIC", "error"] + (hasErrors ? ["held-out error"] : []))
    // Different structures may come to the same classifier, of which the first is chosen.
    let chosen = result.candidates.firstIndex {
      (try? $0.fit.get())?.classifier == fit.classifier
    }
    for (index, candidate) in result.candidates.enumerated() {
      let found = try? candidate.fit.get()
      let isChosen = index == chosen
      var cells = cells(candidate, found, isChosen: isChosen)
      if hasErrors { cells.append(candidate.validation?.errorRate.fixed(4) ?? "-") }
      table.append(
        cells.map { cell in
          isChosen ? TextTable.Cell(text: cell, emphasis: style.best) : TextTable.Cell(text: cell)
        })
    }
    let order = criterion == .bic ? "the smallest BIC" : "the smallest held-out error"
    return [style.bold("What was tried (* chosen: \(order))")] + table.lines(width: width)
      + failures
  }

  /// One line per reason, with the candidates that have it.
  private var failures: [String] {
    var candidates: [String: [String]] = [:]
    var order: [String] = []
    for candidate in result.candidates {
      guard let error = candidate.error else { continue }
      let reason = Excerpt.whole("\(error)")
      if candidates[reason] == nil { order.append(reason) }
      candidates[reason, default: []].append(Self.name(candidate))
    }
    return order.map { "- \(candidates[$0, default: []].joined(separator: ", ")): \($0)" }
  }

  private static func name(_ candidate: TrainedClassifier.Candidate) -> String {
    let names = candidate.structures.map(\.name)
    return names.count > 4 ? "several" : names.joined(separator: ",")
  }

  private func cells(
    _ candidate: TrainedClassifier.Candidate, _ found: TrainedClassifier.Fit?, isChosen: Bool
  ) -> [String] {
    [
      (isChosen ? "*" : "") + Self.name(candidate),
      candidate.components.map(String.init).joined(separator: ","),
      found?.bic.fixed(2) ?? "-", found?.training.errorRate.fixed(4) ?? "-",
    ]
  }

  private func classes(_ width: Int) -> [String] {
    var table = TextTable()
    table.append(["class", "prior", "components", "structure"])
    for (index, name) in names.enumerated() {
      table.append([
        Excerpt(name).description, fit.classifier.priors[index].fixed(4),
        "\(fit.classifier.componentCounts[index])", fit.structures[index].name,
      ])
    }
    return table.lines(width: width)
  }

  private func summary(_ width: Int) -> [String] {
    var table = TextTable()
    table.append(["log-likelihood of the points", fit.logLikelihood.fixed(4)])
    table.append(["log-likelihood of points and classes", fit.jointLogLikelihood.fixed(4)])
    table.append(["parameters", "\(fit.parameterCount)"])
    table.append(["BIC", fit.bic.fixed(4)])
    table.append(["error, Brier score on the points of the fit", scores(fit.training)])
    if let validation = result.validation {
      table.append(["error, Brier score on points held out", scores(validation)])
    }
    return table.lines(width: width)
  }

  private func scores(_ report: ClassificationReport) -> String {
    "\(report.errorRate.fixed(4)), \(report.brierScore.fixed(4))"
  }

  private func confusion(
    _ title: String, _ report: ClassificationReport, _ style: Style, _ width: Int
  ) -> [String] {
    var table = TextTable()
    let shown = names.map { Excerpt($0).description }
    table.append([""] + shown + ["error", "Brier score"])
    for (index, row) in report.confusion.enumerated() {
      let scores = [report.classErrorRates[index], report.classBrierScores[index]]
      table.append([shown[index]] + row.map(\.count) + scores.map { $0?.fixed(4) ?? "-" })
    }
    return [style.bold(title)] + table.lines(width: width)
  }

  // MARK: JSON

  var document: JSONValue {
    [
      "schema": "mixtures.train/1",
      "n": JSONValue(count: fit.pointCount),
      "dimension": .integer(fit.classifier.mixture.dimension),
      "features": JSONValue(model.features),
      "classes": .array(
        names.indices.map { index in
          [
            "name": .string(names[index]), "prior": .number(fit.classifier.priors[index]),
            "components": .integer(fit.classifier.componentCounts[index]),
            "structure": .string(fit.structures[index].name),
          ]
        }),
      "logLikelihood": .number(fit.logLikelihood),
      "jointLogLikelihood": .number(fit.jointLogLikelihood),
      "parameterCount": .integer(fit.parameterCount), "bic": .number(fit.bic),
      "training": Self.document(fit.training),
      "crossValidation": result.validation.map(Self.document) ?? nil,
      "selection": .array(result.candidates.map(document)),
      "warnings": JSONValue(warnings),
      "model": model.json,
    ]
  }

  private func document(_ candidate: TrainedClassifier.Candidate) -> JSONValue {
    let fit = try? candidate.fit.get()
    return [
      "structures": JSONValue(candidate.structures.map(\.name)),
      "components": .array(candidate.components.map(JSONValue.integer)),
      "logLikelihood": JSONValue(fit?.logLikelihood),
      "parameterCount": fit.map { .integer($0.parameterCount) } ?? nil,
      "bic": JSONValue(fit?.bic),
      "trainingError": JSONValue(fit?.training.errorRate),
      "crossValidatedError": JSONValue(candidate.validation?.errorRate),
      "status": fit == nil ? "degenerate" : candidate.error == nil ? "ok" : "notValidated",
      "reason": JSONValue(candidate.error.map { "\($0)" }),
    ]
  }

  private static func document(_ report: ClassificationReport) -> JSONValue {
    [
      "errorRate": .number(report.errorRate), "brierScore": .number(report.brierScore),
      "classErrorRates": .array(report.classErrorRates.map { JSONValue($0) }),
      "classBrierScores": .array(report.classBrierScores.map { JSONValue($0) }),
      "confusion": .array(report.confusion.map { JSONValue($0) }),
    ]
  }
}
