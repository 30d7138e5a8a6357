import MixtureKernels
import Mixtures
import MixturesReport
import Testing

@Suite struct ContoursTests {
  private let lines = (0...100).map { Double($0) / 10 - 5 }

  /// Interpolated linearly between lines 0.1 apart, −(x² + y²) errs by at most 0.1²/4 in value: 0.0025 / (2 · 2) in radius.
  @Test func aCircleIsOneClosedLine() throws {
    let grid = ValueGrid(x: lines, y: lines) { -($0 * $0 + $1 * $1) }
    let found = Contours(of: grid, at: -4).lines
    let line = try #require(found.first)
    #expect(found.count == 1)
    for place in line {
      #expect(abs((place.x * place.x + place.y * place.y).squareRoot() - 2) < 0.0025)
    }
    // Closed: the last step is no longer than a cell.
    let (first, last) = (line[0], line[line.count - 1])
    #expect(max(abs(first.x - last.x), abs(first.y - last.y)) <= 0.1 + 1e-12)
  }

  @Test func whatLeavesTheGridClosesAtItsEdge() throws {
    let grid = ValueGrid(x: lines, y: lines) { x, _ in x }
    let line = try #require(Contours(of: grid, at: 0).lines.first)
    #expect(line.map(\.x).max() == 5)
    #expect(line.map(\.y).min() == -5)
    #expect(line.map(\.y).max() == 5)
  }

  @Test func twoHillsHaveTwoLines() {
    let grid = ValueGrid(x: lines, y: lines) { x, y in
      let (a, b) = ((x - 2.5) * (x - 2.5) + y * y, (x + 2.5) * (x + 2.5) + y * y)
      return max(-a, -b)
    }
    #expect(Contours(of: grid, at: -1).lines.count == 2)
    #expect(Contours(of: grid, at: -9).lines.count == 1)
  }

  @Test func nothingAboveTheLevelIsNoLine() {
    #expect(Contours(of: ValueGrid(x: lines, y: lines) { _, _ in .nan }, at: 0).lines.isEmpty)
  }

  /// Every crossing of random values belongs to exactly one line, however saddles lie.
  @Test(arguments: UInt64(1)...5)
  func noiseClosesToo(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let grid = ValueGrid(x: lines, y: lines) { _, _ in .random(in: -1...1, using: &generator) }
    for line in Contours(of: grid, at: 0).lines {
      #expect(line.count >= 4)
      let steps = zip(line, line.dropFirst() + line.prefix(1)).map { place, next in
        max(abs(place.x - next.x), abs(place.y - next.y))
      }
      #expect(steps.allSatisfy { $0 <= 0.1 + 1e-12 })
    }
  }

  @Test func simplifiedLinesStayNear() {
    let line = (0..<200).map { index in
      let x = Double(index) / 20
      return Place(x: x, y: x * x)
    }
    let simple = simplified(line, tolerance: 0.05)
    #expect(simple.count < 40)
    #expect(simple.first == line.first && simple.last == line.last)
    for place in line {
      let nearest = zip(simple, simple.dropFirst()).map { a, b -> Double in
        guard place.x >= a.x, place.x <= b.x else { return .infinity }
        return abs(a.y + (b.y - a.y) * (place.x - a.x) / (b.x - a.x) - place.y)
      }.min()
      // Across is no more than along the vertical times the cosine of the slope; the slope is at most 20.
      #expect((nearest ?? 1) <= 0.05 * 20.1)
    }
  }

  /// Contours of one Gaussian are ellipses that hold what they say: with 10,000 draws, the share is within four standard deviations, 4 √(0.95 · 0.05 / 10⁴) < 0.01.
  @Test func levelsHoldTheirShares() throws {
    let mixture = try GaussianMixture(
      weights: [1],
      components: [
        Gaussian(mean: [0, 0], covariance: .full(lowerTriangle: [1, 0.5, 2], dimension: 2))
      ])
    let plane = PlaneMixture(mixture, columns: (0, 1))
    let levels = plane.levels(PlaneMixture.draws(from: mixture), columns: (0, 1))
    let peak = plane.logDensity(0, 0)
    // The squared radius is exponential: P(r² > s) = exp(−s/2).
    let held = levels.map { 1 - exponential($0 - peak) }
    #expect(abs(held[0] - 0.95) < 0.01)
    #expect(abs(held[1] - 0.5) < 0.02)
  }
}
