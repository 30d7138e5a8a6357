// Numbers for people, the same in every locale.

import Foundation

extension Double {
  /// With the given number of decimals, and without a sign where these are zeros; a true minus sign is not used, so
  /// that it can be copied.
  func fixed(_ decimals: Int) -> String {
    guard isFinite else { return description }
    let text = String(format: "%.\(decimals)f", self)
    let isZero = !text.contains { ("1"..."9").contains($0) }
    return isZero && text.hasPrefix("-") ? String(text.dropFirst()) : text
  }

  /// With the given number of significant digits, without an exponent where that is readable.
  func significant(_ digits: Int = 4) -> String {
    guard isFinite else { return description }
    guard self != 0 else { return "0" }
    let magnitude = Foundation.log10(abs(self)).rounded(.down)
    guard magnitude >= -4, magnitude < max(9, Double(digits)) else {
      return String(format: "%.\(digits - 1)e", self)
    }
    return fixed(max(0, digits - 1 - Int(magnitude)))
  }

  /// A count: whole if it is, else with a decimal.
  var count: String { self == rounded() && abs(self) < 1e15 ? fixed(0) : fixed(1) }
}

/// `1 start`, `2 starts`.
func counted(_ number: Int, _ noun: String, plural: String? = nil) -> String {
  "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
}
