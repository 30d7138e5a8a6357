import MixtureKernels

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

  /// What the E-step under ``mixture`` has seen.
  public private(set) var expectation: Expectation<Family>

  /// All that the next steps depend on, beside the points.
  package private(set) var state: EMState<Family.Component>

  /// What the next accelerated step will do; a function of all the above.
  private var outlook: Outlook?

  /// EM at its start: makes the first E-step.
  public init(
    _ family: Family, from start: Mixture<Family.Component>, over points: any PointSource,
    threads: Int = 1
  ) {
    self.family = family
    expectation = start.expectation(over: points, family: family, threads: threads)
    let objective = expectation.logLikelihood + family.logPrior(of: start)
    state = EMState(mixture: start, trace: [objective])
    state.safeguards.recentredMoments += expectation.recentred
  }

  /// The current mixture θₜ.
  public var mixture: Mixture<Family.Component> { state.mixture }

  /// ℓ(θ₀), …, ℓ(θₜ), each with the logarithm of the prior if there is one: that of the start first, that of ``mixture`` last. Without a floor it
  /// never falls, save in the first step from a start that does not obey the family's structure.
  public var trace: [Double] { state.trace }

  /// How often a safeguard has acted so far.
  public var safeguards: Safeguards { state.safeguards }

  /// The largest change of a parameter in the last step, infinite before the first: of a mixing weight, of a
  /// mean in standard deviations, of a covariance in products of standard deviations. After an
  /// accelerated step no less than in the plain step that would follow.
  public var parameterChange: Double {
    guard let previous = state.previous else { return .infinity }
    return max(mixture.change(from: previous), outlook?.maximum.mixture.change(from: mixture) ?? 0)
  }

  /// The number of steps made.
  public var iterations: Int { trace.count - 1 }

  /// ℓ(θₜ) − ℓ(θₜ₋₁), infinite before the first step.
  public var gain: Double {
    iterations > 0 ? trace[iterations] - trace[iterations - 1] : .infinity
  }

  /// Whether the last gain is more than rounding and larger than the one before, if there was one. An extrapolation that
  /// was given up gained nothing and does not count.
  var gainsGrow: Bool {
    guard abs(gain) > roundingOfGain(trace) else { return false }
    guard iterations > 1 else { return true }
    let before = trace[iterations - 1]
    guard let earlier = trace[..<(iterations - 1)].last(where: { $0 != before }) else {
      return true
    }
    return gain > before - earlier
  }

  /// Whether the last step was an extrapolation that was given up.
  var hasStayed: Bool { state.acceleration.retreats }

  /// What is predicted still to come: by Aitken's extrapolation of plain steps, by the model of accelerated
  /// ones; `nil` where it predicts nothing.
  public var predictedRemainingGain: Double? {
    state.acceleration.hasModel
      ? modelledRemainingGain : Mixtures.predictedRemainingGain(trace)
  }

  /// What the model of accelerated steps predicts; zero as long as there is none: before ℓ was extrapolated, and where
  /// mixtures have no coordinates any more, such as where the floor acts.
  var modelledRemainingGain: Double? {
    state.acceleration.hasModel ? outlook?.extrapolation?.remainingGain : 0
  }

  /// One iteration: M, then E.
  ///
  /// - Throws: ``Degeneracy``, with `self` as it was before the step.
  public mutating func step(over points: any PointSource, threads: Int = 1) throws(Degeneracy) {
    let maximum = if let outlook { outlook.maximum } else { try family.maximize(expectation) }
    state.add(maximum.effort)
    let seen = maximum.mixture.expectation(over: points, family: family, threads: threads)
    go(to: maximum.mixture, seen)
  }

  private mutating func go(to mixture: Mixture<Family.Component>, _ seen: Expectation<Family>) {
    state.previous = state.mixture
    state.mixture = mixture
    expectation = seen
    state.trace.append(seen.logLikelihood + family.logPrior(of: mixture))
    state.safeguards.recentredMoments += seen.recentred
    state.acceleration.retreats = false
    outlook = nil
  }
}

extension EM {
  /// What the next accelerated step will do.
  fileprivate struct Outlook: Sendable {
    /// The plain step.
    let maximum: (mixture: Mixture<Family.Component>, effort: MaximizationEffort)
    let extrapolation: Extrapolation?
  }

  fileprivate struct Extrapolation: Sendable {
    /// `nil` where the plain step is better.
    let mixture: Mixture<Family.Component>?
    let isLimited: Bool
    /// What ℓ should gain by it.
    let gain: Double
    /// What ℓ should gain up to its maximum.
    let remainingGain: Double
  }
}

extension EM where Family: ChartedFamily {
  /// Goes on from a saved state: makes the E-step of its mixture again.
  ///
  /// - Parameter isAccelerated: whether the steps were, and will be, accelerated ones.
  package init(
    _ family: Family, resuming state: EMState<Family.Component>, isAccelerated: Bool,
    over points: any PointSource, threads: Int = 1
  ) {
    self.family = family
    self.state = state
    expectation = state.mixture.expectation(over: points, family: family, threads: threads)
    guard isAccelerated, iterations > 0 else { return }
    let chart = state.acceleration.origin.flatMap(family.chart)
    let length = chart?.coordinates(of: state.mixture)?.count
    if length != state.acceleration.path.points.last?.count { self.state.acceleration.forget() }
    lookAhead()
  }

  /// The same state, as ``init(_:resuming:isAccelerated:over:threads:)`` would make it.
  func goingOn(isAccelerated: Bool) -> EM {
    var em = self
    if isAccelerated, iterations > 0 { em.lookAhead() }
    return em
  }

  /// One accelerated iteration: an E-step where the last steps lead to when extrapolated, or as long
  /// as EM has not settled, a plain step.
  ///
  /// Where ℓ is lower there, the mixture stays, the trace repeats its last entry, and the next step is
  /// plain.
  ///
  /// - Throws: ``Degeneracy``, with `self` as it was before the step.
  public mutating func acceleratedStep(
    over points: any PointSource, threads: Int = 1
  ) throws(Degeneracy) {
    guard !hasStayed, let extrapolation = outlook?.extrapolation, let next = extrapolation.mixture
    else {
      try step(over: points, threads: threads)
      return settle()
    }
    let seen = next.expectation(over: points, family: family, threads: threads)
    let isBetter = seen.logLikelihood >= expectation.logLikelihood
    state.acceleration.hasExtrapolated = true
    state.acceleration.judge(
      gain: isBetter ? seen.logLikelihood - expectation.logLikelihood : -.infinity,
      promised: extrapolation.gain, isLimited: extrapolation.isLimited)
    if isBetter {
      go(to: next, seen)
      settle()
    } else {
      state.trace.append(expectation.logLikelihood)
      state.safeguards.rejectedExtrapolations += 1
      state.acceleration.retreats = true
      lookAhead()
    }
  }

  /// Makes the outlook what it is for this state, however the state came about.
  private mutating func lookAhead() {
    outlook = nil
    guard let maximum = try? family.maximize(expectation) else { return }
    let chart = state.acceleration.origin.flatMap(family.chart)
    outlook = Outlook(maximum: maximum, extrapolation: chart.flatMap(extrapolation))
  }

  /// Adds where EM stands to its path, and looks ahead.
  private mutating func settle() {
    if iterations > 1 { state.acceleration.largestGain = max(state.acceleration.largestGain, gain) }
    guard let maximum = try? family.maximize(expectation) else { return }
    let chart = maximum.effort.floored == 0 ? note(maximum.mixture) : nil
    if chart == nil { state.acceleration.forget() }
    outlook = Outlook(maximum: maximum, extrapolation: chart.flatMap(extrapolation))
  }

  /// Adds the mixture and the plain step from it to the path; `nil` where they have no coordinates.
  private mutating func note(_ image: Mixture<Family.Component>) -> Family.Chart? {
    if !state.acceleration.path.isNear { state.acceleration.forget() }
    let origin = state.acceleration.origin ?? mixture
    guard let chart = family.chart(about: origin), let point = chart.coordinates(of: mixture),
      let end = chart.coordinates(of: image)
    else { return nil }
    state.acceleration.origin = origin
    state.acceleration.path.append(point, step: entrywise(end, point, -))
    return chart
  }

  /// `nil` as long as nothing asks for it.
  private func extrapolation(_ chart: Family.Chart) -> Extrapolation? {
    let acceleration = state.acceleration
    guard hasSettled || acceleration.hasExtrapolated, let point = acceleration.path.points.last,
      let model = SecantModel(
        acceleration.path, components: mixture.componentCount, reach: acceleration.reach)
    else { return nil }
    let gain = model.gain * expectation.pointCount
    let canBeJudged = gain > roundingOfGain(trace)
    let target = entrywise(point, model.displacement, +)
    return Extrapolation(
      mixture: hasSettled && canBeJudged ? chart.mixture(at: target) : nil,
      isLimited: model.isLimited, gain: gain,
      remainingGain: model.remainingGain * expectation.pointCount)
  }

  /// Whether the path is decided: gains are small, and no longer as large as they were. Before, near a saddle
  /// or far from a maximum, an extrapolation may lead to another maximum than EM.
  private var hasSettled: Bool {
    gain < 1e-4 * expectation.pointCount && gain < state.acceleration.largestGain / 2
  }
}
