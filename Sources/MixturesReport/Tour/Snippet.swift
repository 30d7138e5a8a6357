/// The Swift that the tour shows. The tests compile and run the same lines.
package enum Snippet {
  package static let oneGaussian = lines(
    """
    let truth = try Gaussian(
      mean: [1, 3], covariance: .full(lowerTriangle: [1.5, 0.6, 0.4], dimension: 2))
    let source = try GaussianMixture(weights: [1], components: [truth])
    var generator = SplitMix64(seed: 1)
    let points = source.sample(30, using: &generator).points
    let estimate = try Gaussian.maximumLikelihood(of: points)
    print(estimate.mean, estimate.covariance.rows)
    """)

  package static let convergence = lines(
    """
    var stream = SplitMix64(seed: 1)
    for count in [10, 30, 100, 300, 1000, 3000] {
      var sum = 0.0
      for _ in 1...20 {
        let draw = source.sample(count, using: &stream).points
        let mean = try Gaussian.maximumLikelihood(of: draw).mean
        sum += zip(mean, truth.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      print(count, (sum / 20).squareRoot())
    }
    """)

  package static let exercise = lines(
    """
    let points = Matrix(rows: [[0.2], [-0.9], [-1], [1.2], [1.8]])
    let start = try GaussianMixture(
      weights: [0.5, 0.5],
      components: [-3, 2].map { mean in
        try Gaussian(mean: [mean], covariance: .spherical(variance: 4, dimension: 1))
      })
    let responsibilities = try start.responsibilities(of: points)
    var options = FitOptions()
    options.stopping = .exactly(1)
    let next = try GaussianMixture.fit(
      points, components: 2, structure: .v, from: MixtureStart(start), options: options)
    print(responsibilities.rows, next.mixture.weights, next.logLikelihood)
    """)

  package static let bound = lines(
    """
    options.frozen.weights = .all
    options.frozen.covariances = .all
    options.frozen.means = .only([1])
    let moved = try GaussianMixture.fit(
      points, components: 2, structure: .v, from: MixtureStart(start), options: options
    ).mixture
    print(moved.components[0].mean)
    print(try start.lowerBound(of: points, responsibilities: responsibilities))
    print(try moved.lowerBound(of: points, responsibilities: responsibilities))
    print(try moved.score(points).logLikelihood)
    """)

  package static let watching = lines(
    """
    func mixture(_ means: [[Double]]) throws -> GaussianMixture {
      try GaussianMixture(
        weights: means.map { _ in 1 / Double(means.count) },
        components: means.map {
          try Gaussian(mean: $0, covariance: .spherical(variance: 1, dimension: 2))
        })
    }
    var generator = SplitMix64(seed: 1)
    let points = try mixture([[0, 0], [3, 3], [-3, 3]]).sample(150, using: &generator).points
    let start = try mixture([[-1, 2], [0, 2], [1, 2]])
    let family = try GaussianFamily(.vvv, scale: DataSummary(of: points).scale)
    var em = EM(family, from: start, over: points)
    repeat {
      try em.step(over: points)
      print(em.iterations, em.trace[em.iterations], em.mixture.weights)
    } while em.gain > 1e-8 * Double(points.rowCount)
    """)

  package static let indicators = lines(
    """
    let truth = try GaussianMixture(
      weights: [0.5, 0.3, 0.2],
      components: zip([[-1.5, 0], [1, 1.5], [1.5, -1]], [0.64, 1, 0.25]).map { mean, variance in
        try Gaussian(mean: mean, covariance: .spherical(variance: variance, dimension: 2))
      })
    var generator = SplitMix64(seed: 1)
    let points = truth.sample(120, using: &generator).points
    let fit = try GaussianMixture.fit(points, components: 3, structure: .vii)
    let soft = try fit.mixture.responsibilities(of: points)
    let hard = try fit.mixture.indicators(of: points)
    print(soft.row(0), hard.row(0))
    """)

  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}
