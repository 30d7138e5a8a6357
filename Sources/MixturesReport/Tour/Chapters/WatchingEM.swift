import Mixtures

/// Chapter 9: EM as a film, from three means that stand together in the middle.
package struct WatchingEM: Sendable {
  package let points: Matrix
  package let start: GaussianMixture

  /// The mixture after 0, 1, 2, … iterations with its log-likelihood, until a step gains less than ``tolerance`` per point.
  package let steps: [(mixture: GaussianMixture, logLikelihood: Double)]

  package static let tolerance = 1e-6
  private static let iterationLimit = 200

  /// Three means with unit covariances and equal weights.
  package static var clumpedStart: GaussianMixture {
    get throws {
      let means = [[-0.5, 1.5], [0.5, 1.5], [0, 2.5]]
      return try GaussianMixture(
        weights: Array(repeating: 1 / 3, count: 3),
        components: means.map {
          try Gaussian(mean: $0, covariance: .spherical(variance: 1, dimension: 2))
        })
    }
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
