import Mixtures
import MixturesReport
import Testing

@Suite struct FilmTests {
  private func blobs(_ count: Int) throws -> Matrix {
    Known.draw(count, from: try Known.row(components: 2, dimension: 2, distance: 1.5))
  }

  @Test func aFilmIsPlainEM() throws {
    let points = try blobs(80)
    let start = try GaussianMixture.fit(
      points, components: 2, from: KMeansStart(), options: exactly(0))
    let film = try Film(of: points, from: start.mixture)
    try #require(film.frames.count > 3)
    #expect(film.frames[0].mixture == start.mixture)
    let fit = try GaussianMixture.fit(
      points, components: 2, from: MixtureStart(start.mixture), options: exactly(3))
    #expect(film.frames[3].mixture == fit.mixture)
    #expect(film.frames[3].logLikelihood == fit.trace[3])
    #expect(film.ending == .converged)
    #expect(try Film(of: points, components: 2).frames.count > 1)
  }

  private func exactly(_ iterations: Int) -> FitOptions {
    var options = FitOptions()
    options.stopping = .exactly(iterations)
    options.restarts = 1
    return options
  }

  @Test func longFilmsKeepTheirStartAndTheirEnd() throws {
    let mixture = try Known.row(components: 3, dimension: 1, distance: 1)
    let film = try Film(
      of: Known.draw(300, from: mixture), components: 3, iterationLimit: 150, frameLimit: 40)
    #expect(film.frames.count <= 40)
    #expect(film.frames.prefix(20).map(\.iteration) == Array(0..<20))
    let iterations = film.frames.map(\.iteration)
    #expect(zip(iterations, iterations.dropFirst()).allSatisfy { $0 < $1 })
    #expect(film.ending != .iterationLimit || iterations.last == 150)
  }

  @Test func manyPointsAreSampled() throws {
    let film = try Film(of: blobs(6000), components: 2, iterationLimit: 5)
    #expect(film.points.rowCount == 5000)
    #expect(film.totalCount == 6000)
    #expect(film.isSample)
    #expect(try Figure.steps(film).caption.contains("EM ran on 5000 of 6000 points"))
  }

  @Test func weightsCount() throws {
    let points = try WeightedPoints(blobs(10), weights: (0..<10).map { Double($0 % 3 + 1) })
    #expect(try Film(of: points, components: 2, structure: .eii).weights?[1] == 2)
  }

  @Test func aDegenerateEndIsTold() throws {
    // One component on a single point far away: it collapses.
    let start = try GaussianMixture(
      weights: [0.5, 0.5],
      components: [[0, 0], [50, 50]].map {
        try Gaussian(mean: $0, covariance: .spherical(variance: 1, dimension: 2))
      })
    let points = Matrix(rows: [[0, 0], [1, 0], [0, 1], [1, 1.5], [50, 50]])
    let film = try Film(of: points, from: start)
    guard case .degenerate(let reason) = film.ending else {
      Issue.record("\(film.ending)")
      return
    }
    #expect(reason.contains("Component 2"))
    #expect(try Figure.steps(film).caption.contains(reason))
  }

  @Test(arguments: [1, 2, 4])
  func stepsAreDrawn(dimension: Int) throws {
    let mixture = try Known.row(components: 2, dimension: dimension)
    let film = try Film(of: Known.draw(60, from: mixture), components: 2)
    let drawing = try Drawing(Figure.steps(film).svg)
    #expect(drawing.texts.contains("start"))
    #expect(drawing.texts.contains("iteration \(film.frames.last?.iteration ?? 0)"))
  }

  /// Labels stand beside the points: none lies over one.
  @Test func labelsOfStepsDodgePoints() throws {
    let mixture = try Known.row(components: 2, dimension: 2, distance: 8)
    let film = try Film(of: Known.draw(120, from: mixture), components: 2)
    let svg = try Figure.steps(film).svg
    let boxes = svg.matches(
      of: /<text x="([0-9.]+)" y="([0-9.]+)" font-size="12"[^>]*>[12]: ([0-9]+)/
    ).compactMap { match -> Rectangle? in
      guard let x = Double(match.1), let y = Double(match.2) else { return nil }
      return Rectangle(
        x: x, y: y - 9, width: TextStyle.label.width(of: "1: \(match.3)\u{A0}%"), height: 10)
    }
    #expect(boxes.count == 2 * min(6, film.frames.count))
    let dots = dotPlaces(svg)
    #expect(dots.count >= 120)
    for box in boxes { #expect(!dots.contains(where: box.contains), "\(box)") }
  }

  /// Of the paths of points: the first place is absolute, the others are steps.
  private func dotPlaces(_ svg: String) -> [Place] {
    var place = Place(x: 0, y: 0)
    return svg.matches(of: /([Mm])(-?[0-9.]+) ?(-?[0-9.]+)h0/).map { match in
      let step = Place(x: Double(match.2) ?? 0, y: Double(match.3) ?? 0)
      place =
        match.1 == "M" ? step : Place(x: place.x + step.x, y: place.y + step.y)
      return place
    }
  }

  /// There are not two to choose from.
  @Test func ofOneColumnTheStepsAreDensities() throws {
    let mixture = try Known.row(components: 2, dimension: 1)
    let film = try Film(of: Known.draw(60, from: mixture), components: 2)
    #expect(try Figure.steps(film, columns: (0, 0)) == Figure.steps(film))
  }

  @Test func theStartMustFit() throws {
    #expect(throws: DataError.dimensionMismatch(found: 2, expected: 1)) {
      try Film(of: blobs(9), from: Known.row(components: 2, dimension: 1))
    }
  }
}
