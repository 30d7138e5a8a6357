import Mixtures

extension Exercise {
  func chapter(_ lab: Markup) -> TourChapter {
    let values = [
      "before": later[0].logLikelihood.shown(4), "after": later[1].logLikelihood.shown(4),
      "count1": counts[0].shown(5), "count2": counts[1].shown(5),
      "sum1": sums[0].shown(5), "sum2": sums[1].shown(5),
      "scatter1": scatters[0].shown(5), "scatter2": scatters[1].shown(5),
      "weight1": next.weights[0].shown(5), "weight2": next.weights[1].shown(5),
      "mean1": next.components[0].mean[0].shown(5), "mean2": next.components[1].mean[0].shown(5),
      "variance1": next.components[0].covariance[0, 0].shown(5),
      "variance2": next.components[1].covariance[0, 0].shown(5),
    ]
    return TourChapter(
      id: "exercise", title: "Every number of one iteration",
      content: Prose(
        Self.text, values: values,
        elements: [
          "expectation": expectation.markup, "maximisation": maximisation.markup,
          "iterations": iterations.markup, "lab": lab, "recipe": recipe.markup,
        ]
      ).markup)
  }

  /// The same start, to be moved.
  var lab: Lab {
    get throws {
      let film = try Film(of: points, from: start, structure: .v, iterationLimit: 20)
      return Lab(
        id: "exercise-film",
        film: FilmFigure(
          film, columns: [0], domains: [-5.5...5.5], highestDensity: 0.6,
          caption:
            "Weighted densities of both components, and behind them in grey their sum; each stroke on the axis is a point."
        ),
        structure: "VII", range: -4...4, starts: [("As in the text", [[-3], [2]])],
        iterationLimit: 20, showsShares: true)
    }
  }

  private var expectation: PageTable {
    PageTable(
      caption: "The E-step",
      columns: ["x", "f(x; θ₁)", "f(x; θ₂)", "π₁f(x; θ₁)", "π₂f(x; θ₂)", "sum", "r₁", "r₂"],
      rows: Self.values.indices.map { i in
        let sum = weightedDensities[i].reduce(0, +)
        return [.init(Self.values[i].shown(1))]
          + (densities[i] + weightedDensities[i] + [sum]).map { .init($0.shown(5)) }
          + responsibilities[i].enumerated().map { k, share in
            PageTable.Cell(share.shown(5)).named("r-\(i)-\(k)")
          }
      })
  }

  private var maximisation: PageTable {
    PageTable(
      caption: "The M-step",
      columns: ["component", "N = Σ r", "Σ r x", "Σ r (x − μ)²", "π = N / 5", "μ", "σ²"],
      rows: counts.indices.map { k in
        let component = next.components[k]
        let cells = [
          counts[k], sums[k], scatters[k], next.weights[k], component.mean[0],
          component.covariance[0, 0],
        ]
        return [PageTable.Cell("\(k + 1)").coloured(Palette.component(k))]
          + cells.map { .init($0.shown(5)) }
      })
  }

  private var iterations: PageTable {
    PageTable(
      caption: "The iterations that follow",
      columns: ["iteration", "ℓ", "π₁", "π₂", "μ₁", "μ₂", "σ₁²", "σ₂²"],
      rows: later.map { step in
        let components = step.mixture.components
        let cells =
          [step.logLikelihood] + step.mixture.weights + components.map { $0.mean[0] }
          + components.map { $0.covariance[0, 0] }
        return [.init("\(step.iteration)")] + cells.map { .init($0.shown(5)) }
      })
  }

  private var recipe: Recipe {
    Recipe(
      made:
        "No seed: the five points and the start are given. Every number comes from the calls below.",
      commands: [
        "printf 'x\\n0.2\\n-0.9\\n-1\\n1.2\\n1.8\\n' > five.csv",
        """
        echo '{"format": "mixtures.model", "version": 1, "family": "gaussian", "structure": "V", "components": [\
        {"weight": 0.5, "mean": [-3], "covariance": [[4]]}, {"weight": 0.5, "mean": [2], "covariance": [[4]]}]}' > start.json
        """,
        "mixture predict start.json five.csv --responsibilities",
        "mixture fit five.csv -k 2 --structure V --start start.json --iterations 1",
      ],
      swift: Snippet.exercise)
  }

  private static let text = """
    One iteration can be done with a pocket calculator. Take the five numbers 0.2, −0.9, −1, 1.2
    and 1.8, and a mixture of two Gaussians in one dimension with the means −3 and 2, both of
    variance 4 and of weight ½.

    ‹expectation›

    In the first row, $f(0.2; -3, 4) = {(2π · 4)}^{-1/2} e^{-{3.2}^2 / 8} = 0.05546$: the
    point 0.2 lies 1.6 standard deviations from −3, and 0.9 from 2. Each responsibility is a
    weighted density divided by the sum of its row; the rows of $r$ sum to one. The columns of $r$
    then weigh the points:

    ‹maximisation›

    The first component counts for ‹count1› of the five points, and its new mean is
    $‹sum1› / ‹count1› = ‹mean1›$; its variance uses the new mean, not the old one. The
    log-likelihood has risen from ‹before› to ‹after›.

    ‹recipe›

    ‹iterations›

    Look at what happens between iterations 3 and 10. The first component closes in on −0.9 and
    −1, and its variance comes down to 0.0025: the two numbers themselves have the variance
    $0.05^2 = 0.0025$. On five points that is a discovery about chance, not about the world. With a
    single point it would be worse: as $σ$ goes to zero there, $ℓ$ grows without bound. A good
    program notices components that live on next to nothing, and says so.

    ### Your own start

    Move the means, and EM runs again from there, in this page. Points are ticks on the axis, and
    take the colours of their responsibilities.

    ‹lab›
    """
}
