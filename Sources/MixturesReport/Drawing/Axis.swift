/// What one axis of a panel shows.
package struct Axis: Sendable {
  package enum Kind: Sendable, Equatable {
    case linear
    /// Only whole numbers are marked.
    case integers
    /// Values are decimal logarithms.
    case logarithmic
  }

  package var title: String
  package var domain: ClosedRange<Double>
  package var kind = Kind.linear
  package var showsLabels = true

  /// - Parameter length: of the axis, in pixels.
  package func ticks(length: Double, isHorizontal: Bool) -> Ticks {
    let count = max(3, Int(length / (isHorizontal ? 78 : 48)))
    switch kind {
    case .linear:
      return Ticks(domain, count: count)
    case .integers:
      let limit = Double(1 << 52)
      let low = Int(min(max(domain.lowerBound.rounded(.up), -limit), limit))
      let high = Int(min(max(domain.upperBound.rounded(.down), -limit), limit))
      return Ticks(integers: low...max(low, high), count: isHorizontal ? Int(length / 44) : count)
    case .logarithmic:
      return Ticks(logarithms: domain, count: max(2, Int(length / 24)))
    }
  }
}
