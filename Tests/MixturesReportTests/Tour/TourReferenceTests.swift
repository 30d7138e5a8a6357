import MixtureTestSupport
import Mixtures
import MixturesReport
import Testing

/// The chapters, given the points of the reference in place of drawn ones: every number that has a reference, to the
/// tolerance that its file states.
@Suite struct TourReferenceTests {
  /// Arithmetic with 50 digits: 10⁻¹⁴ relative at the first iteration, 10⁻¹⁰ at the fiftieth.
  @Test func theExercise() throws {
    let reference = try Reference.json("seeds/a_exercise_1d.json")["cases"][0]
    let exercise = try Exercise()
    #expect(Exercise.values == (try reference["points"].numbers))
    #expect(exercise.start.weights == (try reference["weights"].numbers))
    #expect(exercise.start.components.map { $0.mean[0] } == (try reference["means"].numbers))
    let variances = exercise.start.components.map { $0.covariance[0, 0] }
    #expect(variances == (try reference["variances"].numbers))

    let shares = try reference["steps"][0]["responsibilities_rows_are_points"].rows
    for (found, exact) in zip(exercise.responsibilities, shares) {
      for (r, q) in zip(found, exact) { #expect(abs(r - q) <= 1e-14) }
    }
    for step in reference["steps"].array {
      let iteration = try step["iteration"].integer
      let tolerance = iteration == 1 ? 1e-14 : 1e-10
      let found = try #require(exercise.later.first { $0.iteration == iteration }).mixture
      for k in 0..<2 {
        let pairs = [
          (found.weights[k], try step["weights"][k].number),
          (found.components[k].mean[0], try step["means"][k].number),
          (found.components[k].covariance[0, 0], try step["variances"][k].number),
        ]
        for (value, exact) in pairs { #expect(relativeDifference(value, exact) <= tolerance) }
      }
      let before = exercise.later.first { $0.iteration == iteration - 1 }
      guard let before else { continue }
      let exact = try step["loglik_before_this_iteration"].number
      #expect(relativeDifference(before.logLikelihood, exact) <= tolerance)
    }
  }

  /// Nₖ, Σ rx and Σ r(x − μ)² from the 30-digit responsibilities, by plain sums.
  @Test func theSumsOfTheExercise() throws {
    let step = try Reference.json("seeds/a_exercise_1d.json")["cases"][0]["steps"][0]
    let rows = try step["responsibilities_rows_are_points"].rows
    let exercise = try Exercise()
    for k in 0..<2 {
      let mean = try step["means"][k].number
      var (count, sum, scatter) = (0.0, 0.0, 0.0)
      for (x, row) in zip(Exercise.values, rows) {
        count += row[k]
        sum += row[k] * x
        scatter += row[k] * (x - mean) * (x - mean)
      }
      #expect(relativeDifference(exercise.counts[k], count) <= 1e-14)
      #expect(abs(exercise.sums[k] - sum) <= 1e-14)
      #expect(relativeDifference(exercise.scatters[k], scatter) <= 1e-13)
    }
  }

  /// 10⁻¹² relative.
  @Test func oneGaussian() throws {
    let reference = try Reference.json("seeds/b_gaussian30.json")
    let truth = try GaussianMixture(
      weights: [1], means: [reference["true_mean"].numbers],
      covariances: [.full(rows: reference["true_covariance"].rows)])
    let chapter = try OneGaussian(Reference.points("seeds/b_gaussian30.csv"), truth: truth)
    let exact = reference["maximum_likelihood"]
    let expected = try GaussianMixture(
      weights: [1], means: [exact["mean"].numbers],
      covariances: [.full(rows: exact["covariance"].rows)])
    #expect(MixtureDifference(chapter.estimate, expected).largest <= 1e-12)
    #expect(
      relativeDifference(chapter.logLikelihoods.estimate, try exact["loglik"].number) <= 1e-12)
    #expect(
      relativeDifference(
        chapter.logLikelihoods.truth, try reference["loglik_at_true_parameters"].number) <= 1e-12)
    // The sufficient statistics say all: mean = sum / n, covariance = squares / n − mean meanᵀ.
    for i in 0..<2 {
      let mean = chapter.sum[i] / 30
      #expect(abs(mean - expected.components[0].mean[i]) <= 1e-14)
      for j in 0..<2 {
        let covariance = chapter.sumOfSquares[i][j] / 30 - mean * chapter.sum[j] / 30
        #expect(abs(covariance - expected.components[0].covariance[i, j]) <= 1e-13)
      }
    }
  }

  /// 10⁻⁸ relative; both fits from the library's own starts.
  @Test func twoGroups() throws {
    let reference = try Reference.json("seeds/c_two_components.json")
    let truth = try Draw.twoGroups().truth
    let chapter = try WrongModel(Reference.points("seeds/c_two_components.csv"), truth: truth)
    let single = reference["single_gaussian"]
    let logLikelihood = try single["loglik"].number
    #expect(relativeDifference(chapter.single.logLikelihood, logLikelihood) <= 1e-12)
    #expect(relativeDifference(chapter.single.bic, try single["bic_standard"].number) <= 1e-12)
    let mixture = reference["mixture"]["EII"]
    #expect(relativeDifference(chapter.mixture.bic, try mixture["bic_standard"].number) <= 1e-8)
    #expect(
      relativeDifference(
        try truth.score(chapter.points).logLikelihood,
        try reference["loglik_of_true_mixture"].number) <= 1e-12)
  }

  /// 10⁻¹² relative over the five iterations.
  @Test func fiveIterations() throws {
    let reference = try Reference.json("seeds/e_spherical.json")
    func mixture(_ json: JSON) throws -> GaussianMixture {
      try GaussianMixture(
        weights: json["weights"].numbers, means: json["means"].rows,
        covariances: json["variances"].numbers.map { .spherical(variance: $0, dimension: 2) })
    }
    let chapter = try FiveIterations(
      Reference.points("seeds/e_spherical.csv"), from: mixture(reference["initial"]))
    #expect(chapter.steps.count == 6)
    for step in reference["iterations"].array {
      let iteration = try step["iteration"].integer
      #expect(
        MixtureDifference(chapter.steps[iteration].mixture, try mixture(step)).largest <= 1e-12)
      let before = chapter.steps[iteration - 1].logLikelihood
      #expect(relativeDifference(before, try step["loglik_before"].number) <= 1e-12)
    }
    let last = try reference["loglik_after_5"].number
    #expect(relativeDifference(chapter.steps[5].logLikelihood, last) <= 1e-12)
    let rows = try reference["iterations"][0]["responsibilities_first_10_rows"].rows
    let found = try chapter.steps[0].mixture.responsibilities(of: chapter.points)
    for (i, row) in rows.enumerated() {
      for k in 0..<3 { #expect(abs(found[i, k] - row[k]) <= 1e-12) }
    }
  }

  /// The labelled case 10⁻¹² relative; beside it EM, which ends no lower than from the reference's start.
  @Test func labelledAndUnlabelled() throws {
    let reference = try Reference.json("seeds/f_labelled.json")
    let points = try Reference.points("seeds/e_spherical.csv")
    let labels = try Reference.integers("seeds/e_spherical.csv", column: "class").map { $0 - 1 }
    let chapter = try LabelledCase(points, labels: labels, components: 3)
    let expected = try GaussianMixture(
      weights: reference["weights"].numbers, means: reference["means"].rows,
      covariances: reference["variances"].numbers.map { .spherical(variance: $0, dimension: 2) })
    #expect(MixtureDifference(chapter.labelled, expected).largest <= 1e-12)
    #expect(
      relativeDifference(chapter.jointLogLikelihood, try reference["joint_loglik"].number) <= 1e-12)
    let end = try Reference.json("seeds/e_spherical.json")["fixed_point"]["loglik"].number
    #expect(chapter.unlabelled.logLikelihood >= end - 1e-5)
  }

  /// Three rows of the data as means, unit covariances: 10⁻¹¹ relative.
  @Test func watching() throws {
    let reference = try Reference.json("seeds/g_identity_start.json")
    let points = try Reference.points("seeds/d_three_components.csv")
    let rows = try reference["initial"]["means_are_rows"].numbers.map { Int($0) - 1 }
    let start = try GaussianMixture(
      weights: [1, 1, 1], means: rows.map(points.row),
      covariances: Array(repeating: .spherical(variance: 1, dimension: 2), count: 3))
    let chapter = try WatchingEM(points, from: start)
    for step in reference["iterations"].array {
      let iteration = try step["iteration"].integer
      let expected = try GaussianMixture(
        weights: step["weights"], means: step["means"], covariances: step["covariances"])
      #expect(MixtureDifference(chapter.film.frames[iteration].mixture, expected).largest <= 1e-11)
      #expect(
        relativeDifference(
          chapter.film.frames[iteration - 1].logLikelihood, try step["loglik_before"].number)
          <= 1e-11)
    }
  }

  /// With the reference's folds. Up to two components its starts lead to the maxima that a search finds, up to where EM stops: a gain of 10⁻⁸ per
  /// point. From three on a search finds higher ones in some folds; the choice is the same.
  @Test func choosingK() throws {
    let reference = try Reference.json("seeds/d_three_components.json")["cross_validation"]["VVV"]
    let points = try Reference.points("seeds/d_three_components.csv")
    let folds = try Reference.integers("seeds/d_three_components.starts.csv", column: "fold")
    let chapter = try ChoosingK(points, CrossValidation(Folds(named: folds)))
    #expect(chapter.rows.map(\.components) == Array(ChoosingK.candidates))
    #expect(chapter.chosen == (try reference["best_K"].integer))
    for row in chapter.rows.prefix(2) {
      let total = try reference["K\(row.components)"]["total"].number
      #expect(abs(row.heldOut * 150 - total) <= 1e-3, "K = \(row.components)")
    }
  }
}
