import MixtureTestSupport
import Mixtures
import Testing

@Suite struct GaussianStatisticsTests {
  private static func statistics(
    _ rows: Range<Int>, of points: Matrix, _ structure: CovarianceStructure, origin: [Double]
  ) throws -> GaussianStatistics {
    let family = try GaussianFamily(structure, scale: DataSummary(of: points).scale)
    var statistics = family.emptyStatistics(components: 1, about: origin)
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: 32) {
      var tile = Tile(capacity: 32, dimension: points.dimension)
      points.read(start..<min(start + 32, rows.upperBound), into: &tile)
      let shares = (0..<tile.capacity).map { $0 < tile.count ? Double(($0 * 7) % 5) / 4 : 0 }
      shares.withUnsafeBufferPointer { family.accumulate(tile, shares: $0, into: &statistics) }
    }
    return statistics
  }

  /// Sums of at most 300 terms (x − o)², each at most the largest of them; the scatter takes off the shift of
  /// the mean, which is no larger.
  @Test(arguments: UInt64(1)...10, structures)
  func statisticsAreAMonoid(seed: UInt64, structure: CovarianceStructure) throws {
    let points = Problem(seed: seed, count: 320, dimension: 3, components: 2).points
    let origin = points.row(0)
    func part(_ rows: Range<Int>) throws -> GaussianStatistics {
      try Self.statistics(rows, of: points, structure, origin: origin)
    }
    func numbers(_ statistics: GaussianStatistics) -> [Double] {
      let scatter = statistics.scatters[0]
      return [scatter.effectiveCount] + scatter.mean + scatter.values
    }
    let largest = points.rows.flatMap { zip($0, origin).map { abs($0 - $1) } }.max() ?? 0
    let (a, b, c) = (try part(0..<96), try part(96..<192), try part(192..<320))
    let whole = try part(0..<320)
    let allowance = numbers(whole).map { _ in 3 * 4 * 320 * unitRoundoff * 320 * largest * largest }
    #expect(
      checkMonoid(
        zero: try part(0..<0), a, b, c, allowance: allowance, numbers: numbers) == [])
    var merged = a
    merged.merge(b)
    merged.merge(c)
    for (index, pair) in zip(numbers(merged), numbers(whole)).enumerated() {
      #expect(abs(pair.0 - pair.1) <= allowance[index])
    }
  }

  /// Data exact in binary: the moments of two origins differ by rounding of sums alone.
  @Test(arguments: structures)
  func theOriginDoesNotMatter(structure: CovarianceStructure) throws {
    let points = Problem(seed: 2, count: 160, dimension: 2, components: 1).points
      .mapping { ($1 * 256).rounded() / 256 }
    let moved = points.mapping { $1 + 1e8 }
    let near = try Self.statistics(0..<160, of: points, structure, origin: [0, 0]).scatters[0]
    let far = try Self.statistics(0..<160, of: moved, structure, origin: [1e8, 1e8]).scatters[0]
    #expect(far.values == near.values && far.effectiveCount == near.effectiveCount)
    let other = try Self.statistics(0..<160, of: points, structure, origin: [1, -2]).scatters[0]
    for (found, expected) in zip(other.values, near.values) {
      #expect(abs(found - expected) <= 160 * unitRoundoff * 160 * 25 * 25)
    }
  }

  @Test func aFarOriginAsksForABetterOne() throws {
    let points = Problem(seed: 3, count: 160, dimension: 2, components: 1).points
    for structure in structures {
      let near = try Self.statistics(0..<160, of: points, structure, origin: points.row(3))
      #expect(near.recentred == nil)
      let far = try Self.statistics(0..<160, of: points, structure, origin: [1e4, 1e4])
      let better = try #require(far.recentred)
      #expect(better.effectiveCounts == [0])
      #expect(
        try Self.statistics(0..<0, of: points, structure, origin: [1e4, 1e4]).recentred == nil)
    }
  }

  @Test func howMuchOfAScatterAShapeHolds() {
    #expect(ScatterShape.trace.count(dimension: 5) == 1)
    #expect(ScatterShape.diagonal.count(dimension: 5) == 5)
    #expect(ScatterShape.full.count(dimension: 5) == 15)
  }
}
