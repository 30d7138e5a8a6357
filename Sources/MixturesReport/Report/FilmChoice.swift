import Mixtures

/// The film of a report: plain EM from the start of the reported fit, or where that is not known, from one that leads there
/// as far as one is found.
package struct FilmChoice {
  package let film: Film
  package let caption: String

  /// How many of a method's starts are tried where that of the fit has no film.
  private static let startLimit = 10

  /// Plain EM may need many more iterations than the fit; what comes later is not seen.
  private static let iterationLimit = 300

  /// Numbers that a page can carry for its frames, and for one of them.
  private static let numberLimit = 4_000
  private static let numbersPerFrameLimit = 1_500

  /// - Returns: `nil` where frames are too large for a page, or EM comes to no end from any start.
  package init?(
    _ fit: Fit, of points: any PointSource, method: any StartingMethod, options: FitOptions
  ) {
    let (d, count) = (fit.mixture.dimension, fit.mixture.componentCount)
    let numbers = count * (1 + d + d * (d + 1) / 2)
    guard numbers <= Self.numbersPerFrameLimit else { return nil }
    let trial = Trial(
      fit: fit, points: points, method: method, options: options,
      iterationLimit: fit.stopped.isConvergence
        ? Self.iterationLimit : min(fit.iterations, Self.iterationLimit),
      frameLimit: min(100, max(6, Self.numberLimit / numbers)))
    let own = trial.filmOfFit
    guard let film = own ?? trial.filmOfMethod(starts: Self.startLimit) else { return nil }
    self.film = film
    caption = FilmCaption(film, trial, isOfFit: own != nil).text
  }

  /// What all attempts have in common.
  struct Trial {
    let fit: Fit
    let points: any PointSource
    let method: any StartingMethod
    let options: FitOptions
    let iterationLimit: Int
    let frameLimit: Int

    /// From where the fit began.
    var filmOfFit: Film? { fit.start.flatMap { film(from: $0.mixture) } }

    /// From the first of a method's starts that leads to the fit, or where none does, from the one that ends highest.
    func filmOfMethod(starts: Int) -> Film? {
      // Who interrupts a fit does not want to wait.
      let isPatient = method.isRandom && fit.stopped != .cancelled
      var best: Film?
      for number in 0..<(isPatient ? starts : 1) {
        guard let film = start(number).flatMap(film) else { continue }
        if film.last.logLikelihood > best?.last.logLikelihood ?? -.infinity { best = film }
        guard let gap = gap(film), gap >= -film.tolerance else { continue }
        break
      }
      return best.map(ordered)
    }

    /// What is reached where a component degenerates is no end.
    private func film(from start: GaussianMixture) -> Film? {
      let film = try? Film(
        of: points, from: start, structure: fit.structure, options: options,
        iterationLimit: iterationLimit, frameLimit: frameLimit)
      return film.flatMap { $0.isDegenerate ? nil : $0 }
    }

    /// A start made of the points that the film will show, where it is drawn from points at all.
    private func start(_ number: Int) -> GaussianMixture? {
      let isLarge = points.count > Film.pointLimit && method.isRandom
      let sample =
        isLarge
        ? try? PointSample(of: points, limit: Film.pointLimit, seed: options.seed).source : points
      return sample.flatMap {
        try? GaussianMixture.start(
          number, of: $0, components: fit.mixture.componentCount, structure: fit.structure,
          from: method, options: options)
      }
    }

    /// By how much a film ends above what the reported mixture reaches on its points; `nil` where a prior weighs in that
    /// belongs to all points.
    func gap(_ film: Film) -> Double? {
      guard film.isSample else { return film.last.logLikelihood - fit.logPosterior }
      guard options.prior == nil else { return nil }
      let reached = try? fit.mixture.score(film.source).logLikelihood
      return reached.map { film.last.logLikelihood - $0 }
    }

    /// With its components ordered by their means at the end, first coordinate first, as those of a fit without a given start are.
    private func ordered(_ film: Film) -> Film {
      guard method.isRandom, points.labelCount == 0 else { return film }
      let means = film.last.mixture.components.map(\.mean)
      return film.permuted(means.indices.sorted { means[$0].lexicographicallyPrecedes(means[$1]) })
    }
  }
}

extension Film {
  /// Ends no further apart than this, 10⁻⁶ per point, are the same.
  var tolerance: Double { 1e-6 * (weights?.reduce(0, +) ?? Double(points.rowCount)) }

  fileprivate var isDegenerate: Bool {
    if case .degenerate = ending { true } else { false }
  }

  /// The points for a mixture to be asked about.
  var source: any PointSource { (try? sample(FigureOptions()).source) ?? points }
}
