/// When EM has done enough.
public struct StoppingRule: Sendable, Equatable {
  /// What is compared with the tolerance after each iteration.
  public enum Criterion: String, Sendable, CaseIterable {
    /// |ℓₜ − ℓₜ₋₁| / n, once gains no longer grow: near a saddle, such as a start from random responsibilities, they
    /// begin small. The first step from a given mixture of another structure may lower ℓ.
    case gain
    /// What Aitken's extrapolation of ℓ, or after accelerated steps their model, predicts is still to come, per point.
    case predictedGain
    /// The largest change of a parameter: of a mixing weight, of a mean in standard
    /// deviations, of a covariance in products of standard deviations.
    case parameterChange
  }

  /// `nil` where the number of iterations is given.
  public let criterion: Criterion?

  /// Per point for gains; relative for parameters.
  public let tolerance: Double

  /// The largest number of iterations, or the exact one.
  public let iterationLimit: Int

  /// Stops when `criterion` falls below `tolerance`, at the latest after `limit` iterations.
  public static func when(
    _ criterion: Criterion, below tolerance: Double, limit: Int = 1000
  ) -> StoppingRule {
    StoppingRule(criterion: criterion, tolerance: tolerance, iterationLimit: limit)
  }

  /// Stops after exactly this many iterations; zero returns the start.
  public static func exactly(_ iterations: Int) -> StoppingRule {
    StoppingRule(criterion: nil, tolerance: 0, iterationLimit: iterations)
  }

  /// The default: a gain below 10⁻⁸ per point, at most 1000 iterations.
  public static let standard = StoppingRule.when(.gain, below: 1e-8)

  /// Why EM should stop now, if it should.
  func reason<Family>(_ em: EM<Family>) -> StopReason? {
    guard let criterion else {
      return em.iterations >= iterationLimit ? .exactIterations : nil
    }
    if em.iterations > 0, !em.hasStayed, let reason = satisfied(criterion, em) { return reason }
    return em.iterations >= iterationLimit ? .iterationLimit : nil
  }

  private func satisfied<Family>(
    _ criterion: Criterion, _ em: EM<Family>
  ) -> StopReason? {
    switch criterion {
    case .gain:
      abs(em.gain) / em.expectation.pointCount < tolerance && !em.gainsGrow
        && em.modelledRemainingGain.map { $0 / em.expectation.pointCount < tolerance } == true
        ? .gainBelowThreshold : nil
    case .predictedGain:
      em.predictedRemainingGain.map { $0 / em.expectation.pointCount < tolerance } == true
        ? .predictedGainBelowThreshold : nil
    case .parameterChange:
      em.parameterChange < tolerance ? .parameterChangeBelowThreshold : nil
    }
  }
}

/// Why a fit stopped.
public enum StopReason: String, Sendable, Codable {
  /// The last gain, and after accelerated steps what their model predicts, is below the tolerance.
  case gainBelowThreshold
  /// What is predicted still to come is below the tolerance.
  case predictedGainBelowThreshold
  /// The largest change of a parameter is below the tolerance.
  case parameterChangeBelowThreshold
  /// The limit of iterations came first.
  case iterationLimit
  /// The number of iterations was given, and these are made.
  case exactIterations
  /// Whoever waited for it wants no more.
  case cancelled

  /// Whether the rule that was asked for is satisfied.
  public var isConvergence: Bool {
    switch self {
    case .gainBelowThreshold, .predictedGainBelowThreshold, .parameterChangeBelowThreshold: true
    case .iterationLimit, .exactIterations, .cancelled: false
    }
  }
}

/// What Aitken's Δ² extrapolation of a log-likelihood trace predicts is still to come:
/// g a / (1 − a) with g the last gain and a its ratio to the one before.
///
/// - Returns: zero once the trace stands still, `nil` where it does not yet converge linearly.
///
/// Source: Böhning et al. (1994), "The distribution of the likelihood ratio for mixtures of
/// densities from the one-parameter exponential family", *Ann. Inst. Stat. Math.* 46, §3.
package func predictedRemainingGain(_ trace: [Double]) -> Double? {
  guard trace.count >= 3 else { return nil }
  let last = trace[trace.count - 1] - trace[trace.count - 2]
  let before = trace[trace.count - 2] - trace[trace.count - 3]
  guard abs(last) > roundingOfGain(trace) else { return 0 }
  guard last > 0, before > last else { return nil }
  let ratio = last / before
  return last * ratio / (1 - ratio)
}

/// Gains below this are made of rounding.
func roundingOfGain(_ trace: [Double]) -> Double { 64 * (trace.last ?? 0).ulp }
