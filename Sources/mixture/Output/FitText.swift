import Mixtures
import MixturesIO

/// The result of `fit` for people.
struct FitText {
  /// What the first components are called, if points had labels.
  let labels: [String]

  /// Whether there was a prior, so that not ℓ rises but what is reported beside it.
  let hasPrior: Bool

  /// What was kept as in the start.
  let frozen: FrozenParts
  let result: SearchResult
  let agreement: ClassTable?
  let style: Style
  let width: Int

  private var fit: Fit { result.best }

  var text: String {
    var sections: [[String]] = []
    if result.cells.count > 1 { sections.append(grid) }
    sections.append([style.bold(headline)])
    sections.append(
      ComponentTable(
        mixture: fit.mixture, features: fit.featureNames,
        counts: (fit.effectiveCounts, fit.backgroundCount), style: style,
        names: labels.isEmpty
          ? nil
          : fit.mixture.components.indices.map { $0 < labels.count ? labels[$0] : "" }
      ).lines(width: width))
    sections.append(criteria)
    if let agreement { sections.append(agreement.lines(width: width)) }
    sections.append(certificate)
    return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private var headline: String {
    counted(fit.mixture.componentCount, "component") + ", structure \(fit.structure): "
      + "\(fit.score.pointCount.count) points in \(counted(fit.mixture.dimension, "dimension"))"
  }

  /// Rows are numbers of components, columns structures, as mclust prints them.
  private var grid: [String] {
    var structures: [CovarianceStructure] = []
    for cell in result.cells where !structures.contains(cell.structure) {
      structures.append(cell.structure)
    }
    let counts = Array(Set(result.cells.map(\.components))).sorted()
    var table = TextTable()
    table.append(["components"] + structures.map(\.name))
    for count in counts {
      table.append(
        [TextTable.Cell(text: "\(count)")] + structures.map { entry($0, count) })
    }
    let order = result.criterion.prefersLarger ? "larger" : "smaller"
    let title = "\(result.criterion.name) of each fit (\(order) is better; * the best)"
    return [style.bold(title)] + table.lines(width: width) + best + simplest + failures
  }

  /// The five best, and by how much they fall short.
  private var best: [String] {
    let ranking = result.ranking.prefix(5)
    guard ranking.count > 1 else { return [] }
    let names = ranking.map { cell in
      guard let value = cell.value, let first = ranking.first?.value else { return "" }
      let gap = value.value - first.value
      let sign = gap > 0 ? "+" : ""
      return "\(cell.structure) \(cell.components)"
        + (gap == 0 ? "" : " (\(sign)\(shown(gap, of: value)))")
    }
    return ["Best: " + names.joined(separator: ", ")]
  }

  /// The choice of those who do not trust a difference that chance explains.
  private var simplest: [String] {
    guard let cell = result.simplestWithinStandardError,
      let error = result.ranking.first?.value?.standardError
    else { return [] }
    return [
      "Simplest within one standard error (\(error.fixed(4))): \(cell.structure) \(cell.components)"
    ]
  }

  /// A value for a single point needs more digits.
  private func shown(_ number: Double, of value: CriterionValue) -> String {
    number.fixed(value.standardError == nil ? 2 : 4)
  }

  private func entry(_ structure: CovarianceStructure, _ components: Int) -> TextTable.Cell {
    let cell = result.cells.first { $0.structure == structure && $0.components == components }
    guard let found = cell?.value else { return TextTable.Cell(text: "-") }
    let value = shown(found.value, of: found)
    let isBest =
      structure == fit.structure && components == fit.mixture.componentCount
    return isBest
      ? TextTable.Cell(text: "*" + value, emphasis: style.best) : TextTable.Cell(text: value)
  }

  /// One line per reason, with the cells that have it.
  private var failures: [String] {
    var cells: [String: [String]] = [:]
    var order: [String] = []
    for cell in result.cells {
      guard let error = cell.error else { continue }
      let reason = Excerpt.whole("\(error)")
      if cells[reason] == nil { order.append(reason) }
      cells[reason, default: []].append("\(cell.structure) \(cell.components)")
    }
    return order.map { "- \(cells[$0, default: []].joined(separator: ", ")): \($0)" }
  }

  private var criteria: [String] {
    var table = TextTable()
    table.append(["log-likelihood", fit.logLikelihood.fixed(4)])
    if hasPrior { table.append(["with the log-prior", fit.logPosterior.fixed(4)]) }
    table.append(["parameters", "\(fit.parameterCount)"])
    for criterion in [InformationCriterion.bic, .aic, .icl, .iclEntropy] {
      table.append([criterion.name, fit.value(criterion).fixed(4)])
    }
    if result.criterion is CrossValidation, let value = result.ranking.first?.value {
      let error = value.standardError.map { " ± \($0.fixed(4))" } ?? ""
      table.append(["cross-validated, per point", value.value.fixed(4) + error])
    }
    if let agreement = agreement?.agreement {
      table.append(["adjusted Rand index", agreement.adjustedRandIndex.fixed(4)])
      table.append(["error rate", agreement.errorRate.fixed(4)])
    }
    let note = "Smaller criteria are better; mclust prints their negatives."
    return table.lines(width: width) + [style.dim(note)]
  }

  private var certificate: [String] {
    let found = fit.certificate
    var lines = [style.bold("Certificate")]
    let gap = found.gapToNext.map { "; the next is lower by \($0.significant(3))" } ?? ""
    lines.append(
      "- \(found.reachedBest) of \(counted(found.starts, "start")) reached this log-likelihood\(gap)"
    )
    if !frozen.names.isEmpty {
      lines.append("- kept as in the start: \(frozen.names.joined(separator: ", "))")
    }
    lines.append("- \(stop) after \(counted(fit.iterations, "iteration"))\(inner)\(remaining)")
    lines.append(
      "- smallest component: \(found.smallestEffectiveCount.fixed(1)) effective points; "
        + "worst condition number: \(found.worstCondition.significant(3))")
    let counts = found.safeguards.counts.sorted { $0.key < $1.key }
    lines.append(
      counts.isEmpty
        ? "- no safeguard acted"
        : "- safeguards that acted: "
          + counts.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
    return lines
  }

  private var inner: String {
    let rounds = fit.certificate.innerIterations
    return rounds > 0 ? " with \(counted(rounds, "inner round"))" : ""
  }

  private var remaining: String {
    fit.certificate.predictedRemainingGain.map {
      "; predicted remaining gain \($0 == 0 ? "0" : $0.significant(2))"
    } ?? ""
  }

  private var stop: String {
    switch fit.stopped {
    case .gainBelowThreshold: "converged (gain per point below the tolerance)"
    case .predictedGainBelowThreshold: "converged (predicted gain per point below the tolerance)"
    case .parameterChangeBelowThreshold: "converged (change of parameters below the tolerance)"
    case .iterationLimit: "not converged: stopped at the limit"
    case .exactIterations: "stopped as asked"
    case .cancelled: "interrupted"
    }
  }
}
