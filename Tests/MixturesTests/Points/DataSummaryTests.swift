import MixtureTestSupport
import Mixtures
import Testing

@Suite struct DataSummaryTests {
  @Test(arguments: UInt64(1)...20)
  func meanCovarianceAndRanges(seed: UInt64) throws {
    let problem = Problem(seed: seed, components: 2, offset: seed % 2 == 0 ? 0 : 1e8)
    let weights = (0..<200).map { Double(($0 + Int(seed)) % 4) }
    let summary = try DataSummary(of: WeightedPoints(problem.points, weights: weights))
    let ones = Matrix(rows: Array(repeating: [1], count: 200))
    let structure: CovarianceStructure = problem.dimension == 1 ? .v : .vvv
    let expected = try textbookMaximization(
      problem.points, responsibilities: ones, structure: structure, weights: weights)
    let found = try GaussianMixture(
      weights: [1], means: [summary.mean], covariances: [summary.covariance])
    let difference = MixtureDifference(found, expected)
    #expect(difference.covariances <= momentRounding(problem.points, expected))
    // a mean near 10⁸ is known to an ulp or two
    #expect(difference.means <= momentRounding(problem.points, expected) + 4e8 * .ulpOfOne)
    #expect(summary.pointCount == weights.reduce(0, +))
    #expect(summary.scale.variances == summary.covariance.variances)
    let counted = problem.points.selecting((0..<200).filter { weights[$0] > 0 })
    for (column, range) in summary.ranges.enumerated() {
      let values = counted.rows.map { $0[column] }
      #expect(range == (values.min() ?? 0)...(values.max() ?? 0))
    }
  }

  /// The mid-range o = 5·10⁸ is a poor origin where one point lies far out. Of n = 101 terms |x − o| ≤ 5·10⁸, the
  /// mean is known to n u 5·10⁸ and the variance to n u (5·10⁸)², twice for the shift to the mean.
  @Test func anOutlierIsAPoorOrigin() throws {
    var rows = (0..<100).map { [Double($0 % 10)] }
    rows.append([1e9])
    let summary = try DataSummary(of: Matrix(rows: rows))
    let mean = (450 + 1e9) / 101
    let variance = (2_850 + 1e18) / 101 - mean * mean  // the terms differ by a factor of 101
    #expect(abs(summary.mean[0] - mean) <= 101 * unitRoundoff * 5e8)
    #expect(abs(summary.covariance[0, 0] - variance) <= 2 * 101 * unitRoundoff * 25e16)
  }

  /// Sixty thousand points and one at 10⁹: about the mid-range the second moment is 15 000 times that about the
  /// mean, and four digits would be lost. About a better origin a sum is within n u of the exact one.
  /// The expected sums are of integers, and exact.
  @Test func manyPointsAndAnOutlier() throws {
    let n = 60_001
    let points = Matrix(
      rowCount: n, columnCount: 1, elements: (1..<n).map { Double($0 % 10) } + [1e9])
    let summary = try DataSummary(of: points)
    let (sum, squares) = (1e9 + 45 * 6_000, 1e18 + 285 * 6_000)
    let expected = (squares - sum * sum / Double(n)) / Double(n)
    #expect(relativeDifference(summary.covariance[0, 0], expected) <= Double(n) * unitRoundoff)
    #expect(relativeDifference(summary.mean[0], sum / Double(n)) <= Double(n) * unitRoundoff)
  }

  /// Two points at a distance of two have variance one, wherever they are.
  @Test(arguments: [0, 1, 1e8, -1e15])
  func anyOffset(offset: Double) throws {
    let summary = try DataSummary(of: Matrix(rows: [[offset - 1], [offset + 1]]))
    #expect(summary.mean == [offset])
    #expect(summary.covariance[0, 0] == 1)
    #expect(summary.pointCount == 2)
  }

  @Test func featureNames() throws {
    let points = Matrix(rows: [[1, 2], [2, 5]], columnNames: ["length", "width"])
    #expect(try DataSummary(of: points).featureNames == ["length", "width"])
    let weighted = try WeightedPoints(points, weights: [1, 2])
    #expect(try DataSummary(of: weighted).featureNames == ["length", "width"])
  }
}
