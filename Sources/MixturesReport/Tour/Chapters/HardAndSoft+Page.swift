import Mixtures

extension HardAndSoft {
  func chapter(_ draw: Draw) throws -> TourChapter {
    let values = [
      "count": "\(points.rowCount)", "undecided": "\(undecided.count)",
      "expected": expectedErrors.shown(1), "errors": "\(errors)",
      "limit": Self.limit.percent,
    ]
    return TourChapter(
      id: "hard-soft", title: "Hard and soft",
      content: Prose(
        Self.text, values: values,
        elements: [
          "points": try plate(draw).markup, "shares": shares.markup,
          "parameters": parameters(draw).markup,
        ]
      ).markup)
  }

  /// The points that are hardest to decide.
  private var shares: PageTable {
    let components = 0..<responsibilities.columnCount
    return PageTable(
      caption: "The six least decided points",
      columns: ["point"] + components.map { .init("r\($0 + 1)") }
        + components.map { .init("indicator \($0 + 1)") },
      rows: undecided.prefix(6).map { row in
        [.init("\(row + 1) at \(points.row(row).shown(2))")]
          + responsibilities.row(row).map { .init($0.shown(3)) }
          + indicators.row(row).map { .init($0.shown(0)) }
      })
  }

  private func parameters(_ draw: Draw) -> PageTable {
    PageTable(
      caption: "σ of the truth, of the mixture, and of its indicators taken for labels",
      columns: ["component", "truth", "soft", "hard"],
      rows: mixture.components.indices.map { k in
        [PageTable.Cell("\(k + 1)").coloured(Palette.component(k))]
          + [draw.truth, mixture, hardened].map {
            .init($0.components[k].covariance[0, 0].squareRoot().shown(3))
          }
      })
  }

  private func plate(_ draw: Draw) throws -> Plate {
    let outlines = mixture.outlines(radius: 1)
    let views = [
      PlaneView(points: points, colours: try mixture.colours(of: points), outlines: outlines),
      PlaneView(
        points: points, colours: classification.map(Palette.component), outlines: outlines),
    ]
    let domains = PlaneView.domains(views)
    let figures = [
      try views[0].figure(
        title: "Soft: responsibilities",
        description: "Points in blends of three colours where the groups meet.",
        domains: domains, size: .half),
      try views[1].figure(
        title: "Hard: indicators",
        description:
          "The same points, each in one of three pure colours, with sharp borders between them.",
        domains: domains, size: .half),
    ]
    return Plate(
      id: "hard-soft-points", figures: figures,
      caption: "The mixture that EM found in [chapter 6](#labels); circles of radius σ.",
      table: FigureTable(
        columns: ["undecided point"] + points.columnNames + responsibilities.columnNames
          + ["indicator of"],
        rows: undecided.map { row in
          ["\(row + 1)"] + (points.row(row) + responsibilities.row(row)).map { $0.shown(3) }
            + ["\(classification[row] + 1)"]
        }),
      recipe: Recipe(
        made: """
          The points of [chapter 4](#frequencies), seed \(draw.seed); \
          `mixture.responsibilities(of: points)` and `mixture.indicators(of: points)`.
          """,
        commands: [
          "mixture fit spheres.csv --columns x1,x2 -k 3 --structure VII -o spheres-fit.json",
          "mixture predict spheres-fit.json spheres.csv --responsibilities",
        ],
        swift: Snippet.indicators))
  }

  private static let text = """
    A fitted mixture can say to which component each point belongs, by an *indicator*: one for the
    component with the largest responsibility, zero for the others,

    $$z_{i k} = 1 " if " k = argmax_j r_{i j}, " else " 0.$$

    That is the best single guess, and it throws away how sure one can be.

    ‹points›

    ‹shares›

    ‹undecided› of the ‹count› points have no component with more than ‹limit›. Responsibilities say
    beforehand how often indicators will be wrong: the sum of $1 - max_k r_{i k}$ over the points is
    ‹expected›. In truth, which the tour knows since it drew the points, ‹errors› are.

    Do not estimate from indicators. Where groups overlap they cut off the tails that reach into the
    neighbour, and what is left looks narrower than it is:

    ‹parameters›

    Soft shares let every point speak for all components that may have produced it. This is the
    whole of EM: what is not known is not guessed but averaged over, again and again, until nothing
    changes.
    """
}
