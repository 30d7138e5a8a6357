import MixtureTestSupport
import Mixtures
import Testing

@Suite struct ConjugatePriorTests {
  private static let cases = [
    "acidity_G3_quantile", "diabetes_G3_kmeans", "faithful_G3_kmeans", "iris_G3_kmeans",
    "iris_G3_kmeans_shrink0",
  ]

  /// mclust's `me()` with `priorControl()`, where it follows the published formulas: the first M-step and its log-likelihood 10⁻⁹ relative,
  /// the fixed point 10⁻⁸ absolute and 10⁻¹⁰ relative, its means 10⁻⁶ standard deviations.
  @Test(arguments: cases)
  func mclust(name: String) throws {
    let reference = try Reference.json("mclust/prior/\(name).json")
    let points = try Reference.points("data/\(reference["data"].string ?? "").csv")
    let components = try reference["G"].integer
    let path = "mclust/me/" + (reference["start"].string ?? "").dropFirst("../me/".count)
    let start = try Reference.start(path, components: components)
    var prior = ConjugatePrior()
    if name.hasSuffix("shrink0") { prior.shrinkage = 0 }
    var compared = 0
    for model in ["E", "V", "VII", "VVI", "EEE", "VVV"] {
      let json = reference["models"][model]
      guard json["fixed_point"]["status"].string == "ok" else { continue }
      // mclust's divisor is another for VVV without shrinkage.
      if model == "VVV", prior.shrinkage == 0 { continue }
      compared += 1
      let structure = try #require(CovarianceStructure(named: model))
      func fit(_ options: FitOptions) throws -> Fit {
        var options = options
        options.prior = prior
        return try GaussianMixture.fit(
          points, components: components, structure: structure, from: start, options: options)
      }
      let first = try json["first_iteration"]["loglik"].number
      #expect(relativeDifference(try fit(.exactly(0)).logLikelihood, first) <= 1e-9, "\(model)")
      let fixed = json["fixed_point"]
      let found = try fit(.fixedPoint)
      let expected = try fixed["loglik"].number
      #expect(
        abs(found.logLikelihood - expected) <= 1e-8 + 1e-10 * abs(expected),
        "\(model) \(found.logLikelihood) \(expected)")
      for (before, after) in zip(found.trace, found.trace.dropFirst()) {
        #expect(after >= before - 1e-11 * abs(before), "\(model)")
      }
    }
    #expect(compared >= 2)
  }

  /// A prior keeps a component on two equal points from collapsing.
  @Test func nothingCollapses() throws {
    let points = Matrix(rows: [
      [0, 0], [0, 0], [4, 1], [5, 3], [6, 1], [5, 5], [4, 4], [7, 2],
    ])
    let start = try LabelsStart([0, 0, 1, 1, 1, 1, 1, 1], components: 2)
    #expect(throws: DegenerateFitError.self) {
      try GaussianMixture.fit(points, components: 2, from: start)
    }
    let fit = try GaussianMixture.fit(
      points, components: 2, from: start, options: .with { $0.prior = ConjugatePrior() })
    #expect(fit.stopped.isConvergence)
    #expect(fit.logPosterior != fit.logLikelihood)
  }

  /// Shifting and scaling the data moves the fit along, and the log-posterior by a constant.
  @Test(arguments: ["EII", "VVI", "EEE", "VVV"])
  func itFollowsTheData(name: String) throws {
    let structure = try #require(CovarianceStructure(named: name))
    let problem = Problem(seed: 13, count: 120, dimension: 2, components: 2)
    let labels = try LabelsStart(problem.labels, components: 2)
    func fit(_ points: Matrix, _ iterations: Int) throws -> Fit {
      try GaussianMixture.fit(
        points, components: 2, structure: structure, from: labels,
        options: .with {
          $0.prior = ConjugatePrior()
          $0.stopping = .exactly(iterations)
        })
    }
    let moved = problem.points.mapping { 4 * $1 + 100 }
    let (plain, other) = (try fit(problem.points, 6), try fit(moved, 6))
    for (a, b) in zip(plain.mixture.components, other.mixture.components) {
      for j in 0..<2 {
        #expect(abs(b.mean[j] - (4 * a.mean[j] + 100)) <= 1e-9)
        #expect(relativeDifference(b.covariance[j, j], 16 * a.covariance[j, j]) <= 1e-9)
      }
    }
    let gains = [plain, other].map { $0.trace[6] - $0.trace[1] }
    #expect(abs(gains[0] - gains[1]) <= 1e-8)
  }

  /// πₖ = (Nₖ + α − 1) / Σⱼ (Nⱼ + α − 1).
  @Test func theDirichletPrior() throws {
    let problem = Problem(seed: 13, count: 90, dimension: 2, components: 3)
    var prior = ConjugatePrior()
    prior.concentration = 11
    let fit = try GaussianMixture.fit(
      problem.points, components: 3, from: LabelsStart(problem.labels, components: 3),
      options: .with {
        $0.prior = prior
        $0.stopping = .exactly(0)
      })
    for k in 0..<3 {
      let count = Double(problem.labels.count { $0 == k })
      #expect(abs(fit.mixture.weights[k] - (count + 10) / 120) <= 1e-14)
    }
  }

  /// Nₖ are shares of the points, and not of the weights that a prior draws to each other.
  @Test func effectiveCountsAreOfThePoints() throws {
    let problem = Problem(seed: 13, count: 90, dimension: 2, components: 3)
    var prior = ConjugatePrior()
    prior.concentration = 40
    let fit = try GaussianMixture.fit(
      problem.points, components: 3, options: .with { $0.prior = prior })
    let responsibilities = try fit.mixture.responsibilities(of: problem.points)
    for k in 0..<3 {
      let count = (0..<90).reduce(0) { $0 + responsibilities[$1, k] }
      // Sums of 90 terms in another order.
      #expect(abs(fit.effectiveCounts[k] - count) <= 90 * 90 * Double.ulpOfOne)
    }
    #expect(abs(fit.effectiveCounts[0] - 90 * fit.mixture.weights[0]) > 1)
    #expect(fit.backgroundCount == 0)
  }

  @Test func whatHasNoPrior() throws {
    let problem = Problem(seed: 13, count: 90, dimension: 2, components: 2)
    #expect(throws: ParameterError.noConjugatePrior(structure: "VVE")) {
      try GaussianMixture.fit(
        problem.points, components: 2, structure: .vve,
        options: .with { $0.prior = ConjugatePrior() })
    }
    for change: (inout ConjugatePrior) -> Void in [
      { $0.shrinkage = -1 }, { $0.degreesOfFreedom = 0 }, { $0.scale = .infinity },
      { $0.concentration = 0.5 }, { $0.mean = [1] },
    ] {
      var prior = ConjugatePrior()
      change(&prior)
      #expect(throws: ParameterError.invalidPrior) {
        try GaussianMixture.fit(
          problem.points, components: 2, options: .with { $0.prior = prior })
      }
    }
  }
}
