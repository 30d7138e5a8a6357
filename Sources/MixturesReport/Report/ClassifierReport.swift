import Mixtures
import MixturesIO

/// A page that tells all that is known of a classifier: how often it errs and where, what it looks like, and what else was tried.
///
/// It depends on the result and the points alone: the same training gives the same bytes.
public struct ClassifierReport: Sendable {
  /// The classifier, and what else was tried.
  public let result: TrainedClassifier

  /// Those that it was fitted to.
  public let points: any PointSource

  /// The class of each point.
  public let classes: [String]

  /// Whether the smallest error on points held out decided; else the smallest BIC did.
  public let isChosenByError: Bool

  /// What a reader should know of the rows and of the classes.
  public let warnings: [String]

  /// Where the result comes from.
  public let origin: ReportOrigin

  /// Gathers what the page is made of.
  ///
  /// - Parameters:
  ///   - result: the classifier, with what else was tried.
  ///   - points: those that it was fitted to.
  ///   - classes: the class of each point.
  ///   - isChosenByError: whether the smallest error on points held out decided.
  ///   - warnings: what a reader should know of the rows and of the classes.
  ///   - origin: command, data and library.
  public init(
    _ result: TrainedClassifier, of points: any PointSource, classes: [String],
    isChosenByError: Bool = false, warnings: [String] = [], origin: ReportOrigin
  ) {
    self.result = result
    self.points = points
    self.classes = classes
    self.isChosenByError = isChosenByError
    self.warnings = warnings
    self.origin = origin
  }

  /// The page as HTML that stands alone: no file beside it, no network.
  ///
  /// - Throws: ``DataError`` where the points cannot be read any more.
  /// - Complexity: that of a pass over the points.
  public var html: String {
    get throws {
      Page(
        title: headline, generator: origin.library,
        body: .group([header, .element("main", [:], try sections.map(\.markup))])
      ).html
    }
  }
}

extension ClassifierReport {
  private var fit: TrainedClassifier.Fit { result.fit }
  private var classifier: Classifier { fit.classifier }
  private var names: [String] { classifier.classNames.map { Excerpt($0).description } }

  /// What is known of its errors: on points held out, or where there are none, on those of the fit.
  private var verdict: ClassificationReport { result.validation ?? fit.training }

  private var headline: String {
    let place = result.validation == nil ? "the points of the fit" : "the points held out in turn"
    return "\(counted(names.count, "class", plural: "classes")), \(structures): "
      + "\(verdict.errorRate.percent) of \(place) are taken for another class"
  }

  /// One name where all classes have the same structure.
  private var structures: String {
    let distinct = fit.structures.reduce(into: [String]()) { names, structure in
      if !names.contains(structure.name) { names.append(structure.name) }
    }
    return distinct.joined(separator: ", ")
  }

  private var header: Markup {
    .element(
      "header", [:],
      [
        .paragraph("Classifier of \(Excerpt.whole(origin.data))", style: "kicker"),
        .element("h1", [:], text: headline),
        .paragraph(lead, style: "lead"),
        cautions.isEmpty ? .nothing : .list(cautions, style: "warnings"),
      ])
  }

  private var lead: String {
    let tried = result.candidates.count
    let choice =
      tried == 1
      ? ""
      : " The best of \(tried) recipes, by \(isChosenByError ? "the smallest error on points held out" : "the smallest BIC")."
    return "\(pointsInWords(weight: fit.pointCount)) in \(counted(points.dimension, "dimension")), "
      + "\(counted(classifier.mixture.componentCount, "component"))." + choice
  }

  private var cautions: [String] {
    warnings
      + (result.validation == nil
        ? ["No points were held out: the error on the points of the fit flatters the classifier."]
        : [])
  }

  private var sections: [PageSection] {
    get throws {
      var sections = [errors]
      if points.dimension > 1 { sections.append(try regions) }
      sections.append(densities)
      if result.candidates.count > 1 { sections.append(candidates) }
      sections.append(origin.section(on: points))
      return sections
    }
  }

  private var errors: PageSection {
    var content = [
      Figure.confusion(
        verdict, classNames: classifier.classNames,
        of: result.validation == nil ? "points of the fit" : "points that were held out"
      ).pageMarkup(id: "confusion")
    ]
    content += [scores.markup, classScores.markup]
    return PageSection(title: "How often it errs", id: "errors", content: content)
  }

  private var scores: PageTable {
    func row(_ name: String, _ report: ClassificationReport, _ key: String) -> [PageTable.Cell] {
      [
        PageTable.Cell(name), PageTable.Cell(report.errorRate.shown(4)).named("\(key) errorRate"),
        PageTable.Cell(report.brierScore.shown(4)).named("\(key) brierScore"),
      ]
    }
    var rows: [[PageTable.Cell]] = []
    if let validation = result.validation {
      rows.append(row("points that were held out", validation, "crossValidation"))
    }
    rows.append(row("points of the fit", fit.training, "training"))
    return PageTable(
      caption:
        "Share of errors, and Brier score: 0 for certainty that is right, 1 for certainty that is wrong",
      columns: ["on", "error", "Brier score"], rows: rows)
  }

  private var classScores: PageTable {
    PageTable(
      caption: result.validation == nil
        ? "The same for the points of each class"
        : "The same for the held-out points of each class",
      columns: ["class", "points", "error", "Brier score"],
      rows: names.indices.map { index in
        [
          PageTable.Cell(names[index]).coloured(Palette.component(index)),
          PageTable.Cell(verdict.confusion[index].reduce(0, +).shown(significant: 8)),
          score(verdict.classErrorRates[index], "classErrorRate \(index + 1)"),
          score(verdict.classBrierScores[index], "classBrierScore \(index + 1)"),
        ]
      })
  }

  /// A class without points has none.
  private func score(_ value: Double?, _ name: String) -> PageTable.Cell {
    value.map { PageTable.Cell($0.shown(4)).named(name) } ?? PageTable.Cell("–")
  }

  private var regions: PageSection {
    get throws {
      let numbers = Dictionary(
        uniqueKeysWithValues: zip(classifier.classNames, classifier.classNames.indices))
      var options = FigureOptions()
      options.size = FigureSize(width: 600, height: 440)
      let figure = try Figure.regions(
        of: classifier, points: points, truth: classes.map { numbers[$0] }, options: options)
      return PageSection(
        title: "Where each class is expected", id: "regions",
        content: [figure.pageMarkup(id: "regions-1")])
    }
  }

  private var densities: PageSection {
    let table = PageTable(
      caption: "Each class has a density, and a prior probability",
      columns: ["class", "prior", "components", "structure"],
      rows: names.indices.map { index in
        [
          PageTable.Cell(names[index]).coloured(Palette.component(index)),
          PageTable.Cell(classifier.priors[index].shown(4)).named("prior \(index + 1)"),
          PageTable.Cell("\(classifier.componentCounts[index])"),
          PageTable.Cell(fit.structures[index].name),
        ]
      })
    let numbers = PageTable(
      caption: "Numbers of the fit", columns: ["number", "value"],
      rows: [
        PageTable.row("log-likelihood of the points", fit.logLikelihood, "logLikelihood"),
        PageTable.row(
          "log-likelihood of points and classes", fit.jointLogLikelihood, "jointLogLikelihood"),
        ["free parameters", PageTable.Cell("\(fit.parameterCount)").named("parameterCount")],
        PageTable.row("BIC", fit.bic, "bic"),
      ])
    return PageSection(title: "Classes", id: "classes", content: [table.markup, numbers.markup])
  }

  private var candidates: PageSection {
    let hasErrors = result.candidates.contains { $0.validation != nil }
    var columns: [PageTable.Cell] = [
      "structure", "components", "BIC", "error on the points of the fit",
    ]
    if hasErrors { columns.append("error on points held out") }
    let table = PageTable(
      caption: "Recipes; marked is the one that was chosen", columns: columns,
      rows: result.candidates.map { row($0, hasErrors: hasErrors) })
    return PageSection(title: "What else was tried", id: "candidates", content: [table.markup])
  }

  private func row(
    _ candidate: TrainedClassifier.Candidate, hasErrors: Bool
  ) -> [PageTable.Cell] {
    let found = try? candidate.fit.get()
    let structures = candidate.structures.map(\.name)
    var cells = [
      PageTable.Cell(structures.count > 4 ? "any" : structures.joined(separator: ", ")),
      PageTable.Cell(candidate.components.map(String.init).joined(separator: ", ")),
      found.map { PageTable.Cell($0.bic.shown(2)) } ?? .none,
      found.map { PageTable.Cell($0.training.errorRate.shown(4)) } ?? .none,
    ]
    if hasErrors {
      cells.append(candidate.validation.map { PageTable.Cell($0.errorRate.shown(4)) } ?? .none)
    }
    return found?.classifier == classifier ? cells.map { $0.marked("best") } : cells
  }
}
