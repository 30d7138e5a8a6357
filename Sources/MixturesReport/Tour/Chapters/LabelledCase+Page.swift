import Mixtures

extension LabelledCase {
  func chapter(_ draw: Draw) throws -> TourChapter {
    let values = [
      "count": "\(points.rowCount)", "joint": jointLogLikelihood.shown(2),
      "ell": unlabelled.logLikelihood.shown(2), "iterations": "\(unlabelled.iterations)",
    ]
    return TourChapter(
      id: "labels", title: "If the labels were known",
      content: Prose(
        Self.text, values: values,
        elements: ["points": try plate(draw).markup, "parameters": parameters(draw).markup]
      ).markup)
  }

  private func parameters(_ draw: Draw) -> PageTable {
    func rows(_ k: Int) -> [[PageTable.Cell]] {
      [("truth", draw.truth), ("labelled", labelled), ("EM", unlabelledMixture)].map {
        name, mixture in
        let component = mixture.components[k]
        return [
          PageTable.Cell("\(k + 1), \(name)").coloured(Palette.component(k)),
          .init(mixture.weights[k].shown(3)), .init(component.mean[0].shown(3)),
          .init(component.mean[1].shown(3)),
          .init(component.covariance[0, 0].squareRoot().shown(3)),
        ]
      }
    }
    return PageTable(
      caption: "Parameters: the truth, from labelled points, and by EM without labels",
      columns: ["component", "π", "mean x1", "mean x2", "σ"],
      rows: labelled.components.indices.flatMap(rows))
  }

  private func plate(_ draw: Draw) throws -> Plate {
    let views = [
      PlaneView(
        points: points, colours: labels.map(Palette.component),
        outlines: labelled.outlines(radius: 1),
        labels: labelled.weightLabels),
      PlaneView(
        points: points, colours: try unlabelledMixture.colours(of: points),
        outlines: unlabelledMixture.outlines(radius: 1), labels: unlabelledMixture.weightLabels),
    ]
    let domains = PlaneView.domains(views)
    let figures = [
      try views[0].figure(
        title: "With labels: closed form",
        description: "Three groups in three pure colours, each with its circle.", domains: domains,
        size: .half),
      try views[1].figure(
        title: "Without: EM, converged",
        description: """
          The same points; the circles are nearly the same, and between the groups the colours \
          blend.
          """, domains: domains, size: .half),
    ]
    let assignments = try unlabelledMixture.assignments(of: points)
    return Plate(
      id: "labelled", figures: figures,
      caption:
        "Circles of radius σ. The colour of a point is its label in the first picture, its responsibilities in the second.",
      table: FigureTable(
        columns: ["point", "label", "component by EM", "its responsibility"],
        rows: zip(labels, assignments).enumerated().map { index, pair in
          let component = pair.1.component
          return [
            "\(index + 1)", "\(pair.0 + 1)", "\(component + 1)",
            (1 - pair.1.uncertainty).shown(3),
          ]
        }),
      recipe: Recipe(
        made: """
          The points of [chapter 4](#frequencies), seed \(draw.seed); \
          `GaussianMixture.labelled(points, labels: labels, structure: .vii)` and \
          `GaussianMixture.fit(points, components: 3, structure: .vii)`.
          """,
        commands: [
          "mixture fit spheres.csv -k 3 --structure VII --labels component",
          "mixture fit spheres.csv -k 3 --structure VII --truth component",
        ]))
  }

  private static let text = """
    Suppose somebody had told the labels $c_i$ after all. Then nothing is missing: every
    responsibility is one or zero, and a single M-step is the end,

    $$π_k = frac{n_k}{n}, " " μ_k = frac{1}{n_k} ∑_{i: c_i = k} x_i,
    // σ_k^2 = frac{1}{n_k d} ∑_{i: c_i = k} {‖x_i - μ_k‖}^2.$$

    Each component is estimated from its own points, the weights are the relative frequencies.
    This is what a classifier does that learns one Gaussian for each class. EM runs the same
    formulas with shares in place of labels.

    ‹points›

    ‹parameters›

    EM, which saw no label, comes close to the estimate that saw all of them: from its best
    start in ‹iterations› iterations. What it has lost is precision where the groups overlap.
    Their log-likelihoods, ‹joint› of points and labels together and ‹ell› of the points alone,
    measure different things and must not be compared.
    """
}
