import MixtureKernels
import MixtureTestSupport
import Testing

@Suite struct LogSumExpTests {
  /// Responsibilities and log-density of one point, which stands in lane `lane` of a tile of sixteen;
  /// the other lanes hold zeros.
  private func normalised(_ logs: [Double], lane: Int = 5) -> (r: [Double], log: Double) {
    let capacity = 16
    var terms = Array(repeating: 0.0, count: logs.count * capacity)
    var densities = Array(repeating: Double.nan, count: capacity)
    for (k, log) in logs.enumerated() { terms[k * capacity + lane] = log }
    normalise(&terms, components: logs.count, capacity: capacity, logDensities: &densities)
    return (logs.indices.map { terms[$0 * capacity + lane] }, densities[lane])
  }

  static let extremes: [[Double]] = [
    [-1e9, -1e9 - 1], [-1e9, -1e9, -1e9], [700, 710, 690], [1e300, -1e300], [-1e300, -1e308],
    [0, 0, 0, 0, 0, 0, 0], [-Double.infinity, 3], [-Double.infinity, -1e9, -Double.infinity],
    [-745, -746, -747], [Double.leastNonzeroMagnitude, 0], [-1e9],
    [-Double.infinity, -Double.infinity],
    [-Double.infinity],
  ]

  @Test(arguments: extremes)
  func responsibilitiesSumToOne(logs: [Double]) {
    let (r, log) = normalised(logs)
    #expect(r.allSatisfy { $0 >= 0 && $0 <= 1 + Double.ulpOfOne })
    #expect(abs(r.reduce(0, +) - 1) <= Double(logs.count) * Double.ulpOfOne)
    let largest = logs.max() ?? 0
    #expect(log >= largest && (log <= largest + 4 || log == largest))
  }

  /// 1 / (1 + e⁻¹) in 20 digits, at any shift: the shift is exact here.
  @Test(arguments: [0, 700, -700, -0x1p30, 0x1p30])
  func aShiftChangesNoResponsibility(shift: Double) {
    let (r, log) = normalised([shift, shift - 1])
    #expect(abs(r[0] - 0.731_058_578_630_004_879_25) <= 2 * Double.ulpOfOne)
    #expect(abs(r[1] - 0.268_941_421_369_995_120_75) <= 2 * Double.ulpOfOne)
    #expect(
      abs(log - (shift + 0.313_261_687_518_222_834_05)) <= 2 * max(Double.ulpOfOne, shift.ulp))
  }

  @Test func aSingleComponentTakesAll() {
    #expect(normalised([-1e9]).r == [1])
    #expect(normalised([-1e9]).log == -1e9)
  }

  @Test func whereNoTermIsFiniteComponentsShareEqually() {
    let (r, log) = normalised([-.infinity, -.infinity, -.infinity, -.infinity])
    #expect(r == [0.25, 0.25, 0.25, 0.25])
    #expect(log == -.infinity)
  }

  @Test func anImpossibleComponentGetsNothing() {
    let (r, log) = normalised([-.infinity, -3])
    #expect(r == [0, 1])
    #expect(log == -3)
  }

  @Test(arguments: 0..<16)
  func everyLaneIsWorkedOn(lane: Int) {
    let (r, log) = normalised([1, 1], lane: lane)
    #expect(r == [0.5, 0.5])
    #expect(abs(log - 1.693_147_180_559_945_3) <= 2 * Double.ulpOfOne)
  }
}
