import Mixtures

/// The film of a report: EM from a start that leads to the reported fit, as far as one is found.
package struct FilmChoice {
  package let film: Film
  package let caption: String

  /// How many of a method's starts are tried.
  private static let startLimit = 10

  /// Plain EM may need many more iterations than the fit; what comes later is not seen.
  private static let iterationLimit = 300

  /// Numbers that a page can carry for its frames, and for one of them.
  private static let numberLimit = 4_000
  private static let numbersPerFrameLimit = 1_500

  /// Ends no further apart than this, per point, are the same.
  private static let tolerance = 1e-6

  /// - Returns: `nil` where frames are too large for a page, or no start can be made.
  package init?(
    _ fit: Fit, of points: any PointSource, method: any StartingMethod, options: FitOptions
  ) {
    let (d, count) = (fit.mixture.dimension, fit.mixture.componentCount)
    let numbers = count * (1 + d + d * (d + 1) / 2)
    guard numbers <= Self.numbersPerFrameLimit else { return nil }
    let trial = Trial(
      fit: fit, points: points, method: method, options: options,
      frameLimit: min(100, max(6, Self.numberLimit / numbers)))
    var best: (film: Film, number: Int)?
    // Who interrupts a fit does not want to wait.
    let isPatient = method.isRandom && fit.stopped != .cancelled
    for number in 0..<(isPatient ? Self.startLimit : 1) {
      guard let film = trial.film(number) else { continue }
      if film.last.logLikelihood > best?.film.last.logLikelihood ?? -.infinity {
        best = (film, number)
      }
      guard let goal = trial.goal(film) else { continue }
      if film.last.logLikelihood >= goal - Self.tolerance * film.pointCount {
        best = (film, number)
        break
      }
    }
    guard let best else { return nil }
    film = best.film.ordered(like: trial)
    caption = Self.caption(film, best.number, trial)
  }

  /// What all attempts have in common.
  fileprivate struct Trial {
    let fit: Fit
    let points: any PointSource
    let method: any StartingMethod
    let options: FitOptions
    let frameLimit: Int

    /// A start made of the points that the film will show, where it is drawn from points at all.
    func film(_ number: Int) -> Film? {
      let isLarge = points.count > Film.pointLimit && method.isRandom
      let sample =
        isLarge
        ? try? PointSample(of: points, limit: Film.pointLimit, seed: options.seed).source : points
      guard let sample,
        let start = try? GaussianMixture.start(
          number, of: sample, components: fit.mixture.componentCount, structure: fit.structure,
          from: method, options: options)
      else { return nil }
      return try? Film(
        of: points, from: start, structure: fit.structure, options: options,
        iterationLimit: fit.stopped == .exactIterations
          ? min(fit.iterations, FilmChoice.iterationLimit) : FilmChoice.iterationLimit,
        frameLimit: frameLimit)
    }

    /// What the reported mixture reaches on the points of the film; `nil` where a prior weighs in that belongs to all points.
    func goal(_ film: Film) -> Double? {
      guard film.isSample else { return fit.logPosterior }
      guard options.prior == nil else { return nil }
      return try? fit.mixture.score(film.source).logLikelihood
    }
  }

  private static func caption(_ film: Film, _ number: Int, _ trial: Trial) -> String {
    let iterations = counted(film.last.iteration, "iteration")
    var text = "Plain EM from \(name(of: trial.method, number)), \(iterations). "
    if film.isSample {
      text +=
        "It sees \(film.points.rowCount.grouped) of \(film.totalCount.grouped) points, drawn from a seed. "
    }
    switch film.ending {
    case .degenerate(let reason): text += reason + " "
    case .iterationLimit where trial.fit.stopped != .exactIterations:
      text += "It is cut off there. "
    case .iterationLimit, .converged: break
    }
    return text + end(film, trial) + pace(film, trial.fit) + columns(film)
  }

  private static func end(_ film: Film, _ trial: Trial) -> String {
    guard let goal = trial.goal(film) else { return "" }
    let gap = film.last.logLikelihood - goal
    let reported =
      film.isSample ? "what the reported fit reaches on these points" : "the reported fit"
    if abs(gap) <= tolerance * film.pointCount { return "It ends at \(reported). " }
    return "It ends \(abs(gap).shown(significant: 3)) \(gap < 0 ? "below" : "above") \(reported). "
  }

  /// The fit may extrapolate its steps, or go on from another fit of the search, and takes fewer.
  private static func pace(_ film: Film, _ fit: Fit) -> String {
    fit.iterations < film.last.iteration && fit.stopped.isConvergence
      ? "The fit itself found a shorter way, of \(counted(fit.iterations, "iteration")). " : ""
  }

  private static func columns(_ film: Film) -> String {
    film.points.columnCount > 2
      ? "Seen are the two columns that tell the components apart best; EM works in all \(film.points.columnCount)."
      : ""
  }

  private static func name(of method: any StartingMethod, _ number: Int) -> String {
    let kind: String? =
      switch method {
      case is KMeansStart: "by k-means"
      case is RandomPointsStart: "from random points"
      case is RandomResponsibilitiesStart: "from random responsibilities"
      case is HierarchicalStart: "by agglomeration"
      default: nil
      }
    guard let kind else { return "the given start" }
    return method.isRandom ? "start \(number + 1) \(kind)" : "the start \(kind)"
  }
}

extension Film {
  /// n, the sum of the weights.
  fileprivate var pointCount: Double { weights?.reduce(0, +) ?? Double(points.rowCount) }

  /// The points for a mixture to be asked about.
  var source: any PointSource { (try? sample(FigureOptions()).source) ?? points }

  /// With its components ordered by their means at the end, first coordinate first, as those of a fit without a given start are.
  fileprivate func ordered(like trial: FilmChoice.Trial) -> Film {
    guard trial.method.isRandom, trial.points.labelCount == 0 else { return self }
    let means = last.mixture.components.map(\.mean)
    return permuted(means.indices.sorted { means[$0].lexicographicallyPrecedes(means[$1]) })
  }
}
