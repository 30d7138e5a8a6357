/// Every safeguard of the estimation, with how often it acted. None is silent.
public struct Safeguards: Sendable, Equatable {
  /// A component whose share Nₖ / n is below this has lost its points.
  static let smallestShare = 1e-10

  /// A component's share of a point up to this is left out of sums: 10⁹ points of equal weight lose less than the
  /// rounding of one.
  package static let negligibleShare = 1e-18

  /// Components whose covariance was kept from being singular by the floor, summed over iterations.
  public internal(set) var covarianceFloor = 0

  /// E-steps that were repeated because the moments lay too far from their origin.
  public internal(set) var recentredMoments = 0

  /// Extrapolated mixtures that were given up because ℓ would have fallen.
  public internal(set) var rejectedExtrapolations = 0

  /// M-steps whose inner loop was ended by its limit.
  public internal(set) var innerLoopLimit = 0

  /// Maxima that were rejected because a component says more of a few points than of the data.
  public internal(set) var spuriousMaxima = 0

  /// Starts that degenerated and were replaced by another.
  public internal(set) var replacedStarts = 0

  /// Starts that degenerated with all their replacements.
  public internal(set) var abandonedStarts = 0

  /// Those that acted, by name.
  public var counts: [String: Int] {
    [
      "covarianceFloor": covarianceFloor, "recentredMoments": recentredMoments,
      "rejectedExtrapolations": rejectedExtrapolations, "innerLoopLimit": innerLoopLimit,
      "spuriousMaxima": spuriousMaxima,
      "replacedStarts": replacedStarts, "abandonedStarts": abandonedStarts,
    ].filter { $0.value > 0 }
  }

  /// What ``counts`` says under a name; false where there is no such safeguard.
  package mutating func set(_ count: Int, named name: String) -> Bool {
    switch name {
    case "covarianceFloor": covarianceFloor = count
    case "recentredMoments": recentredMoments = count
    case "rejectedExtrapolations": rejectedExtrapolations = count
    case "innerLoopLimit": innerLoopLimit = count
    case "spuriousMaxima": spuriousMaxima = count
    case "replacedStarts": replacedStarts = count
    case "abandonedStarts": abandonedStarts = count
    default: return false
    }
    return true
  }

  package init() {}
}
