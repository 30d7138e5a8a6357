import MixtureKernels

/// A multivariate normal density.
///
/// ```
/// ln N(x; μ, Σ) = −½ (d ln 2π + ln |Σ| + (x − μ)ᵀ Σ⁻¹ (x − μ))
/// ```
/// Source: Bishop (2006), *Pattern Recognition and Machine Learning*, eq. 2.43.
public struct Gaussian: MixtureComponent {
  /// μ, in units of the data.
  public private(set) var mean: [Double]

  /// Σ, in squared units of the data.
  public let covariance: Covariance

  let logNormaliser: Double  // −½ (d ln 2π + ln |Σ|)
  let root: Root

  /// What the quadratic form needs, once per set of parameters.
  enum Root: Equatable, Sendable {
    case spherical(precision: Double)
    case diagonal(precisions: [Double])
    case full(CholeskyFactor)
  }

  /// A Gaussian from known parameters.
  ///
  /// - Throws: ``ParameterError`` where the mean is not finite or the covariance is not
  ///   positive definite (relative to its own diagonal).
  public init(mean: [Double], covariance: Covariance) throws(ParameterError) {
    guard !mean.isEmpty, mean.count == covariance.dimension else {
      throw .dimensionMismatch(mean: mean.count, covariance: covariance.dimension)
    }
    guard covariance.isConsistent else { throw .covarianceNotPositiveDefinite(column: 0) }
    guard mean.allSatisfy(\.isFinite) else { throw .meanNotFinite }
    do throws(CholeskyFactor.NotPositiveDefinite) {
      try self.init(unchecked: mean, covariance)
    } catch {
      throw .covarianceNotPositiveDefinite(column: error.column)
    }
  }

  /// As ``init(mean:covariance:)``, telling which pivot failed.
  init(unchecked mean: [Double], _ covariance: Covariance) throws(CholeskyFactor
    .NotPositiveDefinite)
  {
    let logDeterminant: Double
    switch covariance {
    case .spherical(let variance, let dimension):
      let precision = try Self.precision(variance, column: 0)
      root = .spherical(precision: precision)
      logDeterminant = Double(dimension) * naturalLog(variance)
    case .diagonal(let variances):
      var precisions = variances
      for j in variances.indices { precisions[j] = try Self.precision(variances[j], column: j) }
      root = .diagonal(precisions: precisions)
      logDeterminant = variances.reduce(0) { $0 + naturalLog($1) }
    case .full(let packed, let dimension):
      let factor = try CholeskyFactor(packed: packed, dimension: dimension)
      root = .full(factor)
      logDeterminant = factor.logDeterminant
    }
    self.mean = mean
    self.covariance = covariance
    logNormaliser = -0.5 * (Double(mean.count) * logTwoPi + logDeterminant)
  }

  /// ln |Σ|.
  var logDeterminant: Double { -2 * logNormaliser - Double(dimension) * logTwoPi }

  /// |Σ|^(1/d): λ of Σ = λDADᵀ.
  var volume: Double { exponential(logDeterminant / Double(dimension)) }

  /// The same covariance about another mean.
  func moved(to mean: [Double]) -> Gaussian {
    var moved = self
    moved.mean = mean
    return moved
  }

  private static func precision(
    _ variance: Double, column: Int
  ) throws(CholeskyFactor.NotPositiveDefinite) -> Double {
    let precision = 1 / variance
    guard variance > 0, precision > 0, precision < .infinity else {
      throw CholeskyFactor.NotPositiveDefinite(column: column)
    }
    return precision
  }

  public static func == (left: Gaussian, right: Gaussian) -> Bool {
    left.mean == right.mean && left.covariance == right.covariance
  }

  public var dimension: Int { mean.count }

  public static func terms(
    of components: [Gaussian], weights: [Double], negligibleShare: Double
  ) -> GaussianTerms {
    GaussianTerms(components, weights: weights, negligibleShare: negligibleShare)
  }

  /// μ + Lz with z standard normal and Σ = LLᵀ.
  public func sample(using generator: inout some RandomNumberGenerator) -> [Double] {
    let z = (0..<dimension).map { _ in standardNormal(using: &generator) }
    let spread: [Double]
    switch root {
    case .spherical, .diagonal: spread = entrywise(z, covariance.variances) { $0 * $1.squareRoot() }
    case .full(let factor): spread = factor.applied(to: z)
    }
    return entrywise(mean, spread, +)
  }

  /// max over the parameters of |Δμⱼ| / σⱼ and |ΔΣᵢⱼ| / (σᵢσⱼ).
  public func change(from other: Gaussian) -> Double {
    let deviations = covariance.variances.map { $0.squareRoot() }
    var largest = 0.0
    for i in 0..<dimension {
      largest = max(largest, abs(mean[i] - other.mean[i]) / deviations[i])
      for j in 0...i {
        let difference = abs(covariance[i, j] - other.covariance[i, j])
        largest = max(largest, difference / deviations[i] / deviations[j])
      }
    }
    return largest
  }
}

extension Gaussian.Root {
  /// 1/σ², if the covariance is σ²I.
  var sphericalPrecision: Double? {
    if case .spherical(let precision) = self { precision } else { nil }
  }

  /// 1/σⱼ², if the covariance is diagonal.
  func diagonalPrecision(_ j: Int) -> Double? {
    switch self {
    case .spherical(let precision): precision
    case .diagonal(let precisions): precisions[j]
    case .full: nil
    }
  }

  /// The packed lower triangle A with AᵀA = Σ⁻¹.
  func inverseFactor(dimension: Int) -> [Double] {
    if case .full(let factor) = self { return factor.inverse }
    return packedTriangle(dimension) { $0 == $1 ? (diagonalPrecision($0) ?? 0).squareRoot() : 0 }
  }
}
