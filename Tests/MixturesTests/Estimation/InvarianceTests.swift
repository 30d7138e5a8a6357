import Foundation
import MixtureTestSupport
import Mixtures
import Testing

/// What a fit does not depend on: how points are counted, ordered, scaled, shared among threads.
@Suite struct InvarianceTests {
  /// Both sides add the same terms, at most 400, in another order: each sum is within 400 u of the exact one
  /// relative to its magnitudes, and so for each of three iterations; 16 covers magnitudes of several
  /// standard deviations.
  private let reordering = 16 * 400 * Double.ulpOfOne

  @Test(arguments: UInt64(1)...12, structures)
  func anIntegerWeightIsARepeatedPoint(seed: UInt64, structure: CovarianceStructure) throws {
    let problem = Problem(seed: seed, dimension: 1 + Int(seed % 4), components: 2)
    var generator = SplitMix64(seed: seed)
    let counts = (0..<200).map { _ in Int.random(in: 0...3, using: &generator) }
    let structure = try structure.inDimension(problem.dimension)
    let weighted = try WeightedPoints(problem.points, weights: counts.map(Double.init))
    let repeated = problem.points.repeating(counts)

    let fits = (
      try GaussianMixture.fit(
        weighted, components: 2, structure: structure, from: MixtureStart(problem.truth),
        options: .exactly(3)),
      try GaussianMixture.fit(
        repeated, components: 2, structure: structure, from: MixtureStart(problem.truth),
        options: .exactly(3))
    )
    #expect(MixtureDifference(fits.0.mixture, fits.1.mixture).largest <= reordering)
    for (found, expected) in zip(fits.0.trace, fits.1.trace) {
      #expect(relativeDifference(found, expected) <= reordering)
    }
    #expect(fits.0.score.pointCount == fits.1.score.pointCount)
    #expect(relativeDifference(fits.0.bic, fits.1.bic) <= reordering)
    #expect(abs(fits.0.score.entropy - fits.1.score.entropy) <= reordering * 400)
    #expect(
      relativeDifference(
        fits.0.certificate.smallestEffectiveCount, fits.1.certificate.smallestEffectiveCount)
        <= reordering)
  }

  /// However small all weights are, what is negligible is so beside them. Powers of two scale every sum exactly.
  @Test(arguments: structures)
  func onlyRatiosOfWeightsMatter(structure: CovarianceStructure) throws {
    for dimension in [2, 7, 41] {
      let problem = Problem(seed: 4, count: 300, dimension: dimension, components: 2)
      func fit(weight: Double) throws -> GaussianMixture {
        let weights = (0..<300).map { weight * Double(1 + $0 % 3) }
        return try GaussianMixture.fit(
          try WeightedPoints(problem.points, weights: weights), components: 2,
          structure: structure, from: MixtureStart(problem.truth), options: .exactly(2)
        ).mixture
      }
      let (small, large) = (try fit(weight: 0x1p-80), try fit(weight: 1))
      if textbookStructures.contains(structure) {
        #expect(small == large)
      } else {
        // logarithms and inner loops do not scale exactly
        #expect(MixtureDifference(small, large).largest <= 1e-10)
      }
    }
  }

  /// Weight zero adds zeros to every sum, and nothing at all to an order of summation that it
  /// follows: the same bits, however far the point lies.
  @Test(arguments: structures)
  func aPointOfWeightZeroIsAbsent(structure: CovarianceStructure) throws {
    let problem = Problem(seed: 3, dimension: 2, components: 2)
    let others = [[1e6, -1e6], [1e100, 0], [0, 0], [1e-100, 3]]
    let padded = Matrix(rows: problem.points.rows + others)
    let weights = Array(repeating: 1.0, count: 200) + Array(repeating: 0, count: others.count)
    let weighted = try WeightedPoints(padded, weights: weights)
    for start: any StartingMethod in [
      MixtureStart(problem.truth), KMeansStart(), RandomPointsStart(),
      RandomResponsibilitiesStart(), KMeansStart(covariance: .common(.global)),
    ] {
      let plain = try GaussianMixture.fit(
        problem.points, components: 2, structure: structure, from: start)
      let absent = try GaussianMixture.fit(
        weighted, components: 2, structure: structure, from: start)
      #expect(absent.mixture == plain.mixture)
      #expect(absent.trace == plain.trace)
      #expect(absent.score == plain.score)
      #expect(absent.certificate == plain.certificate)
    }
  }

  @Test func aPointOfWeightZeroCountsInNoSum() throws {
    let problem = Problem(seed: 3, dimension: 2, components: 2)
    let padded = Matrix(rows: problem.points.rows + [[1e160, 1e160]])
    let weighted = try WeightedPoints(
      padded, weights: Array(repeating: 1, count: 200) + [0])
    let plain = try problem.truth.score(problem.points)
    #expect(try problem.truth.score(weighted) == plain)
    let halves = Matrix(rows: Array(repeating: [0.5, 0.5], count: 201))
    let bound = try problem.truth.lowerBound(
      of: problem.points, responsibilities: halves.selecting(0..<200))
    #expect(try problem.truth.lowerBound(of: weighted, responsibilities: halves) == bound)
  }

  struct Affine: Sendable, CustomTestStringConvertible {
    let scales: [Double]
    let offset: Double
    var testDescription: String { "x ↦ \(scales) x + \(offset)" }
  }

  static let affine: [Affine] = [
    Affine(scales: [1, 1, 1], offset: 1e8), Affine(scales: [1e8, 1e8, 1e8], offset: 0),
    Affine(scales: [1e-8, 1e-8, 1e-8], offset: 0), Affine(scales: [1e8, 1e8, 1e8], offset: 1e8),
    Affine(scales: [0x1p-40, 0x1p-40, 0x1p-40], offset: 0),
    Affine(scales: [-3, -3, -3], offset: 5e6),
    Affine(scales: [1e8, 1, 1e-8], offset: 0), Affine(scales: [0x1p300, 0x1p-300, 1], offset: 0),
  ]

  /// ℓ of aX + b is ℓ − n Σ ln|aⱼ|. Points are multiples of 2⁻¹⁰, so that an offset of 10⁸ is exact and the fit
  /// itself must lose nothing: 10⁻⁹ relative is what the project promises. Structures that know
  /// spheres, or axes without all else about them, allow a common scale alone.
  @Test(arguments: affine, structures)
  func theFitIsEquivariant(map: Affine, structure: CovarianceStructure) throws {
    let isCommon = Set(map.scales).count == 1
    let letters = structure.name.dropFirst()
    let isAnyScale = letters.hasSuffix("I") ? letters != "II" : letters == "EE" || letters == "VV"
    if !isAnyScale, !isCommon { return }
    let points = Problem(seed: 4, count: 300, dimension: 3, components: 3).points
      .mapping { ($1 * 1024).rounded() / 1024 }
    let mapped = points.mapping { $1 * map.scales[$0] + map.offset }
    let starts: [any StartingMethod] = [KMeansStart(), RandomPointsStart()]
    for (start, acceleration) in zip(starts, Acceleration.allCases) {
      let options = FitOptions.with { $0.acceleration = acceleration }
      let plain = try GaussianMixture.fit(
        points, components: 3, structure: structure, from: start, options: options)
      let other = try GaussianMixture.fit(
        mapped, components: 3, structure: structure, from: start, options: options)
      let logScale = map.scales.reduce(0) { $0 + log(abs($1)) }
      let expected = plain.logLikelihood - 300 * logScale
      #expect(abs(other.logLikelihood - expected) <= 1e-9 * abs(plain.logLikelihood))
      // many small steps say the same of rounding as few large ones, but not in as many of them
      if acceleration == .off { #expect(other.iterations == plain.iterations) }
      // negative scales turn the order of components, which is that of their means
      let back = map.scales[0] < 0 ? other.mixture.permuted([2, 1, 0]) : other.mixture
      let returned = try GaussianMixture(
        weights: back.weights,
        means: back.components.map { component in
          component.mean.indices.map { (component.mean[$0] - map.offset) / map.scales[$0] }
        },
        covariances: back.components.map { component in
          .full(
            rows: (0..<3).map { i in
              (0..<3).map { component.covariance[i, $0] / map.scales[i] / map.scales[$0] }
            })
        })
      // means at 10⁸ are known to 10⁻⁸ at best
      #expect(MixtureDifference(returned, plain.mixture).largest <= 1e-6)
    }
  }

  /// The whole path of a start takes no logarithm: powers of two change no bit of it but the exponent.
  @Test(arguments: [UInt64(1), 2, 3])
  func powersOfTwoScaleAStartExactly(seed: UInt64) throws {
    let problem = Problem(seed: seed, dimension: 2, components: 3)
    let scales = [0x1p-30, 0x1p20]
    let scaled = problem.points.mapping { $1 * scales[$0] }
    let options = FitOptions.with {
      $0.stopping = .exactly(0)
      $0.restarts = 1
      $0.seed = seed
    }
    for start: any StartingMethod in [
      KMeansStart(), KMeansStart(covariance: .common(.global), weights: .equal),
      RandomPointsStart(), RandomResponsibilitiesStart(),
    ] {
      let plain = try GaussianMixture.fit(
        problem.points, components: 3, from: start, options: options
      ).mixture
      let other = try GaussianMixture.fit(scaled, components: 3, from: start, options: options)
        .mixture
      #expect(other.weights == plain.weights)
      for (found, own) in zip(other.components, plain.components) {
        #expect(found.mean == zip(own.mean, scales).map { $0 * $1 })
        #expect(found.covariance[0, 0] == own.covariance[0, 0] * scales[0] * scales[0])
        #expect(found.covariance[1, 0] == own.covariance[1, 0] * scales[0] * scales[1])
        #expect(found.covariance[1, 1] == own.covariance[1, 1] * scales[1] * scales[1])
      }
    }
  }

  /// Two terms add to the same bits in either order.
  @Test(arguments: structures)
  func twoComponentsMayBeExchanged(structure: CovarianceStructure) throws {
    let problem = Problem(seed: 6, dimension: 3, components: 2)
    let plain = try GaussianMixture.fit(
      problem.points, components: 2, structure: structure, from: MixtureStart(problem.truth))
    let other = try GaussianMixture.fit(
      problem.points, components: 2, structure: structure,
      from: MixtureStart(problem.truth.permuted([1, 0])))
    #expect(other.mixture.permuted([1, 0]) == plain.mixture)
    #expect(other.trace == plain.trace)
  }

  /// More than two terms add in the order of the components: the same up to rounding.
  @Test(arguments: structures)
  func componentsMayBePermuted(structure: CovarianceStructure) throws {
    let problem = Problem(seed: 6, dimension: 3, components: 4)
    let order = [2, 0, 3, 1]
    let plain = try GaussianMixture.fit(
      problem.points, components: 4, structure: structure, from: MixtureStart(problem.truth),
      options: .exactly(3))
    let other = try GaussianMixture.fit(
      problem.points, components: 4, structure: structure,
      from: MixtureStart(problem.truth.permuted(order)), options: .exactly(3))
    #expect(
      MixtureDifference(other.mixture, plain.mixture.permuted(order)).largest <= reordering)
    #expect(relativeDifference(other.logLikelihood, plain.logLikelihood) <= reordering)
  }

  @Test(arguments: structures)
  func pointsMayBePermuted(structure: CovarianceStructure) throws {
    let problem = Problem(seed: 7, dimension: 2, components: 3)
    var generator = SplitMix64(seed: 7)
    let shuffled = problem.points.selecting((0..<200).shuffled(using: &generator))
    let fits = try [problem.points, shuffled].map {
      try GaussianMixture.fit(
        $0, components: 3, structure: structure, from: MixtureStart(problem.truth),
        options: .exactly(3))
    }
    #expect(MixtureDifference(fits[1].mixture, fits[0].mixture).largest <= reordering)
    #expect(relativeDifference(fits[1].logLikelihood, fits[0].logLikelihood) <= reordering)
  }

  private static let many = Problem(seed: 8, count: 40_000, dimension: 3, components: 3).points

  static let starts: [any StartingMethod] = [
    KMeansStart(), KMeansStart(covariance: .common(.global), weights: .equal),
    RandomPointsStart(), RandomPointsStart(covariance: .identity), RandomResponsibilitiesStart(),
    MixtureStart(Problem(seed: 8, count: 1, dimension: 3, components: 3).truth),
  ]

  @Test(arguments: 0..<starts.count)
  func threadsChangeNoBit(start: Int) throws {
    let fits = try [1, 2, 7].map { threads in
      try GaussianMixture.fit(
        Self.many, components: 3, from: Self.starts[start],
        options: .with {
          $0.stopping = .exactly(4)
          $0.restarts = 2
          $0.threads = threads
        })
    }
    for fit in fits.dropFirst() {
      #expect(fit.mixture == fits[0].mixture)
      #expect(fit.trace == fits[0].trace)
      #expect(fit.score == fits[0].score)
      #expect(fit.certificate == fits[0].certificate)
    }
  }

  @Test(arguments: structures)
  func threadsChangeNoBitOfAnyStructure(structure: CovarianceStructure) throws {
    let start = ResponsibilitiesStart(randomResponsibilities(40_000, 2, seed: 1))
    let fits = try [1, 2, 7].map { threads in
      try GaussianMixture.fit(
        Self.many, components: 2, structure: structure, from: start,
        options: .with {
          $0.stopping = .exactly(2)
          $0.threads = threads
        })
    }
    #expect(fits[1].mixture == fits[0].mixture && fits[1].trace == fits[0].trace)
    #expect(fits[2].mixture == fits[0].mixture && fits[2].trace == fits[0].trace)
  }

  /// Sorted by component, so that most tiles hold points of one alone, and others are left out of them: neither threads nor
  /// what is left out changes anything. The latter is below 1e-18 of each sum for every point.
  @Test(arguments: [10, 20, 45])
  func sortedSeparatedDataOfAnyDimension(dimension d: Int) throws {
    let problem = Problem(seed: 12, count: 20_000, dimension: d, components: 4, separation: 12)
    let order = problem.labels.indices.sorted {
      (problem.labels[$0], $0) < (problem.labels[$1], $1)
    }
    let points = problem.points.selecting(order)
    func fit(threads: Int, skips: Bool) throws -> Fit {
      try GaussianMixture.fit(
        points, components: 4, from: MixtureStart(problem.truth),
        options: .with {
          $0.stopping = .exactly(2)
          $0.threads = threads
          $0.skipsNegligible = skips
        })
    }
    let one = try fit(threads: 1, skips: true)
    let three = try fit(threads: 3, skips: true)
    #expect(three.mixture == one.mixture && three.trace == one.trace)
    let all = try fit(threads: 2, skips: false)
    #expect(MixtureDifference(all.mixture, one.mixture).largest <= reordering)
    #expect(relativeDifference(all.logLikelihood, one.logLikelihood) <= reordering)
  }

  @Test func threadsChangeNoBitOfASummaryOrAScore() throws {
    let truth = Problem(seed: 8, count: 1, dimension: 3, components: 3).truth
    let weighted = try WeightedPoints(
      Self.many, weights: (0..<40_000).map { Double($0 % 5) / 3 })
    let summaries = try [1, 2, 7].map { try DataSummary(of: weighted, threads: $0) }
    let scores = try [1, 2, 7].map { try truth.score(weighted, threads: $0) }
    let assignments = try [1, 2, 7].map { try truth.assignments(of: Self.many, threads: $0) }
    for index in 1...2 {
      #expect(summaries[index].mean == summaries[0].mean)
      #expect(summaries[index].covariance == summaries[0].covariance)
      #expect(summaries[index].ranges == summaries[0].ranges)
      #expect(summaries[index].pointCount == summaries[0].pointCount)
      #expect(scores[index] == scores[0])
      #expect(assignments[index] == assignments[0])
    }
    #expect(assignments[0].count == 40_000)
  }

  @Test func threadsChangeNoBitOfASearch() throws {
    let points = Problem(seed: 9, count: 300, dimension: 2, components: 2).points
    let results = try [1, 2, 7].map { threads in
      var search = ModelSearch(components: 1...3)
      search.options.threads = threads
      return try search.run(points)
    }
    for result in results.dropFirst() {
      #expect(result.cells.count == results[0].cells.count)
      #expect(result.best.mixture == results[0].best.mixture)
      for (found, expected) in zip(result.cells, results[0].cells) {
        let (own, first) = (try found.fit.get(), try expected.fit.get())
        #expect(own.mixture == first.mixture && own.trace == first.trace)
        #expect(own.certificate == first.certificate)
      }
    }
  }
}
