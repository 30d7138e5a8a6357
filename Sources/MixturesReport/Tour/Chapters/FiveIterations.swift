import Mixtures

/// Chapter 5: five iterations of EM for spheres, from centres of k-means with the variance of all points.
package struct FiveIterations: Sendable {
  package let points: Matrix

  /// The mixture after 0, 1, …, 5 iterations, with its log-likelihood.
  package let steps: [(mixture: GaussianMixture, logLikelihood: Double)]

  package static let seed: UInt64 = 1

  /// From the library's own k-means, one start.
  package init(_ points: Matrix, components: Int) throws {
    var options = FitOptions()
    options.stopping = .exactly(0)
    options.restarts = 1
    options.seed = Self.seed
    let start = try GaussianMixture.fit(
      points, components: components, structure: .vii,
      from: KMeansStart(covariance: .common(.global), weights: .equal), options: options)
    try self.init(points, from: start.mixture)
  }

  /// From a given mixture.
  package init(_ points: Matrix, from start: GaussianMixture) throws {
    self.points = points
    let family = try GaussianFamily(.vii, scale: DataSummary(of: points).scale)
    var em = EM(family, from: start, over: points)
    var steps = [(em.mixture, em.trace[0])]
    for iteration in 1...5 {
      try em.step(over: points)
      steps.append((em.mixture, em.trace[iteration]))
    }
    self.steps = steps
  }
}
