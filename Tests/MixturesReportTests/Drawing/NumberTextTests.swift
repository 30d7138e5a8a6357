import MixtureTestSupport
import Mixtures
import MixturesReport
import Testing

@Suite struct NumberTextTests {
  @Test(arguments: [
    (0, "0"), (0.04, "0"), (-0.04, "0"), (0.05, "0.1"), (12.34, "12.3"), (-7.96, "-8"),
    (-0.5, "-0.5"), (.nan, "0"), (.infinity, "100000"), (-.infinity, "-100000"),
  ])
  func pixelsHaveOneDecimal(length: Double, text: String) {
    #expect(length.pixels == text)
  }

  @Test(arguments: [
    (0, 2, "0.00"), (1.005, 0, "1"), (-0.004, 2, "0.00"), (-1130.26396, 3, "-1130.264"),
    (0.5, 0, "1"), (12, 1, "12.0"), (0.0625, 4, "0.0625"), (.nan, 2, "–"), (.infinity, 2, "∞"),
  ])
  func fixedHasSoManyDecimals(value: Double, decimals: Int, text: String) {
    #expect(value.fixed(decimals) == text)
  }

  @Test(arguments: [
    (0, "0"), (1, "1"), (1234.5678, "1235"), (0.00012345, "0.0001235"), (0.5, "0.5"),
    (123456, "123456"), (1_234_567, "1.235e6"), (1e-5, "1e-5"), (9.9999e-7, "1e-6"),
    (-1.5e300, "-1.5e300"), (.leastNonzeroMagnitude, "4.941e-324"), (99.999, "100"),
  ])
  func significantHasFourDigits(value: Double, text: String) {
    #expect(value.significant(4) == text)
  }

  @Test func whatPeopleReadHasTrueMinusSignsAndPowers() {
    #expect((-2.5).shown(significant: 4) == "−2.5")
    #expect((-1.5e-7).shown(significant: 4) == "−1.5·10⁻⁷")
    #expect((-2.5).shown(2) == "−2.50")
    #expect((-1.5e20).shown(2) == "−1.5·10²⁰")
    #expect((-Double.infinity).shown(2) == "−∞")
  }

  @Test(arguments: [
    (0, "0 %"), (0.36, "36 %"), (0.0843, "8.4 %"), (0.0994, "9.9 %"), (0.0996, "10 %"),
    (0.00001, "<0.1 %"), (0.99999, ">99.9 %"), (0.9949, "99.5 %"), (1, "100 %"),
  ])
  func percentsAreShort(share: Double, text: String) {
    #expect(share.percent == text.replacing(" ", with: "\u{A0}"))
  }

  /// Four digits leave half a unit of the fourth: a relative error of 5 · 10⁻⁴ at most.
  @Test(arguments: UInt64(1)...3)
  func significantReadsBack(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    for _ in 0..<300 {
      let power = Int.random(in: -300...300, using: &generator)
      let value =
        Double.random(in: -10...10, using: &generator) * (Double("1e\(power)") ?? 1)
      let read = try #require(Double(value.significant(4)))
      #expect(abs(read - value) <= 5.1e-4 * abs(value), "\(value)")
    }
  }
}
