import MixtureTestSupport
import Mixtures
import Testing

@Suite struct ClosedFormTests {
  /// With K = 1 every responsibility is one: the textbook estimate of all points, whatever the start.
  @Test(arguments: UInt64(1)...30)
  func oneComponentIsTheClosedForm(seed: UInt64) throws {
    let problem = Problem(seed: seed, components: 2, offset: seed % 2 == 0 ? 0 : 1e5)
    let ones = Matrix(rows: Array(repeating: [1], count: 200))
    for structure in CovarianceStructure.all(inDimension: problem.dimension) {
      let expected = try textbookMaximization(
        problem.points, responsibilities: ones, structure: structure)
      let fit = try GaussianMixture.fit(problem.points, components: 1, structure: structure)
      let allowance = momentRounding(problem.points, expected)
      #expect(MixtureDifference(fit.mixture, expected).largest <= allowance)
      #expect(fit.certificate.starts == 1)
      #expect(fit.certificate.reachedBest == 1)
      #expect(fit.certificate.gapToNext == nil)
      // ℓ = −n/2 (d ln 2π + ln|Σ| + d), the maximum: second order in the rounding of Σ
      let atMean = try expected.components[0].logDensityAtMean
      let closed = 200 * (atMean - Double(problem.dimension) / 2)
      let rounding = try logLikelihoodRounding(of: expected, over: problem.points)
      let spherical = structure.scatterShape == .trace || structure.scatterShape == .diagonal
      #expect(
        abs(fit.logLikelihood - closed) <= 4 * rounding, "\(structure), diagonal: \(spherical)")
    }
  }

  @Test(arguments: UInt64(1)...10)
  func aSingleGaussian(seed: UInt64) throws {
    let problem = Problem(seed: seed, components: 1)
    let ones = Matrix(rows: Array(repeating: [1], count: 200))
    for structure in CovarianceStructure.all(inDimension: problem.dimension) {
      let expected = try textbookMaximization(
        problem.points, responsibilities: ones, structure: structure)
      let found = try Gaussian.maximumLikelihood(of: problem.points, structure: structure)
      let mixture = try GaussianMixture(weights: [1], components: [found])
      #expect(
        MixtureDifference(mixture, expected).largest <= momentRounding(problem.points, expected))
    }
    let standard = try Gaussian.maximumLikelihood(of: problem.points)
    #expect(
      try standard == Gaussian.maximumLikelihood(of: problem.points, structure: .vvv))
  }

  @Test(arguments: UInt64(1)...20)
  func aLabelOnEveryPointIsTheLabelledEstimate(seed: UInt64) throws {
    let problem = Problem(seed: seed, dimension: 1 + Int(seed % 5), components: 3, scale: 1e3)
    let all = CovarianceStructure.all(inDimension: problem.dimension)
    for structure in all
    where structure.dimensions.contains(1) || textbookStructures.contains(structure) {
      let indicators = Matrix(indicatorsOf: problem.labels, components: 3)
      let expected = try textbookMaximization(
        problem.points, responsibilities: indicators, structure: structure)
      let found = try GaussianMixture.labelled(
        problem.points, labels: problem.labels, structure: structure)
      #expect(
        MixtureDifference(found, expected).largest <= momentRounding(problem.points, expected))
      let fromLabels = try GaussianMixture.fit(
        problem.points, components: 3, structure: structure,
        from: LabelsStart(problem.labels, components: 3), options: .exactly(0))
      #expect(fromLabels.mixture == found)
      #expect(fromLabels.iterations == 0)
      // E and V in one dimension are what a structure of several reads there
      if problem.dimension == 1 {
        let general: CovarianceStructure = structure == .e ? .eee : .vvi
        #expect(
          try GaussianMixture.labelled(problem.points, labels: problem.labels, structure: general)
            == found)
      }
    }
  }

  /// Powers of two scale every sum, mean and variance exactly, and nothing here takes a logarithm.
  @Test(arguments: textbookStructures)
  func powersOfTwoScaleTheLabelledEstimateExactly(structure: CovarianceStructure) throws {
    let problem = Problem(seed: 12, dimension: 3, components: 2)
    let shared = structure.scatterShape == .trace
    let scales = shared ? [0x1p40, 0x1p40, 0x1p40] : [0x1p-60, 0x1p10, -0x1p90]
    let scaled = problem.points.mapping { $1 * scales[$0] }
    let plain = try GaussianMixture.labelled(
      problem.points, labels: problem.labels, structure: structure)
    let other = try GaussianMixture.labelled(scaled, labels: problem.labels, structure: structure)
    #expect(other.weights == plain.weights)
    for (found, own) in zip(other.components, plain.components) {
      #expect(found.mean == zip(own.mean, scales).map { $0 * $1 })
      for i in 0..<3 {
        for j in 0...i {
          #expect(found.covariance[i, j] == own.covariance[i, j] * scales[i] * scales[j])
        }
      }
    }
  }

  @Test func whatLabelsMayNotBe() {
    let points = Matrix(rows: [[0, 1], [1, 0], [2, 2], [5, 1]])
    #expect(throws: DataError.countMismatch(what: "labels", found: 3, points: 4)) {
      try GaussianMixture.labelled(points, labels: [0, 0, 1])
    }
    #expect(throws: DataError.invalidLabel(row: 1, label: -1, components: 2)) {
      try GaussianMixture.labelled(points, labels: [0, -1, 1, 1])
    }
    let error = #expect(throws: DegenerateFitError.self) {  // no point has label 1
      try GaussianMixture.labelled(points, labels: [0, 0, 2, 2], structure: .eii)
    }
    #expect(error?.degeneracy.cause == .noPoints)
    #expect(error?.degeneracy.component == 1)
  }
}
