import Mixtures

extension WatchingEM {
  func chapter(_ draw: Draw) -> TourChapter {
    let early = film.frames[min(1, film.frames.count - 1)].mixture
    let values = [
      "left": early.weights[0].percent, "right": early.weights[2].percent,
      "count": "\(points.rowCount)", "iterations": "\(film.last.iteration)",
      "start": film.first.logLikelihood.shown(1), "end": film.last.logLikelihood.shown(2),
    ]
    return TourChapter(
      id: "film", title: "EM, watched",
      content: Prose(
        Self.text, values: values,
        elements: ["film": lab.markup, "recipe": recipe(draw).markup]
      ).markup)
  }

  private var lab: Lab {
    Lab(
      id: "em",
      film: FilmFigure(
        film, columns: [0, 1], domains: [-6.4...6.4, -3.2...6.2],
        caption:
          "Ellipses hold 50 % and 95 % of their component; the colour of a point mixes those of its components."
      ),
      structure: "VVV", range: -5...6, starts: Self.starts)
  }

  private func recipe(_ draw: Draw) -> Recipe {
    Recipe(
      made: """
        \(points.rowCount) points, seed \(draw.seed). Every frame is one `em.step(over: points)` \
        of the library; frames from your own start are computed by this page.
        """,
      commands: draw.commands, swift: Snippet.watching)
  }

  private static let text = """
    Here are ‹count› points from three groups about $(0, 0)$, $(3, 3)$ and $(-3, 3)$. Each component
    now has a covariance of its own, estimated from its weighted scatter,

    $$Σ_k = frac{1}{N_k} ∑_i r_{i k} (x_i - μ_k) {(x_i - μ_k)}^T,$$

    and the start is poor on purpose: three means in a row in the middle. Play the film, or step
    through it.

    ‹film›

    ‹recipe›

    In ‹iterations› iterations $ℓ$ climbs from ‹start› to ‹end›. After the first, the outer
    components hold ‹left› and ‹right› of the points and reach far into the third group. The one in the
    middle sinks towards it and takes over its points, share by share; after a dozen iterations
    nothing is left to do that the eye could see.

    Now move the means, or choose one of the other starts. From the clump EM seems to have arrived
    after ten iterations, and stays on a *plateau* for dozens more before it finds the groups: small
    gains are not yet the end. From two means in one group it ends somewhere else, and stays there.
    """
}
