import MixtureKernels
import Mixtures

/// Chapter 7: one iteration of EM with five numbers, every number of it.
package struct Exercise: Sendable {
  package static let values = [0.2, -0.9, -1, 1.2, 1.8]

  package let points: Matrix
  package let start: GaussianMixture

  /// Row i, column k: f(xᵢ; θₖ), πₖ f(xᵢ; θₖ), and the latter as a share of the row's sum.
  package let densities: [[Double]]
  package let weightedDensities: [[Double]]
  package let responsibilities: [[Double]]

  /// Column k: Nₖ = Σᵢ rᵢₖ, Σᵢ rᵢₖxᵢ and Σᵢ rᵢₖ(xᵢ − μₖ)² with the new μₖ.
  package let counts: [Double]
  package let sums: [Double]
  package let scatters: [Double]

  /// What the M-step makes of them.
  package let next: GaussianMixture

  /// The mixture after so many iterations, with its log-likelihood; the start first.
  package let later: [(iteration: Int, mixture: GaussianMixture, logLikelihood: Double)]

  package static let laterIterations = [0, 1, 2, 3, 5, 10, 20, 50]

  /// Means −3 and 2, variances 4, equal weights.
  package static var start: GaussianMixture {
    get throws {
      try GaussianMixture(
        weights: [0.5, 0.5],
        components: [-3, 2].map { mean in
          try Gaussian(mean: [mean], covariance: .spherical(variance: 4, dimension: 1))
        })
    }
  }

  package init() throws {
    let points = Matrix(rows: Self.values.map { [$0] }, columnNames: ["x"])
    let start = try Self.start
    densities = try Self.densities(of: points, start)
    weightedDensities = densities.map { row in zip(start.weights, row).map { $0 * $1 } }
    let responsibilities = try start.responsibilities(of: points).rows
    later = try Self.run(points, from: start)
    let next = later[1].mixture
    counts = start.components.indices.map { k in responsibilities.reduce(0) { $0 + $1[k] } }
    sums = start.components.indices.map { k in
      zip(Self.values, responsibilities).reduce(0) { $0 + $1.0 * $1.1[k] }
    }
    scatters = zip(counts, next.components).map { $0 * $1.covariance[0, 0] }
    self.points = points
    self.start = start
    self.responsibilities = responsibilities
    self.next = next
  }

  private static func densities(of points: Matrix, _ mixture: GaussianMixture) throws -> [[Double]]
  {
    let columns = try mixture.components.map { component in
      try GaussianMixture(weights: [1], components: [component]).logDensities(of: points)
        .map { exponential($0) }
    }
    return (0..<points.rowCount).map { i in columns.map { $0[i] } }
  }

  private static func run(
    _ points: Matrix, from start: GaussianMixture
  ) throws -> [(iteration: Int, mixture: GaussianMixture, logLikelihood: Double)] {
    let family = try GaussianFamily(.v, scale: DataSummary(of: points).scale)
    var em = EM(family, from: start, over: points)
    var found = [(0, em.mixture, em.trace[0])]
    for iteration in 1...(laterIterations.last ?? 1) {
      try em.step(over: points)
      guard laterIterations.contains(iteration) else { continue }
      found.append((iteration, em.mixture, em.trace[iteration]))
    }
    return found
  }
}
