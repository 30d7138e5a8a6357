import Foundation
import MixtureTestSupport
import Mixtures
import Testing

@Suite struct InformationCriterionTests {
  @Test func theFormulas() throws {
    let problem = Problem(seed: 1, dimension: 2, components: 3, separation: 1.2)
    let fit = try GaussianMixture.fit(problem.points, components: 3)
    let score = fit.score
    let p = 2 + 6 + 9
    #expect(fit.parameterCount == p)
    let bic = -2 * fit.logLikelihood + Double(p) * log(200.0)
    let tolerance = 8 * Double.ulpOfOne
    #expect(relativeDifference(fit.bic, bic) <= tolerance)
    #expect(fit.bic == fit.value(.bic))
    #expect(
      relativeDifference(fit.value(.aic), -2 * fit.logLikelihood + 2 * Double(p)) <= tolerance)
    #expect(
      relativeDifference(fit.value(.icl), bic - 2 * score.logLargestResponsibility) <= tolerance)
    #expect(relativeDifference(fit.value(.iclEntropy), bic + 2 * score.entropy) <= tolerance)
    #expect(fit.value(.icl) > fit.bic && fit.value(.iclEntropy) > fit.value(.icl))
    #expect(
      [InformationCriterion.bic, .aic, .icl, .iclEntropy].map(\.name)
        == ["BIC", "AIC", "ICL", "ICL (entropy)"])
  }

  /// n is the sum of the point weights.
  @Test func theSizeIsTheSumOfTheWeights() throws {
    let problem = Problem(seed: 2, dimension: 2, components: 1)
    let weighted = try WeightedPoints(
      problem.points, weights: (0..<200).map { Double($0 % 3) })
    let fit = try GaussianMixture.fit(weighted, components: 1)
    #expect(fit.score.pointCount == 199)
    let expected = -2 * fit.logLikelihood + 5 * log(199.0)
    #expect(relativeDifference(fit.bic, expected) <= 8 * Double.ulpOfOne)
  }
}
