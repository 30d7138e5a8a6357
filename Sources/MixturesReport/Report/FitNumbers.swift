import Mixtures

/// The log-likelihood of a fit and its criteria as a table of a page.
struct FitNumbers {
  private let fit: Fit
  private let result: SearchResult
  private let hasPrior: Bool

  init(_ fit: Fit, _ result: SearchResult, _ options: FitOptions) {
    self.fit = fit
    self.result = result
    hasPrior = options.prior != nil
  }

  var markup: Markup {
    PageTable(
      caption:
        "The log-likelihood, and criteria; of BIC, AIC and ICL smaller ones are better, and mclust prints their negatives",
      columns: ["number", "value"], rows: rows
    ).markup
  }

  private var rows: [[PageTable.Cell]] {
    var rows = [PageTable.row("log-likelihood", fit.logLikelihood, "logLikelihood")]
    if hasPrior {
      rows.append(PageTable.row("with the log-prior", fit.logPosterior, "logPosterior"))
    }
    rows.append([
      "free parameters", PageTable.Cell("\(fit.parameterCount)").named("parameterCount"),
    ])
    let criteria: [(String, InformationCriterion)] = [
      ("bic", .bic), ("aic", .aic), ("icl", .icl), ("iclEntropy", .iclEntropy),
    ]
    rows += criteria.map { PageTable.row($0.1.name, fit.value($0.1), $0.0) }
    if result.criterion is CrossValidation, let value = result.ranking.first?.value {
      let error = value.standardError.map { " ± \($0.shown(4))" } ?? ""
      rows.append([
        PageTable.Cell("\(result.criterion.name) (larger is better)"),
        PageTable.Cell(value.value.shown(4) + error),
      ])
    }
    return rows
  }
}
