import Mixtures

/// Chapter 9: EM as a film, from three means in a row in the middle.
package struct WatchingEM: Sendable {
  package let points: Matrix
  package let film: Film

  /// Starts to choose from, the first of them the film's.
  package static let starts: [(name: String, means: [[Double]])] = [
    ("In a row", [[-1, 2], [0, 2], [1, 2]]),
    ("In a clump", [[-0.5, 1.5], [0.5, 1.5], [0, 2.5]]),
    ("Two in one group", [[3, 4], [3, 2], [-1, 1]]),
  ]

  /// From the first of ``starts``.
  package init(_ points: Matrix) throws {
    try self.init(points, from: Self.start(Self.starts[0].means))
  }

  package init(_ points: Matrix, from start: GaussianMixture) throws {
    self.points = points
    film = try Film(of: points, from: start)
  }

  /// Means with unit covariances and equal weights.
  package static func start(_ means: [[Double]]) throws -> GaussianMixture {
    try GaussianMixture(
      weights: means.map { _ in 1 / Double(means.count) },
      components: means.map {
        try Gaussian(mean: $0, covariance: .spherical(variance: 1, dimension: $0.count))
      })
  }
}
