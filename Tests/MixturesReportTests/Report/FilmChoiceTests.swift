import Foundation
import Mixtures
import MixturesReport
import Testing

/// Where the film of a report begins and ends, and what it says of that.
@Suite struct FilmChoiceTests {
  private func overlapping(_ count: Int) throws -> Matrix {
    Known.draw(count, from: try Known.row(components: 3, dimension: 2, distance: 1.5))
  }

  private func choice(
    _ fit: Fit, _ points: any PointSource, _ method: any StartingMethod = KMeansStart(),
    _ options: FitOptions = FitOptions()
  ) throws -> FilmChoice {
    try #require(FilmChoice(fit, of: points, method: method, options: options))
  }

  /// Whichever start won, of a fit alone or of any in a search.
  @Test func theFilmPlaysTheChosenStart() throws {
    let points = try overlapping(150)
    let alone = try GaussianMixture.fit(points, components: 3)
    let found = try ModelSearch(components: 2...4).run(points).cells
      .compactMap { try? $0.fit.get() }
    #expect(found.contains { $0.start?.isDerived == true })
    #expect(found.contains { $0.start?.isDerived == false })
    for fit in found + [alone] {
      let (choice, start) = (try choice(fit, points), try #require(fit.start))
      #expect(choice.film.first.mixture == start.mixture)
      #expect(choice.caption.contains("from the start of the reported fit"))
      #expect(choice.caption.contains("another fit of the search") == start.isDerived)
    }
  }

  @Test(arguments: [1, 3, 7])
  func theFilmHasNoMoreIterationsThanTheFitWasAllowed(limit: Int) throws {
    let points = try overlapping(150)
    var options = FitOptions()
    options.acceleration = .off
    options.stopping = .when(.gain, below: 1e-8, limit: limit)
    let fit = try GaussianMixture.fit(points, components: 4, options: options)
    try #require(fit.stopped == .iterationLimit)
    let choice = try choice(fit, points, KMeansStart(), options)
    #expect(choice.film.last.iteration == limit)
    #expect(choice.caption.contains("It ends at the reported fit."))
    #expect(!choice.caption.contains("cut off"))
  }

  @Test func theFilmEndsAtTheToleranceOfTheFit() throws {
    let points = try overlapping(150)
    var options = FitOptions()
    options.acceleration = .off
    options.stopping = .when(.gain, below: 1e-3)
    let fit = try GaussianMixture.fit(
      points, components: 3, from: RandomPointsStart(), options: options)
    let film = try choice(fit, points, RandomPointsStart(), options).film
    #expect(film.last.iteration <= fit.iterations)
    #expect(film.last.iteration > 0)
  }

  /// The reported fit saw all points, and the film, which sees a part of them, ends above or below it.
  @Test func onlyWhoArrivesHasAShorterWay() throws {
    let points = try overlapping(6_000)
    let fit = try GaussianMixture.fit(points, components: 3)
    let choice = try choice(fit, points)
    try #require(choice.film.isSample && fit.iterations < choice.film.last.iteration)
    #expect(!choice.caption.contains("It ends at"))
    #expect(choice.caption.contains("what the reported fit reaches on these points."))
    #expect(!choice.caption.contains("shorter way"))
  }

  /// One component holds a single point: without the floor of the fit it collapses.
  @Test func aFilmThatDegeneratesIsNotShown() throws {
    let start = MixtureStart(
      try GaussianMixture(
        weights: [0.5, 0.5],
        components: [[0, 0], [50, 50]].map {
          try Gaussian(mean: $0, covariance: .spherical(variance: 1, dimension: 2))
        }))
    let points = Matrix(rows: [[0, 0], [1, 0], [0, 1], [1, 1.5], [50, 50]])
    var floored = FitOptions()
    floored.covarianceFloor = 1e-3
    let fit = try GaussianMixture.fit(points, components: 2, from: start, options: floored)
    #expect(FilmChoice(fit, of: points, method: start, options: floored) != nil)
    #expect(FilmChoice(fit, of: points, method: start, options: FitOptions()) == nil)
  }

  /// A journal takes runs up further on, and their starts are not known any more.
  @Test func withoutTheStartOfTheFitAnotherLeadsThere() throws {
    let points = try overlapping(150)
    var options = FitOptions()
    options.journal = Memory()
    #expect(try GaussianMixture.fit(points, components: 2, options: options).start != nil)
    let fit = try GaussianMixture.fit(points, components: 2, options: options)
    #expect(fit.start == nil)
    let choice = try choice(fit, points)
    #expect(choice.caption.contains("a start by k-means, which need not be that of the fit"))
    #expect(choice.caption.contains("It ends at the reported fit."))
  }

  private final class Memory: RunJournal, @unchecked Sendable {
    private let lock = NSLock()
    private var entries: [RunName: RunEntry] = [:]

    func entry(of run: RunName) -> RunEntry? { lock.withLock { entries[run] } }

    func record(_ entry: RunEntry, of run: RunName) { lock.withLock { entries[run] = entry } }
  }
}
