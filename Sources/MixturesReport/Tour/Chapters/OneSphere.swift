import MixtureKernels
import Mixtures

/// Chapter 3: a round group, and the circle that stands for it.
package struct OneSphere: Sendable {
  package let points: Matrix
  package let truth: GaussianMixture
  package let estimate: GaussianMixture

  /// σ of the estimate: the radius of the circle.
  package let deviation: Double

  /// How many points lie within σ and within 2σ of the mean.
  package let counts: (within1: Int, within2: Int)

  /// The share of a spherical Gaussian in two dimensions within r standard deviations: 1 − exp(−r²/2).
  package static func share(within radius: Double) -> Double {
    1 - exponential(-radius * radius / 2)
  }

  package init(_ points: Matrix, truth: GaussianMixture) throws {
    let gaussian = try Gaussian.maximumLikelihood(of: points, structure: .vii)
    let variance = gaussian.covariance[0, 0]
    func count(within radius: Double) -> Int {
      points.rows.count { squaredDistance($0, gaussian.mean) <= radius * radius * variance }
    }
    self.points = points
    self.truth = truth
    estimate = try GaussianMixture(weights: [1], components: [gaussian])
    deviation = variance.squareRoot()
    counts = (count(within: 1), count(within: 2))
  }
}
