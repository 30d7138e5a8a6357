import Mixtures

/// Where the film of a report begins, how long it is, and where it ends beside the reported fit.
struct FilmCaption {
  private let film: Film
  private let trial: FilmChoice.Trial
  private let isOfFit: Bool

  /// - Parameter isOfFit: whether the film begins where the fit did.
  init(_ film: Film, _ trial: FilmChoice.Trial, isOfFit: Bool) {
    self.film = film
    self.trial = trial
    self.isOfFit = isOfFit
  }

  private var fit: Fit { trial.fit }

  var text: String {
    ([
      "Plain EM from \(start), \(counted(film.last.iteration, "iteration")).", sample, cut, end,
      columns,
    ] as [String?]).compactMap(\.self).joined(separator: " ")
  }

  private var start: String {
    guard trial.method.isRandom else { return given }
    guard isOfFit else { return "a start\(way), which need not be that of the fit" }
    return fit.start?.isDerived == true
      ? "the start of the reported fit, made of another fit of the search"
      : "the start of the reported fit"
  }

  private var given: String {
    trial.method is HierarchicalStart ? "the start by agglomeration" : "the given start"
  }

  private var way: String {
    switch trial.method {
    case is KMeansStart: " by k-means"
    case is RandomPointsStart: " from random points"
    case is RandomResponsibilitiesStart: " from random responsibilities"
    default: ""
    }
  }

  private var sample: String? {
    guard film.isSample else { return nil }
    return
      "It sees \(film.points.rowCount.grouped) of \(film.totalCount.grouped) points, drawn from a seed."
  }

  /// What was asked for is not cut off.
  private var cut: String? {
    let wouldGoOn = fit.stopped.isConvergence || film.last.iteration < fit.iterations
    return film.ending == .iterationLimit && wouldGoOn ? "It is cut off there." : nil
  }

  private var end: String? {
    guard let gap = trial.gap(film) else { return nil }
    let reported =
      film.isSample ? "what the reported fit reaches on these points" : "the reported fit"
    guard abs(gap) > film.tolerance else { return "It ends at \(reported)." + pace }
    return "It ends \(abs(gap).shown(significant: 3)) \(gap < 0 ? "below" : "above") \(reported)."
  }

  /// The fit may extrapolate its steps, and take fewer.
  private var pace: String {
    fit.iterations < film.last.iteration && fit.stopped.isConvergence
      ? " The fit itself found a shorter way, of \(counted(fit.iterations, "iteration"))." : ""
  }

  private var columns: String? {
    guard film.points.columnCount > 2 else { return nil }
    return
      "Seen are the two columns that tell the components apart best; EM works in all \(film.points.columnCount)."
  }
}
