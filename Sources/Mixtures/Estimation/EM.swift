/// Expectation–maximisation as a value: one step in, one step out. A checkpoint is a copy of it.
///
/// It holds a mixture together with what the E-step under that mixture has seen. A step makes
/// the M-step of what was seen, then the E-step of the new mixture, so the log-likelihood
/// of ``mixture`` is always known.
///
/// Source: Dempster, Laird & Rubin (1977), "Maximum likelihood from incomplete data via the EM
/// algorithm", *JRSS B* 39, 1–38.
public struct EM<Family: ComponentFamily>: Sendable {
  /// Makes the M-step.
  public let family: Family

  /// The current mixture θₜ.
  public private(set) var mixture: Mixture<Family.Component>

  /// What the E-step under ``mixture`` has seen.
  public private(set) var expectation: Expectation<Family>

  /// ℓ(θ₀), …, ℓ(θₜ): that of the start first, that of ``mixture`` last. Without a floor it
  /// never falls, save in the first step from a start that does not obey the family's structure.
  public private(set) var trace: [Double]

  /// How often a safeguard has acted so far.
  public private(set) var safeguards = Safeguards()

  private var previous: Mixture<Family.Component>?

  /// The largest change of a parameter in the last step, infinite before the first: of a mixing weight, of a
  /// mean in standard deviations, of a covariance in products of standard deviations.
  public var parameterChange: Double { previous.map { mixture.change(from: $0) } ?? .infinity }

  /// EM at its start: makes the first E-step.
  public init(
    _ family: Family, from start: Mixture<Family.Component>, over points: any PointSource,
    threads: Int = 1
  ) {
    self.family = family
    mixture = start
    expectation = start.expectation(over: points, family: family, threads: threads)
    trace = [expectation.logLikelihood]
    safeguards.recentredMoments += expectation.recentred
  }

  /// The number of steps made.
  public var iterations: Int { trace.count - 1 }

  /// ℓ(θₜ) − ℓ(θₜ₋₁), infinite before the first step.
  public var gain: Double {
    iterations > 0 ? trace[iterations] - trace[iterations - 1] : .infinity
  }

  /// Whether the last gain is more than rounding and no smaller than the one before, if there was one.
  var gainsGrow: Bool {
    guard abs(gain) > roundingOfGain(trace) else { return false }
    return iterations < 2 || gain > trace[iterations - 1] - trace[iterations - 2]
  }

  /// What Aitken's extrapolation predicts is still to come; `nil` where it predicts nothing.
  public var predictedRemainingGain: Double? { Mixtures.predictedRemainingGain(trace) }

  /// One iteration: M, then E.
  ///
  /// - Throws: ``Degeneracy``, with `self` as it was before the step.
  public mutating func step(over points: any PointSource, threads: Int = 1) throws(Degeneracy) {
    let (next, floored) = try family.maximize(expectation)
    previous = mixture
    mixture = next
    expectation = next.expectation(over: points, family: family, threads: threads)
    trace.append(expectation.logLikelihood)
    safeguards.covarianceFloor += floored
    safeguards.recentredMoments += expectation.recentred
  }
}
