import Mixtures

extension LowerBound {
  func chapter() -> TourChapter {
    let values = [
      "mean0": steps[0].mean.shown(0), "mean1": steps[0].nextMean.shown(3),
      "ell0": steps[0].logLikelihood.shown(3), "bound1": steps[0].raisedBound.shown(3),
      "ell1": steps[1].logLikelihood.shown(3),
      "free0": freeSteps[0].logLikelihood.shown(4), "freeBound": freeSteps[0].raisedBound.shown(4),
      "free1": freeSteps[1].logLikelihood.shown(4),
    ]
    return TourChapter(
      id: "bound", title: "Why EM climbs",
      content: Prose(
        Self.text, values: values,
        elements: ["bounds": bounds.markup, "stairs": stairs.markup]
      ).markup)
  }

  /// ℓ and the bounds over the mean of the first component.
  private var bounds: Plate {
    let shown = -15.0 ... -8.6
    func curve(_ heights: [Double]) -> [Place] {
      zip(means, heights).map { Place(x: $0, y: $1) }.filter { $0.y > shown.lowerBound - 4 }
    }
    var curves = steps.enumerated().map { number, step in
      CurveView.Curve(
        name: "", places: curve(step.curve), colour: Palette.component(number + 1), width: 1.8)
    }
    curves.append(
      .init(
        name: "", places: curve(logLikelihoods), colour: Palette.component(0), width: 2.6))
    var view = CurveView(curves: curves)
    for (number, step) in steps.enumerated() {
      let colour = Palette.component(number + 1)
      let touch = Place(x: step.mean, y: step.logLikelihood)
      view.marks.append(.init(place: touch, colour: colour))
      view.marks.append(.init(place: Place(x: step.nextMean, y: step.raisedBound), colour: colour))
      view.drops.append(touch)
    }
    view.labels = [
      .init(text: "ℓ", place: Place(x: -2.6, y: -12.8), colour: 0),
      .init(text: "1st bound", place: Place(x: -2.6, y: -13.5), colour: 1),
      .init(text: "2nd bound", place: Place(x: -2.6, y: -14.2), colour: 2),
    ]
    let figure = view.figure(
      title: "The log-likelihood and two lower bounds, over the mean of the first component",
      description: """
        A curve, the log-likelihood, and under it two parabolas. Each touches the curve at one \
        point, and has its top further to the right; there the next one touches.
        """,
      x: Axis(title: "mean of the first component", domain: Self.axis),
      y: Axis(title: "log-likelihood and bounds", domain: shown), height: 360)
    return Plate(
      id: "bounds", figures: [figure],
      caption: """
        The five points and the start of [chapter 7](#exercise); all parameters but $μ_1$ stay \
        as they are in the start. Dots: where a bound touches ℓ, and its top.
        """,
      table: FigureTable(
        columns: ["iteration", "μ₁", "ℓ", "L there", "next μ₁", "L at the next μ₁"],
        rows: steps.enumerated().map { number, step in
          ["\(number + 1)"]
            + [step.mean, step.logLikelihood, step.bound, step.nextMean, step.raisedBound].map {
              $0.shown(5)
            }
        }),
      recipe: Recipe(
        made: """
          `mixture.lowerBound(of: points, responsibilities: q)` along the axis, and one M-step \
          with all else frozen (`options.frozen`).
          """,
        swift: Snippet.bound))
  }

  /// ℓ and the bound by turns, all parameters free.
  private var stairs: Plate {
    let shown = Array(freeSteps.prefix(5))
    var climb: [Place] = []
    for (number, step) in shown.enumerated() {
      climb.append(Place(x: Double(number), y: step.logLikelihood))
      climb.append(Place(x: Double(number) + 0.5, y: step.raisedBound))
    }
    let touched = climb.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    let raised = climb.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    let view = CurveView(
      curves: [.init(name: "", places: climb, width: 1.4)]
        + [
          .init(
            name: "E-step: L = ℓ", places: touched, colour: Palette.component(0), hasDots: true,
            isJoined: false, nameOffset: (12, 5), nameAt: 0),
          .init(
            name: "M-step: L rises", places: raised, colour: Palette.component(1), hasDots: true,
            isJoined: false, nameOffset: (12, 14), nameAt: 0),
        ])
    let figure = view.figure(
      title: "Half a step each: the bound rises in every M-step and touches ℓ in every E-step",
      description: """
        Dots joined by a line that rises at every half step from −11.6 to above −4, the steepest \
        rise at the first M-step.
        """,
      x: Axis(title: "iteration", domain: -0.2...4.7),
      y: Axis(title: "ℓ and L", domain: -12.2 ... -3.4), height: 280)
    return Plate(
      id: "stairs", figures: [figure],
      caption:
        "All parameters free. After the E-step $L = ℓ$, after the M-step $L$ is larger, and $ℓ$ larger still.",
      table: FigureTable(
        columns: ["iteration", "ℓ = L after the E-step", "L after the M-step"],
        rows: freeSteps.enumerated().map {
          ["\($0)", $1.logLikelihood.shown(5), $1.raisedBound.shown(5)]
        }),
      recipe: Recipe(
        made: """
          `EM(family, from: start, over: points)`, its `trace`, and `lowerBound` with the \
          responsibilities from before each step.
          """))
  }

  private static let text = """
    Why can an iteration not make things worse? Take any numbers $q_{i k}$ that share out each point,
    so that $∑_k q_{i k} = 1$. The logarithm of a mean is at least the mean of the logarithms, which
    is *Jensen's inequality*, hence

    $$ℓ(θ) = ∑_i ln ∑_k q_{i k} frac{π_k f(x_i; θ_k)}{q_{i k}}
    // ≥ ∑_i ∑_k q_{i k} ln frac{π_k f(x_i; θ_k)}{q_{i k}} = L(q, θ).$$

    So $L$ is a *lower bound* of the log-likelihood, whatever $q$ we choose. The two are equal where
    the fractions of a point are all the same, and that is so for $q_{i k} = r_{i k}$. EM climbs by
    turns:

    $$ℓ(θ_{t+1}) ≥ L(q_t, θ_{t+1}) ≥ L(q_t, θ_t) = ℓ(θ_t).$$

    From the right: the *E-step* chooses $q_t$ so that the bound touches $ℓ$; the *M-step* moves
    $θ$ to where the bound is highest; and $ℓ$, being above the bound, has risen at least as much.
    The bound has its sum outside the logarithm, which is why the M-step is easy.

    ‹bounds›

    With only $μ_1$ free the picture fits on paper. The first bound touches $ℓ$ at ‹mean0›, where
    both are ‹ell0›. Its top, ‹bound1›, is at ‹mean1›; there $ℓ$ is ‹ell1›, more than the bound had
    promised. The second bound touches here, and so on. Near the maximum the steps become small:
    EM is quick to come near, and slow to arrive.

    ‹stairs›

    With all parameters free it is the same: ‹free0› at the start, ‹freeBound› promised after the
    first M-step, and ‹free1› found. Since $ℓ$ never falls, EM ends at a place from where it cannot
    rise. That need not be the highest, as [chapter 11](#starts) shows.
    """
}
