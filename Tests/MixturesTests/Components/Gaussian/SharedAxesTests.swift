import Foundation
import MixtureTestSupport
import Mixtures
import Testing

/// Components with common axes are evaluated in these, others are not.
@Suite struct SharedAxesTests {
  /// Log-densities of many components side by side, of which the work is shared, against each on its own, whose form is its own
  /// factor: 10 of 53 bits may be lost, as with any common origin.
  @Test(arguments: [12, 20, 33], ["VEE", "EVE", "VVE", "EEV", "VVV"])
  func theSameDensities(dimension d: Int, name: String) throws {
    let structure = try #require(CovarianceStructure(named: name))
    let problem = Problem(seed: 15, count: 40 * d, dimension: d, components: 8, separation: 1)
    let mixture = try GaussianMixture.fit(
      problem.points, components: 8, structure: structure,
      from: LabelsStart(problem.labels, components: 8), options: .exactly(0)
    ).mixture
    let axes = SharedAxes(of: mixture.components.map(\.covariance))
    #expect((axes != nil) == ["VEE", "EVE", "VVE"].contains(name))
    let together = try mixture.logDensities(of: problem.points)
    let alone = try mixture.components.map {
      try GaussianMixture(weights: [1], components: [$0]).logDensities(of: problem.points)
    }
    for (i, found) in together.enumerated() {
      let terms = alone.indices.map { alone[$0][i] + log(mixture.weights[$0]) }
      let largest = terms.max() ?? 0
      let expected = largest + log(terms.reduce(0) { $0 + exp($1 - largest) })
      #expect(abs(found - expected) <= 1e-11 * max(1, abs(expected)))
    }
  }
}
