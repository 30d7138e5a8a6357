/// The leading 128 bits of 5^q for every q that a double can need, computed once.
///
/// Entry q is 5^q · 2^s with s such that the leading bit is set: cut off for q ≥ 0,
/// rounded up for q < 0. That is what the error bounds of the algorithm that reads them
/// rest on (Lemire 2021, "Number parsing at a gigabyte per second", §5 and §6).
package enum PowersOfFive {
  /// Below the first, nineteen digits are zero; beyond the last, one digit is out of range.
  package static let exponents = -342...308

  /// High and low word of each entry in turn, beginning at `exponents.lowerBound`; never freed.
  package nonisolated(unsafe) static let words: UnsafePointer<UInt64> = {
    let words = UnsafeMutablePointer<UInt64>.allocate(capacity: 2 * exponents.count)
    func store(_ power: (high: UInt64, low: UInt64), _ exponent: Int) {
      let position = 2 * (exponent - exponents.lowerBound)
      words[position] = power.high
      words[position + 1] = power.low
    }
    var positive = LongInteger(1, limbs: 12)  // 5^308 has 716 bits
    for exponent in 0...exponents.upperBound {
      store(positive.leadingBits, exponent)
      positive.multiplyByFive()
    }
    // ⌊⌊N/a⌋/b⌋ = ⌊N/ab⌋, so dividing again and again stays exact. The least
    // quotient, 2^959 / 5^342, still has 165 bits.
    var reciprocal = LongInteger(1 << 63, limbs: 15)
    reciprocal.shiftToTop()
    for exponent in 1 ... -exponents.lowerBound {
      reciprocal.divideByFive()
      let (high, low) = reciprocal.leadingBits
      let (next, carry) = low.addingReportingOverflow(1)
      store((carry ? high &+ 1 : high, next), -exponent)
    }
    return UnsafePointer(words)
  }()
}

/// A natural number of fixed size, the least significant limb first.
private struct LongInteger {
  private var limbs: [UInt64]

  init(_ value: UInt64, limbs count: Int) {
    limbs = Array(repeating: 0, count: count)
    limbs[0] = value
  }

  /// Makes the lowest limb the highest.
  mutating func shiftToTop() { limbs.swapAt(0, limbs.count - 1) }

  mutating func multiplyByFive() {
    var carry: UInt64 = 0
    for index in limbs.indices {
      let (high, low) = limbs[index].multipliedFullWidth(by: 5)
      let (sum, overflow) = low.addingReportingOverflow(carry)
      limbs[index] = sum
      carry = high + (overflow ? 1 : 0)
    }
  }

  mutating func divideByFive() {
    var remainder: UInt64 = 0
    for index in limbs.indices.reversed() {
      (limbs[index], remainder) = (5 as UInt64).dividingFullWidth((remainder, limbs[index]))
    }
  }

  /// The 128 bits from the highest that is set; zeros follow a shorter number.
  var leadingBits: (high: UInt64, low: UInt64) {
    guard let top = limbs.lastIndex(where: { $0 != 0 }) else { return (0, 0) }
    let limb = { (index: Int) in index >= 0 ? limbs[index] : 0 }
    let shift = UInt64(limbs[top].leadingZeroBitCount)
    let joined = { (high: UInt64, low: UInt64) in high << shift | low >> (64 - shift) }
    return (joined(limb(top), limb(top - 1)), joined(limb(top - 1), limb(top - 2)))
  }
}
