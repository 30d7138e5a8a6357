import Mixtures

/// Chapter 9: EM as a film, from three means in a row in the middle.
package struct WatchingEM: Sendable {
  package let points: Matrix
  package let start: GaussianMixture

  /// The mixture after 0, 1, 2, … iterations with its log-likelihood, until a step gains less than ``tolerance`` per point.
  package let steps: [(mixture: GaussianMixture, logLikelihood: Double)]

  package static let tolerance = 1e-6
  private static let iterationLimit = 200

  /// Starts to choose from, the first of them the film's.
  package static let starts: [(name: String, means: [[Double]])] = [
    ("In a row", [[-1, 2], [0, 2], [1, 2]]),
    ("In a clump: a plateau", [[-0.5, 1.5], [0.5, 1.5], [0, 2.5]]),
    ("Two in one group: another maximum", [[3, 4], [3, 2], [-1, 1]]),
  ]

  /// Means with unit covariances and equal weights.
  package static func start(_ means: [[Double]]) throws -> GaussianMixture {
    try GaussianMixture(
      weights: means.map { _ in 1 / Double(means.count) },
      components: means.map {
        try Gaussian(mean: $0, covariance: .spherical(variance: 1, dimension: $0.count))
      })
  }

  package init(_ points: Matrix, from start: GaussianMixture) throws {
    self.points = points
    self.start = start
    let family = try GaussianFamily(.vvv, scale: DataSummary(of: points).scale)
    var em = EM(family, from: start, over: points)
    var steps = [(em.mixture, em.trace[0])]
    repeat {
      try em.step(over: points)
      steps.append((em.mixture, em.trace[em.iterations]))
    } while em.gain >= Self.tolerance * Double(points.rowCount)
      && em.iterations < Self.iterationLimit
    self.steps = steps
  }
}
