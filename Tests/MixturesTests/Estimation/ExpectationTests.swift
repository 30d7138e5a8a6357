import MixtureTestSupport
import Mixtures
import Testing

@Suite struct ExpectationTests {
  private typealias Seen = Mixtures.Expectation<GaussianFamily>

  private static func numbers(_ seen: Seen) -> [Double] {
    var all = [seen.logLikelihood, seen.pointCount, Double(seen.recentred)]
    all += seen.effectiveCounts
    for statistics in seen.statistics {
      all += statistics.scatter.mean
      all += statistics.scatter.values
    }
    return all
  }

  @Test(arguments: UInt64(1)...8, structures)
  func partsMergeIntoTheWhole(seed: UInt64, structure: CovarianceStructure) throws {
    let problem = Problem(seed: seed, count: 300, dimension: 3, components: 2)
    let family = try GaussianFamily(structure, scale: DataSummary(of: problem.points).scale)
    func expectation(_ rows: Range<Int>) -> Seen {
      problem.truth.expectation(over: problem.points.selecting(rows), family: family)
    }
    var generator = SplitMix64(seed: seed)
    let first = Int.random(in: 60...140, using: &generator)
    let second = Int.random(in: 160...240, using: &generator)
    let parts = [0..<first, first..<second, second..<300].map { expectation($0) }
    let whole = expectation(0..<300)
    // 300 terms in another order: 300 u of magnitudes of at most 300 points × 20² variances
    let allowance = Self.numbers(whole).map { _ in 300 * unitRoundoff * 300 * 400 }

    let violations = checkMonoid(
      zero: expectation(0..<0), parts[0], parts[1], parts[2], allowance: allowance,
      numbers: Self.numbers)
    #expect(violations == [])
    var merged = parts[0]
    merged.merge(parts[1])
    merged.merge(parts[2])
    for (found, expected) in zip(Self.numbers(merged), Self.numbers(whole)) {
      #expect(abs(found - expected) <= allowance[0])
    }
    #expect(merged.pointCount == 300)
  }

  /// The statistics say what the responsibilities say.
  @Test(arguments: structures)
  func theStatisticsAreThoseOfTheResponsibilities(structure: CovarianceStructure) throws {
    let problem = Problem(seed: 2, count: 300, dimension: 3, components: 3)
    let weights = (0..<300).map { Double($0 % 4) }
    let points = try WeightedPoints(problem.points, weights: weights)
    let family = try GaussianFamily(structure, scale: DataSummary(of: points).scale)
    let seen = problem.truth.expectation(over: points, family: family)
    let responsibilities = try problem.truth.responsibilities(of: problem.points)
    let rounding = 300 * 3 * Double.ulpOfOne
    for k in 0..<3 {
      let count = (0..<300).reduce(0) { $0 + weights[$1] * responsibilities[$1, k] }
      #expect(relativeDifference(seen.effectiveCounts[k], count) <= rounding)
    }
    #expect(seen.pointCount == weights.reduce(0, +))
    #expect(seen.logLikelihood == (try problem.truth.score(points).logLikelihood))
    #expect(seen.recentred == 0)
  }

  /// Means far from the points they account for, in units of the points' spread: the moments are taken again,
  /// and the result is that of a near start to rounding.
  @Test(arguments: structures)
  func momentsFarFromTheirOriginAreTakenAgain(structure: CovarianceStructure) throws {
    let points = Problem(seed: 3, dimension: 2, components: 1, offset: 1e8).points
    let family = try GaussianFamily(structure, scale: DataSummary(of: points).scale)
    let wide = try Gaussian(mean: [0, 0], covariance: .spherical(variance: 1e16, dimension: 2))
    let far = try GaussianMixture(weights: [1], components: [wide])
    let seen = far.expectation(over: points, family: family)
    #expect(seen.recentred == 1)
    let ones = Matrix(rows: Array(repeating: [1], count: 200))
    let expected = try textbookMaximization(points, responsibilities: ones, structure: structure)
    let found = try family.maximize(seen.statistics)
    let mixture = try GaussianMixture(weights: [1], components: found.components)
    #expect(MixtureDifference(mixture, expected).covariances <= momentRounding(points, expected))
    #expect(MixtureDifference(mixture, expected).means <= 2 * 1e8 * Double.ulpOfOne)

    let fit = try GaussianMixture.fit(
      points, components: 1, structure: structure, from: MixtureStart(far), options: .exactly(2))
    #expect(fit.certificate.safeguards.recentredMoments == 1)
    #expect(fit.certificate.safeguards.counts == ["recentredMoments": 1])
  }
}
