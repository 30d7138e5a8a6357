import MixtureKernels
import Mixtures

/// Chapter 1: what thirty points tell of the Gaussian that they come from.
package struct OneGaussian: Sendable {
  package let points: Matrix

  /// Σᵢ xᵢ.
  package let sum: [Double]

  /// Σᵢ xᵢxᵢᵀ.
  package let sumOfSquares: [[Double]]

  package let estimate: GaussianMixture
  package let truth: GaussianMixture

  /// ℓ of the estimate, and of the truth.
  package let logLikelihoods: (estimate: Double, truth: Double)

  package init(_ points: Matrix, truth: GaussianMixture) throws {
    self.points = points
    self.truth = truth
    let rows = points.rows
    let columns = 0..<points.columnCount
    sum = columns.map { j in rows.reduce(0) { $0 + $1[j] } }
    sumOfSquares = columns.map { i in
      columns.map { j in rows.reduce(0) { $0 + $1[i] * $1[j] } }
    }
    estimate = try GaussianMixture(
      weights: [1], components: [Gaussian.maximumLikelihood(of: points)])
    logLikelihoods = (
      try estimate.score(points).logLikelihood, try truth.score(points).logLikelihood
    )
  }
}

/// How the maximum-likelihood estimate of a Gaussian comes nearer to the truth with more points.
package struct Convergence: Sendable {
  /// The root mean square over ``repetitions`` of the distances from the truth.
  package struct Errors: Sendable {
    package let count: Int
    /// √ mean ‖μ̂ − μ‖².
    package let mean: Double
    /// √ mean ‖Σ̂ − Σ‖², the sum of squares of all entries.
    package let covariance: Double
  }

  package let errors: [Errors]

  /// What theory says of N points: √(tr Σ / N), and √((tr Σ² + (tr Σ)²) / N) up to terms of order 1/N.
  package let expectedMean: @Sendable (_ count: Double) -> Double
  package let expectedCovariance: @Sendable (_ count: Double) -> Double

  package static let counts = [10, 30, 100, 300, 1000, 3000]
  package static let repetitions = 20
  package static let seed: UInt64 = 1

  package init(to truth: Gaussian) throws {
    let source = try GaussianMixture(weights: [1], components: [truth])
    var generator = SplitMix64(seed: Self.seed)
    errors = try Self.counts.map { count in
      var (mean, covariance) = (0.0, 0.0)
      for _ in 0..<Self.repetitions {
        let points = source.sample(count, using: &generator).points
        let found = try Gaussian.maximumLikelihood(of: points)
        mean += squaredDistance(found.mean, truth.mean)
        covariance += squaredDistance(
          found.covariance.rows.flatMap(\.self), truth.covariance.rows.flatMap(\.self))
      }
      return Errors(
        count: count, mean: (mean / Double(Self.repetitions)).squareRoot(),
        covariance: (covariance / Double(Self.repetitions)).squareRoot())
    }
    let trace = truth.covariance.variances.reduce(0, +)
    let squares = truth.covariance.rows.flatMap(\.self).reduce(0) { $0 + $1 * $1 }
    expectedMean = { (trace / $0).squareRoot() }
    expectedCovariance = { ((squares + trace * trace) / $0).squareRoot() }
  }

  /// The slope of the least-squares line through (ln N, ln error).
  package func slope(_ error: (Errors) -> Double) -> Double {
    let x = errors.map { naturalLog(Double($0.count)) }
    let y = errors.map { naturalLog(error($0)) }
    let n = Double(errors.count)
    let (meanX, meanY) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
    let cross = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    return cross / x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
  }
}

/// ‖a − b‖².
func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
}
