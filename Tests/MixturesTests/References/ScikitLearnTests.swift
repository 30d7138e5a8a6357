import MixtureTestSupport
import Mixtures
import Testing

/// `GaussianMixture` of scikit-learn from explicit starts: full is VVV, tied EEE, diag VVI, spherical VII.
@Suite struct ScikitLearnTests {
  static let structures: [(name: String, structure: CovarianceStructure)] = [
    ("full", .vvv), ("tied", .eee), ("diag", .vvi), ("spherical", .vii),
  ]
  static let files = [
    "faithful_K2", "faithful_K3", "iris_K3", "synth_a_K3", "digits_pca10_K10",
  ]

  private struct Case {
    let reference: JSON
    let structure: CovarianceStructure
    let points: Matrix
    let start: GaussianMixture
    let run: JSON

    init(_ file: String, _ index: Int) throws {
      let (name, structure) = ScikitLearnTests.structures[index]
      self.structure = structure
      reference = try Reference.json("sklearn/gmm_\(file).json")
      points = try Reference.points("data/\(reference["data"].string ?? "").csv")
      run = reference["runs"]["\(name)_reg0"]
      let precisions = try reference["start"]["precision_diagonal"].numbers
      let mean = precisions.reduce(0, +) / Double(precisions.count)
      let covariance =
        structure == .vii
        ? Covariance.spherical(variance: 1 / mean, dimension: precisions.count)
        : .diagonal(variances: precisions.map { 1 / $0 })
      let means = try reference["start"]["means"].rows
      start = try GaussianMixture(
        weights: reference["start"]["weights"].numbers, means: means,
        covariances: Array(repeating: covariance, count: means.count))
    }

    func mixture(_ json: JSON) throws -> GaussianMixture {
      let d = points.columnCount
      let count = try json["weights"].numbers.count
      let covariances: [Covariance] =
        switch structure {
        case .vvv: try json["covariances"].array.map { .full(rows: try $0.rows) }
        case .eee: Array(repeating: .full(rows: try json["covariances"].rows), count: count)
        case .vvi: try json["covariances"].rows.map { .diagonal(variances: $0) }
        default:
          try json["covariances"].numbers.map { .spherical(variance: $0, dimension: d) }
        }
      return try GaussianMixture(
        weights: json["weights"].numbers, means: json["means"].rows, covariances: covariances)
    }

    func fit(_ options: FitOptions) throws -> Fit {
      try GaussianMixture.fit(
        points, components: start.componentCount, structure: structure, from: MixtureStart(start),
        options: options)
    }
  }

  /// 10⁻⁹ relative, as the project promises; `lower_bound` is ℓ/n before the last M-step, `score` after it.
  @Test(arguments: files, structures.indices)
  func iterations(file: String, index: Int) throws {
    let sample = try Case(file, index)
    let n = Double(sample.points.rowCount)
    for iterations in [1, 2, 5, 20] {
      let expected = sample.run["after_\(iterations)"]
      try #require(expected.exists)
      let fit = try sample.fit(.exactly(iterations))
      let difference = MixtureDifference(fit.mixture, try sample.mixture(expected))
      #expect(difference.largest <= 1e-9, "\(iterations) iterations")
      let score = try expected["score"].number
      #expect(relativeDifference(fit.logLikelihood / n, score) <= 1e-9)
      let before = fit.trace[iterations - 1] / n
      #expect(relativeDifference(before, try expected["lower_bound"].number) <= 1e-9)
    }
  }

  /// Densities and responsibilities at scikit-learn's own parameters; its precision is that of a Cholesky
  /// factor of the inverse, and of parameters with all their digits.
  @Test(arguments: files, structures.indices)
  func densities(file: String, index: Int) throws {
    let sample = try Case(file, index)
    let converged = sample.run["converged"]
    let mixture = try sample.mixture(converged)
    let assignments = try mixture.assignments(of: sample.points)
    for (i, expected) in try converged["score_samples_first"].numbers.enumerated() {
      #expect(abs(assignments[i].logDensity - expected) <= 1e-9 * max(1, abs(expected)))
    }
    for (i, row) in try converged["predict_proba_first"].rows.enumerated() {
      for (k, expected) in row.enumerated() {
        #expect(abs(assignments[i].responsibilities[k] - expected) <= 1e-9)
      }
    }
    let score = try mixture.score(sample.points)
    let p = try converged["n_parameters"].integer
    let bic = InformationCriterion.bic.value(score, p)
    #expect(relativeDifference(bic, try converged["bic"].number) <= 1e-9)
    let aic = InformationCriterion.aic.value(score, p)
    #expect(relativeDifference(aic, try converged["aic"].number) <= 1e-9)
    #expect(try sample.fit(.exactly(0)).parameterCount == p)
    let labels = try converged["labels"].numbers.map { Int($0) }
    let classes = try mixture.classification(of: sample.points)
    #expect(classes == labels || classes == labels.map { $0 - 1 })
  }

  /// Where scikit-learn stands still after 6000 iterations: 10⁻⁷.
  @Test(arguments: files.dropLast(), structures.indices)
  func late(file: String, index: Int) throws {
    let sample = try Case(file, index)
    let late = sample.run["late"]
    guard try abs(late["last_change"].number) <= 1e-15 else { return }
    let fit = try sample.fit(.fixedPoint)
    #expect(MixtureDifference(fit.mixture, try sample.mixture(late)).largest <= 1e-7)
    let score = try late["score"].number
    #expect(abs(fit.logLikelihood / Double(sample.points.rowCount) - score) <= 1e-10)
  }
}
