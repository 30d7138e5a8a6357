import MixtureTestSupport
import Mixtures
import Testing

/// Fewer passes over the data to the same maximum.
@Suite struct AccelerationTests {
  private static func options(_ acceleration: Acceleration) -> FitOptions {
    .with {
      $0.acceleration = acceleration
      $0.stopping = .when(.gain, below: 1e-8, limit: 10_000)
    }
  }

  /// Plain EM and accelerated EM from the same start.
  private func fits(
    _ points: Matrix, _ components: Int, _ structure: CovarianceStructure,
    from start: any StartingMethod = KMeansStart(), restarts: Int = 1
  ) throws -> (plain: Fit, accelerated: Fit) {
    let fits = try [Acceleration.off, .automatic].map { acceleration in
      var options = Self.options(acceleration)
      options.restarts = restarts
      return try GaussianMixture.fit(
        points, components: components, structure: structure, from: start, options: options)
    }
    return (fits[0], fits[1])
  }

  /// The last: how many times fewer passes.
  static let overlapping = [
    (dimension: 1, components: 2, separation: 1.0, factor: 3.0), (2, 3, 1.0, 3), (5, 4, 0.8, 3),
    (10, 5, 0.6, 2.5),
  ]

  /// Overlapping components: a fraction of the passes over all structures to the log-likelihood at which plain steps stop, and never lower than the tolerance of 10⁻⁸ per point allows.
  @Test(arguments: overlapping)
  func aFractionOfThePasses(
    dimension: Int, components: Int, separation: Double, factor: Double
  ) throws {
    var (plain, accelerated) = (0, 0)
    for seed in [UInt64(1), 2] {
      let points = Problem(
        seed: seed, count: 1000, dimension: dimension, components: components,
        separation: separation
      ).points
      for structure in dimension == 1 ? [CovarianceStructure.e, .v] : [.vii, .vvi, .eee] {
        let fits = try fits(points, components, structure)
        let target = fits.plain.logLikelihood
        plain += fits.plain.iterations
        accelerated +=
          fits.accelerated.trace.firstIndex { $0 >= target } ?? fits.accelerated.iterations
        #expect(fits.accelerated.logLikelihood >= fits.plain.logLikelihood - 1e-8 * 1000)
        #expect(fits.accelerated.stopped == .gainBelowThreshold)
      }
    }
    #expect(Double(plain) >= factor * Double(accelerated), "\(plain) and \(accelerated) passes")
  }

  static let sets: [(name: String, components: ClosedRange<Int>)] = [
    ("acidity", 2...4), ("banknote", 2...4), ("diabetes", 2...4), ("ex4_1", 2...5),
    ("faithful", 2...4), ("iris", 2...4), ("synth_a", 2...5),
  ]

  /// Ten starts of every structure on the reference data: the same ℓ or a better one, up to the tolerance.
  @Test(arguments: sets)
  func theReferenceData(name: String, components: ClosedRange<Int>) throws {
    let points = try Reference.points("data/\(name).csv")
    for structure in CovarianceStructure.all(inDimension: points.columnCount) {
      for components in components {
        let fits = try fits(points, components, structure, restarts: 10)
        let short = (fits.plain.logLikelihood - fits.accelerated.logLikelihood)
        #expect(short <= 1e-8 * Double(points.rowCount), "\(structure), \(components)")
      }
    }
  }

  /// Extrapolated or not, ℓ never falls, whatever the start: a saddle's neighbourhood, one point per component.
  @Test(arguments: UInt64(1)...20)
  func theLogLikelihoodNeverFalls(seed: UInt64) throws {
    let problem = Problem(seed: seed, count: 150, components: 3, separation: 1)
    let structures = CovarianceStructure.all(inDimension: problem.dimension)
    let structure = structures[Int(seed) % structures.count]
    for start: any StartingMethod in [RandomResponsibilitiesStart(), KMeansStart()] {
      guard
        let fit = try? GaussianMixture.fit(
          problem.points, components: 3, structure: structure, from: start,
          options: Self.options(.automatic))
      else { continue }
      var rounding = 0.0
      rounding = try logLikelihoodRounding(
        of: fit.mixture, over: problem.points, weights: Array(repeating: 1, count: 150))
      #expect(checkMonotone(fit.trace) { _ in 4 * rounding } == [])
    }
  }

  /// Every proposal obeys the structure, and has the coordinates that were asked for.
  @Test(arguments: structures)
  func coordinatesAndBack(structure: CovarianceStructure) throws {
    let problem = Problem(seed: 3, dimension: 3, components: 2)
    let family = try GaussianFamily(structure, scale: DataSummary(of: problem.points).scale)
    let origin = try GaussianMixture.fit(
      problem.points, components: 2, structure: structure, options: .exactly(1)
    ).mixture
    let other = try GaussianMixture.fit(
      problem.points, components: 2, structure: structure, options: .exactly(3)
    ).mixture
    let chart = try #require(family.chart(about: origin))
    #expect(try #require(chart.coordinates(of: origin)).allSatisfy { abs($0) <= 1e-14 })
    let coordinates = try #require(chart.coordinates(of: other))
    let back = try #require(chart.mixture(at: coordinates))
    // a factor and its inverse, each rounded by some d ulps of a well-conditioned matrix
    #expect(MixtureDifference(back, other).largest <= 1e-12)
    let far = try #require(chart.mixture(at: coordinates.map { 3 * $0 }))
    #expect(throws: Never.self) { try structure.check(far) }
  }

  /// A state and the points are all that a run needs: it goes on to the same bits.
  @Test(arguments: [3, 9, 14, 21])
  func aResumedRunGoesOnToTheSameBits(iterations: Int) throws {
    let problem = Problem(seed: 4, dimension: 2, components: 3, separation: 1)
    let family = try GaussianFamily(.vvv, scale: DataSummary(of: problem.points).scale)
    var em = EM(family, from: problem.truth, over: problem.points)
    for _ in 0..<iterations { try em.acceleratedStep(over: problem.points) }
    var resumed = EM(family, resuming: em.state, isAccelerated: true, over: problem.points)
    #expect(resumed.predictedRemainingGain == em.predictedRemainingGain)
    for _ in 0..<10 {
      try em.acceleratedStep(over: problem.points)
      try resumed.acceleratedStep(over: problem.points)
    }
    #expect(resumed.state == em.state)
  }

  /// What the model says is still to come is of the size of what comes.
  @Test func theRemainingGainIsPredicted() throws {
    let problem = Problem(seed: 1, dimension: 2, components: 3, separation: 1.5)
    func fit(_ tolerance: Double) throws -> Fit {
      try GaussianMixture.fit(
        problem.points, components: 3, from: MixtureStart(problem.truth),
        options: .with { $0.stopping = .when(.predictedGain, below: tolerance) })
    }
    let end = try fit(1e-13).logLikelihood
    for tolerance in [1e-4, 1e-6] {
      let fit = try fit(tolerance)
      let predicted = try #require(fit.certificate.predictedRemainingGain)
      #expect(predicted < 200 * tolerance)
      let remaining = end - fit.logLikelihood
      #expect(remaining <= 10 * predicted + 1e-9 && remaining >= predicted / 10 - 1e-9)
    }
  }
}
