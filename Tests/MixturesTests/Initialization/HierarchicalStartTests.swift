import MixtureTestSupport
import Mixtures
import Testing

/// Agglomeration beside that of mclust's hc(), where it follows its criterion, and a brute-force one where it
/// leaves it.
@Suite struct HierarchicalStartTests {
  private static let scalings: [String: AgglomerationScaling] = [
    "VARS": .none, "STD": .standardized, "SPH": .sphered, "SVD": .singularValues,
  ]

  private struct Run {
    let points: Matrix
    let start: HierarchicalStart
    let json: JSON

    init?(_ reference: JSON, _ key: String) throws {
      json = reference["runs"][key]
      guard let criterion = AgglomerationCriterion(rawValue: json["model"].string ?? ""),
        let scaling = scalings[json["use"].string ?? ""]
      else { return nil }
      let all = try Reference.points("data/\(reference["data"].string ?? "").csv")
      let rows = try reference["rows"].integer
      points = Matrix(rows: Array(all.rows.prefix(rows)))
      start = HierarchicalStart(criterion: criterion, scaling: scaling)
    }

    var merges: [[Int]] { get throws { try json["merges"].rows.map { $0.map { Int($0) } } } }
  }

  /// No gap to the second best pair is below 10⁻⁷ there: every merge is told apart.
  @Test(arguments: ["ex4_4_2", "wine", "wreath_first200"])
  func everyMergeIsThatOfTheReference(name: String) throws {
    let reference = try Reference.json("mclust/hc/\(name).json")
    let exact = try Reference.json("mclust/hc/\(name).exact.json")
    var count = 0
    for key in reference["runs"].keys {
      let source = exact["runs"][key].exists ? exact : reference
      guard let run = try Run(source, key) else { continue }
      let tree = try run.start.tree(of: run.points)
      #expect(try tree.merges.map { [$0.kept + 1, $0.absorbed + 1] } == run.merges, "\(key)")
      for clusters in 2...9 {
        let labels = try run.json["partitions"]["G\(clusters)"].numbers.map { Int($0) - 1 }
        #expect(tree.labels(clusters: clusters) == labels, "\(key), \(clusters)")
      }
      count += 1
    }
    #expect(count == 7)
  }

  /// Ties are broken in another order, and the partitions are the same.
  @Test(arguments: ["acidity", "galaxies"])
  func oneDimension(name: String) throws {
    let reference = try Reference.json("mclust/hc/\(name).json")
    let points = try Reference.points("data/\(name).csv")
    let tree = try HierarchicalStart(criterion: .eii, scaling: .none).tree(of: points)
    for clusters in 2...9 {
      let labels = try reference["runs"]["E_VARS"]["partitions"]["G\(clusters)"].numbers
      #expect(tree.labels(clusters: clusters) == labels.map { Int($0) - 1 }, "\(clusters)")
    }
  }

  /// A point of weight three is three points.
  @Test(arguments: AgglomerationCriterion.allCases)
  func weightsCountAsRepeatedPoints(criterion: AgglomerationCriterion) throws {
    let problem = Problem(seed: 5, count: 30, dimension: 2, components: 3)
    let weights = (0..<30).map { Double(1 + $0 % 3) }
    let start = HierarchicalStart(criterion: criterion)
    let weighted = try start.tree(of: WeightedPoints(problem.points, weights: weights))
    let repeated = try start.tree(
      of: Matrix(
        rows: zip(problem.points.rows, weights).flatMap {
          Array(repeating: $0, count: Int($1))
        }))
    var expected: [Int] = []
    for (row, weight) in weights.enumerated() {
      expected += Array(repeating: weighted.labels(clusters: 3)[row], count: Int(weight))
    }
    #expect(repeated.labels(clusters: 3) == expected)
  }

  /// A point of weight zero is absent: it takes part in no merge, nor in the first mixture.
  @Test func pointsOfWeightZeroAreAbsent() throws {
    let problem = Problem(seed: 5, count: 40, dimension: 2, components: 3)
    let far = Matrix(rows: [[1e3, -1e3], [5, 5]] + problem.points.rows + [[0, 1e6]])
    let weights = [0, 0] + Array(repeating: 1.0, count: 40) + [0]
    let padded = try WeightedPoints(far, weights: weights)
    let start = HierarchicalStart()
    #expect(try start.tree(of: padded) == start.tree(of: problem.points))
    let fits = try [padded as any PointSource, problem.points].map {
      try GaussianMixture.fit($0, components: 3, structure: .vvi, from: start)
    }
    #expect(MixtureDifference(fits[0].mixture, fits[1].mixture).largest <= 1e-12)
  }

  /// Equal points, one point, collinear columns: there is always a tree.
  @Test(arguments: AgglomerationCriterion.allCases, AgglomerationScaling.allCases)
  func awkwardPoints(criterion: AgglomerationCriterion, scaling: AgglomerationScaling) throws {
    let start = HierarchicalStart(criterion: criterion, scaling: scaling)
    let equal = try start.tree(of: Matrix(rows: Array(repeating: [1, 2], count: 7)))
    #expect(equal.merges.count == 6)
    #expect(equal.labels(clusters: 7) == Array(0..<7))
    #expect(try start.tree(of: Matrix(rows: [[1, 2]])).merges.isEmpty)
    let line = try start.tree(of: Matrix(rows: (0..<9).map { [Double($0), 3, 2 * Double($0)] }))
    #expect(Set(line.labels(clusters: 4)).count == 4)
    #expect(line.labels(clusters: 1) == Array(repeating: 0, count: 9))
  }

  /// The fit's first mixture is the M-step of the partition.
  @Test func theStartIsTheMStepOfThePartition() throws {
    // No two points of it are equal.
    let points = try Reference.points("data/ex4_4_2.csv")
    let start = HierarchicalStart()
    let labels = try start.tree(of: points).labels(clusters: 3)
    let fit = try GaussianMixture.fit(
      points, components: 3, from: start, options: .exactly(0))
    #expect(try fit.mixture == GaussianMixture.labelled(points, labels: labels))
    #expect(fit.certificate.starts == 1)
  }

  /// Above the stated size a part of the rows stands for all.
  @Test func aSampleStandsForManyPoints() throws {
    let problem = Problem(seed: 2, count: 900, dimension: 2, components: 3, separation: 4)
    let start = HierarchicalStart(sampleSize: 150)
    let fit = try GaussianMixture.fit(problem.points, components: 3, from: start)
    let classes = try fit.mixture.classification(of: problem.points)
    let agreement = Agreement(of: classes, with: problem.labels.map { "\($0)" })
    #expect(agreement.adjustedRandIndex > 0.95)
    #expect(throws: DataError.tooManyComponents(components: 151, points: 150)) {
      try GaussianMixture.fit(problem.points, components: 151, from: start)
    }
  }

  @Test func itCanBeCancelled() {
    let problem = Problem(seed: 2, count: 100, dimension: 2, components: 3)
    #expect(throws: CancellationError.self) {
      try HierarchicalStart().tree(of: problem.points, isCancelled: { true })
    }
  }
}
