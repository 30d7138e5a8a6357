/// All that the next steps of EM depend on, beside the points and the family: what a file must hold
/// to go on with the same bits.
public struct EMState<Component: MixtureComponent>: Sendable, Equatable {
  /// θₜ.
  package var mixture: Mixture<Component>

  /// θₜ₋₁.
  package var previous: Mixture<Component>?

  /// ℓ(θ₀), …, ℓ(θₜ).
  package var trace: [Double]

  /// How often a safeguard has acted.
  package var safeguards = Safeguards()

  /// How many rounds the inner loops of M-steps made.
  package var innerIterations = 0

  /// What accelerated steps know; empty as long as steps are plain.
  package var acceleration = AccelerationState<Component>()

  package init(mixture: Mixture<Component>, trace: [Double]) {
    self.mixture = mixture
    self.trace = trace
  }

  mutating func add(_ effort: MaximizationEffort) {
    safeguards.covarianceFloor += effort.floored
    safeguards.innerLoopLimit += effort.reachedInnerLimit ? 1 : 0
    innerIterations += effort.innerIterations
  }
}

/// What accelerated steps know beside the mixture.
package struct AccelerationState<Component: MixtureComponent>: Sendable, Equatable {
  /// The origin of the coordinates of ``path``.
  package var origin: Mixture<Component>?

  /// Where EM has been lately.
  package var path = EMPath()

  /// How many times as far as the plain step an extrapolation may go, along any direction.
  package var reach = Self.smallestReach

  /// Whether the last extrapolation was given up, so that the mixture stayed and the next step is plain.
  package var retreats = false

  /// Whether ℓ has ever been extrapolated, so that its trace converges no longer linearly.
  package var hasExtrapolated = false

  /// Whether a model tells what is still to come.
  package var hasModel: Bool { hasExtrapolated && !path.points.isEmpty }

  /// The largest gain of a step after the first.
  package var largestGain = 0.0

  package init() {}

  private static var smallestReach: Double { 2 }

  /// The model is trusted further where it promised about as much as came, and less where not: a trust
  /// region (Nocedal & Wright 2006, *Numerical Optimization*, alg. 4.1).
  mutating func judge(gain: Double, promised: Double, isLimited: Bool) {
    if gain < promised / 4 {
      reach = max(Self.smallestReach, reach / 4)
    } else if isLimited, gain > promised / 2 {
      reach *= 2
    }
  }

  mutating func forget() {
    origin = nil
    path = EMPath()
  }
}
