import Foundation
import MixtureTestSupport
import Mixtures
import Testing

/// Numerically hard data: first the behaviour, then the numbers.
@Suite struct HardCaseTests {
  private struct Case {
    let points: Matrix
    let reference: JSON
    let start: (any StartingMethod)?
    let components: Int

    init(_ name: String, components: Int = 2) throws {
      reference = try Reference.json("hard/\(name).json")
      points = try Reference.points("hard/\(name).csv")
      self.components = reference["start"].exists ? components : 1
      start =
        reference["start"].exists
        ? try Reference.start("hard/\(name).start.csv", components: components) : nil
    }

    func fit(
      _ structure: CovarianceStructure, _ options: FitOptions, _ other: Matrix? = nil
    ) throws -> Fit {
      try GaussianMixture.fit(
        other ?? points, components: components,
        structure: structure, from: start ?? KMeansStart(), options: options)
    }

    /// The true values after the i-th M-step, the first being that of the start.
    func check(
      _ expected: JSON, _ fit: Fit, logLikelihood: Double = 1e-6, parameters: Double = 1e-6,
      sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let mixture = try GaussianMixture(
        weights: expected["weights"], means: expected["means"], covariances: expected["covariances"]
      )
      #expect(
        MixtureDifference(fit.mixture, mixture).largest <= parameters,
        sourceLocation: sourceLocation)
      let exact = try expected["loglik"].number
      #expect(
        relativeDifference(fit.logLikelihood, exact) <= logLikelihood,
        sourceLocation: sourceLocation)
    }
  }

  /// Everything five times: the fit of the distinct points, five times the log-likelihood.
  @Test func harmlessDuplicates() throws {
    let sample = try Case("duplicates_harmless")
    for iterations in [1, 5, 60] {
      let expected = sample.reference["true_values"]["iteration_\(iterations)"]
      let fit = try sample.fit(.vvv, .exactly(iterations - 1))
      let mixture = try GaussianMixture(
        weights: expected["weights"], means: expected["means"], covariances: expected["covariances"]
      )
      #expect(MixtureDifference(fit.mixture, mixture).largest <= 1e-9)
      #expect(relativeDifference(fit.logLikelihood, 5 * (try expected["loglik"].number)) <= 1e-10)
    }
    #expect(throws: Never.self) { try GaussianMixture.fit(sample.points, components: 2) }
  }

  /// Twelve copies of one point as a component: unbounded for own covariances, regular for common ones, finite
  /// with a floor.
  @Test func collapsingDuplicates() throws {
    let sample = try Case("duplicates_collapse")
    for structure in [CovarianceStructure.vvv, .vvi, .vii] {
      let error = #expect(throws: DegenerateFitError.self) {
        try sample.fit(structure, .exactly(60))
      }
      if case .collapsed = error?.degeneracy.cause {
      } else {
        Issue.record("\(structure): \(String(describing: error))")
      }
      let floored = try sample.fit(
        structure,
        .with {
          $0.covarianceFloor = 1e-6
          $0.stopping = .exactly(60)
        })
      #expect(floored.logLikelihood.isFinite)
      #expect(floored.certificate.safeguards.covarianceFloor > 0)
    }
    try sample.check(
      sample.reference["true_values"]["EEE"], sample.fit(.eee, .exactly(59)), parameters: 1e-6)
    for structure in [CovarianceStructure.eii, .eei] {
      #expect(throws: Never.self) { try sample.fit(structure, .exactly(60)) }
    }
  }

  @Test func aConstantColumn() throws {
    let sample = try Case("constant_column")
    for structure in [CovarianceStructure.vvv, .eee, .vvi, .eei] {
      let error = #expect(throws: DataError.self) { try sample.fit(structure, .exactly(60)) }
      #expect(
        error
          == .constantColumn(column: 2, name: "x3", value: 7, structure: structure.name))
    }
    let others = Matrix(rows: sample.points.rows.map { Array($0.prefix(2)) })
    let truth = sample.reference["true_values"]["without_third_column"]
    for iterations in [1, 5, 60] {
      try sample.check(
        truth["iteration_\(iterations)"], sample.fit(.vvv, .exactly(iterations - 1), others),
        logLikelihood: 1e-10, parameters: 1e-8)
    }
  }

  @Test func collinearColumns() throws {
    let sample = try Case("collinear_exact")
    for structure in [CovarianceStructure.vvv, .eee] {
      #expect(
        throws: DataError.collinearColumn(column: 1, name: "x2", structure: structure.name)
      ) { try sample.fit(structure, .exactly(60)) }
    }
    try sample.check(sample.reference["true_values"]["VVI"], sample.fit(.vvi, .exactly(59)))
  }

  /// Noise of 10⁻⁶: means to 10⁻⁹, and as many digits of ℓ as a condition of 10¹³ leaves.
  @Test func nearlyCollinearColumns() throws {
    let sample = try Case("collinear_nearly")
    for iterations in [1, 5, 60] {
      let expected = sample.reference["true_values"]["iteration_\(iterations)"]
      let fit = try sample.fit(.vvv, .exactly(iterations - 1))
      let exact = try expected["loglik"].number
      // Entries known to u leave the variance across to κu, and ℓ holds n/2 logarithms of it
      let rounding = 20 * fit.certificate.worstCondition * unitRoundoff
      #expect(abs(fit.logLikelihood - exact) <= rounding, "\(iterations) iterations")
      #expect(rounding < 0.1)
      for (k, mean) in try expected["means"].rows.enumerated() {
        let tolerance = iterations == 1 ? 1e-9 : 1e-4
        #expect(
          zip(fit.mixture.components[k].mean, mean).allSatisfy { abs($0 - $1) <= tolerance })
      }
      #expect(fit.certificate.worstCondition > 1e11)
    }
  }

  @Test func moreComponentsThanPoints() throws {
    let sample = try Case("more_components_than_points")
    for start: any StartingMethod in [
      KMeansStart(covariance: .common(.global)), KMeansStart(), RandomPointsStart(),
    ] {
      for components in [4, 5] {
        #expect(throws: DataError.tooFewDistinctPoints(components: components, distinct: 3)) {
          try GaussianMixture.fit(
            sample.points, components: components, structure: .eii, from: start)
        }
      }
    }
    let three = try GaussianMixture.fit(
      sample.points, components: 3, options: .with { $0.covarianceFloor = 1e-6 })
    let counts = three.mixture.weights.map { ($0 * 12).rounded() }
    #expect(counts.sorted() == [3, 4, 5])
    for (weight, count) in zip(three.mixture.weights, counts) {
      #expect(abs(weight - count / 12) <= 1e-12)
    }
    let distinct = Set(sample.points.rows)
    for component in three.mixture.components {
      let near = distinct.contains { row in
        zip(row, component.mean).allSatisfy { abs($0 - $1) <= 1e-12 * 10 }
      }
      #expect(near)
    }
    let one = try GaussianMixture.fit(sample.points, components: 1)
    try sample.check(
      sample.reference["true_values"]["K1"], one, logLikelihood: 1e-13, parameters: 1e-13)
    #expect(throws: Never.self) {
      try GaussianMixture.fit(sample.points, components: 2, structure: .eii)
    }
  }

  @Test(arguments: ["scales_plain", "scales_tiny_and_huge"])
  func columnsOfAnyScale(name: String) throws {
    let sample = try Case(name)
    let truth = sample.reference["true_values"]
    for iterations in [1, 5, 60] {
      guard truth["iteration_\(iterations)"].exists else { continue }
      try sample.check(
        truth["iteration_\(iterations)"], sample.fit(.vvv, .exactly(iterations - 1)),
        logLikelihood: 1e-10, parameters: 1e-8)
    }
    for structure in [CovarianceStructure.eee, .vvi] where truth[structure.name].exists {
      try sample.check(
        truth[structure.name], sample.fit(structure, .exactly(59)), logLikelihood: 1e-10,
        parameters: 1e-8)
    }
    #expect(truth["iteration_60"].exists)
  }

  /// The columns of one are powers of two times those of the other: the same weights, bit for bit at the start.
  @Test func powersOfTwoBetweenColumns() throws {
    let (plain, scaled) = (try Case("scales_plain"), try Case("scales_tiny_and_huge"))
    for structure in [CovarianceStructure.vvv, .eee, .vvi, .eei] {
      let own = try plain.fit(structure, .exactly(20))
      let other = try scaled.fit(structure, .exactly(20))
      #expect(
        zip(own.mixture.weights, other.mixture.weights).allSatisfy { abs($0 - $1) <= 1e-11 })
      #expect(relativeDifference(own.logLikelihood, other.logLikelihood) <= 1e-11)
    }
  }

  @Test func squaresThatUnderflow() throws {
    let sample = try Case("scales_2^-512")
    let error = #expect(throws: DataError.self) { try sample.fit(.vvv, .exactly(60)) }
    if case .spreadTooSmall(let column, _, _) = error {
      #expect(column == 0)
    } else {
      Issue.record("\(String(describing: error))")
    }
  }

  /// Means at 10⁸ are known to 1.5·10⁻⁸; everything else as without the offset.
  @Test(arguments: [("offset_plain", 1e-9), ("offset_1e8", 3e-8)])
  func anOffset(name: String, tolerance: Double) throws {
    let sample = try Case(name)
    let truth = sample.reference["true_values"]
    for iterations in [1, 5, 60] {
      try sample.check(
        truth["iteration_\(iterations)"], sample.fit(.vvv, .exactly(iterations - 1)),
        logLikelihood: 1e-9, parameters: iterations == 60 ? 1e-6 : tolerance)
    }
    for structure in [CovarianceStructure.eee, .vvi] where truth[structure.name].exists {
      try sample.check(
        truth[structure.name], sample.fit(structure, .exactly(59)), logLikelihood: 1e-9,
        parameters: 1e-6)
    }
  }

  /// Clusters a billion standard deviations apart; means near 10⁶ are known to 10⁻⁷ of a deviation of 10⁻³.
  @Test func clustersFarApart() throws {
    let sample = try Case("far_apart_1d")
    let truth = sample.reference["true_values"]["iteration_3"]
    try sample.check(truth, sample.fit(.v, .exactly(0)))
    try sample.check(truth, sample.fit(.v, .exactly(2)))
    // from one point of each cluster with the variance of all
    let summary = try DataSummary(of: sample.points)
    let start = try GaussianMixture(
      weights: [0.5, 0.5], means: [sample.points.row(0), sample.points.row(49)],
      covariances: [summary.covariance, summary.covariance])
    let fit = try GaussianMixture.fit(
      sample.points, components: 2, structure: .v, from: MixtureStart(start))
    try sample.check(truth, fit)
    #expect(fit.certificate.safeguards.recentredMoments > 0)
  }

  /// In two dimensions such clusters lie on a line as far as the covariance of all points can tell, while each
  /// of them is regular.
  @Test func clustersFarApartInTwoDimensions() throws {
    let sample = try Case("far_apart_2d")
    let truth = sample.reference["true_values"]["iteration_3"]
    try sample.check(truth, sample.fit(.vvv, .exactly(0)))
    try sample.check(truth, sample.fit(.vvv, .exactly(2)))
    #expect(throws: Never.self) { try sample.fit(.vvi, .exactly(2)) }
  }

  @Test func pointsBeyondTheReachOfDensities() throws {
    let reference = try Reference.json("hard/outlier_underflow.json")
    let mixture = try GaussianMixture(
      weights: reference["mixture"]["weights"], means: reference["mixture"]["means"],
      covariances: reference["mixture"]["covariances"])
    for point in reference["points"].array {
      let x = try point["x"].numbers
      let points = Matrix(rows: [x])
      let expected = try point["log_density_as_double"].number
      let assignment = try mixture.assignments(of: points)[0]
      #expect(relativeDifference(assignment.logDensity, expected) <= 1e-12, "\(x)")
      #expect(checkDistributions(try mixture.responsibilities(of: points)) == [], "\(x)")
      guard expected > -.infinity else { continue }
      for (k, r) in try point["posterior"].numbers.enumerated() {
        // an exponent of size |ln r| is known to |ln p| u
        let tolerance = 16 * unitRoundoff * max(100, min(abs(expected), 1e15))
        #expect(abs(assignment.responsibilities[k] - r) <= tolerance * max(r, 1e-300), "\(x)")
      }
    }
  }

  /// The first two iterations are exact; afterwards it may end, or say that it is singular.
  @Test func anOutlierInTheData() throws {
    let sample = try Case("outlier_in_the_data")
    for iterations in [1, 2] {
      try sample.check(
        sample.reference["true_values"]["iteration_\(iterations)"],
        sample.fit(.vvv, .exactly(iterations - 1)))
    }
    do {
      let fit = try sample.fit(.vvv, FitOptions())
      #expect(fit.trace.allSatisfy { $0.isFinite })
      #expect(fit.mixture.components.allSatisfy { $0.mean.allSatisfy(\.isFinite) })
    } catch let error as DegenerateFitError {
      #expect(error.degeneracy.component == 1)
    }
    let floored = try sample.fit(.vvv, .with { $0.covarianceFloor = 1e-6 })
    #expect(floored.trace.allSatisfy { $0.isFinite })
  }

  @Test func fewerRowsThanColumns() throws {
    let sample = try Case("fewer_rows_than_columns", components: 1)
    for structure in [CovarianceStructure.vvv, .eee] {
      for components in [1, 2] {
        #expect(
          throws: DataError.tooFewPoints(count: 5, dimension: 8, structure: structure.name)
        ) {
          try GaussianMixture.fit(sample.points, components: components, structure: structure)
        }
      }
    }
    try sample.check(
      sample.reference["true_values"]["VVI_K1"], sample.fit(.vvi, .exactly(60)),
      logLikelihood: 1e-13, parameters: 1e-13)
    #expect(throws: Never.self) { try sample.fit(.vii, .exactly(3)) }
  }

  @Test func aSingleRow() throws {
    let points = try Reference.points("hard/single_row.csv")
    for structure in structures {
      #expect(throws: DataError.singlePoint) {
        try GaussianMixture.fit(points, components: 1, structure: structure)
      }
    }
  }

  @Test func anEmptiedComponent() throws {
    let reference = try Reference.json("hard/emptied_component.json")["initial"]
    let points = try Reference.points("hard/emptied_component.csv")
    let start = try GaussianMixture(
      weights: reference["weights"], means: reference["means"],
      covariances: reference["covariances"])
    for structure in structures {
      let error = #expect(throws: DegenerateFitError.self) {
        try GaussianMixture.fit(
          points, components: 2, structure: structure, from: MixtureStart(start))
      }
      #expect(error?.degeneracy.cause == .noPoints)
      #expect(error?.degeneracy.component == 1 && error?.iteration == 1)
    }
  }

  @Test func tiesInOneDimension() throws {
    let sample = try Case("ties_one_dimension")
    let error = #expect(throws: DegenerateFitError.self) { try sample.fit(.v, .exactly(60)) }
    #expect(error?.degeneracy.cause == .collapsed(column: 0))
    #expect(error?.degeneracy.effectiveCount == 9)
    try sample.check(
      sample.reference["true_values"]["E"], sample.fit(.e, .exactly(59)), logLikelihood: 1e-10,
      parameters: 1e-10)
  }

  /// A saddle point: EM stays, converges, and BIC prefers the single Gaussian.
  @Test(arguments: [0.5, 0.3])
  func anIdenticalStart(weight: Double) throws {
    let truth = try Reference.json("hard/identical_start.json")["true_values"]
    let points = try Reference.points("hard/identical_start.csv")
    let one = try GaussianMixture.fit(points, components: 1)
    let start = try GaussianMixture(
      weights: [weight, 1 - weight],
      components: [one.mixture.components[0], one.mixture.components[0]])
    let fit = try GaussianMixture.fit(points, components: 2, from: MixtureStart(start))
    #expect(fit.stopped == .gainBelowThreshold && fit.iterations <= 2)
    #expect(relativeDifference(fit.logLikelihood, try truth["loglik"].number) <= 1e-12)
    #expect(MixtureDifference(fit.mixture, start).largest <= 1e-12)
    #expect(one.bic < fit.bic)
  }
}
