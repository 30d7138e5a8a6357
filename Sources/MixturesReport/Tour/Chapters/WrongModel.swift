import Mixtures

/// Chapter 2: two groups, first taken for one Gaussian, then for two.
package struct WrongModel: Sendable {
  package let points: Matrix
  package let truth: GaussianMixture

  /// One Gaussian, and a mixture of two of one spherical covariance.
  package let single: Fit
  package let mixture: Fit

  /// ℓ per point of ``freshCount`` points that no fit has seen.
  package let freshScores: (single: Double, mixture: Double, truth: Double)

  package static let freshCount = 10_000
  package static let freshSeed: UInt64 = 2

  package init(_ points: Matrix, truth: GaussianMixture) throws {
    self.points = points
    self.truth = truth
    single = try GaussianMixture.fit(points, components: 1)
    mixture = try GaussianMixture.fit(points, components: 2, structure: .eii)
    var generator = SplitMix64(seed: Self.freshSeed)
    let fresh = truth.sample(Self.freshCount, using: &generator).points
    freshScores = (
      try single.mixture.score(fresh).logLikelihoodPerPoint,
      try mixture.mixture.score(fresh).logLikelihoodPerPoint,
      try truth.score(fresh).logLikelihoodPerPoint
    )
  }
}
