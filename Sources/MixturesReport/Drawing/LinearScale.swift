/// From values to pixels.
package struct LinearScale: Sendable, Equatable {
  package let domain: ClosedRange<Double>

  /// Where the ends of the domain are drawn; the first may be the larger.
  package let start: Double
  package let end: Double

  package init(_ domain: ClosedRange<Double>, from start: Double, to end: Double) {
    self.domain = domain
    self.start = start
    self.end = end
  }

  /// Pixels per unit; negative where larger values are drawn at smaller pixels.
  package var factor: Double { (end - start) / 2 / halfSpan }

  /// Half of the domain's length, which itself may be beyond Float64.
  private var halfSpan: Double { domain.upperBound / 2 - domain.lowerBound / 2 }

  package func callAsFunction(_ value: Double) -> Double {
    start + (value / 2 - domain.lowerBound / 2) / halfSpan * (end - start)
  }
}

extension ClosedRange<Double> {
  /// From one end to the other in so many equal steps: one value more than there are steps.
  package func evenly(_ steps: Int) -> [Double] {
    (0...steps).map { lowerBound + (upperBound - lowerBound) * Double($0) / Double(steps) }
  }
}

/// A range of values that can be drawn: finite, and longer than rounding.
package struct ValueRange: Sendable, Equatable {
  package private(set) var lower = Double.infinity
  package private(set) var upper = -Double.infinity

  /// Beyond this, sums and products of a few values leave Float64.
  private static let largest = 1e300

  /// In a range that is shorter, densities leave Float64.
  private static let shortest = 1e-305

  package var isEmpty: Bool { lower > upper }
  package var span: Double { isEmpty ? 0 : upper - lower }

  package init(_ values: some Sequence<Double> = []) {
    for value in values { include(value) }
  }

  /// Values that are not finite are passed over.
  package mutating func include(_ value: Double) {
    guard value.isFinite else { return }
    let value = min(max(value, -Self.largest), Self.largest)
    lower = min(lower, value)
    upper = max(upper, value)
  }

  /// Widens the range, about its middle, to so large a share of its values.
  package mutating func include(within share: Double) {
    guard !isEmpty else { return }
    let missing = share * max(abs(lower), abs(upper)) - span
    guard missing > 0 else { return }
    let (low, high) = (lower - missing / 2, upper + missing / 2)
    include(low)
    include(high)
  }

  /// The range with so large a share of its length added at both ends; of some length even if all values are equal.
  package func padded(by share: Double = 0.05) -> ClosedRange<Double> {
    guard !isEmpty else { return 0...1 }
    let magnitude = max(abs(lower), abs(upper))
    let shortest = max(256 * Double.ulpOfOne * magnitude, Self.shortest)
    if upper - lower <= shortest {
      let half = max(min(0.5, magnitude > 0 ? magnitude / 2 : 0.5), shortest)
      return (lower - half)...(upper + half)
    }
    let pad = share * (upper - lower)
    return (lower - pad)...(upper + pad)
  }
}
