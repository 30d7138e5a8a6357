import Mixtures

extension ChoosingK {
  func chapter(_ draw: Draw) throws -> TourChapter {
    let values = [
      "folds": "\(Self.folds)", "chosen": "\(chosen)",
      "first": (rows.first?.training ?? 0).shown(3), "last": (rows.last?.training ?? 0).shown(3),
      "best": (rows.first { $0.components == chosen }?.heldOut ?? 0).shown(3),
    ]
    return TourChapter(
      id: "components", title: "How many components?",
      content: Prose(
        Self.text, values: values,
        elements: ["curve": plate(draw).markup, "values": table.markup]
      ).markup)
  }

  private var table: PageTable {
    let best = rows.min { $0.bic < $1.bic }?.components
    return PageTable(
      caption: "Log-likelihoods per point, of the points that were fitted and of those held out",
      columns: ["K", "parameters", "fitted", "held out", "± standard error", "BIC"],
      rows: rows.map { row in
        let heldOut = PageTable.Cell(row.heldOut.shown(4))
        let bic = PageTable.Cell(row.bic.shown(1))
        return [
          .init("\(row.components)"), .init("\(row.parameterCount)"), .init(row.training.shown(4)),
          row.components == chosen ? heldOut.marked("best") : heldOut,
          .init(row.standardError?.shown(4) ?? "–"),
          row.components == best ? bic.marked("best") : bic,
        ]
      })
  }

  private func plate(_ draw: Draw) -> Plate {
    func curve(_ value: (Row) -> Double) -> [Place] {
      rows.map { Place(x: Double($0.components), y: value($0)) }
    }
    var view = CurveView(curves: [
      .init(
        name: "fitted points", places: curve(\.training), width: 1.5, dashes: "5 4", hasDots: true,
        nameOffset: (0, -12), nameAnchor: .end),
      .init(
        name: "points held out", places: curve(\.heldOut), colour: Palette.component(0),
        hasDots: true, nameOffset: (0, 62), nameAt: 3, nameAnchor: .middle),
    ])
    view.bars = rows.compactMap { row in
      row.standardError.map {
        .init(
          x: Double(row.components), range: (row.heldOut - $0)...(row.heldOut + $0),
          colour: Palette.component(0))
      }
    }
    if let best = rows.first(where: { $0.components == chosen }) {
      view.drops.append(Place(x: Double(chosen), y: best.heldOut))
    }
    let figure = view.figure(
      title: "More components always fit better, but not what they have not seen",
      description: """
        The log-likelihood per fitted point rises with the number of components, quickly up to \
        three and slowly beyond. That of points held out has its maximum at \(chosen) and falls \
        beyond.
        """,
      x: Axis(title: "number of components K", domain: 0.7...6.3, kind: .integers),
      y: Axis(title: "log-likelihood per point", domain: -4.5 ... -3.6))
    return Plate(
      id: "cross-validation", figures: [figure],
      caption: "Bars: one standard error of the \(Self.folds) folds.",
      table: FigureTable(
        columns: ["K", "fitted", "held out", "standard error"],
        rows: rows.map {
          [
            "\($0.components)", $0.training.shown(4), $0.heldOut.shown(4),
            $0.standardError?.shown(4) ?? "–",
          ]
        }),
      recipe: Recipe(
        made: """
          The points of [chapter 9](#film), seed \(draw.seed); ten folds, seed \(Self.seed): \
          `ModelSearch(components: 1...6, structures: [.vvv], criterion: CrossValidation(folds: 10)).run(points)`.
          """,
        commands: ["mixture fit triangle.csv -k 1...6 --structure VVV --criterion cv --folds 10"]))
  }

  private static let text = """
    So far $K$ was given. Can the log-likelihood choose it? No: a component more can always be used
    for something, so the log-likelihood of the fitted points rises with $K$, here from ‹first› to
    ‹last› per point. What has been learnt by heart must be told from what has been understood, and
    for that one asks about points that were not there.

    *Cross-validation* does so with the points at hand. They are dealt into ‹folds› folds; each
    fold in turn is held out, the mixture is fitted to the others, and the log-likelihood of the
    fold is taken. All points have been asked once, none by a mixture that knew it.

    ‹curve›

    ‹values›

    Held-out points choose $K = ‹chosen›$, with ‹best› per point. The price of too few components is
    high, that of too many moderate; the bars are wide because folds differ in how odd their points
    are, which moves all $K$ together. *BIC*, which needs no folds, charges for parameters and
    chooses the same here, as it mostly does where groups are clear.
    """
}
