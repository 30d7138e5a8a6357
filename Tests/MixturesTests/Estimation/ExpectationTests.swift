import MixtureTestSupport
import Mixtures
import Testing

@Suite struct ExpectationTests {
  private typealias Seen = Mixtures.Expectation<GaussianFamily>

  private static func numbers(_ seen: Seen) -> [Double] {
    var all = [seen.logLikelihood, seen.pointCount, Double(seen.recentred)]
    all += seen.effectiveCounts
    for scatter in seen.statistics.scatters {
      all += scatter.mean
      all += scatter.values
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
    let wide = try Gaussian(mean: [0, 0], covariance: .spherical(variance: 1e12, dimension: 2))
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
    // The scatter of all points, which a common covariance is taken from, is about their own mean already.
    let isRecentred = !structure.needsOnlyPooled
    #expect(fit.certificate.safeguards.counts == (isRecentred ? ["recentredMoments": 1] : [:]))
  }

  /// One covariance for all, from the scatter of all points less that of the means, or from every component's own: the
  /// same up to rounding, which the scatter of the means magnifies. Beyond what that may be, the second way is taken.
  @Test(
    arguments: structures.filter(\.needsOnlyPooled),
    [(separation: 1.0, way: 0), (10, 0), (30, 1), (3e4, 1)])
  func aCommonCovarianceFromTheScatterOfAllPoints(
    structure: CovarianceStructure, cell: (separation: Double, way: Int)
  ) throws {
    let problem = Problem(seed: 5, count: 400, dimension: 6, components: 2)
    let points = Matrix(
      rows: problem.points.rows.enumerated().map { row, point in
        point.map { $0 + (row % 2 == 0 ? cell.separation : -cell.separation) }
      })
    let summary = try DataSummary(of: points)
    let mixture = try GaussianMixture.labelled(
      points, labels: (0..<400).map { $0 % 2 }, structure: structure)
    let each = try GaussianFamily(structure, scale: summary.scale)
    let pooled = try GaussianFamily(structure, ofAll: summary)
    let expected = try each.maximize(mixture.expectation(over: points, family: each).statistics)
    let found = try pooled.maximize(mixture.expectation(over: points, family: pooled).statistics)
    // 400 roundings of sums that exceed the result by the square of the separation in standard deviations
    let growth = cell.way == 0 ? 1 + cell.separation * cell.separation : 1
    // and of means that are as far from the centre, in the same units
    let meanRounding = 4 * unitRoundoff * cell.separation
    for (found, expected) in zip(found.components, expected.components) {
      #expect(found.change(from: expected) <= 4 * 400 * unitRoundoff * growth + meanRounding)
    }
  }
}
