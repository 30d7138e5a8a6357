import Foundation
import Mixtures
import MixturesReport
import Testing

/// The Swift that the tour shows: the lines between the marks are those of the page, and compute its numbers.
@Suite struct SnippetTests {
  @Test func oneGaussian() throws {
    // snippet: oneGaussian
    let truth = try Gaussian(
      mean: [1, 3], covariance: .full(lowerTriangle: [1.5, 0.6, 0.4], dimension: 2))
    let source = try GaussianMixture(weights: [1], components: [truth])
    var generator = SplitMix64(seed: 1)
    let points = source.sample(30, using: &generator).points
    let estimate = try Gaussian.maximumLikelihood(of: points)
    print(estimate.mean, estimate.covariance.rows)
    // end
    let draw = try Draw.oneGaussian()
    #expect(points == draw.points)
    #expect(try OneGaussian(points, truth: source).estimate.components == [estimate])
  }

  @Test func convergence() throws {
    let source = try Draw.oneGaussian().truth
    let truth = source.components[0]
    var last = 0.0
    func print(_ count: Int, _ error: Double) { last = error }
    // snippet: convergence
    var stream = SplitMix64(seed: 1)
    for count in [10, 30, 100, 300, 1000, 3000] {
      var sum = 0.0
      for _ in 1...20 {
        let draw = source.sample(count, using: &stream).points
        let mean = try Gaussian.maximumLikelihood(of: draw).mean
        sum += zip(mean, truth.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      print(count, (sum / 20).squareRoot())
    }
    // end
    #expect(last == (try Convergence(to: truth).errors.last?.mean))
  }

  @Test func exerciseAndBound() throws {
    // snippet: exercise
    let points = Matrix(rows: [[0.2], [-0.9], [-1], [1.2], [1.8]])
    let start = try GaussianMixture(
      weights: [0.5, 0.5],
      components: [-3, 2].map { mean in
        try Gaussian(mean: [mean], covariance: .spherical(variance: 4, dimension: 1))
      })
    let responsibilities = try start.responsibilities(of: points)
    var options = FitOptions()
    options.stopping = .exactly(1)
    let next = try GaussianMixture.fit(
      points, components: 2, structure: .v, from: MixtureStart(start), options: options)
    print(responsibilities.rows, next.mixture.weights, next.logLikelihood)
    // end
    let exercise = try Exercise()
    #expect(responsibilities.rows == exercise.responsibilities)
    #expect(next.mixture == exercise.next)
    #expect(next.logLikelihood == exercise.later[1].logLikelihood)
    // snippet: bound
    options.frozen.weights = .all
    options.frozen.covariances = .all
    options.frozen.means = .only([1])
    let moved = try GaussianMixture.fit(
      points, components: 2, structure: .v, from: MixtureStart(start), options: options
    ).mixture
    print(moved.components[0].mean)
    print(try start.lowerBound(of: points, responsibilities: responsibilities))
    print(try moved.lowerBound(of: points, responsibilities: responsibilities))
    print(try moved.score(points).logLikelihood)
    // end
    let chapter = try LowerBound(points, from: start)
    #expect(moved.components[0].mean == [chapter.steps[0].nextMean])
    #expect(try moved.score(points).logLikelihood == chapter.steps[1].logLikelihood)
  }

  @Test func watching() throws {
    // snippet: watching
    func mixture(_ means: [[Double]]) throws -> GaussianMixture {
      try GaussianMixture(
        weights: means.map { _ in 1 / Double(means.count) },
        components: means.map {
          try Gaussian(mean: $0, covariance: .spherical(variance: 1, dimension: 2))
        })
    }
    var generator = SplitMix64(seed: 1)
    let points = try mixture([[0, 0], [3, 3], [-3, 3]]).sample(150, using: &generator).points
    let start = try mixture([[-1, 2], [0, 2], [1, 2]])
    let family = try GaussianFamily(.vvv, scale: DataSummary(of: points).scale)
    var em = EM(family, from: start, over: points)
    repeat {
      try em.step(over: points)
      print(em.iterations, em.trace[em.iterations], em.mixture.weights)
    } while em.gain > 1e-8 * Double(points.rowCount)
    // end
    let film = try WatchingEM(Draw.triangle().points).film
    #expect(points == (try Draw.triangle().points))
    #expect(em.iterations == film.frames.last?.iteration)
    #expect(em.trace == film.frames.map(\.logLikelihood))
  }

  @Test func indicators() throws {
    // snippet: indicators
    let truth = try GaussianMixture(
      weights: [0.5, 0.3, 0.2],
      components: zip([[-1.5, 0], [1, 1.5], [1.5, -1]], [0.64, 1, 0.25]).map { mean, variance in
        try Gaussian(mean: mean, covariance: .spherical(variance: variance, dimension: 2))
      })
    var generator = SplitMix64(seed: 1)
    let points = truth.sample(120, using: &generator).points
    let fit = try GaussianMixture.fit(points, components: 3, structure: .vii)
    let soft = try fit.mixture.responsibilities(of: points)
    let hard = try fit.mixture.indicators(of: points)
    print(soft.row(0), hard.row(0))
    // end
    let draw = try Draw.threeSpheres()
    #expect(points == draw.points)
    let chapter = try LabelledCase(points, labels: draw.labels, components: 3)
    #expect(fit.mixture == chapter.unlabelled.mixture)
  }

  /// What stands between the marks, less the indentation of the test.
  private static func lines(_ name: String) throws -> [String] {
    let text = try String(contentsOfFile: #filePath, encoding: .utf8)
    let after = text.split(separator: "\n", omittingEmptySubsequences: false)
      .drop { $0 != "    // snippet: \(name)" }.dropFirst()
    return after.prefix { $0 != "    // end" }.map { String($0.dropFirst(4)) }
  }

  @Test func pageShowsTheseLines() throws {
    let shown = [
      ("oneGaussian", Snippet.oneGaussian), ("convergence", Snippet.convergence),
      ("exercise", Snippet.exercise), ("bound", Snippet.bound), ("watching", Snippet.watching),
      ("indicators", Snippet.indicators),
    ]
    for (name, lines) in shown {
      let compiled = try Self.lines(name)
      #expect(!lines.isEmpty && lines == compiled, "\(name)")
    }
  }
}
