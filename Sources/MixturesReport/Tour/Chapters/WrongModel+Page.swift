import Mixtures

extension WrongModel {
  func chapter(_ draw: Draw) throws -> TourChapter {
    let values = [
      "n": "\(points.rowCount)", "fresh": Self.freshCount.grouped,
      "bic1": single.bic.shown(1), "bic2": mixture.bic.shown(1),
      "gain": (mixture.logLikelihood - single.logLikelihood).shown(1),
      "loss": (freshScores.truth - freshScores.single).shown(3),
      "rest": (freshScores.truth - freshScores.mixture).shown(3),
    ]
    return TourChapter(
      id: "two-groups", title: "Two groups, one Gaussian",
      content: Prose(
        Self.text, values: values,
        elements: ["points": try plate(draw).markup, "scores": scores.markup]
      ).markup)
  }

  private var scores: PageTable {
    func row(_ name: String, _ fit: Fit, fresh: Double) -> [PageTable.Cell] {
      [
        .init(name), .init("\(fit.parameterCount)"), .init(fit.logLikelihood.shown(2)),
        .init(fit.bic.shown(2)), .init(fresh.shown(4)),
      ]
    }
    return PageTable(
      caption: "What both models say of the points, and of points that they have not seen",
      columns: ["model", "parameters", "ℓ", "BIC", "ℓ per fresh point"],
      rows: [
        row("one Gaussian", single, fresh: freshScores.single),
        row("mixture of two", mixture, fresh: freshScores.mixture),
        [
          "the truth", .none, .init((try? truth.score(points).logLikelihood)?.shown(2) ?? "–"),
          .none, .init(freshScores.truth.shown(4)),
        ],
      ])
  }

  private func plate(_ draw: Draw) throws -> Plate {
    let views = [single.mixture, mixture.mixture].map {
      PlaneView(points: points, contoured: $0)
    }
    let domains = PlaneView.domains(views)
    let figures = [
      try views[0].figure(
        title: "One Gaussian",
        description: """
          Two groups of points, lower left and upper right. Two elliptical contours enclose \
          both; their common centre lies between the groups.
          """,
        domains: domains, size: .half),
      try views[1].figure(
        title: "A mixture of two",
        description: """
          The same points in two colours that blend where the groups meet. The inner contour \
          consists of two parts, one about each group.
          """,
        domains: domains, size: .half),
    ]
    return Plate(
      id: "wrong-model", figures: figures,
      caption: """
        Contours bound the regions of highest density that hold 50 % and 95 % of each model. The \
        colour of a point mixes those of its components.
        """,
      table: points.table(),
      recipe: Recipe(
        made: """
          \(points.rowCount) points, seed \(draw.seed); \
          `GaussianMixture.fit(points, components: 1)` and \
          `GaussianMixture.fit(points, components: 2, structure: .eii)`.
          """,
        commands: draw.commands + [
          "mixture fit two.csv -k 1 --structure VVV -o single.json",
          "mixture fit two.csv -k 2 --structure EII -o mixture.json",
          "mixture sample two.json -n \(Self.freshCount) --seed \(Self.freshSeed) -o fresh.csv",
          "mixture score single.json fresh.csv", "mixture score mixture.json fresh.csv",
        ]))
  }

  private static let text = """
    The recipe of [chapter 1](#one-gaussian) never refuses: any points have a mean and a
    covariance. Here are ‹n› points from two groups of equal size, with the means $(0.5, 2)$ and
    $(3, 4)$ and unit covariance. In the first picture they are taken for one Gaussian. It
    believes most in the place between the groups, where points are thinner, and promises points in two
    corners where there are hardly any.

    ‹points›

    The second picture shows a *mixture*,

    $$p(x) = ∑_{k=1}^K π_k f(x; μ_k, Σ_k), // π_k ≥ 0, " " ∑_k π_k = 1,$$

    with $K = 2$ components and the *mixing weights* $π_k$. Nothing is said about which point
    belongs to which component. How its parameters were found is the matter of the chapters to
    come; here we only ask whether it is better.

    ‹scores›

    The mixture gains ‹gain› in log-likelihood. A model with more parameters may do so by luck;
    the *Bayesian information criterion*

    $$BIC = -2ℓ + p ln n$$

    charges $ln n$ for each of the $p$ parameters, and smaller is better: ‹bic2› against ‹bic1›.
    The last column asks ‹fresh› fresh points from the truth. Per point the single Gaussian
    loses ‹loss› to the truth, the mixture ‹rest›.
    """
}
