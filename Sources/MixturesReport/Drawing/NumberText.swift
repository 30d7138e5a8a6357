// Numbers as they are written in figures: the same in every locale and on every machine.

extension Double {
  /// A length in pixels, with at most one decimal. What is no number, or far from any paper, is drawn at its edge.
  package var pixels: String { Self.tenths(self).asTenths }

  /// The length in tenths of a pixel.
  package static func tenths(_ length: Double) -> Int {
    guard !length.isNaN else { return 0 }
    return Int((Swift.min(Swift.max(length, -1e5), 1e5) * 10).rounded())
  }

  /// With the given number of decimals, for programs: in attributes.
  package func fixed(_ decimals: Int) -> String { fixed(decimals, power: Self.exponent) }

  /// As ``fixed(_:)``, for people: with a true minus sign.
  package func shown(_ decimals: Int) -> String {
    fixed(decimals, power: Self.shownPower).withMinusSign
  }

  /// With at most so many significant digits and no zeros at the end; with a power of ten, as in `1.5e-7`, where there would be
  /// many zeros. For programs: in attributes.
  package func significant(_ digits: Int) -> String { significant(digits, power: Self.exponent) }

  /// As ``significant(_:)``, for people: with a true minus sign, and `1.5·10⁻⁷`.
  package func shown(significant digits: Int) -> String {
    significant(digits, power: Self.shownPower).withMinusSign
  }

  /// As ``shown(significant:)``, with more digits where fewer would not tell values apart that differ by a step.
  package func shown(significant digits: Int, telling step: Double) -> String {
    shown(significant: significantDigits(digits, telling: step))
  }

  /// How many significant digits tell this number from one that differs by a step: so many at least, and no more than
  /// Float64 has.
  package func significantDigits(_ fewest: Int, telling step: Double) -> Int {
    guard isFinite, self != 0, step > 0, step.isFinite else { return fewest }
    return Swift.max(fewest, Swift.min(15, decimalExponent - step.decimalExponent + 1))
  }

  private static func exponent(_ power: Int) -> String { "e\(power)" }
  private static func shownPower(_ power: Int) -> String { "·10" + power.superscript }

  private func fixed(_ decimals: Int, power: (Int) -> String) -> String {
    guard isFinite else { return isNaN ? "–" : self > 0 ? "∞" : "−∞" }
    let unit = Self.powerOfTen(decimals)
    let scaled = (abs(self) * unit).rounded()
    guard scaled < 9e15 else { return scientific(digits: 6, power: power) }
    let digits = String(Int(scaled))
    let sign = self < 0 && scaled > 0 ? "-" : ""
    guard decimals > 0 else { return sign + digits }
    let padded = String(repeating: "0", count: Swift.max(0, decimals + 1 - digits.count)) + digits
    return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }

  private func significant(_ digits: Int, power: (Int) -> String) -> String {
    guard isFinite, self != 0 else { return fixed(0) }
    let exponent = decimalExponent
    guard exponent >= -4, exponent < Swift.max(digits, 6) else {
      return scientific(digits: digits, power: power)
    }
    return fixed(Swift.max(0, digits - 1 - exponent)).withoutTrailingZeros
  }

  private func scientific(digits: Int, power: (Int) -> String) -> String {
    let exponent = decimalExponent
    var mantissa = Self.ratio(self, toPowerOfTen: exponent).fixed(digits - 1).withoutTrailingZeros
    var rounded = exponent
    if mantissa == "10" || mantissa == "-10" {
      mantissa = mantissa == "10" ? "1" : "-1"
      rounded += 1
    }
    return mantissa + power(rounded)
  }

  /// ⌊log₁₀ |x|⌋ of a finite number that is not zero.
  package var decimalExponent: Int {
    // The shortest text of a number knows its first digit exactly.
    let text = Swift.abs(self).description
    let parts = text.split(separator: "e")
    let power = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let digits = parts.first ?? ""
    let whole = digits.prefix { $0 != "." }
    if whole != "0" { return power + whole.count - 1 }
    let zeros = digits.dropFirst(2).prefix { $0 == "0" }
    return power - zeros.count - 1
  }

  /// 10ᵉ, correctly rounded.
  package static func powerOfTen(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? .infinity }

  /// x · 10⁻ᵉ, also where 10ᵉ is beyond Float64.
  private static func ratio(_ x: Double, toPowerOfTen exponent: Int) -> Double {
    let half = exponent / 2
    return x / powerOfTen(half) / powerOfTen(exponent - half)
  }

  /// A share as in `36 %`.
  package var percent: String {
    let hundredths = self * 100
    guard isFinite else { return fixed(0) }
    if self > 0, hundredths < 0.1 { return "<0.1\u{A0}%" }
    if self < 1, hundredths >= 99.95 { return ">99.9\u{A0}%" }
    let decimals = (hundredths >= 9.95 && hundredths < 99) || self == 0 || self == 1 ? 0 : 1
    return hundredths.fixed(decimals) + "\u{A0}%"
  }
}

extension Int {
  /// A number of tenths as a decimal number.
  package var asTenths: String {
    let (whole, tenth) = magnitude.quotientAndRemainder(dividingBy: 10)
    let sign = self < 0 ? "-" : ""
    return tenth == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(tenth)"
  }

  /// As an exponent.
  package var superscript: String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    let text = String(magnitude).compactMap(\.wholeNumberValue).map { String(digits[$0]) }
    return (self < 0 ? "⁻" : "") + text.joined()
  }

  /// With thin spaces between groups of three digits, from five digits on.
  package var grouped: String {
    let digits = String(magnitude)
    guard digits.count > 4 else { return (self < 0 ? "−" : "") + digits }
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "\u{202F}" }
      text.append(digit)
    }
    return (self < 0 ? "−" : "") + text
  }
}

extension String {
  /// With U+2212 in place of each hyphen of a number.
  fileprivate var withMinusSign: String { String(map { $0 == "-" ? "−" : $0 }) }

  fileprivate var withoutTrailingZeros: String {
    guard contains(".") else { return self }
    var text = self
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }
}

/// `1 point`, `2 points`, `10 000 points`.
package func counted(_ number: Int, _ noun: String, plural: String? = nil) -> String {
  "\(number.grouped) \(number == 1 ? noun : plural ?? noun + "s")"
}

/// `272 points`, or `points of weight 0.5` where weights are no counts.
func pointsInWords(weight sum: Double) -> String {
  // Beyond, whole numbers are no integers of the machine.
  sum == sum.rounded() && sum < 9e15
    ? counted(Int(sum), "point") : "points of weight \(sum.shown(significant: 6))"
}
