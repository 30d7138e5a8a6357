import Foundation
import MixtureTestSupport
import Mixtures
import Testing

/// The worked examples of the lecture notes, each to the tolerance that its file states.
@Suite struct SeedTests {
  /// a. One dimension, 30 digits: 10⁻¹⁴ relative at iteration 1, 10⁻¹⁰ at iteration 50.
  @Test func oneDimensionInThirtyDigits() throws {
    let exercise = try Reference.json("seeds/a_exercise_1d.json")["cases"][0]
    let points = Matrix(rows: try exercise["points"].numbers.map { [$0] })
    let start = try GaussianMixture(
      weights: exercise["weights"].numbers, means: exercise["means"].numbers.map { [$0] },
      covariances: exercise["variances"].numbers.map { .spherical(variance: $0, dimension: 1) })
    #expect(exercise["steps"].array.count == 7)
    for step in exercise["steps"].array {
      let iteration = try step["iteration"].integer
      let tolerance = iteration == 1 ? 1e-14 : 1e-10
      func fit(_ iterations: Int) throws -> Fit {
        try GaussianMixture.fit(
          points, components: 2, structure: .v, from: MixtureStart(start),
          options: .exactly(iterations))
      }
      let (before, after) = (try fit(iteration - 1), try fit(iteration))
      let expected = try step["loglik_before_this_iteration"].number
      #expect(relativeDifference(before.logLikelihood, expected) <= tolerance)
      let responsibilities = try before.mixture.responsibilities(of: points)
      for (found, row) in zip(
        responsibilities.rows, try step["responsibilities_rows_are_points"].rows)
      {
        for (r, exact) in zip(found, row) {
          #expect(abs(r - exact) <= tolerance * max(exact, 1e-3), "iteration \(iteration)")
        }
      }
      for k in 0..<2 {
        let found = after.mixture
        let pairs = [
          (found.weights[k], try step["weights"][k].number),
          (found.components[k].mean[0], try step["means"][k].number),
          (found.components[k].covariance[0, 0], try step["variances"][k].number),
        ]
        for (value, exact) in pairs {
          #expect(relativeDifference(value, exact) <= tolerance, "iteration \(iteration)")
        }
      }
    }
  }

  /// b. One Gaussian, 10⁻¹² relative.
  @Test func oneGaussian() throws {
    let reference = try Reference.json("seeds/b_gaussian30.json")
    let points = try Reference.points("seeds/b_gaussian30.csv")
    let found = try Gaussian.maximumLikelihood(of: points)
    let expected = try Gaussian(
      mean: reference["maximum_likelihood"]["mean"].numbers,
      covariance: .full(rows: reference["maximum_likelihood"]["covariance"].rows))
    let mixture = try GaussianMixture(weights: [1], components: [found])
    let other = try GaussianMixture(weights: [1], components: [expected])
    #expect(MixtureDifference(mixture, other).largest <= 1e-12)
    let logLikelihood = try mixture.score(points).logLikelihood
    let exact = try reference["maximum_likelihood"]["loglik"].number
    #expect(relativeDifference(logLikelihood, exact) <= 1e-12)
    let objective = logLikelihood + 30 * log(2 * Double.pi)  // n d / 2 ln 2π left out
    let withoutConstants = try reference["maximum_likelihood"]["objective_without_constants"].number
    #expect(abs(objective - withoutConstants) <= 1e-12 * abs(exact))

    let truth = try Gaussian(
      mean: reference["true_mean"].numbers,
      covariance: .full(rows: reference["true_covariance"].rows))
    let atTruth = try GaussianMixture(weights: [1], components: [truth]).score(points)
    #expect(
      relativeDifference(atTruth.logLikelihood, try reference["loglik_at_true_parameters"].number)
        <= 1e-12)
  }

  /// c. Two components, from a partition to the fixed point: 10⁻⁸ relative, log-likelihoods 10⁻¹⁰.
  @Test(arguments: ["VVV", "EEE", "EII", "VII"])
  func twoComponents(name: String) throws {
    let reference = try Reference.json("seeds/c_two_components.json")
    let points = try Reference.points("seeds/c_two_components.csv")
    let structure = try #require(CovarianceStructure(named: name))
    let fit = try GaussianMixture.fit(
      points, components: 2, structure: structure,
      from: Reference.start("seeds/c_two_components.start.csv", components: 2),
      options: .fixedPoint)
    let exact = reference["mixture"][name]
    let expected = try GaussianMixture(
      weights: exact["weights"], means: exact["means"], covariances: exact["covariances"])
    #expect(relativeDifference(fit.logLikelihood, try exact["loglik"].number) <= 1e-10)
    #expect(MixtureDifference(fit.mixture, expected).largest <= 1e-8)
    #expect(fit.parameterCount == (try exact["n_parameters"].integer))
    #expect(relativeDifference(fit.bic, try exact["bic_standard"].number) <= 1e-10)

    let single = try GaussianMixture.fit(points, components: 1)
    #expect(
      relativeDifference(single.bic, try reference["single_gaussian"]["bic_standard"].number)
        <= 1e-12)
  }

  /// d. Three components: 10⁻⁸ relative.
  @Test func threeComponents() throws {
    let exact = try Reference.json("seeds/d_three_components.json")["em_K3"]
    let points = try Reference.points("seeds/d_three_components.csv")
    let labels = try Reference.integers("seeds/d_three_components.starts.csv", column: "K3")
    let fit = try GaussianMixture.fit(
      points, components: 3,
      from: LabelsStart(labels.map { $0 - 1 }, components: 3),
      options: .fixedPoint)
    let expected = try GaussianMixture(
      weights: exact["weights"], means: exact["means"], covariances: exact["covariances"])
    #expect(relativeDifference(fit.logLikelihood, try exact["loglik"].number) <= 1e-10)
    #expect(MixtureDifference(fit.mixture, expected).largest <= 1e-8)
  }

  /// d. Held-out log-likelihoods of ten folds: 10⁻⁶ each.
  @Test(arguments: ["VVV", "VII"], 1...6)
  func crossValidation(name: String, components: Int) throws {
    let exact = try Reference.json("seeds/d_three_components.json")["cross_validation"][name]
    let expected = try exact["K\(components)"]["held_out_loglik_by_fold"].numbers
    let points = try Reference.points("seeds/d_three_components.csv")
    let starts = "seeds/d_three_components.starts.csv"
    let folds = try Reference.integers(starts, column: "fold")
    let labels = try Reference.integers(starts, column: "K\(components)")
    let structure = try #require(CovarianceStructure(named: name))
    #expect(expected.count == 10)
    for fold in 1...10 {
      let kept = folds.indices.filter { folds[$0] != fold }
      let fit = try GaussianMixture.fit(
        points.selecting(kept), components: components, structure: structure,
        from: LabelsStart(kept.map { labels[$0] - 1 }, components: components),
        options: .fixedPoint)
      let out = points.selecting(folds.indices.filter { folds[$0] == fold })
      let held = try fit.mixture.score(out).logLikelihood
      #expect(abs(held - expected[fold - 1]) <= 1e-6, "fold \(fold)")
    }
  }

  /// e. Spherical components: 10⁻¹² relative over five iterations, 10⁻⁸ at the fixed point.
  @Test func sphericalComponents() throws {
    let reference = try Reference.json("seeds/e_spherical.json")
    let points = try Reference.points("seeds/e_spherical.csv")
    func mixture(_ json: JSON) throws -> GaussianMixture {
      try GaussianMixture(
        weights: json["weights"].numbers, means: json["means"].rows,
        covariances: json["variances"].numbers.map { .spherical(variance: $0, dimension: 2) })
    }
    func fit(_ options: FitOptions) throws -> Fit {
      try GaussianMixture.fit(
        points, components: 3, structure: .vii,
        from: MixtureStart(mixture(reference["initial"])), options: options)
    }
    for step in reference["iterations"].array {
      let fit = try fit(.exactly(try step["iteration"].integer))
      #expect(MixtureDifference(fit.mixture, try mixture(step)).largest <= 1e-12)
      let before = fit.trace[fit.iterations - 1]
      #expect(relativeDifference(before, try step["loglik_before"].number) <= 1e-12)
    }
    let rows = try reference["iterations"][0]["responsibilities_first_10_rows"].rows
    let responsibilities = try mixture(reference["initial"]).responsibilities(of: points)
    for (i, row) in rows.enumerated() {
      for k in 0..<3 { #expect(abs(responsibilities[i, k] - row[k]) <= 1e-12) }
    }
    let five = try fit(.exactly(5)).logLikelihood
    #expect(relativeDifference(five, try reference["loglik_after_5"].number) <= 1e-12)
    let end = try fit(.fixedPoint)
    let fixed = reference["fixed_point"]
    #expect(relativeDifference(end.logLikelihood, try fixed["loglik"].number) <= 1e-8)
    #expect(MixtureDifference(end.mixture, try mixture(fixed)).largest <= 1e-8)
  }

  /// e. The notes' start from k-means: the global variance, equal weights.
  @Test func theStartOfTheSphericalNotes() throws {
    let initial = try Reference.json("seeds/e_spherical.json")["initial"]
    let points = try Reference.points("seeds/e_spherical.csv")
    let labels = try initial["kmeans_labels"].array.map { try $0.integer - 1 }
    let means = try GaussianMixture.labelled(points, labels: labels, structure: .vii).components
    let start = try GaussianMixture.fit(
      points, components: 3, structure: .vii,
      from: KMeansStart(covariance: .common(.global), weights: .equal), options: .exactly(0)
    ).mixture
    for (k, mean) in try initial["means"].rows.enumerated() {
      #expect(zip(means[k].mean, mean).allSatisfy { relativeDifference($0, $1) <= 1e-12 })
    }
    for (k, variance) in try initial["variances"].numbers.enumerated() {
      #expect(relativeDifference(start.components[k].covariance[0, 0], variance) <= 1e-12)
      #expect(start.weights[k] == 1 / 3.0)
    }
  }

  /// f. Labelled points: 10⁻¹² relative.
  @Test func labelledPoints() throws {
    let reference = try Reference.json("seeds/f_labelled.json")
    let points = try Reference.points("seeds/e_spherical.csv")
    let labels = try Reference.integers("seeds/e_spherical.csv", column: "class").map { $0 - 1 }
    let spherical = try GaussianMixture.labelled(points, labels: labels, structure: .vii)
    let expected = try GaussianMixture(
      weights: reference["weights"].numbers, means: reference["means"].rows,
      covariances: reference["variances"].numbers.map { .spherical(variance: $0, dimension: 2) })
    #expect(MixtureDifference(spherical, expected).largest <= 1e-12)
    let indicators = Matrix(indicatorsOf: labels, components: 3)
    let joint = try spherical.lowerBound(of: points, responsibilities: indicators)
    #expect(relativeDifference(joint, try reference["joint_loglik"].number) <= 1e-12)
    let full = try GaussianMixture.labelled(points, labels: labels)
    let covariances = try GaussianMixture(
      weights: reference["weights"], means: reference["means"],
      covariances: reference["full_covariances"])
    #expect(MixtureDifference(full, covariances).largest <= 1e-12)
  }

  /// g. Three points of the data as means, identity covariances, equal weights: 10⁻¹¹ relative.
  @Test func identityStart() throws {
    let reference = try Reference.json("seeds/g_identity_start.json")
    let points = try Reference.points("seeds/d_three_components.csv")
    let rows = try reference["initial"]["means_are_rows"].numbers.map { Int($0) - 1 }
    let start = try GaussianMixture(
      weights: [1, 1, 1], means: rows.map(points.row),
      covariances: Array(repeating: .spherical(variance: 1, dimension: 2), count: 3))
    for step in reference["iterations"].array {
      let iteration = try step["iteration"].integer
      func fit(_ iterations: Int) throws -> Fit {
        try GaussianMixture.fit(
          points, components: 3, from: MixtureStart(start), options: .exactly(iterations))
      }
      let (before, after) = (try fit(iteration - 1), try fit(iteration))
      #expect(
        relativeDifference(before.logLikelihood, try step["loglik_before"].number) <= 1e-11)
      let expected = try GaussianMixture(
        weights: step["weights"], means: step["means"], covariances: step["covariances"])
      #expect(MixtureDifference(after.mixture, expected).largest <= 1e-11)
      let labels = try step["hard_labels_before"].array.map { try $0.integer - 1 }
      #expect(try before.mixture.classification(of: points) == labels)
      for (i, row) in try step["responsibilities_first_5_rows"].rows.enumerated() {
        let found = try before.mixture.responsibilities(of: points).row(i)
        for k in 0..<3 { #expect(abs(found[k] - row[k]) <= 1e-11) }
      }
    }
  }
}
