import Foundation
import MixtureTestSupport
import Mixtures
import Testing

@Suite struct BackgroundTests {
  /// Rows without any cell, and rows of weight zero with a hole, change no volume; of a hole in a row among hundreds the volume hardly
  /// knows. The moments of the points, and with them the axes of their box, are sums in another order.
  @Test func rowsThatSayNothingChangeNoVolume() throws {
    let points = try Reference.points("data/faithful_noise.csv")
    func logDensity(_ elements: [Double], _ weights: [Double]) throws -> Double {
      let rows = Matrix(
        rowCount: elements.count / 2, columnCount: 2, elements: elements, columnNames: ["a", "b"])
      let source = try WeightedPoints(
        try IncompletePoints(rows, weights: weights), weights: weights)
      let fit = try GaussianMixture.fit(
        source, components: 2,
        options: .with {
          $0.background = .overData
          $0.stopping = .exactly(0)
        })
      return try #require(fit.mixture.background).logDensity
    }
    let ones = Array(repeating: 1.0, count: points.rowCount)
    let plain = try logDensity(points.elements, ones)
    let padded = try logDensity(points.elements + [.nan, .nan, 3, .nan], ones + [1, 0])
    #expect(abs(padded - plain) <= 1e-9)
    var pierced = points.elements
    pierced[2 * 100] = .nan
    #expect(abs(try logDensity(pierced, ones) - plain) <= 0.05)
  }

  /// mclust's `me()` with `Vinv`, from the stored partition: volume 10⁻⁹ relative, the first M-step 10⁻¹⁰, the fixed point 10⁻⁸ absolute
  /// and 10⁻¹⁰ relative, parameters 10⁻⁶ of the columns' standard deviations. VVE and inner loops that stop early: no lower.
  @Test func mclust() throws {
    let reference = try Reference.json("mclust/noise/faithful_noise_G2.json")
    let points = try Reference.points("data/faithful_noise.csv")
    let labels = try Reference.integers(
      "mclust/noise/faithful_noise_G2.z.csv", column: "component")
    let start = try LabelsStart(labels.map { $0 - 1 }, components: 2)
    for name in reference["models"].keys {
      let structure = try #require(CovarianceStructure(named: name))
      let json = reference["models"][name]
      func fit(_ options: FitOptions) throws -> Fit {
        var options = options
        options.background = .overData
        return try GaussianMixture.fit(
          points, components: 2, structure: structure, from: start, options: options)
      }
      let first = try fit(.exactly(0))
      let background = try #require(first.mixture.background)
      #expect(relativeDifference(exp(background.logDensity), try reference["Vinv"].number) <= 1e-9)
      #expect(abs(background.weight - 60 / 332.0) <= 1e-15)
      let isExact = !["VEI", "VEE", "EVE", "VVE", "VEV"].contains(name)
      let firstExpected = try json["first_iteration"]["loglik"].number
      #expect(
        relativeDifference(first.logLikelihood, firstExpected) <= (isExact ? 1e-10 : 1e-4),
        "\(name)")
      let fixed = json["fixed_point"]
      let expected = try fixed["loglik"].number
      let found = try fit(.fixedPoint)
      if name == "VVE" {
        #expect(found.logLikelihood >= expected - 1e-8)
        continue
      }
      #expect(abs(found.logLikelihood - expected) <= 1e-8 + 1e-10 * abs(expected), "\(name)")
      #expect(found.parameterCount == (try fixed["n_parameters"].integer), "\(name)")
      #expect(abs(found.bic - (try fixed["bic_standard"].number)) <= 1e-6, "\(name)")
      #expect(abs(found.value(.icl) - (try fixed["icl_standard"].number)) <= 1e-5, "\(name)")
      let weights = found.mixture.weights + [found.mixture.background?.weight ?? 0]
      for (own, other) in zip(weights, try fixed["parameters"]["pro"].numbers) {
        #expect(abs(own - other) <= 1e-6, "\(name)")
      }
      let classes = try fixed["classification"].array.map { try $0.integer - 1 }
      #expect(try found.mixture.classification(of: points) == classes, "\(name)")
    }
  }

  private let problem = Problem(seed: 7, count: 300, dimension: 2, components: 2)

  /// A background of weight zero changes no bit.
  @Test(arguments: structures)
  func weightZeroIsNone(structure: CovarianceStructure) throws {
    let zero = try Background(weight: 0, logDensity: -3)
    let plain = try GaussianMixture.fit(
      problem.points, components: 2, structure: structure, from: MixtureStart(problem.truth),
      options: .exactly(5))
    let other = try GaussianMixture.fit(
      problem.points, components: 2, structure: structure,
      from: MixtureStart(
        GaussianMixture(
          weights: problem.truth.weights, components: problem.truth.components, background: zero)),
      options: .exactly(5))
    #expect(other.trace == plain.trace)
    #expect(other.mixture.components == plain.mixture.components)
    #expect(other.mixture.background?.weight == 0)
  }

  /// ℓ rises, and the weights with that of the background sum to one.
  @Test(arguments: 1...20)
  func itRises(seed: Int) throws {
    let problem = Problem(seed: UInt64(seed), count: 150, components: 2)
    var options = FitOptions.exactly(30)
    options.background = .overData
    options.restarts = 1
    let structure = structures[seed % structures.count]
    guard
      let fit = try? GaussianMixture.fit(
        problem.points, components: 2,
        structure: problem.dimension == 1 ? .v : structure, options: options)
    else { return }
    for (before, after) in zip(fit.trace, fit.trace.dropFirst()) {
      #expect(after >= before - 1e-10 * abs(before))
    }
    let sum = fit.mixture.weights.reduce(fit.mixture.background?.weight ?? 0, +)
    #expect(abs(sum - 1) <= 1e-14)
  }

  /// p(x) = Σₖ πₖ f(x) + π₀ v⁻¹, responsibilities of all sum to one, and the largest is the classification.
  @Test func densitiesAndResponsibilities() throws {
    let background = try Background(weight: 0.25, logDensity: log(0.01))
    let mixture = try GaussianMixture(
      weights: [0.75],
      components: [Gaussian(mean: [0, 0], covariance: .spherical(variance: 1, dimension: 2))],
      background: background)
    let points = Matrix(rows: [[0, 0], [1, 1], [4, 4], [1e3, 0]])
    let densities = try mixture.logDensities(of: points)
    for (i, assignment) in try mixture.assignments(of: points).enumerated() {
      let (x, y) = (points[i, 0], points[i, 1])
      let own = 0.75 * exp(-(x * x + y * y) / 2) / (2 * .pi)
      #expect(abs(exp(densities[i]) - (own + 0.0025)) <= 1e-15)
      #expect(abs(assignment.responsibilities[0] - own / (own + 0.0025)) <= 1e-14)
      let rest = try #require(assignment.background)
      #expect(abs(assignment.responsibilities[0] + rest - 1) <= 1e-15)
      #expect(assignment.component == (own > 0.0025 ? 0 : -1))
    }
    #expect(try mixture.classification(of: points) == [0, 0, -1, -1])
    let decoded = try JSONDecoder().decode(
      GaussianMixture.self, from: JSONEncoder().encode(mixture))
    #expect(decoded == mixture)
    let contradiction = Data("{\"weight\":0.1,\"logDensity\":-5,\"logLengths\":[2,4]}".utf8)
    #expect(throws: ParameterError.self) {
      try JSONDecoder().decode(Background.self, from: contradiction)
    }
    #expect(throws: ParameterError.self) { try Background(weight: -0.1, logDensity: 0) }
    #expect(throws: ParameterError.self) { try Background(weight: 0.1, logDensity: .infinity) }
  }

  @Test func aStartForTheBackgroundNeedsOne() throws {
    let start = try LabelsStart([-1] + (1..<300).map { $0 % 2 }, components: 2)
    #expect(throws: DataError.invalidLabel(row: 0, label: -1, components: 2)) {
      try GaussianMixture.fit(problem.points, components: 2, from: start)
    }
  }
}
