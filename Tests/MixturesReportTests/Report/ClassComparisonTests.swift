import MixturesReport
import Testing

@Suite struct ClassComparisonTests {
  @Test func countsByClassAndComponent() {
    let comparison = ClassComparison(
      of: [0, 0, 1, 1, 1], with: ["b", "b", "a", "a", "b"], weights: [1, 2, 1, 1, 0.5],
      components: 3)
    #expect(comparison.classes == ["a", "b"])
    #expect(comparison.components == [0, 1, 2])
    #expect(comparison.counts == [[0, 2, 0], [3, 0.5, 0]])
    #expect(abs(comparison.agreement.errorRate - 0.5 / 5.5) < 1e-15)
  }

  @Test func theBackgroundHasAColumn() {
    let comparison = ClassComparison(
      of: [-1, 0, 1], with: ["1", "10", "2"], weights: nil, components: 2)
    #expect(comparison.classes == ["1", "2", "10"])
    #expect(comparison.components == [-1, 0, 1])
    #expect(comparison.counts == [[1, 0, 0], [0, 0, 1], [0, 1, 0]])
  }
}
