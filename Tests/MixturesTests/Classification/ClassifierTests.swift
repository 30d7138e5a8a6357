import Foundation
import MixtureTestSupport
import Mixtures
import Testing

@Suite struct ClassifierTests {
  private func classifier() throws -> Classifier {
    let mixture = try GaussianMixture(
      weights: [0.2, 0.5, 0.3],
      components: [
        Gaussian(mean: [0, 0], covariance: .spherical(variance: 1, dimension: 2)),
        Gaussian(mean: [4, 0], covariance: .diagonal(variances: [1, 2])),
        Gaussian(
          mean: [0, 5], covariance: .full(lowerTriangle: [1, 0.5, 2], dimension: 2)),
      ])
    return try Classifier(classNames: ["a", "b"], mixture: mixture, classOfComponent: [0, 1, 0])
  }

  @Test func bayesRule() throws {
    let classifier = try classifier()
    #expect(classifier.priors == [0.5, 0.5])
    #expect(classifier.componentCounts == [2, 1])
    let points = Matrix(rows: [[0.3, 1], [2, 0], [5, -1], [0, 3]])
    let densities = try (0..<2).map { try classifier.density(of: $0).logDensities(of: points) }
    #expect(classifier.density(of: 0).weights == [0.4, 0.6])
    for (i, prediction) in try classifier.predictions(of: points).enumerated() {
      let joint = densities.map { 0.5 * exp($0[i]) }
      let total = joint.reduce(0, +)
      for name in 0..<2 {
        #expect(abs(prediction.posteriors[name] - joint[name] / total) <= 1e-14)
      }
      #expect(abs(exp(prediction.logDensity) - total) <= 1e-14)
      #expect(prediction.classIndex == (joint[1] > joint[0] ? 1 : 0))
      #expect(prediction.uncertainty == 1 - (prediction.posteriors.max() ?? 0))
    }
  }

  @Test func otherPriors() throws {
    let classifier = try classifier()
    let other = try classifier.withPriors([0.9, 0.1])
    #expect(zip(other.priors, [0.9, 0.1]).allSatisfy { abs($0 - $1) <= 1e-15 })
    for name in 0..<2 {
      let (new, old) = (other.density(of: name), classifier.density(of: name))
      #expect(MixtureDifference(new, old).largest <= 1e-15)
    }
    #expect(throws: ParameterError.self) { try classifier.withPriors([0.9, 0.2]) }
    #expect(throws: ParameterError.self) { try classifier.withPriors([1]) }
  }

  @Test func classesMatchComponents() throws {
    let mixture = try classifier().mixture
    for (names, owners) in [
      (["a", "b"], [0, 0, 0]), (["a", "a"], [0, 1, 0]), (["a", "b"], [0, 1]),
      (["a", "b"], [0, 1, 2]),
    ] {
      #expect(throws: ParameterError.invalidClasses) {
        try Classifier(classNames: names, mixture: mixture, classOfComponent: owners)
      }
    }
  }

  /// In one dimension the density of N(0, 1) exceeds φ(z) with probability P(|X| < z). The quantile of 100,000 points has a standard
  /// error of √(p(1 − p) / 10⁵) in p: five of them.
  @Test func quantilesOfTheDensity() throws {
    let standard = try Gaussian(mean: [0], covariance: .spherical(variance: 1, dimension: 1))
    let classifier = try Classifier(
      classNames: ["a", "b"],
      mixture: GaussianMixture(
        weights: [0.5, 0.5], components: [standard, standard]), classOfComponent: [0, 1])
    for (share, deviation) in [(0.05, 1.959964), (0.01, 2.575829), (0.5, 0.674490)] {
      let quantile = classifier.logDensityQuantile(share)
      let exact = -0.9189385332 - deviation * deviation / 2
      // dp/dt = 2 φ(z) dz/dt with t = ln φ(z): 2 φ(z) / z.
      let slope = 2 * exp(exact) / deviation
      let error = (share * (1 - share) / 100_000).squareRoot() / slope
      #expect(abs(quantile - exact) <= 5 * error, "\(share)")
    }
    #expect(classifier.logDensityQuantile(0) == -.infinity)
    #expect(
      classifier.logDensityQuantile(0.1, seed: 2) == classifier.logDensityQuantile(0.1, seed: 2))
  }

  @Test func reports() {
    func prediction(_ posteriors: [Double]) -> ClassPrediction {
      ClassPrediction(posteriors: posteriors, logDensity: 0)
    }
    let report = ClassificationReport(
      [prediction([1, 0]), prediction([0.25, 0.75]), prediction([0.5, 0.5])], truth: [0, 0, 1],
      weights: [2, 1, 1])
    #expect(report.confusion == [[2, 1], [1, 0]])
    #expect(report.errorRate == 0.5)
    #expect(report.brierScore == (0.5625 + 0.25) / 4)
    #expect(report.classErrorRates == [1.0 / 3, 1])
    #expect(report.classBrierScores == [0.5625 / 3, 0.25])
    let ofOneClass = ClassificationReport([prediction([1, 0])], truth: [0])
    #expect(ofOneClass.classErrorRates == [0, nil] && ofOneClass.classBrierScores == [0, nil])
  }
}
