import Mixtures

extension LocalOptima {
  func chapter(_ draw: Draw) throws -> TourChapter {
    let best = maxima[0]
    let other = frequentOther
    let values = [
      "starts": "\(Self.startCount)", "heights": "\(maxima.count - 1)",
      "others": "\(Self.startCount - best.seeds.count - failed)",
      "best": best.logLikelihood.shown(2), "bestCount": "\(best.seeds.count)",
      "other": other.logLikelihood.shown(2), "otherCount": "\(other.seeds.count)",
      "chance": chanceOfTen > 0.9999 ? "all but certain" : chanceOfTen.percent,
    ]
    return TourChapter(
      id: "starts", title: "Where a start leads",
      content: Prose(
        Self.text, values: values,
        elements: ["optima": try plate(draw).markup, "ends": table.markup]
      ).markup)
  }

  /// The maximum below the best that most starts lead to.
  private var frequentOther: Maximum {
    maxima.dropFirst().max { $0.seeds.count < $1.seeds.count } ?? maxima[0]
  }

  private var table: PageTable {
    PageTable(
      caption: "Where \(Self.startCount) starts end",
      columns: ["ℓ", "starts", "below the best", "seed of the first", "mixing weights"],
      rows: maxima.map { maximum in
        let weights = maximum.mixture.weights.map { $0.percent }.joined(separator: ", ")
        return [
          .init(maximum.logLikelihood.shown(3)), .init("\(maximum.seeds.count)"),
          .init((maxima[0].logLikelihood - maximum.logLikelihood).shown(1)),
          .init("\(maximum.seeds[0])"), .init(weights),
        ]
      })
  }

  private func plate(_ draw: Draw) throws -> Plate {
    let other = frequentOther
    let shown = [
      (maximum: maxima[0], title: "The best: ℓ = \(maxima[0].logLikelihood.shown(1))"),
      (maximum: other, title: "Another: ℓ = \(other.logLikelihood.shown(1))"),
    ]
    let views = try shown.map { maximum, _ in
      PlaneView(
        points: points, colours: try maximum.mixture.colours(of: points),
        outlines: maximum.mixture.usualOutlines, labels: maximum.mixture.weightLabels)
    }
    let domains = PlaneView.domains(views)
    let descriptions = [
      "Three groups at the corners of a triangle, each with its own ellipses.",
      "One large ellipse spans two of the groups, and two components share the third.",
    ]
    let figures = try views.indices.map { index in
      try views[index].figure(
        title: shown[index].title, description: descriptions[index], domains: domains, size: .half)
    }
    return Plate(
      id: "local-optima", figures: figures,
      caption:
        "Ellipses hold 50 % and 95 % of their component; colours mix by responsibility. Both are maxima: EM leaves neither.",
      table: table.figureTable,
      recipe: Recipe(
        made: """
          The points of [chapter 9](#film), seed \(draw.seed); starts by \
          `RandomPointsStart(covariance: .identity)` with `options.restarts = 1` and the seeds 1 \
          to \(Self.startCount). The two shown have the seeds \(maxima[0].seeds[0]) and \
          \(other.seeds[0]).
          """,
        commands: [maxima[0], other].map {
          "mixture fit triangle.csv -k 3 --structure VVV --init random-points --start-covariance identity "
            + "--restarts 1 --seed \($0.seeds[0])"
        }))
  }

  private static let text = """
    EM climbs, and stops on the top of the hill on which it began. Here are the ends of ‹starts›
    starts on the points of [chapter 9](#film): three of the points, drawn at random, as means, with
    unit covariances.

    ‹optima›

    ‹ends›

    ‹bestCount› starts find the best maximum, at ‹best›. The other ‹others› end at ‹heights›
    different heights, ‹otherCount› of them at ‹other›: there two components have divided one group
    between them, and the third has to span what is left. To leave, one of the two would have to cross a valley of
    lower likelihood, and EM never goes down.

    The remedy is plain: *begin more than once, and keep the best*. If each start succeeds with the
    share seen here, one of ten does so with a probability that is ‹chance›. Good starts help as
    well: those of k-means, or of merging points into clusters. And the certificate that `mixture fit`
    prints tells how many starts agree, since a maximum that was found once may not be the last.
    """
}
