import MixtureTestSupport
import Mixtures
import Testing

@Suite struct AgreementTests {
  /// Counted by hand: of 15 pairs, 2 are together in both, 3 in the first, 6 in the second:
  /// (2 − 3·6/15) / ((3 + 6)/2 − 3·6/15) = 0.8 / 3.3.
  @Test func bothIndices() {
    let agreement = Agreement(of: [0, 0, 1, 1, 2, 2], with: ["a", "a", "a", "b", "b", "b"])
    #expect(abs(agreement.adjustedRandIndex - 0.8 / 3.3) <= 4 * Double.ulpOfOne)
    // a ↔ 0 and b ↔ 2: two points are outside
    #expect(abs(agreement.errorRate - 2.0 / 6) <= 4 * Double.ulpOfOne)
  }

  @Test func namesDoNotMatter() {
    let same = Agreement(of: [2, 2, 0, 0, 1], with: [10, 10, 30, 30, 20])
    #expect(same.adjustedRandIndex == 1 && same.errorRate == 0)
    let one = Agreement(of: [0, 0, 0], with: ["x", "x", "x"])
    #expect(one.adjustedRandIndex == 1 && one.errorRate == 0)
  }

  /// The cheapest matching is not the greedy one: 0 ↔ b and 1 ↔ a keep 3 + 3 of 10, greedy 4 + 1.
  @Test func theMatchingIsTheBest() {
    let table = [("a", 4, 3), ("b", 3, 0)]
    let pairs = table.flatMap { name, first, second in
      Array(repeating: (0, name), count: first) + Array(repeating: (1, name), count: second)
    }
    let agreement = Agreement(of: pairs.map(\.0), with: pairs.map(\.1))
    #expect(abs(agreement.errorRate - 0.4) <= 4 * Double.ulpOfOne)
  }

  @Test(arguments: UInt64(1)...20)
  func theErrorRateIsTheSmallestOfAllMatchings(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let found = (0..<60).map { _ in Int.random(in: 0..<4, using: &generator) }
    let truth = (0..<60).map { _ in Int.random(in: 0..<3, using: &generator) }
    var largest = 0
    for first in 0..<4 {
      for second in 0..<4 where second != first {
        for third in 0..<4 where third != first && third != second {
          let matching = [first, second, third]
          largest = max(largest, zip(found, truth).filter { matching[$1] == $0 }.count)
        }
      }
    }
    let agreement = Agreement(of: found, with: truth)
    let smallest = 1 - Double(largest) / 60
    #expect(abs(agreement.errorRate - smallest) <= 4 * Double.ulpOfOne)
    let weights: [Double] = Array(repeating: 1, count: 60) + [0, 0]
    // Weights that are no numbers of points count by their ratios.
    let tenths = Agreement(
      of: found + [3, 3], with: truth + [0, 1], weights: weights.map { $0 / 10 })
    #expect(abs(tenths.adjustedRandIndex - agreement.adjustedRandIndex) <= 1e-12)
    let weighted = Agreement(of: found + [3, 3], with: truth + [0, 1], weights: weights)
    #expect(weighted == agreement)
  }

  /// mclust's `adjustedRandIndex` of k-means partitions and fits of iris and others.
  @Test(arguments: ["iris_G3_kmeans", "iris_G2_kmeans", "banknote_G2_kmeans", "diabetes_G3_kmeans"])
  func mclust(name: String) throws {
    let reference = try Reference.json("mclust/me/\(name).json")
    let set = try #require(reference["data"].string)
    let (names, rows) = try Reference.table("data/\(set).csv")
    let column = try #require(names.firstIndex(of: "class"))
    for model in reference["models"].keys {
      let fixed = reference["models"][model]["fixed_point"]
      guard fixed["adjusted_rand_index"].exists else { continue }
      let classes = try fixed["classification"].array.map { try $0.integer - 1 }
      let agreement = Agreement(of: classes, with: rows.map { $0[column] })
      let expected = try fixed["adjusted_rand_index"].number
      #expect(abs(agreement.adjustedRandIndex - expected) <= 1e-12)
    }
  }
}
