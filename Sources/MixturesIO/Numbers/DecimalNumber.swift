/// A decimal number as text, and the double nearest to it.
///
/// Goals, in this order: the correctly rounded value, the same as `strtod`'s, for every
/// text; no dependence on the locale; speed.
///
/// The text is an optional sign, digits with an optional point before, among or after
/// them, and an optional exponent: `-12`, `.5`, `6.02e+23`. Hexadecimal, `inf` and `nan` are none.
///
/// Source: Clinger (1990), "How to read floating point numbers accurately", for short
/// numbers; Lemire (2021), "Number parsing at a gigabyte per second", for the others.
package struct DecimalNumber {
  package enum Outcome { case value, notANumber, beyondRange }

  package let outcome: Outcome

  /// The number, if there is one; ties round to even.
  package let value: Double

  /// Where the number ends; the start, if there is none.
  package let end: UnsafePointer<UInt8>

  /// Reads the longest number at `start`.
  @inline(__always)
  package init(at start: UnsafePointer<UInt8>, before limit: UnsafePointer<UInt8>) {
    var position = start
    var isNegative = false
    if position < limit, position.pointee == minus || position.pointee == plus {
      isNegative = position.pointee == minus
      position += 1
    }

    let first = position
    var digits: UInt64 = 0  // the first nineteen fit; a count beyond takes another path
    position = addDigits(at: position, before: limit, to: &digits)
    var count = position - first
    var exponent = 0
    if position < limit, position.pointee == point {
      let fraction = position + 1
      position = addEights(at: fraction, before: limit, to: &digits)
      position = addDigits(at: position, before: limit, to: &digits)
      exponent = fraction - position
      count -= exponent
    }
    guard count > 0 else {
      (outcome, value, end) = (.notANumber, 0, start)
      return
    }
    if position < limit, position.pointee | 0x20 == letterE {
      guard let (power, after) = exponentPart(at: position + 1, before: limit) else {
        (outcome, value, end) = (.notANumber, 0, start)
        return
      }
      exponent += power
      position = after
    }

    end = position
    let magnitude: Double
    if count <= 19 || count - leadingZeros(at: first, before: position) <= 19 {
      magnitude =
        exactMagnitude(digits, exponent) ?? nearestMagnitude(digits, exponent)
        ?? slowMagnitude(first, position)
    } else {
      magnitude = slowMagnitude(first, position)
    }
    outcome = magnitude.isFinite ? .value : .beyondRange
    value = isNegative ? -magnitude : magnitude
  }

  /// Reads a text that is a number from end to end.
  package init(from start: UnsafePointer<UInt8>, to limit: UnsafePointer<UInt8>) {
    let number = Self(at: start, before: limit)
    self = number.end == limit ? number : Self(notANumberAt: start)
  }

  private init(notANumberAt start: UnsafePointer<UInt8>) {
    (outcome, value, end) = (.notANumber, 0, start)
  }
}

// MARK: - Text

private let minus = UInt8(ascii: "-")
private let plus = UInt8(ascii: "+")
private let point = UInt8(ascii: ".")
private let letterE = UInt8(ascii: "e")
private let zero = UInt8(ascii: "0")

/// Appends digits one at a time, modulo 2⁶⁴.
@inline(__always)
private func addDigits(
  at start: UnsafePointer<UInt8>, before limit: UnsafePointer<UInt8>, to digits: inout UInt64
) -> UnsafePointer<UInt8> {
  var position = start
  while position < limit {
    let digit = position.pointee &- zero
    guard digit < 10 else { break }
    digits = digits &* 10 &+ UInt64(digit)
    position += 1
  }
  return position
}

/// Appends digits eight at a time, modulo 2⁶⁴.
@inline(__always)
private func addEights(
  at start: UnsafePointer<UInt8>, before limit: UnsafePointer<UInt8>, to digits: inout UInt64
) -> UnsafePointer<UInt8> {
  var position = start
  while limit - position >= 8 {
    let word = UInt64(
      littleEndian: UnsafeRawPointer(position).loadUnaligned(as: UInt64.self))
    guard isEightDigits(word) else { break }
    digits = digits &* 100_000_000 &+ valueOfEightDigits(word)
    position += 8
  }
  return position
}

/// Each byte is 0x30...0x39: its upper half is 3, and stays 3 when 6 is added.
@inline(__always)
private func isEightDigits(_ word: UInt64) -> Bool {
  let upperHalves: UInt64 = 0xF0F0_F0F0_F0F0_F0F0
  let sixes: UInt64 = 0x0606_0606_0606_0606
  return (word & upperHalves) | (((word &+ sixes) & upperHalves) >> 4) == 0x3333_3333_3333_3333
}

/// The number that eight digits write, the first digit being the lowest byte: neighbours
/// are joined into pairs, pairs into fours, fours into the eight.
@inline(__always)
private func valueOfEightDigits(_ word: UInt64) -> UInt64 {
  let units = word &- 0x3030_3030_3030_3030
  let pairs = (units &* 10 &+ units >> 8) & 0x00FF_00FF_00FF_00FF
  let fours = (pairs &* 100 &+ pairs >> 16) & 0x0000_FFFF_0000_FFFF
  return (fours &* 10_000 &+ fours >> 32) & 0xFFFF_FFFF
}

/// The exponent after its letter; nil without a digit.
private func exponentPart(
  at start: UnsafePointer<UInt8>, before limit: UnsafePointer<UInt8>
) -> (Int, end: UnsafePointer<UInt8>)? {
  var position = start
  var isNegative = false
  if position < limit, position.pointee == minus || position.pointee == plus {
    isNegative = position.pointee == minus
    position += 1
  }
  let first = position
  var exponent = 0
  while position < limit {
    let digit = position.pointee &- zero
    guard digit < 10 else { break }
    // No file holds enough zeros for a larger exponent to matter.
    if exponent < 1_000_000_000_000_000 { exponent = exponent * 10 + Int(digit) }
    position += 1
  }
  return position > first ? (isNegative ? -exponent : exponent, position) : nil
}

/// How many of the digits, with or without a point, are zeros before the first other.
private func leadingZeros(
  at start: UnsafePointer<UInt8>, before limit: UnsafePointer<UInt8>
) -> Int {
  var position = start
  var count = 0
  while position < limit, position.pointee == zero || position.pointee == point {
    if position.pointee == zero { count += 1 }
    position += 1
  }
  return count
}

// MARK: - Value

/// Powers of ten that a double holds exactly.
private let exactPowersOfTen: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]

/// digits · 10^exponent where both are doubles, so that one operation rounds once.
@inline(__always)
private func exactMagnitude(_ digits: UInt64, _ exponent: Int) -> Double? {
  guard digits <= 1 << 53, exponent >= -22, exponent <= 22 else { return nil }
  return exponent < 0
    ? Double(digits) / exactPowersOfTen[-exponent] : Double(digits) * exactPowersOfTen[exponent]
}

/// digits · 10^exponent by one or two products with a power of five; infinite beyond the range.
///
/// The product of the digits, shifted to 64 bits, with the leading 64 bits of 5^exponent
/// settles the 53 bits of the result and how to round unless its lower bits are all ones;
/// the next 64 bits of the power then decide. Should they not, the answer is nil.
@inline(__always)
private func nearestMagnitude(_ digits: UInt64, _ exponent: Int) -> Double? {
  guard digits != 0, exponent >= PowersOfFive.exponents.lowerBound else { return 0 }
  guard exponent <= PowersOfFive.exponents.upperBound else { return .infinity }

  let shift = digits.leadingZeroBitCount
  let power = PowersOfFive.words + 2 * (exponent - PowersOfFive.exponents.lowerBound)
  let scaled = digits << UInt64(shift)
  var (high, low) = scaled.multipliedFullWidth(by: power[0])
  if high & 0x1FF == 0x1FF {  // the nine bits below the 55 of interest could carry
    let (sum, carry) = low.addingReportingOverflow(scaled.multipliedFullWidth(by: power[1]).high)
    low = sum
    if carry { high &+= 1 }
    if low == .max, !(-27...55).contains(exponent) { return nil }
  }

  let top = Int(high >> 63)
  var significand = high >> UInt64(top + 9)  // 54 bits: one more than the result, to round by
  // ⌊log₂ 10^q⌋ = ⌊q · 217706 / 2¹⁶⌋ throughout the table.
  var biased = (217_706 * exponent) >> 16 + 63 + top - shift + 1023

  if biased <= 0 {  // subnormal, or nothing
    guard biased > -63 else { return 0 }
    significand >>= UInt64(1 - biased)
    significand = (significand + significand & 1) >> 1
    return Double(bitPattern: significand)  // 2⁵² here is the smallest normal number
  }
  // Exactly between two doubles, which only small powers can be: to even.
  if low <= 1, exponent >= -4, exponent <= 23, significand & 3 == 1,
    significand << UInt64(top + 9) == high
  {
    significand &= ~1
  }
  significand = (significand + significand & 1) >> 1
  if significand == 1 << 53 {
    significand = 1 << 52
    biased += 1
  }
  guard biased < 2047 else { return .infinity }
  return Double(bitPattern: UInt64(biased) << 52 | significand & ((1 << 52) - 1))
}

/// The same by way of the standard library, for more digits than a word holds.
@inline(never)
private func slowMagnitude(
  _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
) -> Double {
  let text = String(
    decoding: UnsafeBufferPointer(start: start, count: end - start), as: UTF8.self)
  return Double(text) ?? .infinity
}
