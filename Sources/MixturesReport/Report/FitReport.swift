import Mixtures
import MixturesIO

/// A page that tells all that is known of a fit: what was found, how it looks, how it came about, and how far it can be trusted.
///
/// It depends on the result and the points alone: the same fit gives the same bytes.
public struct FitReport: Sendable {
  /// Every fit of the search, and the best.
  public let result: SearchResult

  /// Those of the fit, with weights and labels if there are such.
  public let points: any PointSource

  /// The names of the first components.
  public let labels: [String]

  /// How components and known classes meet.
  public let comparison: ClassComparison?

  /// How many cells of the points are missing.
  public let missingCellCount: Int

  /// What a reader should know of the rows.
  public let rowWarnings: [String]

  /// The way to the first mixture of a fit.
  public let method: any StartingMethod

  /// How fits were made.
  public let options: FitOptions

  /// Where the result comes from.
  public let origin: ReportOrigin

  /// Gathers what the page is made of.
  ///
  /// - Parameters:
  ///   - result: at least one fit; a single one is the search of one cell.
  ///   - points: those of the fit.
  ///   - labels: what the first components are called, if points had labels.
  ///   - comparison: how components and known classes meet, if classes are known.
  ///   - missingCellCount: how many cells of the points are missing.
  ///   - rowWarnings: what a reader should know of the rows, such as that some were left out.
  ///   - method: the way to the first mixture, from which the film of EM plays where the fit does not know its own.
  ///   - options: those of the fit: prior, background, floor, what is frozen, seed.
  ///   - origin: command, data and library.
  public init(
    _ result: SearchResult, of points: any PointSource, labels: [String] = [],
    comparison: ClassComparison? = nil, missingCellCount: Int = 0, rowWarnings: [String] = [],
    method: any StartingMethod = KMeansStart(), options: FitOptions = FitOptions(),
    origin: ReportOrigin
  ) {
    self.result = result
    self.points = points
    self.labels = labels
    self.comparison = comparison
    self.missingCellCount = missingCellCount
    self.rowWarnings = rowWarnings
    self.method = method
    self.origin = origin
    var options = options
    options.isCancelled = { false }
    options.report = { _ in }
    options.journal = nil
    self.options = options
  }

  /// The page as HTML that stands alone: no file beside it, no network.
  ///
  /// - Throws: ``DataError`` where the points cannot be read any more.
  /// - Complexity: that of a few passes over the points, and of EM on at most 5,000 of them.
  public var html: String {
    get throws {
      let finding = Finding(fit, labels: labels)
      return Page(
        title: finding.headline, generator: origin.library,
        body: .group([
          header(finding), .element("main", [:], try sections.map(\.markup)),
        ]), scripts: [.em, .film]
      ).html
    }
  }

  var fit: Fit { result.best }
}

extension FitReport {
  private func header(_ finding: Finding) -> Markup {
    .element(
      "header", [:],
      [
        .paragraph("Gaussian mixture of \(Excerpt.whole(origin.data))", style: "kicker"),
        .element("h1", [:], text: finding.headline),
        .paragraph(lead, style: "lead"),
        warnings,
      ])
  }

  private var lead: String {
    return
      "\(pointsInWords(weight: fit.score.pointCount)) in \(counted(fit.mixture.dimension, "dimension")). \(choice)\(frozen)"
  }

  private var frozen: String {
    let names = options.frozen.names
    return names.isEmpty ? "" : " Kept as in the start: \(names.joined(separator: ", "))."
  }

  /// How the fit was chosen.
  private var choice: String {
    let fitted = result.cells.count { (try? $0.fit.get()) != nil }
    guard result.cells.count > 1 else {
      return "Number of components and structure were given."
    }
    let order = result.criterion.prefersLarger ? "largest" : "smallest"
    return "The best of \(counted(fitted, "fit")), by the \(order) \(result.criterion.nameInText)."
  }

  private var warnings: Markup {
    let texts = rowWarnings + result.warnings.map(\.description)
    return texts.isEmpty ? .nothing : .list(texts, style: "warnings")
  }

  private var sections: [PageSection] {
    get throws {
      var sections = [try picture, components]
      if let comparison { sections.append(comparison.section(labels: labels)) }
      // One component is found in one step.
      if fit.mixture.componentCount > 1 { sections.append(film) }
      sections.append(trust)
      if result.cells.count > 1 { sections.append(try SelectionSection(result).section) }
      sections.append(origin.section(on: points, facts))
      return sections
    }
  }

  /// The figure that suits the dimension, and where components meet.
  private var picture: PageSection {
    get throws {
      let figures = try [main] + (fit.mixture.componentCount > 1 ? [uncertainty] : [])
      let drawn = figures.compactMap(\.self).enumerated().map {
        $1.pageMarkup(id: "picture-\($0 + 1)")
      }
      return PageSection(
        title: "The data and the mixture", id: "picture",
        content: fit.mixture.dimension == 2
          ? [.element("div", ["class": "pair"], drawn)] : drawn)
    }
  }

  private var main: Figure? {
    get throws {
      let mixture = fit.mixture
      var options = figureOptions
      switch mixture.dimension {
      case 1:
        options.size = FigureSize(width: 560, height: 380)
        return try .histogram(of: points, mixture: mixture, options: options)
      case 2:
        options.size = Self.half
        return try .scatter(of: points, mixture: mixture, options: options)
      default:
        // Every point is drawn in many panels.
        options.pointLimit = 1_500
        return try .pairs(of: points, mixture: mixture, options: options)
      }
    }
  }

  private var uncertainty: Figure? {
    get throws {
      guard fit.mixture.dimension > 1 else { return nil }
      var options = figureOptions
      options.size = Self.half
      // Beside many panels a page has room for no more.
      if fit.mixture.dimension > 2 { options.pointLimit = 1_500 }
      return try .uncertainty(of: points, mixture: fit.mixture, options: options)
    }
  }

  /// Two of them stand side by side where there is room, and letters can be read on a telephone.
  private static let half = FigureSize(width: 440, height: 370)

  private var figureOptions: FigureOptions {
    var options = FigureOptions()
    options.seed = self.options.seed
    if !labels.isEmpty {
      options.componentNames = fit.mixture.components.indices.map {
        labels.label(of: $0) ?? "component \($0 + 1)"
      }
    }
    return options
  }

  private var components: PageSection {
    let names = fit.mixture.components.indices.map(labels.label(of:))
    return PageSection(
      title: "Components", id: "components",
      content: ComponentTables(fit, names: labels.isEmpty ? nil : names).markup)
  }

  /// What EM climbs.
  private var objective: String { options.prior == nil ? "log-likelihood" : "log-posterior" }

  private var film: PageSection {
    let title = "EM, iteration by iteration"
    guard let choice = FilmChoice(fit, of: points, method: method, options: options) else {
      return PageSection(
        title: title, id: "film",
        content: [
          .paragraph(
            "There is no film: either its frames have too many parameters for a page, or plain EM degenerates from its starts."
          )
        ])
    }
    return PageSection(
      title: title, id: "film",
      content: [
        FilmFigure(choice.film, labels: labels, caption: choice.caption, objective: objective)
          .markup(id: "film-1")
      ])
  }

  private var trust: PageSection {
    PageSection(
      title: "How far to trust it", id: "trust",
      content: [
        .list(CertificateText(fit: fit).sentences), FitNumbers(fit, result, options).markup,
        Figure.trace(
          fit.trace, quantity: objective, size: FigureSize(width: 560, height: 400)
        ).pageMarkup(id: "trace"),
      ])
  }

  private var facts: [(name: String, text: String)] {
    var facts: [(name: String, text: String)] = []
    if missingCellCount > 0 {
      facts.append(
        (
          "missing cells",
          "\(missingCellCount.grouped), by the likelihood of the cells that are there"
        ))
    }
    if points.labelCount > 0 { facts.append(("labels", "of \(points.labelCount) components")) }
    facts.append(("seed", "\(options.seed)"))
    return facts
  }
}
