import Mixtures

extension FiveIterations {
  func chapter(_ draw: Draw) throws -> TourChapter {
    let gains = zip(steps.dropFirst(), steps).map { $0.logLikelihood - $1.logLikelihood }
    let values = [
      "count": "\(points.rowCount)", "start": steps[0].logLikelihood.shown(2),
      "end": steps[steps.count - 1].logLikelihood.shown(2),
      "gain1": (gains.first ?? 0).shown(1), "gain5": (gains.last ?? 0).shown(1),
      "variance": steps[0].mixture.components[0].covariance[0, 0].shown(3),
    ]
    return TourChapter(
      id: "iterations", title: "Five iterations of EM",
      content: Prose(
        Self.text, values: values,
        elements: ["steps": try plate(draw).markup, "parameters": parameters.markup]
      ).markup)
  }

  private var parameters: PageTable {
    let components = steps[0].mixture.components.indices
    return PageTable(
      caption: "The start and five iterations",
      columns: ["iteration", "ℓ"] + components.map { .init("π, μ, σ of component \($0 + 1)") },
      rows: steps.enumerated().map { iteration, step in
        [.init("\(iteration)"), .init(step.logLikelihood.shown(3))]
          + components.map { k in
            let component = step.mixture.components[k]
            let deviation = component.covariance[0, 0].squareRoot()
            return .init(
              "\(step.mixture.weights[k].shown(3)), \(component.mean.shown(2)), \(deviation.shown(3))"
            )
          }
      })
  }

  private func plate(_ draw: Draw) throws -> Plate {
    let views = try steps.map { step in
      PlaneView(
        points: points, colours: try step.mixture.colours(of: points),
        outlines: step.mixture.outlines(radius: 1), labels: step.mixture.weightLabels)
    }
    let domains = PlaneView.domains(views)
    let figures = try views.enumerated().map { iteration, view in
      try view.figure(
        title: iteration == 0 ? "Start" : counted(iteration, "iteration"),
        description: iteration == 0
          ? "Three large circles of equal size that overlap; the colours of the points are blends."
          : "After \(counted(iteration, "iteration")) the circles are smaller and the colours clearer.",
        domains: domains, size: .small)
    }
    return Plate(
      id: "five-iterations", figures: figures,
      caption: """
        Circles of radius σ, mixing weights beside them. The colour of a point mixes those of \
        its components by responsibility.
        """,
      table: parameters.figureTable,
      recipe: Recipe(
        made: """
          The points of [chapter 4](#frequencies), seed \(draw.seed); the start is \
          `KMeansStart(covariance: .common(.global), weights: .equal)` with seed \(Self.seed).
          """,
        commands: [
          "mixture fit spheres.csv --columns x1,x2 -k 3 --structure VII --init kmeans --start-covariance global "
            + "--start-weights equal --restarts 1 --seed \(Self.seed) --iterations 5"
        ]),
      size: .small)
  }

  private static let text = """
    Now the labels are gone, and with them the closed form: the log-likelihood

    $$ℓ(θ) = ∑_i ln ∑_k π_k f(x_i; θ_k)$$

    has a sum inside the logarithm, and where its derivatives vanish every parameter depends on
    all others. *Expectation–maximisation* goes round this in circles that get better each
    time. Of a label that is missing we know at least how probable each value is, if we have
    parameters: the responsibilities of [chapter 4](#frequencies). And if we have
    responsibilities, parameters are easy again.

    ### E-step

    Under the present parameters, share out every point:

    $$r_{i k} = frac{π_k f(x_i; θ_k)}{∑_j π_j f(x_i; θ_j)}.$$

    ### M-step

    Estimate as in chapters [1](#one-gaussian) and [3](#sphere), with point $i$ counted
    $r_{i k}$ times for component $k$:

    $$N_k = ∑_i r_{i k}, " " π_k = frac{N_k}{n}, " " μ_k = frac{1}{N_k} ∑_i r_{i k} x_i,
    // σ_k^2 = frac{1}{N_k d} ∑_i r_{i k} {‖x_i - μ_k‖}^2.$$

    The statistics that suffice are again a number, a sum and a sum of squares, one set for each
    component. To begin, something must be assumed: here the centres that *k-means* finds, equal
    weights, and for every component the variance of all points together, ‹variance›.

    ‹steps›

    ‹parameters›

    From ‹start› the log-likelihood climbs to ‹end›, by ‹gain1› in the first iteration and by
    ‹gain5› in the fifth. It never falls; [chapter 8](#bound) says why. Five iterations are not
    the end, but the picture is already there.
    """
}
