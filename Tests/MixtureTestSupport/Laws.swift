// Laws as checkers: each returns what violates it, so that a test expects an empty list.

import Mixtures

/// ℓ never falls by more than rounding can explain.
///
/// - Parameter allowance: what rounding can explain at step t, from t − 1 to t.
public func checkMonotone(_ trace: [Double], allowance: (Int) -> Double) -> [String] {
  var violations: [String] = []
  for t in trace.indices {
    if !trace[t].isFinite { violations.append("ℓ(\(t)) = \(trace[t])") }
    guard t > 0 else { continue }
    let gain = trace[t] - trace[t - 1]
    if gain < -allowance(t) {
      violations.append("ℓ fell by \(-gain) at iteration \(t); rounding explains \(allowance(t))")
    }
  }
  return violations
}

/// Merging is a commutative monoid: the zero changes no bit, the order of two changes no bit, and
/// brackets change no more than rounding.
///
/// - Parameters:
///   - numbers: everything that a value holds.
///   - allowance: for each of those numbers.
public func checkMonoid<Element: Mergeable>(
  zero: Element, _ a: Element, _ b: Element, _ c: Element, allowance: [Double],
  numbers: (Element) -> [Double]
) -> [String] {
  func merged(_ left: Element, _ right: Element) -> Element {
    var total = left
    total.merge(right)
    return total
  }
  var violations: [String] = []
  if numbers(merged(zero, a)) != numbers(a) { violations.append("0 + a ≠ a") }
  if numbers(merged(a, zero)) != numbers(a) { violations.append("a + 0 ≠ a") }
  if numbers(merged(a, b)) != numbers(merged(b, a)) { violations.append("a + b ≠ b + a") }
  let left = numbers(merged(merged(a, b), c))
  let right = numbers(merged(a, merged(b, c)))
  if left.count != right.count || left.count != allowance.count {
    return violations + ["\(left.count) numbers, \(right.count), \(allowance.count) allowances"]
  }
  for index in left.indices where !(abs(left[index] - right[index]) <= allowance[index]) {
    violations.append(
      "(a + b) + c ≠ a + (b + c) in number \(index): \(left[index]), \(right[index])")
  }
  return violations
}

/// Every row is a distribution: entries in 0...1 that sum to one within K ulps.
public func checkDistributions(_ responsibilities: Matrix) -> [String] {
  var violations: [String] = []
  let tolerance = Double(responsibilities.columnCount) * Double.ulpOfOne
  for row in 0..<responsibilities.rowCount {
    let entries = responsibilities.row(row)
    if !entries.allSatisfy({ $0 >= 0 && $0 <= 1 + tolerance }) {
      violations.append("row \(row): \(entries)")
    }
    let sum = entries.reduce(0, +)
    if !(abs(sum - 1) <= tolerance) { violations.append("row \(row) sums to \(sum)") }
  }
  return violations
}
