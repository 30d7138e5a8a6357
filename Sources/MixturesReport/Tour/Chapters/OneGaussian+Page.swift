import MixtureKernels
import Mixtures

extension OneGaussian {
  func chapter(_ draw: Draw, _ convergence: Convergence) throws -> TourChapter {
    let found = estimate.components[0]
    let values = [
      "n": "\(points.rowCount)", "sum": sum.shown(2), "squares": sumOfSquares.formula(1),
      "mean": found.mean.shown(3), "covariance": found.covariance.rows.formula(3),
      "ell": logLikelihoods.estimate.shown(3), "truth": logLikelihoods.truth.shown(3),
      "meanSlope": convergence.slope(\.mean).shown(2),
      "covarianceSlope": convergence.slope(\.covariance).shown(2),
      "repetitions": "\(Convergence.repetitions)",
      "first": (convergence.errors.first?.mean ?? 0).shown(2),
      "last": (convergence.errors.last?.mean ?? 0).shown(3),
    ]
    return TourChapter(
      id: "one-gaussian", title: "One Gaussian",
      content: Prose(
        Self.text, values: values,
        elements: [
          "points": try plate(draw).markup, "convergence": convergence.plate(draw).markup,
        ]
      ).markup)
  }

  private func plate(_ draw: Draw) throws -> Plate {
    let radii = [0.5, 0.95].map(PlaneGaussian.radius)
    let found = estimate.components[0]
    let view = PlaneView(
      points: points,
      outlines: radii.flatMap { radius in
        [
          PlaneView.Outline(
            component: truth.components[0], radius: radius, dashes: "5 4", width: 1.5),
          PlaneView.Outline(
            component: found, radius: radius, colour: Palette.component(0)),
        ]
      },
      notes: [
        .init(text: "truth", above: truth.components[0], radius: radii[1]),
        .init(text: "estimate", above: found, radius: radii[1]),
      ])
    let figure = try view.figure(
      title: "Thirty points, their Gaussian, and the one they come from",
      description: """
        A cloud of thirty points, longer along x1 than along x2 and tilted upwards. Two solid \
        ellipses, those of the estimate, follow it; two dashed ones, those of the truth, lie a \
        little to the right and are larger.
        """,
      domains: PlaneView.domains([view]), size: .whole)
    return Plate(
      id: "thirty-points", figures: [figure],
      caption: """
        Solid: the estimate. Dashed: the truth. The inner ellipse of each pair holds 50 % of its \
        Gaussian, the outer one 95 %.
        """,
      table: points.table(),
      recipe: Recipe(
        made: """
          Thirty points from the Gaussian of the text, seed \(draw.seed); the estimate is \
          `Gaussian.maximumLikelihood(of: points)`.
          """,
        commands: draw.commands + ["mixture fit one.csv -k 1 --structure VVV -o estimate.json"],
        swift: Snippet.oneGaussian))
  }

  private static let text = """
    Thirty points lie in the plane. Suppose that they come from one Gaussian, whose density in
    $d$ dimensions is

    $$f(x; μ, Σ) = frac{1}{sqrt{{(2π)}^d |Σ|}} exp {(-frac{1}{2} {(x-μ)}^T Σ^{-1} (x-μ))}.$$

    Which mean $μ$ and which covariance $Σ$ shall we believe? *Maximum likelihood* answers:
    those under which what we saw was most probable. They maximise the log-likelihood

    $$ℓ(μ, Σ) = ∑_{i=1}^n ln f(x_i; μ, Σ).$$

    Write $ℓ$ out, and the points enter it in three places only: their number, their sum, and
    the sum of their squares,

    $$n, " " ∑_i x_i, " " ∑_i x_i x_i^T.$$

    These are the *sufficient statistics*. Whatever else we knew of the points, the estimate
    would be the same; and as sums can be taken in parts and added, it makes no difference
    whether the points lie in one file or in a hundred. Where the derivatives of $ℓ$ vanish,

    $$hat{μ} = frac{1}{n} ∑_i x_i,
    // hat{Σ} = frac{1}{n} ∑_i (x_i - hat{μ}) {(x_i - hat{μ})}^T
    // = frac{1}{n} ∑_i x_i x_i^T - hat{μ} {hat{μ}}^T.$$

    Our points have $n = ‹n›$, $∑ x_i = ‹sum›$ and $∑ x_i x_i^T = ‹squares›$, hence

    $$hat{μ} = ‹mean›, " " hat{Σ} = ‹covariance›,$$

    where the truth is $μ = (1, 3)$ and $Σ = matrix{1.5, 0.6; 0.6, 0.4}$.

    ‹points›

    The log-likelihood of the estimate is ‹ell›, that of the truth ‹truth›, which is less. It
    has to be: on the points that an estimate was made from, no other Gaussian beats it. An
    honest comparison asks points that it has not seen, as [chapter 2](#two-groups) does.

    ### How fast it comes closer

    More points bring the estimate closer to the truth, but slowly. Theory says that over many
    repetitions $‖hat{μ} - μ‖^2$ is $tr Σ / N$ on average. So errors shrink like
    $N^{-1/2}$, and each further digit costs a hundred times as many points. On paper with two
    logarithmic axes that is a line of slope −½.

    ‹convergence›

    The dots of the mean fall from ‹first› to ‹last›; the straight lines through the dots have the slopes
    ‹meanSlope› for the mean and ‹covarianceSlope› for the covariance.
    """
}

extension Convergence {
  fileprivate func plate(_ draw: Draw) -> Plate {
    func line(_ error: @Sendable (Double) -> Double) -> [Place] {
      errors.map { Place(x: Self.log10(Double($0.count)), y: Self.log10(error(Double($0.count)))) }
    }
    func dots(_ error: (Errors) -> Double) -> [Place] {
      errors.map { Place(x: Self.log10(Double($0.count)), y: Self.log10(error($0))) }
    }
    let colours = [Palette.component(0), Palette.component(1)]
    let view = CurveView(curves: [
      .init(name: "", places: line(expectedMean), width: 1.5, dashes: "5 4"),
      .init(name: "", places: line(expectedCovariance), width: 1.5, dashes: "5 4"),
      .init(
        name: "mean", places: dots(\.mean), colour: colours[0], hasDots: true, isJoined: false,
        nameOffset: (-10, 20), nameAt: 2, nameAnchor: .end),
      .init(
        name: "covariance", places: dots(\.covariance), colour: colours[1], hasDots: true,
        isJoined: false, nameOffset: (10, -10), nameAt: 2),
    ])
    let figure = view.figure(
      title: "The error falls with the square root of the number of points",
      description: """
        Two rows of dots on logarithmic axes, one for the mean and one for the covariance, fall \
        along straight dashed lines from ten points to three thousand.
        """,
      x: Axis(title: "number of points N", domain: 0.9...3.6, kind: .logarithmic),
      y: Axis(title: "error", domain: -2...0.2, kind: .logarithmic))
    return Plate(
      id: "convergence", figures: [figure],
      caption: """
        Dots: the root of the mean square of $‖hat{μ} - μ‖$ and of $‖hat{Σ} - Σ‖$ in \
        \(Self.repetitions) repetitions. Dashed lines: what theory expects, $sqrt{tr Σ / N}$ and \
        $sqrt{(tr Σ^2 + {(tr Σ)}^2) / N}$; they are not fitted to the dots.
        """,
      table: FigureTable(
        columns: ["N", "error of the mean", "expected", "error of the covariance", "expected"],
        rows: errors.map { row in
          let n = Double(row.count)
          return [
            "\(row.count)", row.mean.shown(4), expectedMean(n).shown(4), row.covariance.shown(4),
            expectedCovariance(n).shown(4),
          ]
        }),
      recipe: Recipe(
        made: """
          \(Self.repetitions) draws of each size in one stream of random numbers, seed \
          \(Self.seed), and `Gaussian.maximumLikelihood(of:)` of each.
          """,
        swift: Snippet.convergence))
  }

  private static func log10(_ value: Double) -> Double { naturalLog(value) / naturalLog(10) }
}
