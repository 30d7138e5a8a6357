import MixtureTestSupport
import Mixtures
import Testing

/// `me()` of mclust from stored starts, where an independent EM agrees with it.
@Suite struct MclustTests {
  static let sets = [
    "acidity_G2_quantile", "acidity_G3_quantile", "banknote_G2_kmeans", "banknote_G3_soft",
    "diabetes_G3_kmeans", "diabetes_G4_kmeans", "ex4_1_G4_hc", "ex4_1_G6_hc",
    "faithful_G2_kmeans", "faithful_G3_kmeans", "iris_G2_kmeans", "iris_G3_class",
    "iris_G3_kmeans",
  ]

  private struct Case {
    let points: Matrix
    let components: Int
    let start: any StartingMethod
    let models: [(structure: CovarianceStructure, json: JSON)]

    init(_ name: String) throws {
      let reference = try Reference.json("mclust/me/\(name).json")
      let agreement = try Reference.json("mclust/me/AGREEMENT.json")[name]
      points = try Reference.points("data/\(reference["data"].string ?? "").csv")
      components = try reference["G"].integer
      start = try Reference.start("mclust/me/\(name).z.csv", components: components)
      models = reference["models"].keys.compactMap { key in
        guard let structure = CovarianceStructure(named: key), agreement[key]["agrees"].isTrue
        else { return nil }
        return (structure, reference["models"][key])
      }
      let all = CovarianceStructure.all(inDimension: points.columnCount)
      #expect(models.count == all.count { $0 != .vve })
    }

    func fit(_ structure: CovarianceStructure, _ options: FitOptions) throws -> Fit {
      try GaussianMixture.fit(
        points, components: components, structure: structure, from: start, options: options)
    }
  }

  private func mixture(_ parameters: JSON) throws -> GaussianMixture {
    // me() in one dimension gives numbers, else rows
    try GaussianMixture(
      weights: parameters["pro"].numbers, means: parameters["mean"].rows,
      covariances: parameters["covariance"].array.map { .full(rows: try $0.rows) })
  }

  /// One M-step from the start, and the log-likelihood after 1, 2, 3, 5, 10 and 20: 10⁻¹⁰ relative.
  @Test(arguments: sets)
  func theFirstIterationAndThePath(name: String) throws {
    let sample = try Case(name)
    for (structure, json) in sample.models where json["path"]["exact"].isTrue {
      let first = json["first_iteration"]
      let start = try sample.fit(structure, .exactly(0))
      let difference = MixtureDifference(start.mixture, try mixture(first["parameters"]))
      #expect(difference.largest <= 1e-10, "\(structure)")
      #expect(
        relativeDifference(start.logLikelihood, try first["loglik"].number) <= 1e-10)
      let fit = try sample.fit(structure, .exactly(19))
      let path = json["path"]
      for (index, step) in try path["iterations"].numbers.enumerated() {
        guard path["loglik"][index].exists else { continue }
        let expected = try path["loglik"][index].number
        let found = fit.trace[Int(step) - 1]
        #expect(relativeDifference(found, expected) <= 1e-10, "\(structure), iteration \(step)")
      }
    }
  }

  /// Accelerated steps from the same start end at the same maximum: log-likelihood 10⁻⁸ absolute and 10⁻¹⁰ relative.
  @Test(arguments: sets)
  func theFixedPointOfAcceleratedSteps(name: String) throws {
    let sample = try Case(name)
    for (structure, json) in sample.models {
      let expected = try json["fixed_point"]["loglik"].number
      let options = FitOptions.with { $0.stopping = .when(.gain, below: 1e-10) }
      let fit = try sample.fit(structure, options)
      #expect(
        abs(fit.logLikelihood - expected) <= 1e-8 + 1e-10 * abs(expected), "\(structure)")
    }
  }

  /// Log-likelihood 10⁻⁸ absolute and 10⁻¹⁰ relative, parameters 10⁻⁶ of the column's standard deviation.
  @Test(arguments: sets)
  func theFixedPoint(name: String) throws {
    let sample = try Case(name)
    let deviations = sample.points.standardDeviations
    for (structure, json) in sample.models {
      let fixed = json["fixed_point"]
      let fit = try sample.fit(structure, .fixedPoint)
      let expected = try fixed["loglik"].number
      #expect(
        abs(fit.logLikelihood - expected) <= 1e-8 + 1e-10 * abs(expected), "\(structure)")
      let difference = MixtureDifference(
        fit.mixture, try mixture(fixed["parameters"]), inUnitsOf: deviations)
      #expect(difference.largest <= 1e-6, "\(structure)")
      #expect(fit.parameterCount == (try fixed["n_parameters"].integer), "\(structure)")
      #expect(abs(fit.bic - (try fixed["bic_standard"].number)) <= 1e-6, "\(structure)")
      #expect(abs(fit.value(.aic) - (try fixed["aic_standard"].number)) <= 1e-6, "\(structure)")
      #expect(abs(fit.value(.icl) - (try fixed["icl_standard"].number)) <= 1e-5, "\(structure)")
      #expect(abs(fit.score.entropy - (try fixed["entropy"].number)) <= 1e-5, "\(structure)")
      let classes = try fixed["classification"].array.map { try $0.integer - 1 }
      #expect(try fit.mixture.classification(of: sample.points) == classes, "\(structure)")
    }
  }

  /// mclust's VVE stops short of the maximum: an independent EM with exact axes stands in for it.
  ///
  /// The first M-step is at the best axes of 41 searches: log-likelihood 10⁻⁷ relative, as axes known to 10⁻⁸ allow.
  /// From there EM may reach another maximum; it must be no lower, and it is one: any move away, within the structure, is
  /// downhill.
  @Test(arguments: sets.filter { !$0.hasPrefix("acidity") })
  func commonAxes(name: String) throws {
    let reference = try Reference.json("mclust/me/VVE_maximum_likelihood.json")[name]
    let sample = try Case(name)
    let best = reference["first_iteration"]["best_over_axes"]
    let start = try sample.fit(.vve, .exactly(0))
    let expected = try best["loglik_at_best"].number
    #expect(abs(start.logLikelihood - expected) <= 1e-7 * abs(expected))
    let covariances = try best["covariance_at_best"].array.map { try $0.rows }
    for (component, rows) in zip(start.mixture.components, covariances) {
      for i in rows.indices {
        for j in rows.indices {
          let unit = (rows[i][i] * rows[j][j]).squareRoot()
          #expect(abs(component.covariance[i, j] - rows[i][j]) <= 1e-6 * unit)
        }
      }
    }
    let fit = try sample.fit(.vve, .fixedPoint)
    #expect(fit.logLikelihood >= (try reference["fixed_point"]["loglik"].number) - 1e-6)
    let rounding = try logLikelihoodRounding(of: fit.mixture, over: sample.points)
    for move in try fit.mixture.moves(within: .vve, seed: 1) {
      let moved = try move.mixture.score(sample.points).logLikelihood
      #expect(moved < fit.logLikelihood - 10 * rounding, "\(move.name)")
    }
  }

  /// Integer weights, which mclust sees as repeated rows.
  @Test(arguments: ["faithful_G2_kmeans", "iris_G3_kmeans"])
  func weights(name: String) throws {
    let reference = try Reference.json("mclust/weights/\(name).json")
    let sample = try Case(name)
    let weights = try Reference.points("mclust/weights/\(name).w.csv").elements
    let points = try WeightedPoints(sample.points, weights: weights)
    let deviations = sample.points.standardDeviations
    for (structure, _) in sample.models {
      let expected = reference["models"][structure.name]
      let fit = try GaussianMixture.fit(
        points, components: sample.components, structure: structure, from: sample.start,
        options: .fixedPoint)
      let exact = try expected["loglik"].number
      #expect(abs(fit.logLikelihood - exact) <= 1e-8 + 1e-10 * abs(exact), "\(structure)")
      let difference = MixtureDifference(
        fit.mixture, try mixture(expected["parameters"]), inUnitsOf: deviations)
      #expect(difference.largest <= 1e-6, "\(structure)")
      #expect(abs(fit.bic - (try expected["bic_standard"].number)) <= 1e-6, "\(structure)")
      #expect(abs(fit.value(.icl) - (try expected["icl_standard"].number)) <= 1e-5)
      #expect(fit.score.pointCount == (try reference["total_weight"].number))
    }
  }
}
