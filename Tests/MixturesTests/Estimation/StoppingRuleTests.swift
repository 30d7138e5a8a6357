import MixtureTestSupport
import Mixtures
import Testing

@Suite struct StoppingRuleTests {
  private static let problem = Problem(seed: 1, dimension: 2, components: 3, separation: 1.5)

  /// With plain steps, whose trace converges linearly.
  private func fit(_ rule: StoppingRule) throws -> Fit {
    try GaussianMixture.fit(
      Self.problem.points, components: 3, from: MixtureStart(Self.problem.truth),
      options: .with {
        $0.stopping = rule
        $0.acceleration = .off
      })
  }

  @Test(arguments: [1e-4, 1e-6, 1e-9])
  func gain(tolerance: Double) throws {
    let fit = try fit(.when(.gain, below: tolerance))
    #expect(fit.stopped == .gainBelowThreshold && fit.stopped.isConvergence)
    let gains = zip(fit.trace.dropFirst(), fit.trace).map { ($0 - $1) / 200 }
    #expect((gains.last ?? 1) < tolerance)
    #expect(gains.dropLast().allSatisfy { $0 >= tolerance })
  }

  /// g a / (1 − a), with a the ratio of the last two gains.
  @Test(arguments: [1e-3, 1e-5, 1e-8])
  func predictedGain(tolerance: Double) throws {
    let fit = try fit(.when(.predictedGain, below: tolerance))
    #expect(fit.stopped == .predictedGainBelowThreshold && fit.stopped.isConvergence)
    func predicted(_ t: Int) -> Double? {
      let (last, before) = (fit.trace[t] - fit.trace[t - 1], fit.trace[t - 1] - fit.trace[t - 2])
      return last < before ? last * (last / before) / (1 - last / before) : nil
    }
    let end = fit.iterations
    #expect((predicted(end) ?? 1) / 200 < tolerance)
    for t in 2..<end { #expect((predicted(t) ?? 1) / 200 >= tolerance) }
    let certified = try #require(fit.certificate.predictedRemainingGain)
    #expect(relativeDifference(certified, predicted(end) ?? 0) <= 1e-12)
    // and the prediction is one: what remains is of that size
    let remaining = try self.fit(.when(.gain, below: 1e-14)).logLikelihood - fit.logLikelihood
    #expect(remaining < 4 * certified + 1e-9 && remaining > certified / 4 - 1e-9)
  }

  @Test(arguments: [1e-2, 1e-4, 1e-8])
  func parameterChange(tolerance: Double) throws {
    let fit = try fit(.when(.parameterChange, below: tolerance))
    #expect(fit.stopped == .parameterChangeBelowThreshold && fit.stopped.isConvergence)
    let family = try GaussianFamily(.vvv, scale: DataSummary(of: Self.problem.points).scale)
    var em = EM(family, from: Self.problem.truth, over: Self.problem.points)
    while em.iterations < fit.iterations {
      #expect(em.parameterChange >= tolerance)
      try em.step(over: Self.problem.points)
    }
    #expect(em.parameterChange < tolerance)
    #expect(em.mixture == fit.mixture && em.trace == fit.trace)
  }

  @Test(arguments: StoppingRule.Criterion.allCases)
  func theLimit(criterion: StoppingRule.Criterion) throws {
    let fit = try fit(.when(criterion, below: 1e-10, limit: 4))
    #expect(fit.iterations == 4 && fit.stopped == .iterationLimit)
    #expect(!fit.stopped.isConvergence)
    #expect(fit.warnings.contains(.iterationLimit(4)))
    let none = try self.fit(.when(criterion, below: 1e-10, limit: 0))
    #expect(none.iterations == 0 && none.stopped == .iterationLimit)
  }

  @Test(arguments: [0, 1, 2, 17])
  func exactly(iterations: Int) throws {
    let fit = try fit(.exactly(iterations))
    #expect(fit.iterations == iterations && fit.trace.count == iterations + 1)
    #expect(fit.stopped == .exactIterations && !fit.stopped.isConvergence)
    #expect(!fit.warnings.contains(.iterationLimit(iterations)))
    #expect(iterations > 0 || fit.mixture == Self.problem.truth)
    #expect(fit.trace[0] == (try Self.problem.truth.score(Self.problem.points).logLikelihood))
    #expect(fit.logLikelihood == fit.score.logLikelihood)
  }

  @Test func theDefault() throws {
    #expect(StoppingRule.standard == .when(.gain, below: 1e-8, limit: 1000))
    #expect(FitOptions().stopping == .standard)
    #expect(StoppingRule.when(.gain, below: 1).iterationLimit == 1000)
    #expect(StoppingRule.exactly(3) != .when(.gain, below: 0, limit: 3))
  }

  /// A trace that stands still has nothing to come.
  @Test func oneComponentConvergesAtOnce() throws {
    let fit = try GaussianMixture.fit(Self.problem.points, components: 1)
    #expect(fit.stopped == .gainBelowThreshold && fit.iterations <= 2)
    let exact = try GaussianMixture.fit(
      Self.problem.points, components: 1, options: .exactly(5))
    #expect(exact.certificate.predictedRemainingGain ?? 0 <= 1e-9)
  }
}
