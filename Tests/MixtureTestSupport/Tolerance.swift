// How far two results may lie apart.

import MixtureKernels
import Mixtures

/// u, the unit roundoff: half an ulp of one.
public let unitRoundoff = Double.ulpOfOne / 2

/// |a − b| / |b|; zero where both are equal, zeros and infinities included.
public func relativeDifference(_ a: Double, _ b: Double) -> Double {
  a == b ? 0 : abs(a - b) / abs(b)
}

/// How far the parameters of two mixtures lie apart, component by component.
public struct MixtureDifference {
  /// max |Δπₖ|.
  public var weights = 0.0
  /// max |Δμⱼ| / sⱼ.
  public var means = 0.0
  /// max |ΔΣᵢⱼ| / (sᵢsⱼ).
  public var covariances = 0.0

  public var largest: Double { max(weights, means, covariances) }

  /// - Parameter deviations: the unit s of each column; `nil` for each component's own standard deviation.
  public init(
    _ found: GaussianMixture, _ expected: GaussianMixture, inUnitsOf deviations: [Double]? = nil
  ) {
    precondition(
      found.componentCount == expected.componentCount && found.dimension == expected.dimension)
    for (k, other) in expected.components.enumerated() {
      let own = found.components[k]
      let s = deviations ?? other.covariance.variances.map { $0.squareRoot() }
      weights = max(weights, nanIsInfinite(abs(found.weights[k] - expected.weights[k])))
      for i in s.indices {
        means = max(means, nanIsInfinite(abs(own.mean[i] - other.mean[i]) / s[i]))
        for j in 0...i {
          let difference = abs(own.covariance[i, j] - other.covariance[i, j])
          covariances = max(covariances, nanIsInfinite(difference / s[i] / s[j]))
        }
      }
    }
  }
}

/// `max` would drop a NaN, and a test with it.
private func nanIsInfinite(_ value: Double) -> Double { value.isNaN ? .infinity : value }

extension Matrix {
  /// The standard deviation of each column (divisor n), by two passes.
  public var standardDeviations: [Double] {
    let n = Double(rowCount)
    return (0..<columnCount).map { column in
      let values = (0..<rowCount).map { self[$0, column] }
      let mean = values.reduce(0, +) / n
      return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n).squareRoot()
    }
  }
}

/// How far rounding can move a computed log-likelihood.
///
/// With u the unit roundoff and lᵢ = ln p(xᵢ), to first order:
/// - the sum of n terms: n u Σ|lᵢ| (Higham 2002, §4.2);
/// - the constant ln πₖ − ½(d ln 2π + ln|Σₖ|) of each point, at most C: (2d + 8) u C;
/// - the quadratic form q, by a Cholesky factor and forward substitution: a relative (4d + 8) u √κ,
///   with κ the condition number of the correlation matrix, as both are exact for a Σ
///   changed by a relative (d + 1) u per entry, and row scaling cancels (Higham 2002, thm. 10.3 and §8.2).
///   In the terms that count, ½q ≤ |lᵢ| + C.
///
/// Log-sum-exp adds a few u, which the constants cover; u is taken twice for the terms of higher order.
public func logLikelihoodRounding(
  of mixture: GaussianMixture, over points: some PointSource, weights: [Double]? = nil
) throws -> Double {
  let logs = try mixture.logDensities(of: points)
  let n = weights?.reduce(0, +) ?? Double(points.count)
  var magnitude = 0.0
  for (i, log) in logs.enumerated() { magnitude += (weights?[i] ?? 1) * abs(log) }
  var (constant, condition) = (0.0, 1.0)
  for (k, component) in mixture.components.enumerated() {
    constant = max(constant, try abs(component.logDensityAtMean) - naturalLog(mixture.weights[k]))
    condition = max(condition, component.correlationCondition)
  }
  let d = Double(mixture.dimension)
  return 2 * unitRoundoff
    * (Double(points.count) * magnitude + (2 * d + 8) * n * constant
      + (4 * d + 8) * condition.squareRoot() * (magnitude + n * constant))
}

extension Gaussian {
  /// −½(d ln 2π + ln|Σ|).
  public var logDensityAtMean: Double {
    get throws {
      try GaussianMixture(weights: [1], components: [self])
        .logDensities(of: Matrix(rows: [mean]))[0]
    }
  }

  /// The condition number of the correlation matrix.
  public var correlationCondition: Double {
    guard case .full = covariance else { return 1 }
    let deviations = covariance.variances.map { $0.squareRoot() }
    let values = SymmetricEigen(
      packed: covariance.lowerTriangle(inUnitsOf: deviations), dimension: dimension
    ).values
    return values[values.count - 1] / max(values[0], .leastNormalMagnitude)
  }
}
