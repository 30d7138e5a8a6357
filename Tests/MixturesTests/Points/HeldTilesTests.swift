import MixtureTestSupport
import Mixtures
import Testing

/// Tiles that are made once say to the bit what tiles say that are made in each pass.
@Suite struct HeldTilesTests {
  /// Counts about the ends of tiles and blocks, in dimensions whose tiles differ in size.
  @Test(arguments: [(40, 2), (255, 7), (257, 7), (1_024, 2), (1_025, 2), (9_000, 3), (1_200, 45)])
  func anExpectationHasTheSameBits(count: Int, dimension: Int) throws {
    let problem = Problem(
      seed: 5, count: count, dimension: dimension, components: 3, separation: 0.5)
    let weights = (0..<count).map { Double($0 % 4) / 2 }
    let labels = try Labels((0..<count).map { $0 % 5 == 0 ? $0 % 3 : nil }, count: 3)
    let weighted = try WeightedPoints(problem.points, weights: weights)
    let sources: [any PointSource] = [
      problem.points, weighted, try LabelledPoints(weighted, labels: labels),
    ]
    let family = try GaussianFamily(.vvv, scale: DataSummary(of: problem.points).scale)
    for source in sources {
      let plain = problem.truth.expectation(over: source, family: family)
      for threads in [1, 3] {
        let held = problem.truth.expectation(over: source.held, family: family, threads: threads)
        #expect(held.logLikelihood == plain.logLikelihood)
        #expect(held.statistics.scatters == plain.statistics.scatters)
      }
    }
  }

  /// Of many points tiles would be a second copy.
  @Test func manyPointsAreNotHeld() {
    let many = Matrix(zerosOf: 131_073, by: 1)
    #expect(many.held is Matrix)
    #expect(!(Matrix(zerosOf: 131_072, by: 1).held is Matrix))
  }
}
