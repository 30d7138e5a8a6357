import Mixtures

extension PriorFrequencies {
  func chapter(_ draw: Draw) throws -> TourChapter {
    let values = [
      "n": "\(points.rowCount)", "ell": logLikelihoods.points.shown(2),
      "joint": logLikelihoods.pointsAndLabels.shown(2),
    ]
    return TourChapter(
      id: "frequencies", title: "Spheres with frequencies",
      content: Prose(
        Self.text, values: values,
        elements: ["points": try plate(draw).markup, "parameters": parameters.markup]
      ).markup)
  }

  private var parameters: PageTable {
    PageTable(
      caption: "The truth, and how often each component was drawn",
      columns: ["component", "μ", "σ", "prior frequency π", "drawn", "share drawn"],
      rows: truth.components.enumerated().map { k, component in
        let count = labels.count { $0 == k }
        return [
          PageTable.Cell("\(k + 1)").coloured(Palette.component(k)),
          .init(component.mean.shown(1)), .init(component.covariance[0, 0].squareRoot().shown(2)),
          .init(truth.weights[k].percent), .init("\(count)"), .init(frequencies[k].percent),
        ]
      })
  }

  private func plate(_ draw: Draw) throws -> Plate {
    let drawn = PlaneView(
      points: points, colours: labels.map(Palette.component), outlines: truth.outlines(radius: 1),
      labels: truth.weightLabels)
    let given = PlaneView(points: points)
    let domains = PlaneView.domains([drawn, given])
    let figures = [
      try drawn.figure(
        title: "As they are drawn",
        description: """
          Three round groups in three colours, one on the left and two on the right, each with a \
          circle of its standard deviation and its mixing weight: 50, 30 and 20 %.
          """, domains: domains, size: .half),
      try given.figure(
        title: "As we get them",
        description: "The same points, all of one colour and without circles.",
        domains: domains, size: .half),
    ]
    return Plate(
      id: "spheres", figures: figures,
      caption:
        "Circles have the radius σ of their component and hold 39 % of it. Labels: the mixing weights.",
      table: points.table([(name: "component", cells: labels.map { "\($0 + 1)" })]),
      recipe: Recipe(
        made:
          "\(points.rowCount) points, seed \(draw.seed): `mixture.sample(120, using: &generator)`.",
        commands: [draw.commands[0], draw.drawCommand("--with-component ")]))
  }

  private static let text = """
    A mixture tells how its points come about, in two stages. First one of the components is
    drawn, component $k$ with probability $π_k$; then a point from that component. So the mixing
    weights are *prior frequencies*: what is known of the component of a point before the point
    is seen. Here are three spheres of their own sizes and frequencies.

    ‹points›

    ‹parameters›

    Once a point has been seen, more is known. By Bayes's rule component $k$ has produced it
    with the probability

    $$r_{i k} = frac{π_k f(x_i; θ_k)}{∑_j π_j f(x_i; θ_j)},$$

    the *responsibility* of component $k$ for point $i$. Here $θ_k$ stands for $(μ_k, σ_k^2)$,
    and $θ$ for all parameters together. A rare component needs to fit a point much better than
    a frequent one before it gets the larger share.

    Two log-likelihoods can be told apart. With the labels $c_i$ of the first stage it is $∑_i
    ln π_{c_i} f(x_i; θ_{c_i})$, here ‹joint›; without them each point counts with the whole
    mixture, $∑_i ln ∑_k π_k f(x_i; θ_k)$, here ‹ell›. The second is larger, since it need not
    predict the labels. It is the one that we have: data come as in the second
    picture.
    """
}
