/// Whether EM extrapolates its path.
public enum Acceleration: String, Sendable, CaseIterable {
  /// Once EM has settled, its steps are extrapolated; an extrapolation at which ℓ would be lower is
  /// given up for the plain step.
  case automatic
  /// Plain steps only.
  case off
}

/// A family whose mixtures have coordinates, so that the path of EM can be extrapolated.
public protocol ChartedFamily: ComponentFamily {
  /// The family's coordinates.
  associatedtype Chart: MixtureChart where Chart.Component == Component

  /// The coordinates about `origin`; `nil` where it has none, such as for a mixing weight of zero.
  func chart(about origin: Mixture<Component>) -> Chart?
}

/// Coordinates of mixtures about one of them, which is their origin.
///
/// Half the squared distance from the origin is, to second order, what one point loses of the expected
/// complete-data log-likelihood: the metric in which the derivative of EM's map is symmetric.
public protocol MixtureChart: Sendable {
  /// What the mixtures are made of.
  associatedtype Component: MixtureComponent

  /// The coordinates of a mixture; `nil` where it has none.
  func coordinates(of mixture: Mixture<Component>) -> [Double]?

  /// The family's mixture at the given coordinates; `nil` where it would be degenerate.
  func mixture(at coordinates: [Double]) -> Mixture<Component>?
}

/// Where EM has been lately and where its plain steps led, in the coordinates of a chart.
package struct EMPath: Sendable, Equatable {
  /// The last mixtures θ, the newest last.
  package var points: [[Double]] = []

  /// The plain step g = M(θ) − θ at each of them.
  package var steps: [[Double]] = []

  /// Older points tell less of where ℓ bends now: with eight instead of four, 84 fits took a fifth more passes.
  private static let length = 4

  /// Beyond this distance from the origin the coordinates are no longer those of the information.
  private static let region = 1.0

  package init() {}

  /// Whether the newest point is still near the origin of the chart.
  var isNear: Bool {
    guard let newest = points.last else { return true }
    return newest.reduce(0) { $0 + $1 * $1 } < Self.region
  }

  mutating func append(_ point: [Double], step: [Double]) {
    if points.count == Self.length {
      points.removeFirst()
      steps.removeFirst()
    }
    points.append(point)
    steps.append(step)
  }
}
