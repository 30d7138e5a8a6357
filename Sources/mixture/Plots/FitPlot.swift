import ArgumentParser
import Mixtures
import MixturesIO
import MixturesReport

/// A figure of what `fit --json` has printed.
struct FitPlot {
  let kind: PlotKind
  let criterion: CriterionChoice?

  func figure(_ fit: FitDocument) throws -> Figure {
    switch kind {
    case .trace:
      .trace(fit.trace, quantity: fit.hasPrior ? "log-posterior" : "log-likelihood")
    case .criterionMap: .criterionMap(try table(fit, criterion ?? fit.decider))
    case .crossValidation: .crossValidation(try table(fit, .cv))
    default: .criterionCurves(try table(fit, criterion ?? fit.decider))
    }
  }

  private func table(
    _ fit: FitDocument, _ criterion: CriterionChoice
  ) throws -> SelectionTable {
    if criterion == .cv, !fit.hasFolds {
      throw ValidationError(
        "The fit was not cross-validated: run fit with --criterion cv, or draw --kind criterion.")
    }
    return SelectionTable(
      criterion: criterion == .cv ? CrossValidation().name : criterion.rawValue.uppercased(),
      prefersLarger: criterion == .cv,
      cells: fit.selection.map { cell in
        SelectionTable.Cell(
          structure: cell.structure, components: cell.components,
          value: cell.criteria[criterion.rawValue],
          standardError: criterion == .cv ? cell.standardError : nil,
          parameterCount: cell.parameterCount)
      })
  }
}

extension FitDocument {
  /// Whether the fits were cross-validated.
  var hasFolds: Bool { selection.contains { $0.criteria["cv"] != nil } }

  /// What decided: as the options say that made the model.
  fileprivate var decider: CriterionChoice {
    guard let name = model.option("criterion") else { return hasFolds ? .cv : .bic }
    return CriterionChoice(rawValue: name) ?? .bic
  }
}
