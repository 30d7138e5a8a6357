import MixtureTestSupport
import Mixtures
import Testing

@Suite struct EMTests {
  /// Two hundred problems of any dimension, offset, scale, structure and number of components, a third of them
  /// weighted. The allowance is derived at `logLikelihoodRounding`, once for each of the two values compared.
  @Test(arguments: UInt64(1)...200)
  func theLogLikelihoodNeverFalls(seed: UInt64) throws {
    let offset = [0, 0, 1e3, 1e6][Int(seed) % 4]
    let scale = [1, 1e-5, 1e5][Int(seed) % 3]
    let problem = Problem(seed: seed, count: 120, separation: 1.5, offset: offset, scale: scale)
    let available = CovarianceStructure.all(inDimension: problem.dimension)
    let structure = available[Int(seed / 2) % available.count]
    var generator = SplitMix64(seed: seed)
    let weights = (0..<120).map { _ in
      seed % 3 == 0 ? Double(Int.random(in: 0...3, using: &generator)) : 1
    }
    let points = try WeightedPoints(problem.points, weights: weights)
    let summary = try DataSummary(of: points)
    let family = try GaussianFamily(structure, scale: summary.scale)
    let components = Int.random(in: 1...4, using: &generator)
    let start = try GaussianMixture(
      weights: Array(repeating: 1 / Double(components), count: components),
      means: (0..<components).map { problem.points.row(7 * $0) },
      covariances: Array(
        repeating: summary.covariance.reduced(to: structure.scatterShape), count: components))

    var em = EM(family, from: start, over: points)
    var rounding = [try logLikelihoodRounding(of: start, over: points, weights: weights)]
    // until a component is so near to degenerate that the law would say nothing
    while em.iterations < 40, rounding[em.iterations] < 1e-6 {
      do { try em.step(over: points) } catch { break }
      rounding.append(try logLikelihoodRounding(of: em.mixture, over: points, weights: weights))
    }
    #expect(em.iterations >= 3)
    #expect(checkMonotone(em.trace) { rounding[$0 - 1] + rounding[$0] } == [])
  }

  /// A start of another structure may lie above every mixture of this one; the first step then falls to
  /// them, and the fit goes on from there.
  @Test func aStartOfAnotherStructure() throws {
    let problem = Problem(seed: 36, dimension: 4, components: 2, separation: 1)
    let full = try GaussianMixture.fit(problem.points, components: 2)
    for criterion in [StoppingRule.Criterion.gain, .predictedGain] {
      let fit = try GaussianMixture.fit(
        problem.points, components: 2, structure: .eii, from: MixtureStart(full.mixture),
        options: .with { $0.stopping = .when(criterion, below: 1e-8) })
      #expect(fit.trace[1] < fit.trace[0] - 1)
      #expect(fit.iterations > 3)
      #expect(checkMonotone(Array(fit.trace.dropFirst())) { _ in 1e-9 } == [])
    }
  }

  @Test func aStepIsMThenE() throws {
    let problem = Problem(seed: 5, dimension: 2, components: 3)
    let summary = try DataSummary(of: problem.points)
    let family = try GaussianFamily(.vvv, scale: summary.scale)
    var em = EM(family, from: problem.truth, over: problem.points)
    #expect(em.iterations == 0)
    #expect(em.gain == .infinity && em.parameterChange == .infinity)
    #expect(em.predictedRemainingGain == nil)
    #expect(em.mixture == problem.truth)
    #expect(em.expectation.pointCount == 200)

    let responsibilities = try problem.truth.responsibilities(of: problem.points)
    let expected = try textbookMaximization(
      problem.points, responsibilities: responsibilities, structure: .vvv)
    try em.step(over: problem.points)
    #expect(em.iterations == 1 && em.trace.count == 2)
    #expect(em.gain == em.trace[1] - em.trace[0])
    #expect(
      MixtureDifference(em.mixture, expected).largest <= momentRounding(problem.points, expected))
    let score = try em.mixture.score(problem.points)
    #expect(em.trace[1] == score.logLikelihood)
    #expect(em.expectation.logLikelihood == em.trace[1])
  }

  /// A step with a degenerate M-step leaves everything as it was.
  @Test func aStepThatFailsChangesNothing() throws {
    let problem = Problem(seed: 6, dimension: 2, components: 1)
    let summary = try DataSummary(of: problem.points)
    let family = try GaussianFamily(.vvv, scale: summary.scale)
    let far = try Gaussian(mean: [1e6, 1e6], covariance: .spherical(variance: 1, dimension: 2))
    let start = try GaussianMixture(
      weights: [0.5, 0.5], components: [problem.truth.components[0], far])
    var em = EM(family, from: start, over: problem.points)
    let error = #expect(throws: Degeneracy.self) { try em.step(over: problem.points) }
    #expect(error?.component == 1)
    #expect(error?.cause == .noPoints)
    #expect(error?.effectiveCount == 0)
    #expect(em.mixture == start && em.iterations == 0)
  }

  /// A checkpoint is a copy: both go on to the same bits.
  @Test func aCopyGoesOnToTheSameBits() throws {
    let problem = Problem(seed: 8, dimension: 3, components: 2)
    let family = try GaussianFamily(.eee, scale: DataSummary(of: problem.points).scale)
    var em = EM(family, from: problem.truth, over: problem.points)
    try em.step(over: problem.points)
    var copy = em
    try em.step(over: problem.points)
    try copy.step(over: problem.points)
    #expect(copy.mixture == em.mixture && copy.trace == em.trace)
  }

  @Test func theParameterChangeIsTheLargestInUnitsOfTheSpread() throws {
    let problem = Problem(seed: 9, dimension: 2, components: 2, scale: 1e5)
    let family = try GaussianFamily(.vvv, scale: DataSummary(of: problem.points).scale)
    var em = EM(family, from: problem.truth, over: problem.points)
    for _ in 0..<3 {
      let before = em.mixture
      try em.step(over: problem.points)
      #expect(em.parameterChange == MixtureDifference(before, em.mixture).largest)
    }
  }
}
