import MixtureTestSupport
import Mixtures
import Testing

/// The mixture that a start hands to the first E-step is that of a fit of no iterations.
@Suite struct StartingMethodTests {
  private static let problem = Problem(seed: 1, count: 300, dimension: 2, components: 3)
  private let thirds: [Double] = Array(repeating: 1 / 3, count: 3)

  private func start(
    _ method: any StartingMethod, _ points: any PointSource = problem.points, components: Int = 3,
    seed: UInt64 = 1, structure: CovarianceStructure = .vvv
  ) throws -> GaussianMixture {
    try GaussianMixture.fit(
      points, components: components, structure: structure, from: method,
      options: .with {
        $0.stopping = .exactly(0)
        $0.restarts = 1
        $0.seed = seed
      }
    ).mixture
  }

  /// Which cluster of k-means a point belongs to: the nearest centre in units of the columns' standard deviations.
  private func nearest(_ points: Matrix, _ centres: [[Double]]) -> [Int] {
    let s = points.standardDeviations
    return points.rows.map { x in
      let distances = centres.map { centre in
        x.indices.reduce(0.0) { $0 + (x[$1] - centre[$1]) * (x[$1] - centre[$1]) / s[$1] / s[$1] }
      }
      return distances.indices.min { distances[$0] < distances[$1] } ?? 0
    }
  }

  /// Lloyd's fixed point: each centre is the mean of the points nearest to it, and the start is the labelled
  /// estimate of that partition. Centres stop moving at 10⁻⁶ standard deviations; where a partition no
  /// longer changes they stand still to rounding.
  @Test(arguments: UInt64(1)...10, [[1.0, 1], [1e6, 1e-6]])
  func kMeansIsAFixedPointOfLloyd(seed: UInt64, scales: [Double]) throws {
    let points = Self.problem.points.mapping { $1 * scales[$0] }
    let mixture = try start(KMeansStart(), points, seed: seed)
    let labels = nearest(points, mixture.components.map(\.mean))
    let expected = try GaussianMixture.labelled(points, labels: labels)
    #expect(MixtureDifference(mixture, expected).largest <= 1e-9)
  }

  /// Eight clusters a thousand standard deviations apart: k-means++ draws one point of each, nearly always. Drawn
  /// uniformly, all eight would be met once in 400 times.
  @Test(arguments: UInt64(1)...20)
  func kMeansPlusPlusFindsFarClusters(seed: UInt64) throws {
    var generator = SplitMix64(seed: 99)
    let rows = (0..<80).map { i in
      [
        1000 * Double(i % 4) + normal(using: &generator),
        1000 * Double(i % 8 / 4) + normal(using: &generator),
      ]
    }
    let mixture = try start(KMeansStart(), Matrix(rows: rows), components: 8, seed: seed)
    #expect(mixture.weights == Array(repeating: 0.125, count: 8))
  }

  @Test func theChoicesOfKMeans() throws {
    let own = try start(KMeansStart())
    let summary = try DataSummary(of: Self.problem.points)
    let labels = nearest(Self.problem.points, own.components.map(\.mean))
    let shares = (0..<3).map { k in Double(labels.filter { $0 == k }.count) / 300 }
    #expect(Set(shares).count > 1)

    let equal = try start(KMeansStart(weights: .equal))
    #expect(equal.weights == thirds)
    #expect(equal.components == own.components)

    let global = try start(KMeansStart(covariance: .common(.global)))
    #expect(global.components.allSatisfy { $0.covariance == summary.covariance })
    for k in 0..<3 {
      #expect(abs(global.weights[k] - shares[k]) <= 4 * Double.ulpOfOne)
      #expect(abs(own.weights[k] - shares[k]) <= 4 * Double.ulpOfOne)
      let mean = own.components[k].mean
      #expect(zip(global.components[k].mean, mean).allSatisfy { abs($0 - $1) < 1e-9 })
    }
    let identity = try start(KMeansStart(covariance: .common(.identity), weights: .equal))
    #expect(identity.components.allSatisfy { $0.covariance == .full(rows: [[1, 0], [0, 1]]) })
    #expect(identity.weights == equal.weights)
    #expect(KMeansStart() == KMeansStart(covariance: .cluster, weights: .proportional))
  }

  @Test func randomPoints() throws {
    let summary = try DataSummary(of: Self.problem.points)
    let global = try start(RandomPointsStart())
    #expect(RandomPointsStart() == RandomPointsStart(covariance: .global))
    let rows = Self.problem.points.rows
    for component in global.components {
      #expect(rows.contains(component.mean))
      #expect(component.covariance == summary.covariance)
    }
    #expect(Set(global.components.map(\.mean)).count == 3)
    #expect(global.weights == thirds)
    let identity = try start(RandomPointsStart(covariance: .identity))
    #expect(identity.components.map(\.mean) == global.components.map(\.mean))
    #expect(identity.components.allSatisfy { $0.covariance == .full(rows: [[1, 0], [0, 1]]) })
  }

  /// The common covariance comes in the structure's own shape: spherical ones share tr S / d.
  @Test(arguments: structures)
  func theGlobalCovarianceHasTheShapeOfTheStructure(structure: CovarianceStructure) throws {
    let summary = try DataSummary(of: Self.problem.points)
    for method: any StartingMethod in [
      RandomPointsStart(), KMeansStart(covariance: .common(.global)),
    ] {
      let mixture = try start(method, structure: structure)
      let expected = summary.covariance.reduced(to: structure.scatterShape)
      #expect(mixture.components.allSatisfy { $0.covariance == expected })
    }
  }

  /// The M-step of shares uniform on the simplex: all means near that of the data, none on it, and shares
  /// of 1/K within six of their standard deviations √(K − 1) / (K √(n (K + 1))).
  @Test(arguments: UInt64(1)...10)
  func randomResponsibilities(seed: UInt64) throws {
    let summary = try DataSummary(of: Self.problem.points)
    let mixture = try start(RandomResponsibilitiesStart(), seed: seed)
    let deviation = (2.0).squareRoot() / (3 * (300.0 * 4).squareRoot())
    for k in 0..<3 {
      #expect(abs(mixture.weights[k] - 1 / 3.0) < 6 * deviation)
      #expect(mixture.weights[k] != 1 / 3.0)
      for j in 0..<2 {
        let unit = summary.covariance[j, j].squareRoot()
        let distance = abs(mixture.components[k].mean[j] - summary.mean[j]) / unit
        #expect(distance > 0 && distance < 6 * deviation * 3)
      }
    }
    #expect(abs(mixture.weights.reduce(0, +) - 1) <= 4 * Double.ulpOfOne)
  }

  @Test func everyMethodIsAnother() throws {
    let methods: [any StartingMethod] = [
      KMeansStart(), KMeansStart(weights: .equal), KMeansStart(covariance: .common(.global)),
      KMeansStart(covariance: .common(.identity)), RandomPointsStart(),
      RandomPointsStart(covariance: .identity), RandomResponsibilitiesStart(),
      MixtureStart(Self.problem.truth),
      try LabelsStart(Self.problem.labels, components: 3),
    ]
    let mixtures = try methods.map { try start($0) }
    for i in mixtures.indices {
      for j in 0..<i { #expect(mixtures[i] != mixtures[j], "\(methods[i]), \(methods[j])") }
    }
    #expect(methods.map(\.isRandom) == [true, true, true, true, true, true, true, false, false])
    for (index, method) in methods.enumerated() where method.isRandom && index > 3 {
      #expect(try start(method, seed: 2) != mixtures[index])
      #expect(try start(method, seed: 1) == mixtures[index])
    }
  }

  /// Given mixtures are used as they are, covariances of another structure too.
  @Test(arguments: structures)
  func aGivenMixtureIsUsedAsItIs(structure: CovarianceStructure) throws {
    let given = Self.problem.truth
    #expect(try start(MixtureStart(given), structure: structure) == given)
  }

  /// A partition is a table of ones and zeros, in fewer bytes.
  @Test(arguments: structures)
  func labelsAreHardResponsibilities(structure: CovarianceStructure) throws {
    let labels = Self.problem.labels
    let table = ResponsibilitiesStart(Matrix(indicatorsOf: labels, components: 3))
    let given = try LabelsStart(labels, components: 3)
    #expect(given.componentCount == 3 && !given.isRandom)
    #expect(try start(given, structure: structure) == start(table, structure: structure))
    #expect(throws: ParameterError.startMismatch(found: 3, expected: 2)) {
      try start(given, components: 2)
    }
    #expect(throws: DataError.countMismatch(what: "labels", found: 3, points: 300)) {
      try start(LabelsStart([0, 1, 2], components: 3))
    }
  }

  @Test(arguments: textbookStructures)
  func givenResponsibilitiesAreAnMStep(structure: CovarianceStructure) throws {
    let q = MixtureTestSupport.randomResponsibilities(300, 3, seed: 4)
    let expected = try textbookMaximization(
      Self.problem.points, responsibilities: q, structure: structure)
    let found = try start(ResponsibilitiesStart(q), structure: structure)
    #expect(
      MixtureDifference(found, expected).largest <= momentRounding(Self.problem.points, expected))
  }

  /// Three distinct points, many times each: all three are found, whatever the seed, and no fourth.
  @Test(arguments: UInt64(1)...20)
  func duplicatesAreDrawnOnce(seed: UInt64) throws {
    let points = Matrix(rows: [[0, 0], [1, 2], [5, -1]]).repeating([40, 3, 5])
    for method: any StartingMethod in [
      KMeansStart(covariance: .common(.global)), RandomPointsStart(),
    ] {
      let mixture = try start(method, points, seed: seed)
      #expect(mixture.components.map(\.mean) == [[0, 0], [1, 2], [5, -1]])
      #expect(throws: DataError.tooFewDistinctPoints(components: 4, distinct: 3)) {
        try start(method, points, components: 4, seed: seed)
      }
    }
  }

  /// A point of weight zero is not one of the distinct points.
  @Test func distinctPointsAreThoseThatCount() throws {
    let points = try WeightedPoints(
      Matrix(rows: [[0, 0], [1, 2], [5, -1], [5, -1], [2, 2]]), weights: [1, 2, 1, 1, 0])
    #expect(throws: DataError.tooFewDistinctPoints(components: 4, distinct: 3)) {
      try start(RandomPointsStart(), points, components: 4, structure: .eii)
    }
    #expect(throws: DataError.tooManyComponents(components: 5, points: 4)) {
      try start(RandomPointsStart(), points, components: 5, structure: .eii)
    }
  }

  /// Where the sample of large data holds too few distinct points, they are drawn from all, too many to remember the distances of.
  @Test func distinctPointsOutsideTheSample() throws {
    var elements = Array(repeating: 0.0, count: 1_200_000)
    for (row, value) in [(1000, 1.0), (400_000, 2), (1_199_999, 5)] { elements[row] = value }
    let points = Matrix(rowCount: elements.count, columnCount: 1, elements: elements)
    let mixture = try start(RandomPointsStart(), points, components: 4, structure: .e)
    #expect(mixture.components.map(\.mean) == [[0], [1], [2], [5]])
    #expect(throws: DataError.tooFewDistinctPoints(components: 5, distinct: 4)) {
      try start(RandomPointsStart(), points, components: 5, structure: .e)
    }
  }

  /// Of four hundred seeds, a point of weight w among eleven in all is drawn first in w/11 of them: binomial, six
  /// standard deviations allowed.
  @Test func weightsCountInTheDraw() throws {
    let weights = [1.0, 2, 3, 5]
    let points = try WeightedPoints(
      Matrix(rows: [[0, 1], [1, 0], [3, 2], [4, 5]]), weights: weights)
    var counts = [0.0, 0, 0, 0]
    for seed in 1...400 as ClosedRange<UInt64> {
      let mean = try start(
        RandomPointsStart(), points, components: 1, seed: seed, structure: .vii
      ).components[0].mean
      counts[[0, 1, 3, 4].firstIndex(of: mean[0]) ?? 0] += 1
    }
    for (count, weight) in zip(counts, weights) {
      let share = weight / 11
      let deviation = (400 * share * (1 - share)).squareRoot()
      #expect(abs(count - 400 * share) < 6 * deviation)
    }
    #expect(counts[3] > counts[0])
  }

  /// The clusters of weighted points are those of repeated ones.
  @Test(arguments: UInt64(1)...5)
  func weightsCountInTheCentres(seed: UInt64) throws {
    let counts = (0..<300).map { 1 + ($0 * $0) % 4 }
    let weighted = try WeightedPoints(Self.problem.points, weights: counts.map(Double.init))
    let mixture = try start(KMeansStart(), weighted, seed: seed)
    // standardised by the weighted deviations: compare with those of the repeated points
    let repeated = Self.problem.points.repeating(counts)
    let labels = nearest(repeated, mixture.components.map(\.mean))
    let expected = try GaussianMixture.labelled(repeated, labels: labels)
    #expect(MixtureDifference(mixture, expected).largest <= 1e-9)
  }

  /// A constant column takes no part in the distances.
  @Test func aConstantColumnIsLeftOut() throws {
    let points = Matrix(rows: Self.problem.points.rows.map { [$0[0], 3, $0[1]] })
    let mixture = try start(KMeansStart(), points, structure: .vii)
    let plain = try start(KMeansStart(), structure: .vii)
    #expect(mixture.weights == plain.weights)
    #expect(mixture.components.map { [$0.mean[0], $0.mean[2]] } == plain.components.map(\.mean))
  }
}
