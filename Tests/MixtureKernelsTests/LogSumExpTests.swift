import Foundation
import MixtureKernels
import MixtureTestSupport
import Testing

@Suite struct LogSumExpTests {
  /// Responsibilities and log-density of one point, which stands in lane `lane` of a tile of 32; the other
  /// lanes hold zeros. The same for every instruction set, up to its rounding.
  private func normalised(
    _ kernels: TileKernels, _ logs: [Double], lane: Int = 5
  ) -> (r: [Double], log: Double) {
    let lanes = TileView.laneMultiple
    var terms = Array(repeating: 0.0, count: logs.count * lanes)
    var densities = Array(repeating: Double.nan, count: lanes)
    for (k, log) in logs.enumerated() { terms[k * lanes + lane] = log }
    kernels.normalise(
      &terms, components: logs.count, stride: lanes, lanes: lanes, logDensities: &densities)
    return (logs.indices.map { terms[$0 * lanes + lane] }, densities[lane])
  }

  static let extremes: [[Double]] = [
    [-1e9, -1e9 - 1], [-1e9, -1e9, -1e9], [700, 710, 690], [1e300, -1e300], [-1e300, -1e308],
    [0, 0, 0, 0, 0, 0, 0], [-Double.infinity, 3], [-Double.infinity, -1e9, -Double.infinity],
    [-745, -746, -747], [Double.leastNonzeroMagnitude, 0], [-1e9],
    [-Double.infinity, -Double.infinity],
    [-Double.infinity],
  ]

  @Test(arguments: TileKernels.available, extremes)
  func responsibilitiesSumToOne(kernels: TileKernels, logs: [Double]) {
    let (r, log) = normalised(kernels, logs)
    #expect(r.allSatisfy { $0 >= 0 && $0 <= 1 + Double.ulpOfOne })
    #expect(abs(r.reduce(0, +) - 1) <= Double(logs.count) * Double.ulpOfOne)
    let largest = logs.max() ?? 0
    #expect(log >= largest && (log <= largest + 4 || log == largest))
  }

  /// 1 / (1 + e⁻¹) in 20 digits, at any shift: the shift is exact here.
  @Test(arguments: TileKernels.available, [0, 700, -700, -0x1p30, 0x1p30])
  func aShiftChangesNoResponsibility(kernels: TileKernels, shift: Double) {
    let (r, log) = normalised(kernels, [shift, shift - 1])
    #expect(abs(r[0] - 0.731_058_578_630_004_879_25) <= 2 * Double.ulpOfOne)
    #expect(abs(r[1] - 0.268_941_421_369_995_120_75) <= 2 * Double.ulpOfOne)
    #expect(
      abs(log - (shift + 0.313_261_687_518_222_834_05)) <= 2 * max(Double.ulpOfOne, shift.ulp))
  }

  @Test(arguments: TileKernels.available)
  func aSingleComponentTakesAll(kernels: TileKernels) {
    #expect(normalised(kernels, [-1e9]).r == [1])
    #expect(normalised(kernels, [-1e9]).log == -1e9)
  }

  @Test(arguments: TileKernels.available)
  func whereNoTermIsFiniteComponentsShareEqually(kernels: TileKernels) {
    let (r, log) = normalised(kernels, [-.infinity, -.infinity, -.infinity, -.infinity])
    #expect(r == [0.25, 0.25, 0.25, 0.25])
    #expect(log == -.infinity)
  }

  @Test(arguments: TileKernels.available)
  func anImpossibleComponentGetsNothing(kernels: TileKernels) {
    let (r, log) = normalised(kernels, [-.infinity, -3])
    #expect(r == [0, 1])
    #expect(log == -3)
  }

  @Test(arguments: TileKernels.available, 0..<32)
  func everyLaneIsWorkedOn(kernels: TileKernels, lane: Int) {
    let (r, log) = normalised(kernels, [1, 1], lane: lane)
    #expect(r == [0.5, 0.5])
    #expect(abs(log - 1.693_147_180_559_945_3) <= 2 * Double.ulpOfOne)
  }

  /// Against a sum in scalar Swift: any number of components, the largest term at any place, tied or alone, others far below or
  /// impossible. An exponential, a sum of K, a reciprocal and a product: K + 5 ulps.
  @Test(arguments: TileKernels.available, 1...9)
  func theSharesAreThoseOfAScalarSum(kernels: TileKernels, components: Int) {
    let lanes = 160
    let values = randomValues(components * lanes, seed: 62)
    var terms = values.map { 20 * $0 }
    for lane in 0..<lanes {
      let k = lane % components
      switch lane / components % 6 {
      case 0: terms[k * lanes + lane] = 100
      case 1: for k in 0..<components { terms[k * lanes + lane] = -7 }
      case 2: terms[k * lanes + lane] = -.infinity
      case 3: terms[k * lanes + lane] -= 1e4
      case 4: for j in 0...k { terms[j * lanes + lane] = 60 }
      default: break
      }
    }
    let source = terms
    var (total, logs) = (source, Array(repeating: 0.0, count: lanes))
    kernels.normalise(
      &terms, components: components, stride: lanes, lanes: lanes, logDensities: &logs)
    let sum = kernels.normaliseTotal(
      &total, components: components, stride: lanes, lanes: lanes, weights: nil)
    #expect(total == terms)
    var expected = 0.0
    for lane in 0..<lanes {
      let own = (0..<components).map { source[$0 * lanes + lane] }
      let largest = own.max() ?? 0
      guard largest > -.infinity else {
        #expect(logs[lane] == -.infinity && terms[lane] == 1 / Double(components))
        expected = -.infinity
        continue
      }
      let whole = own.reduce(0) { $0 + exp($1 - largest) }
      for k in 0..<components {
        let share = exp(own[k] - largest) / whole
        #expect(
          abs(terms[k * lanes + lane] - share) <= Double(components + 5) * Double.ulpOfOne * share)
      }
      let log = largest + Foundation.log(whole)
      #expect(abs(logs[lane] - log) <= Double(components + 5) * Double.ulpOfOne * max(1, abs(log)))
      expected += log
    }
    #expect(
      sum == expected
        || abs(sum - expected) <= Double(lanes) * 8 * Double.ulpOfOne * max(1, abs(expected)))
  }

  /// The total is the sum of the logs of the points, lanes beyond them left out; n roundings of the sum and 3 ulps
  /// per logarithm on both sides.
  @Test(arguments: TileKernels.available, [1, 31, 32, 100, 288])
  func theTotalIsTheSumOfTheLogs(kernels: TileKernels, points: Int) {
    let lanes = (points + 31) / 32 * 32
    let components = 300
    let source = randomValues(components * lanes, seed: 61).map { 40 * $0 }
    var (one, other) = (source, source)
    var logs = Array(repeating: 0.0, count: lanes)
    kernels.normalise(
      &one, components: components, stride: lanes, lanes: lanes, logDensities: &logs)
    let total = kernels.normaliseTotal(
      &other, components: components, stride: lanes, lanes: lanes,
      weights: (0..<lanes).map { $0 < points ? 1 : 0 })
    let size = logs[..<points].reduce(0) { $0 + abs($1) }
    #expect(
      abs(total - logs[..<points].reduce(0, +)) <= Double(points + 6) * Double.ulpOfOne * size)
    #expect(one == other)
    // All count, and no weights say so; half of each, as many halves of logs.
    var (whole, halves) = (source, source)
    let all = kernels.normaliseTotal(
      &whole, components: components, stride: lanes, lanes: lanes, weights: nil)
    #expect(abs(all - logs.reduce(0, +)) <= Double(lanes + 6) * Double.ulpOfOne * size * 2)
    let weighted = kernels.normaliseWeighted(
      &halves, components: components, stride: lanes, lanes: lanes,
      weights: (0..<lanes).map { $0 < points ? 0.5 : 0 })
    #expect(abs(weighted - total / 2) <= Double(points + 6) * Double.ulpOfOne * size)
    #expect(whole == one && halves == one)
  }
}

@Suite struct ElementaryKernelsTests {
  private func values(_ range: ClosedRange<Double>, seed: UInt64) -> [Double] {
    var generator = Random(seed: seed)
    return (0..<32_768).map { _ in Double.random(in: range, using: &generator) }
  }

  /// The polynomial, the reduction and the scaling round four times, with the largest share from the last two: one ulp,
  /// measured 1.05 at worst over millions of arguments; libm adds half of one.
  @Test(arguments: TileKernels.available, [-1e-3, -1, -40, -708])
  func exponential(kernels: TileKernels, lowest: Double) {
    let x = values(lowest...0, seed: 71)
    var found = x
    kernels.exponential(x, into: &found, lanes: x.count)
    for (x, found) in zip(x, found) {
      #expect(abs(found - exp(x)) <= 1.5 * exp(x).ulp, "exp(\(x))")
    }
  }

  @Test(arguments: TileKernels.available)
  func theEndsOfTheExponential(kernels: TileKernels) {
    var x = Array(repeating: -Double.infinity, count: 32)
    (x[0], x[1], x[2], x[3]) = (0, -0.0, -708.000_1, -1e300)
    var found = x
    kernels.exponential(x, into: &found, lanes: 32)
    #expect(found[0] == 1 && found[1] == 1 && found[2...].allSatisfy { $0 == 0 })
  }

  /// Near one the relative error of f = (m − 1)/(m + 1) counts once more: two ulps, measured 1.98; libm adds half of one. Every
  /// power of two has its share of the arguments.
  @Test(
    arguments: TileKernels.available,
    [(0.5, 2.0), (1.0, 1.001), (1.0, 1e308), (2.3e-308, 1e-10), (2.3e-308, 1e308)])
  func logarithm(kernels: TileKernels, range: (Double, Double)) {
    let x = values(log(range.0)...log(range.1), seed: 72).map { exp($0) }
    var found = x
    kernels.logarithm(x, into: &found, lanes: x.count)
    for (x, found) in zip(x, found) {
      #expect(abs(found - log(x)) <= 2.5 * log(x).magnitude.ulp, "ln(\(x))")
    }
  }
}
