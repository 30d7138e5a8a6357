import Foundation
import MixtureTestSupport
import Mixtures
import Testing

/// Statistical tests at fixed seeds: z is standard normal if the draw is right. Beyond 4 (six in 10⁵ draws) a test
/// warns, beyond 6 (two in 10⁹) it fails.
private func expectStandard(
  _ z: Double, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(abs(z) < 6, "\(what): z = \(z)", sourceLocation: sourceLocation)
  if abs(z) >= 4 {
    Issue.record("\(what): z = \(z)", severity: .warning, sourceLocation: sourceLocation)
  }
}

@Suite struct MixtureSamplingTests {
  static let count = 100_000

  @Test(arguments: UInt64(1)...4, [ScatterShape.trace, .diagonal, .full])
  func momentsOfADraw(seed: UInt64, shape: ScatterShape) throws {
    let truth = Problem(seed: seed, count: 1, dimension: 3, components: 3).truth
    let mixture = try GaussianMixture(
      weights: truth.weights,
      components: truth.components.map {
        try Gaussian(mean: $0.mean, covariance: $0.covariance.reduced(to: shape))
      })
    var generator = SplitMix64(seed: seed)
    let (points, labels) = mixture.sample(Self.count, using: &generator)
    #expect(points.rowCount == Self.count && labels.count == Self.count)
    for (k, component) in mixture.components.enumerated() {
      let own = points.selecting(labels.indices.filter { labels[$0] == k })
      let n = Double(own.rowCount)
      let share = mixture.weights[k]
      let binomial = (Double(Self.count) * share * (1 - share)).squareRoot()
      expectStandard((n - Double(Self.count) * share) / binomial, "share of \(k)")
      checkMoments(own, component, "component \(k)")
      try checkRadii(own, component, "component \(k)")
    }
  }

  /// Var x̄ = Σⱼⱼ / n; Var of the second moment about μ is (ΣᵢᵢΣⱼⱼ + Σᵢⱼ²) / n (Isserlis 1918).
  private func checkMoments(_ points: Matrix, _ component: Gaussian, _ name: String) {
    let n = Double(points.rowCount)
    let (mean, covariance) = (component.mean, component.covariance)
    for i in mean.indices {
      let sum = points.rows.reduce(0) { $0 + $1[i] - mean[i] }
      expectStandard(sum / (n * covariance[i, i]).squareRoot(), "mean of \(name)")
      for j in 0...i {
        let product = points.rows.reduce(0) { $0 + ($1[i] - mean[i]) * ($1[j] - mean[j]) }
        let variance = covariance[i, i] * covariance[j, j] + covariance[i, j] * covariance[i, j]
        expectStandard(
          (product - n * covariance[i, j]) / (n * variance).squareRoot(), "covariance of \(name)")
      }
    }
  }

  /// The squared radius q is χ² with d degrees: E q² = d(d + 2) and E q⁴ = d(d + 2)(d + 4)(d + 6).
  private func checkRadii(_ points: Matrix, _ component: Gaussian, _ name: String) throws {
    let alone = try GaussianMixture(weights: [1], components: [component])
    let atMean = try component.logDensityAtMean
    let d = Double(component.dimension)
    let squares = try alone.logDensities(of: points).map { 4 * (atMean - $0) * (atMean - $0) }
    let n = Double(squares.count)
    let expected = d * (d + 2)
    let variance = expected * (d + 4) * (d + 6) - expected * expected
    let sum = squares.reduce(0) { $0 + $1 - expected }
    expectStandard(sum / (n * variance).squareRoot(), "radii of \(name)")
  }

  @Test func theSameSeedGivesTheSamePoints() {
    let truth = Problem(seed: 5, count: 1, dimension: 2, components: 3).truth
    var (first, second, third) = (
      SplitMix64(seed: 1), SplitMix64(seed: 1), SplitMix64(seed: 2)
    )
    let sample = truth.sample(50, using: &first)
    #expect(truth.sample(50, using: &second) == sample)
    #expect(truth.sample(50, using: &third).points != sample.points)
    #expect(truth.sample(50, using: &first).points != sample.points)  // the generator has moved on
    #expect(truth.sample(0, using: &first).points.rowCount == 0)
  }

  /// A component of weight zero is never drawn, wherever it stands.
  @Test func aComponentOfWeightZeroIsNeverDrawn() throws {
    let one = Problem(seed: 5, count: 1, dimension: 2, components: 1).truth.components[0]
    let mixture = try GaussianMixture(weights: [0, 1, 0], components: [one, one, one])
    var generator = SplitMix64(seed: 1)
    #expect(Set(mixture.sample(1_000, using: &generator).components) == [1])
  }

  /// A generator at the end of its range must not leave the components: weights may sum to less than one by
  /// rounding.
  @Test func aHostileGenerator() throws {
    struct Largest: RandomNumberGenerator {
      var calls = 0
      mutating func next() -> UInt64 {
        calls += 1
        return calls == 1 ? .max : UInt64(calls) &* 0x9E37_79B9_7F4A_7C15
      }
    }
    let one = Problem(seed: 5, count: 1, dimension: 1, components: 1).truth.components[0]
    let weights = [0.333333333, 0.333333333, 0.333333333, 0]
    let mixture = try GaussianMixture(weights: weights, components: [one, one, one, one])
    var generator = Largest()
    let sample = mixture.sample(1, using: &generator)
    #expect(sample.components == [2])
    #expect(sample.points.elements[0].isFinite)
  }
}

@Suite struct SplitMix64Tests {
  /// The values of the authors' C code for seed 1234567.
  @Test func theSequence() {
    var generator = SplitMix64(seed: 1_234_567)
    let values = (0..<5).map { _ in generator.next() }
    #expect(
      values == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }
}
