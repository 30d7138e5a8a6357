import Foundation
import MixtureTestSupport
import Mixtures
import Testing

@Suite struct MixtureTests {
  private static let unit = try? Gaussian(
    mean: [0, 0], covariance: .spherical(variance: 1, dimension: 2))

  private func expect(
    _ error: ParameterError, _ message: String, weights: [Double], components: [Gaussian],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let thrown = #expect(throws: ParameterError.self, sourceLocation: sourceLocation) {
      try GaussianMixture(weights: weights, components: components)
    }
    #expect(thrown == error, sourceLocation: sourceLocation)
    #expect(thrown?.description == message, sourceLocation: sourceLocation)
  }

  @Test func whatIsNoMixture() throws {
    let unit = try #require(Self.unit)
    let solid = try Gaussian(mean: [0, 0, 0], covariance: .spherical(variance: 1, dimension: 3))
    expect(
      .noComponents, "A mixture needs at least one component.", weights: [], components: [])
    expect(
      .countMismatch(weights: 1, components: 2),
      "Found 1 mixing weights for 2 components. Give one per component.", weights: [1],
      components: [unit, unit])
    expect(
      .invalidMixingWeight(component: 1, value: -0.5),
      "Component 2: expected a mixing weight from 0 to 1, found -0.5.", weights: [1, -0.5],
      components: [unit, unit])
    expect(
      .mixingWeightsSum(0.875),
      "The mixing weights sum to 0.875, expected 1. Divide each by their sum.",
      weights: [0.5, 0.375], components: [unit, unit])
    expect(
      .componentDimensions(component: 1, found: 3, expected: 2),
      "Component 2 has dimension 3, those before it 2. Give all the same dimension.",
      weights: [0.5, 0.5], components: [unit, solid])
    let nan = #expect(throws: ParameterError.self) {
      try GaussianMixture(weights: [.nan, 1], components: [unit, unit])
    }
    #expect(nan?.description.hasPrefix("Component 1: expected a mixing weight") == true)
    #expect(throws: Never.self) {
      try GaussianMixture(weights: [0.333333333, 0.666666666], components: [unit, unit])
    }
  }

  @Test func aBackgroundHasTheVolumeOfItsBox() throws {
    #expect(throws: Never.self) { try Background(weight: 0.1, logDensity: -5, logLengths: [2, 3]) }
    for lengths: [Double] in [[2, 4], [.nan, 3], [.infinity, 3], [.infinity, -.infinity]] {
      #expect(throws: ParameterError.self) {
        try Background(weight: 0.1, logDensity: -5, logLengths: lengths)
      }
    }
  }

  @Test func permutations() throws {
    let mixture = Problem(seed: 1, dimension: 2, components: 3).truth
    let permuted = mixture.permuted([2, 0, 1])
    #expect(permuted.weights == [mixture.weights[2], mixture.weights[0], mixture.weights[1]])
    #expect(permuted.components[1] == mixture.components[0])
    #expect(permuted.permuted([1, 2, 0]) == mixture)
    #expect(mixture.dimension == 2 && mixture.componentCount == 3)
  }

  @Test func messagesOfParameterErrors() {
    #expect(
      ParameterError.startMismatch(found: 2, expected: 3).description
        == "The start has 2 components, expected 3.")
    let unknown = ParameterError.unknownStructure("VVX").description
    #expect(unknown.hasPrefix("Unknown structure \"VVX\". Known: E, V, EII, VII, "))
    #expect(unknown.contains("VVV"))
  }
}

@Suite struct DensityTests {
  /// The trapezoidal rule converges like exp(−2π²σ²/h²) for a Gaussian: at h = σ/2 the error is e⁻⁷⁹. Beyond nine
  /// standard deviations lie 10⁻¹⁸ of the mass. What remains is the rounding of a sum of N positive
  /// terms, each known to some (|ln p| + 10) u ≤ 60 u.
  @Test(arguments: UInt64(1)...10)
  func aDensityOfOneDimensionIntegratesToOne(seed: UInt64) throws {
    let truth = Problem(seed: seed, count: 1, dimension: 1, components: 3, offset: 100).truth
    let deviations = truth.components.map { $0.covariance[0, 0].squareRoot() }
    let means = truth.components.map { $0.mean[0] }
    let widest = 9 * (deviations.max() ?? 1)
    let step = (deviations.min() ?? 1) / 2
    let low = (means.min() ?? 0) - widest
    let count = Int(((means.max() ?? 0) + widest - low) / step) + 1
    let grid = Matrix(rows: (0...count).map { [low + Double($0) * step] })
    let sum = try truth.logDensities(of: grid).reduce(0) { $0 + exp($1) } * step
    #expect(abs(sum - 1) <= Double(count + 60) * Double.ulpOfOne)
  }

  /// As in one dimension; along any direction the density falls off no faster than the smallest eigenvalue
  /// says, 0.16 at least by construction.
  @Test(arguments: UInt64(1)...3)
  func aDensityOfTwoDimensionsIntegratesToOne(seed: UInt64) throws {
    let truth = Problem(seed: seed, count: 1, dimension: 2, components: 2, separation: 1.5).truth
    let step = 0.2
    func grid(_ column: Int) -> [Double] {
      let ends = truth.components.map {
        ($0.mean[column], 9 * $0.covariance[column, column].squareRoot())
      }
      let low = ends.map { $0.0 - $0.1 }.min() ?? 0
      let high = ends.map { $0.0 + $0.1 }.max() ?? 0
      return Array(stride(from: low, through: high, by: step))
    }
    let (first, second) = (grid(0), grid(1))
    var sum = 0.0
    for x in first {
      let logs = try truth.logDensities(of: Matrix(rows: second.map { [x, $0] }))
      sum += logs.reduce(0) { $0 + exp($1) }
    }
    sum *= step * step
    #expect(abs(sum - 1) <= Double(first.count + second.count + 60) * Double.ulpOfOne)
  }
}

@Suite struct PosteriorTests {
  @Test(arguments: UInt64(1)...20)
  func responsibilitiesAreDistributions(seed: UInt64) throws {
    let problem = Problem(seed: seed, separation: seed % 2 == 0 ? 1 : 100)
    let far = problem.points.mapping { $1 * 1e6 }
    for points in [problem.points, far] {
      let responsibilities = try problem.truth.responsibilities(of: points)
      #expect(checkDistributions(responsibilities) == [])
      #expect(responsibilities.rowCount == 200)
      #expect(responsibilities.columnNames.first == "r1")
    }
  }

  /// By Bayes' rule from the components' own densities: a quotient of sums of exponentials, whose
  /// exponents of size ≤ 1000 are known to 1000 u.
  @Test(arguments: UInt64(1)...10)
  func responsibilitiesAreBayesRule(seed: UInt64) throws {
    let problem = Problem(seed: seed, dimension: 2, components: 3, separation: 1)
    let responsibilities = try problem.truth.responsibilities(of: problem.points)
    let logs = try problem.truth.logDensities(of: problem.points)
    let own = try problem.truth.components.map {
      try GaussianMixture(weights: [1], components: [$0]).logDensities(of: problem.points)
    }
    for i in 0..<200 {
      let terms = (0..<3).map { problem.truth.weights[$0] * exp(own[$0][i]) }
      let density = terms.reduce(0, +)
      #expect(abs(logs[i] - log(density)) <= 2000 * Double.ulpOfOne)
      for k in 0..<3 {
        #expect(abs(responsibilities[i, k] - terms[k] / density) <= 2000 * Double.ulpOfOne)
      }
    }
  }

  @Test func classificationAndIndicators() throws {
    let problem = Problem(seed: 3, dimension: 2, components: 3)
    let responsibilities = try problem.truth.responsibilities(of: problem.points)
    let classes = try problem.truth.classification(of: problem.points)
    let indicators = try problem.truth.indicators(of: problem.points)
    let assignments = try problem.truth.assignments(of: problem.points)
    for i in 0..<200 {
      let row = responsibilities.row(i)
      let largest = row.max() ?? 0
      #expect(classes[i] == row.firstIndex(of: largest))
      #expect(indicators.row(i) == (0..<3).map { $0 == classes[i] ? 1 : 0 })
      #expect(assignments[i].component == classes[i])
      #expect(assignments[i].uncertainty == 1 - largest)
      #expect(assignments[i].responsibilities == row)
    }
    #expect(try problem.truth.logDensities(of: problem.points) == assignments.map(\.logDensity))
    let some = try problem.truth.assignments(of: problem.points, rows: 50..<60)
    #expect(some == Array(assignments[50..<60]))
    #expect(try problem.truth.assignments(of: problem.points, rows: 7..<7) == [])
    #expect(Set(classes).count == 3)
  }

  /// What is asked of all points at once is what is said of each, over several blocks, with and without a background, whatever
  /// the number of threads.
  @Test(arguments: [nil, 0.2])
  func allQuestionsHaveTheSameAnswer(background: Double?) throws {
    let problem = Problem(
      seed: 4, count: 20_000, dimension: 3, components: 3, separation: 1.5)
    let mixture = try GaussianMixture(
      weights: problem.truth.weights.map { $0 * (1 - (background ?? 0)) },
      components: problem.truth.components,
      background: background.map { try Background(weight: $0, logDensity: -8) })
    let each = try mixture.assignments(of: problem.points)
    #expect(background == nil || Set(each.map(\.component)) == [-1, 0, 1, 2])
    for threads in 1...2 {
      let found = try mixture.classification(of: problem.points, threads: threads)
      #expect(found == each.map(\.component))
      let densities = try mixture.logDensities(of: problem.points, threads: threads)
      #expect(densities == each.map(\.logDensity))
      let shares = try mixture.responsibilities(of: problem.points, threads: threads)
      #expect(shares.rows == each.map(\.responsibilities))
    }
  }

  /// In the last block, where one thread of two is at work.
  @Test(arguments: [Double.nan, .infinity])
  func aCoordinateThatIsNotFiniteIsNamed(value: Double) throws {
    let problem = Problem(seed: 4, count: 20_000, dimension: 2, components: 2)
    var points = problem.points
    points[19_990, 1] = value
    let questions: [(GaussianMixture, Matrix) throws -> Void] = [
      { _ = try $0.classification(of: $1, threads: 2) },
      { _ = try $0.logDensities(of: $1, threads: 2) },
      { _ = try $0.responsibilities(of: $1, threads: 2) },
      { _ = try $0.assignments(of: $1, threads: 2) },
    ]
    for question in questions {
      let error = #expect(throws: DataError.self) { try question(problem.truth, points) }
      #expect(error?.description.contains("ow 19991") == true)
    }
  }

  /// Of equal components the first is named.
  @Test func tiesGoToTheFirst() throws {
    let one = Problem(seed: 3, dimension: 2, components: 1).truth.components[0]
    let twice = try GaussianMixture(weights: [0.5, 0.5], components: [one, one])
    let points = Matrix(rows: [[1, 2], [1e9, -4]])
    #expect(try twice.classification(of: points) == [0, 0])
    #expect(try twice.responsibilities(of: points).rows == [[0.5, 0.5], [0.5, 0.5]])
  }

  /// A component of weight zero exists, and gets nothing.
  @Test func aComponentOfWeightZeroGetsNothing() throws {
    let truth = Problem(seed: 3, dimension: 2, components: 1).truth
    let padded = try GaussianMixture(
      weights: [0, 1], components: [truth.components[0], truth.components[0]])
    let points = Problem(seed: 3, dimension: 2, components: 1).points
    #expect(try padded.responsibilities(of: points).rows.allSatisfy { $0 == [0, 1] })
    #expect(try padded.logDensities(of: points) == truth.logDensities(of: points))
  }

  @Test(arguments: UInt64(1)...10)
  func theLowerBoundIsOne(seed: UInt64) throws {
    let problem = Problem(seed: seed, dimension: 2, components: 3, separation: 1.5)
    let weights = (0..<200).map { Double(($0 + Int(seed)) % 3) }
    let points = try WeightedPoints(problem.points, weights: weights)
    let score = try problem.truth.score(points)
    let rounding = try logLikelihoodRounding(of: problem.truth, over: points, weights: weights)
    for other in 1...5 as ClosedRange<UInt64> {
      let q = randomResponsibilities(200, 3, seed: seed + 100 * other)
      let bound = try problem.truth.lowerBound(of: points, responsibilities: q)
      #expect(bound < score.logLikelihood)
      // the gap is the divergence of q from the posterior
      let posterior = try problem.truth.responsibilities(of: problem.points)
      var divergence = 0.0
      for i in 0..<200 {
        for k in 0..<3 { divergence += weights[i] * q[i, k] * log(q[i, k] / posterior[i, k]) }
      }
      #expect(abs(score.logLikelihood - bound - divergence) <= 1e-10 * divergence + 10 * rounding)
    }
    let posterior = try problem.truth.responsibilities(of: problem.points)
    let tight = try problem.truth.lowerBound(of: points, responsibilities: posterior)
    // r ln r of a responsibility known to r u |ln p| is off by that times (1 + |ln r|)
    #expect(abs(tight - score.logLikelihood) <= 100 * rounding)
  }

  /// Hard responsibilities: the classification log-likelihood Σ ln πₖfₖ.
  @Test func theBoundOfIndicators() throws {
    let problem = Problem(seed: 5, dimension: 2, components: 2)
    let indicators = Matrix(indicatorsOf: problem.labels, components: 2)
    var expected = 0.0
    for (i, k) in problem.labels.enumerated() {
      let own = try GaussianMixture(weights: [1], components: [problem.truth.components[k]])
      expected +=
        log(problem.truth.weights[k])
        + (try own.logDensities(of: problem.points.selecting([i]))[0])
    }
    let bound = try problem.truth.lowerBound(of: problem.points, responsibilities: indicators)
    #expect(relativeDifference(bound, expected) <= 400 * Double.ulpOfOne)
  }

  /// EM by turns: the E-step lifts the bound to ℓ, the M-step lifts it further.
  @Test(arguments: structures)
  func theMStepLiftsTheBound(structure: CovarianceStructure) throws {
    let problem = Problem(seed: 6, dimension: 3, components: 2, separation: 1.5)
    var mixture = try GaussianMixture.maximizing(
      problem.points, randomResponsibilities(200, 2, seed: 6), structure)
    for _ in 0..<5 {
      let posterior = try mixture.responsibilities(of: problem.points)
      let next = try GaussianMixture.maximizing(problem.points, posterior, structure)
      let before = try mixture.score(problem.points).logLikelihood
      let lifted = try next.lowerBound(of: problem.points, responsibilities: posterior)
      let after = try next.score(problem.points).logLikelihood
      #expect(before < lifted && lifted < after)
      mixture = next
    }
  }

  @Test func aScoreSumsWhatThePointsSay() throws {
    let problem = Problem(seed: 7, dimension: 2, components: 3, separation: 1)
    let weights = (0..<200).map { Double($0 % 4) / 2 }
    let points = try WeightedPoints(problem.points, weights: weights)
    let score = try problem.truth.score(points)
    var sums = [0.0, 0, 0, 0]
    for (i, assignment) in try problem.truth.assignments(of: problem.points).enumerated() {
      sums[0] += weights[i] * assignment.logDensity
      sums[1] += weights[i]
      sums[2] += weights[i] * log(assignment.responsibilities.max() ?? 0)
      for r in assignment.responsibilities where r > 0 { sums[3] -= weights[i] * r * log(r) }
    }
    func numbers(_ score: Score) -> [Double] {
      [score.logLikelihood, score.pointCount, score.logLargestResponsibility, score.entropy]
    }
    for (found, expected) in zip(numbers(score), sums) {
      #expect(relativeDifference(found, expected) <= 400 * Double.ulpOfOne)
    }
    #expect(score.logLikelihoodPerPoint == score.logLikelihood / score.pointCount)
    let parts = try [0..<50, 50..<120, 120..<200].map {
      try problem.truth.score(problem.points.selecting($0))
    }
    let whole = try problem.truth.score(problem.points)
    let allowance = numbers(whole).map { 400 * Double.ulpOfOne * abs($0) }
    var merged = parts[0]
    merged.merge(parts[1])
    merged.merge(parts[2])
    for (index, pair) in zip(numbers(merged), numbers(whole)).enumerated() {
      #expect(abs(pair.0 - pair.1) <= allowance[index])
    }
  }
}
