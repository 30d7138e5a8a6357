import MixtureTestSupport
import Mixtures
import Testing

/// The eruptions of Old Faithful: what a default fit must find, whatever the seed.
@Suite struct FaithfulTests {
  @Test(arguments: UInt64(1)...20)
  func twoComponentsFromAnySeed(seed: UInt64) throws {
    let points = try Reference.points("data/faithful.csv")
    let fit = try GaussianMixture.fit(points, components: 2, options: .with { $0.seed = seed })
    #expect(abs(fit.logLikelihood - -1130.2640) <= 1e-4)
    #expect(fit.stopped == .gainBelowThreshold)
    #expect(fit.parameterCount == 11)
    #expect(fit.featureNames == ["eruptions", "waiting"])
  }

  /// mclust's printed −1126.326 is not the maximum.
  @Test(arguments: UInt64(1)...5)
  func threeComponentsOfOneShape(seed: UInt64) throws {
    let points = try Reference.points("data/faithful.csv")
    let fit = try GaussianMixture.fit(
      points, components: 3, structure: .eee,
      options: .with {
        $0.seed = seed
        $0.restarts = 10
      })
    #expect(fit.logLikelihood >= -1126.3160)
  }
}
