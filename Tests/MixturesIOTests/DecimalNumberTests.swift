import MixturesIO
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite struct DecimalNumberTests {
  /// The bits of the number, or nil if the text is none or beyond the range.
  private func bits(_ text: String) -> UInt64? {
    let file = FileBytes(copying: text.utf8)
    let number = DecimalNumber(from: file.start, to: file.end)
    return number.outcome == .value ? number.value.bitPattern : nil
  }

  private func outcome(_ text: String) -> DecimalNumber.Outcome {
    let file = guarded(text.utf8)
    return DecimalNumber(from: file.start, to: file.end).outcome
  }

  /// The same from the C library, which rounds correctly.
  private func expectedBits(_ text: String) -> UInt64? {
    let value = strtod(text, nil)
    return value.isFinite ? value.bitPattern : nil
  }

  private func formatted(_ value: Double, _ format: String) -> String {
    var buffer = [CChar](repeating: 0, count: 1_200)
    let count = withVaList([value]) { vsnprintf(&buffer, buffer.count, format, $0) }
    return String(decoding: buffer.prefix(Int(count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static let count = isSlow ? 1_000_000 : 10_000

  @Test(arguments: 0..<UInt64(5))
  func writtenDoublesReadBackAsTheCLibraryReadsThem(seed: UInt64) {
    var rng = SplitMix64(seed: seed)
    for _ in 0..<Self.count {
      let value = Double(bitPattern: rng.next())
      guard value.isFinite else { continue }
      let plain = Double.random(in: -1_000...1_000, using: &rng)
      for text in [
        value.description, formatted(value, "%.16e"), formatted(plain, "%.17g"),
        formatted(plain, "%.4f"), "+000" + formatted(abs(value), "%.18E"),
      ] where bits(text) != expectedBits(text) {
        Issue.record("\(text)")
      }
      if bits(value.description) != value.bitPattern { Issue.record("\(value)") }
    }
  }

  /// Up to 25 digits with a point anywhere, so also those that take the slow path.
  @Test(arguments: 0..<UInt64(5))
  func digitsAtRandomReadAsTheCLibraryReadsThem(seed: UInt64) {
    var rng = SplitMix64(seed: 100 + seed)
    for _ in 0..<Self.count {
      let digits = (0..<Int.random(in: 1...25, using: &rng)).map { _ in
        String(rng.next() % 10)
      }
      let point = Int.random(in: 0...digits.count, using: &rng)
      var text = digits[..<point].joined()
      if point < digits.count || rng.flip() { text += "." + digits[point...].joined() }
      if rng.flip() { text = String(repeating: "0", count: Int(rng.next() % 12)) + text }
      if rng.flip() { text += "e\(Int.random(in: -350...310, using: &rng))" }
      if rng.flip() { text = "-" + text }
      if bits(text) != expectedBits(text) { Issue.record("\(text)") }
    }
  }

  /// m/2ᵏ for m odd with 54 bits lies exactly between two doubles; in decimal it is
  /// m·5ᵏ·10⁻ᵏ, nineteen digits at most for k ≤ 4.
  @Test(arguments: 0...4)
  func halfWayFractionsRoundToEven(power: Int) {
    var rng = SplitMix64(seed: UInt64(power))
    let scale = (0..<power).reduce(UInt64(1)) { product, _ in product * 5 }
    for _ in 0..<2_000 {
      let odd = UInt64.random(in: (1 << 53)..<(1 << 54), using: &rng) | 1
      let (low, high) = (odd - 1, odd + 1)
      let even = low >> 1 & 1 == 0 ? low : high
      let exact = odd * scale
      let value = { (significand: UInt64) in
        (Double(significand) / Double(1 << power)).bitPattern
      }
      #expect(bits("\(exact)e-\(power)") == value(even))
      #expect(bits("\(exact - 1)e-\(power)") == value(low))
      #expect(bits("\(exact + 1)e-\(power)") == value(high))
    }
  }

  /// w·5ᵠ odd with 54 bits makes w·10ᵠ such a number.
  @Test(arguments: 1...23)
  func halfWayIntegersRoundToEven(power: Int) {
    var rng = SplitMix64(seed: UInt64(power))
    let scale = (0..<power).reduce(UInt64(1)) { product, _ in product * 5 }
    let (least, most) = ((UInt64(1) << 53) / scale + 1, (UInt64(1) << 54) / scale - 1)
    guard least <= most else { return }
    for _ in 0..<500 {
      let odd = UInt64.random(in: least...most, using: &rng) | 1
      guard odd <= most else { continue }
      let text = "\(odd)e\(power)"
      #expect(bits(text) == expectedBits(text))
      #expect(bits(text).map { $0 & 1 } == 0)
    }
  }

  @Test(arguments: [
    ("0", 0), ("-0", -0.0), ("0e400", 0), ("0e-999999999999999999999", 0), (".5", 0.5), ("5.", 5),
    ("+1.5E+2", 150), ("1e-400", 0), ("-1e-400", -0.0), ("5e-324", .leastNonzeroMagnitude),
    ("2.4703282292062327e-324", 0), ("2.4703282292062328e-324", .leastNonzeroMagnitude),
    ("2.2250738585072011e-308", .leastNormalMagnitude.nextDown),
    ("2.2250738585072012e-308", .leastNormalMagnitude),
    ("1.7976931348623157e308", .greatestFiniteMagnitude),
    ("1.7976931348623158e308", .greatestFiniteMagnitude),
    ("9007199254740993", 9_007_199_254_740_992),
    ("9007199254740993.00000000000000000000000001", 9_007_199_254_740_994),
    ("0.00000000000000000000000000000000000001e38", 1),
  ])
  func edges(text: String, value: Double) {
    #expect(bits(text) == value.bitPattern)
  }

  @Test func zerosMayOutweighAnExponent() {
    #expect(bits("0." + String(repeating: "0", count: 399) + "1e400") == 1.0.bitPattern)
    #expect(bits("1" + String(repeating: "0", count: 400) + "e-400") == 1.0.bitPattern)
  }

  @Test(arguments: [
    "1e309", "1.8e308", "1.7976931348623159e308", "1e400", "1e99999999999999999999999", "-1e400",
    "123456789012345678901234567890e300",
  ])
  func beyondTheRange(text: String) {
    #expect(outcome(text) == .beyondRange)
  }

  @Test(arguments: [
    "", "-", "+", ".", "-.", "e5", ".e5", "1e", "1e+", "1e-", "--1", "1..2", "1.2.3", "1,5", "0x10",
    "0x1p3", "inf", "nan", "-inf", "infinity", "1_000", "1 ", " 1", "1f", "1d5", "½", "١",
  ])
  func otherTextsAreNoNumbers(text: String) {
    #expect(outcome(text) == .notANumber)
  }
}
