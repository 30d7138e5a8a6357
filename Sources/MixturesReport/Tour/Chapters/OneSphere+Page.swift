import Mixtures

extension OneSphere {
  func chapter(_ draw: Draw) throws -> TourChapter {
    let n = Double(points.rowCount)
    let values = [
      "n": "\(points.rowCount)", "sigma": deviation.shown(3),
      "mean": estimate.components[0].mean.shown(3),
      "share1": Self.share(within: 1).percent, "share2": Self.share(within: 2).percent,
      "count1": "\(counts.within1)", "count2": "\(counts.within2)",
      "found1": (Double(counts.within1) / n).percent,
      "found2": (Double(counts.within2) / n).percent,
    ]
    return TourChapter(
      id: "sphere", title: "A sphere and its circle",
      content: Prose(Self.text, values: values, elements: ["points": try plate(draw).markup]).markup
    )
  }

  private func plate(_ draw: Draw) throws -> Plate {
    let component = estimate.components[0]
    let view = PlaneView(
      points: points,
      outlines: [
        .init(component: component, radius: 1, colour: Palette.component(0), width: 2.4),
        .init(component: component, radius: 2, colour: Palette.component(0), width: 1.2),
        .init(component: truth.components[0], radius: 1, dashes: "5 4", width: 1.5),
      ],
      notes: [
        .init(text: "σ", above: component, radius: 1),
        .init(text: "2σ", above: component, radius: 2),
      ])
    let figure = try view.figure(
      title: "One round group, with circles of radius σ and 2σ",
      description: """
        Sixty points in a round cloud. A circle about their mean has the radius of one standard \
        deviation, a thinner one that of two; a dashed circle, the truth, lies close to the \
        first.
        """,
      domains: PlaneView.domains([view]), size: .whole)
    let distances = points.rows.map { row in
      (squaredDistance(row, component.mean)).squareRoot() / deviation
    }
    return Plate(
      id: "one-sphere", figures: [figure],
      caption: """
        Solid circles: radius $hat{σ}$ and $2hat{σ}$ about $hat{μ}$. Dashed: radius σ about μ of \
        the truth.
        """,
      table: points.table([(name: "distance in σ", cells: distances.map { $0.shown(2) })]),
      recipe: Recipe(
        made: """
          \(points.rowCount) points, seed \(draw.seed); \
          `Gaussian.maximumLikelihood(of: points, structure: .vii)`.
          """,
        commands: draw.commands + ["mixture fit sphere.csv -k 1 --structure EII"]))
  }

  private static let text = """
    A covariance in the plane has three numbers to estimate, in ten dimensions it has 55. Often
    fewer will do. The simplest Gaussian is *spherical*: $Σ = σ^2 I$ with a single variance for
    all directions. Its contours are circles, in more dimensions spheres, and the likelihood is
    largest at

    $$hat{μ} = frac{1}{n} ∑_i x_i, " " {hat{σ}}^2 = frac{1}{n d} ∑_i {‖x_i - hat{μ}‖}^2.$$

    The sum of squares is divided by $n d$: each of the $d$ coordinates is a measurement of the
    same variance. One circle of radius $σ$ about $μ$ then says all there is to say.

    ‹points›

    Here $hat{μ} = ‹mean›$ and $hat{σ} = ‹sigma›$, while the truth is $(2, 1)$ and 0.8. How much
    of a round Gaussian lies inside the circle? In the plane $1 - e^{-r^2/2}$ within $r$
    standard deviations: ‹share1› within one and ‹share2› within two, not the 68 and 95 % of a
    single dimension. Of our ‹n› points ‹count1› (‹found1›) and ‹count2› (‹found2›) do.
    """
}
