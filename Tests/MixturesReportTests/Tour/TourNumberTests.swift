import Foundation
import MixtureTestSupport
import Mixtures
import MixturesReport
import Testing

/// The numbers of the tour's own points, against formulas written out with plain loops.
@Suite struct TourNumberTests {
  /// Four standard deviations of the mean of 20 squared distances: with two eigenvalues, one of a squared distance is
  /// at most √2 of its mean, so that of the mean of 20 is at most 0.32, and of its root 0.16.
  @Test func errorsFallWithTheSquareRoot() throws {
    let truth = try Draw.oneGaussian().truth.components[0]
    let convergence = try Convergence(to: truth)
    #expect(convergence.errors.map(\.count) == Convergence.counts)
    for error in convergence.errors {
      let n = Double(error.count)
      #expect(abs(error.mean * n.squareRoot() / 1.9.squareRoot() - 1) < 0.64)
      #expect(relativeDifference(convergence.expectedMean(n), (1.9 / n).squareRoot()) < 1e-14)
      // tr Σ² = 1.5² + 2 · 0.6² + 0.4²
      let expected = ((3.13 + 1.9 * 1.9) / n).squareRoot()
      #expect(relativeDifference(convergence.expectedCovariance(n), expected) < 1e-14)
      #expect(abs(error.covariance / expected - 1) < 0.64)
    }
    #expect(abs(convergence.slope(\.mean) + 0.5) < 0.05)
    #expect(abs(convergence.slope(\.covariance) + 0.5) < 0.05)
  }

  @Test func wrongModel() throws {
    let draw = try Draw.twoGroups()
    let chapter = try WrongModel(draw.points, truth: draw.truth)
    #expect(draw.labelCounts.reduce(0, +) == 200)
    #expect(chapter.single.parameterCount == 5)
    // One mixing weight, two means, one variance.
    #expect(chapter.mixture.parameterCount == 6)
    for fit in [chapter.single, chapter.mixture] {
      let bic = -2 * fit.logLikelihood + Double(fit.parameterCount) * log(200)
      #expect(relativeDifference(fit.bic, bic) < 1e-14)
    }
    #expect(chapter.mixture.bic < chapter.single.bic)
    #expect(chapter.freshScores.truth > chapter.freshScores.mixture)
    #expect(chapter.freshScores.mixture > chapter.freshScores.single)
  }

  @Test func oneSphere() throws {
    let draw = try Draw.oneSphere()
    let chapter = try OneSphere(draw.points, truth: draw.truth)
    let n = 60.0
    let mean = (0..<2).map { j in draw.points.rows.reduce(0) { $0 + $1[j] } / n }
    let squares = draw.points.rows.map { row in
      (row[0] - mean[0]) * (row[0] - mean[0]) + (row[1] - mean[1]) * (row[1] - mean[1])
    }
    let variance = squares.reduce(0, +) / (2 * n)
    #expect(relativeDifference(chapter.deviation, variance.squareRoot()) < 1e-14)
    #expect(chapter.counts.within1 == squares.count { $0 <= variance })
    #expect(chapter.counts.within2 == squares.count { $0 <= 4 * variance })
    #expect(abs(OneSphere.share(within: 1) - 0.393_469_340_287_366_6) < 1e-15)
    #expect(abs(OneSphere.share(within: 2) - 0.864_664_716_763_387_3) < 1e-15)
  }

  @Test func priorFrequencies() throws {
    let draw = try Draw.threeSpheres()
    let chapter = try PriorFrequencies(draw.points, labels: draw.labels, truth: draw.truth)
    #expect(chapter.frequencies == draw.labelCounts.map { Double($0) / 120 })
    let densities = draw.points.rows.map { row in (0..<3).map { weighted(draw.truth, $0, row) } }
    let points = densities.reduce(0) { $0 + log($1.reduce(0, +)) }
    let joint = zip(densities, draw.labels).reduce(0) { $0 + log($1.0[$1.1]) }
    #expect(relativeDifference(chapter.logLikelihoods.points, points) < 1e-13)
    #expect(relativeDifference(chapter.logLikelihoods.pointsAndLabels, joint) < 1e-13)
  }

  /// πₖ f(x; θₖ) of a spherical component in two dimensions.
  private func weighted(_ mixture: GaussianMixture, _ k: Int, _ x: [Double]) -> Double {
    let component = mixture.components[k]
    let variance = component.covariance[0, 0]
    let (dx, dy) = (x[0] - component.mean[0], x[1] - component.mean[1])
    return mixture.weights[k] * exp(-(dx * dx + dy * dy) / (2 * variance)) / (2 * .pi * variance)
  }

  @Test func fiveIterations() throws {
    let points = try Draw.threeSpheres().points
    let chapter = try FiveIterations(points, components: 3)
    let deviations = points.standardDeviations
    let variance = (deviations[0] * deviations[0] + deviations[1] * deviations[1]) / 2
    for component in chapter.steps[0].mixture.components {
      #expect(relativeDifference(component.covariance[0, 0], variance) < 1e-13)
    }
    let equal = Array(repeating: 1 / 3.0, count: 3)
    #expect(chapter.steps[0].mixture.weights == equal)
    for (step, next) in zip(chapter.steps, chapter.steps.dropFirst()) {
      let shares = Matrix(
        rows: points.rows.map { row in
          let terms = (0..<3).map { weighted(step.mixture, $0, row) }
          return terms.map { $0 / terms.reduce(0, +) }
        })
      let expected = try textbookMaximization(points, responsibilities: shares, structure: .vii)
      #expect(MixtureDifference(next.mixture, expected).largest < 1e-12)
      #expect(next.logLikelihood > step.logLikelihood)
    }
  }

  @Test func labelledCase() throws {
    let draw = try Draw.threeSpheres()
    let chapter = try LabelledCase(draw.points, labels: draw.labels, components: 3)
    let indicators = Matrix(indicatorsOf: draw.labels, components: 3)
    let expected = try textbookMaximization(
      draw.points, responsibilities: indicators, structure: .vii)
    #expect(MixtureDifference(chapter.labelled, expected).largest < 1e-12)
    let joint = zip(draw.points.rows, draw.labels).reduce(0) {
      $0 + log(weighted(chapter.labelled, $1.1, $1.0))
    }
    #expect(relativeDifference(chapter.jointLogLikelihood, joint) < 1e-13)
    // Components correspond: each is nearer to its own label's mean than to the others.
    for k in 0..<3 {
      let distances = chapter.labelled.components.map { component in
        zip(component.mean, chapter.unlabelledMixture.components[k].mean)
          .reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      #expect(distances.indices.min { distances[$0] < distances[$1] } == k)
    }
  }

  /// The bound touches ℓ where its responsibilities come from, lies below it everywhere, and has its top in the next mean.
  @Test func lowerBound() throws {
    let exercise = try Exercise()
    let chapter = try LowerBound(exercise.points, from: exercise.start)
    for step in chapter.steps {
      #expect(relativeDifference(step.bound, step.logLikelihood) < 1e-13)
      for (bound, logLikelihood) in zip(step.curve, chapter.logLikelihoods) {
        #expect(bound <= logLikelihood + 1e-12)
        #expect(bound <= step.raisedBound + 1e-12)
      }
    }
    for (step, next) in zip(chapter.steps, chapter.steps.dropFirst()) {
      #expect(next.mean == step.nextMean)
      #expect(next.logLikelihood >= step.raisedBound)
      #expect(step.raisedBound >= step.logLikelihood)
    }
    // The mean of the first step is that of the exercise: its responsibilities are the same.
    let mean = exercise.next.components[0].mean[0]
    #expect(relativeDifference(chapter.steps[0].nextMean, mean) < 1e-13)
    for (step, next) in zip(chapter.freeSteps, chapter.freeSteps.dropFirst()) {
      #expect(step.logLikelihood < step.raisedBound && step.raisedBound <= next.logLikelihood)
    }
  }

  @Test func watching() throws {
    let film = try WatchingEM(Draw.triangle().points).film
    #expect(film.ending == .converged)
    for (frame, next) in zip(film.frames, film.frames.dropFirst()) {
      #expect(next.logLikelihood > frame.logLikelihood && next.iteration == frame.iteration + 1)
    }
    // What the text says of the other starts.
    let ends = try WatchingEM.starts.map { start in
      try #require(
        try Film(of: film.points, from: WatchingEM.start(start.means)).frames.last)
    }
    let plateau = try Film(of: film.points, from: WatchingEM.start(WatchingEM.starts[1].means))
    let middle = plateau.frames.filter { (12...60).contains($0.iteration) }
    #expect(middle.count == 49 && middle.allSatisfy { $0.logLikelihood < -580 })
    let heights = ends.map(\.logLikelihood)
    #expect(abs(heights[1] - heights[0]) < 1e-3)
    #expect(heights[2] < heights[0] - 10)
  }

  @Test func choosingK() throws {
    let points = try Draw.triangle().points
    let chapter = try ChoosingK(points)
    #expect(chapter.rows.map(\.components) == [1, 2, 3, 4, 5, 6])
    #expect(chapter.rows.map(\.parameterCount) == [5, 11, 17, 23, 29, 35])
    #expect(chapter.chosen == 3)
    #expect(chapter.rows.max { $0.heldOut < $1.heldOut }?.components == 3)
    #expect(chapter.rows.min { $0.bic < $1.bic }?.components == 3)
    for (row, next) in zip(chapter.rows, chapter.rows.dropFirst()) {
      #expect(row.training < next.training)
    }
    for row in chapter.rows {
      let bic = -300 * row.training + Double(row.parameterCount) * log(150)
      #expect(relativeDifference(row.bic, bic) < 1e-12)
      #expect(row.heldOut < row.training)
    }
  }

  @Test func localOptima() throws {
    let points = try Draw.triangle().points
    let chapter = try LocalOptima(points, components: 3)
    let seeds = chapter.maxima.flatMap(\.seeds)
    #expect(Set(seeds).count == seeds.count && seeds.count + chapter.failed == 100)
    #expect(chapter.maxima.count > 1)
    let best = chapter.maxima[0]
    #expect(best.logLikelihood == chapter.maxima.map(\.logLikelihood).max())
    let chosen = try ChoosingK(points).rows[2].training * 150
    #expect(abs(best.logLikelihood - chosen) < 1e-3)
    let share = Double(best.seeds.count) / 100
    #expect(abs(chapter.chanceOfTen - (1 - pow(1 - share, 10))) < 1e-12)
    // Each end is where EM stands still.
    for maximum in chapter.maxima {
      let family = try GaussianFamily(.vvv, scale: DataSummary(of: points).scale)
      var em = EM(family, from: maximum.mixture, over: points)
      try em.step(over: points)
      #expect(em.gain >= 0 && em.gain < 1e-5)
    }
  }

  @Test func hardAndSoft() throws {
    let draw = try Draw.threeSpheres()
    let mixture = try LabelledCase(draw.points, labels: draw.labels, components: 3)
      .unlabelledMixture
    let chapter = try HardAndSoft(
      draw.points, labels: draw.labels, mixture: mixture, structure: .vii)
    var (expected, errors, undecided) = (0.0, 0, 0)
    for (i, row) in draw.points.rows.enumerated() {
      let terms = (0..<3).map { weighted(mixture, $0, row) }
      let largest = terms.max() ?? 0
      let share = largest / terms.reduce(0, +)
      expected += 1 - share
      if share < 0.9 { undecided += 1 }
      let winner = terms.firstIndex(of: largest) ?? 0
      let indicators: [Double] = terms.indices.map { $0 == winner ? 1 : 0 }
      #expect(chapter.indicators.row(i) == indicators)
      if winner != draw.labels[i] { errors += 1 }
    }
    #expect(relativeDifference(chapter.expectedErrors, expected) < 1e-12)
    #expect(chapter.errors == errors)
    #expect(chapter.undecided.count == undecided)
    let hard = try textbookMaximization(
      draw.points, responsibilities: chapter.indicators, structure: .vii)
    #expect(MixtureDifference(chapter.hardened, hard).largest < 1e-12)
    // "What is left looks narrower than it is."
    for (hard, soft) in zip(chapter.hardened.components, mixture.components) {
      #expect(hard.covariance[0, 0] < soft.covariance[0, 0])
    }
  }
}

extension Draw {
  /// How many points of each component there are.
  fileprivate var labelCounts: [Int] {
    truth.components.indices.map { k in labels.count { $0 == k } }
  }
}
