/// Starts from K distinct points drawn at random as means, with equal weights and one covariance.
public struct RandomPointsStart: StartingMethod, Equatable {
  /// The covariance that all components start with.
  public var covariance: CommonCovariance

  /// By default with the covariance of all points.
  public init(covariance: CommonCovariance = .global) { self.covariance = covariance }

  public var isRandom: Bool { true }

  public func start(
    _ problem: FitProblem, components: Int, seed: UInt64
  ) throws -> GaussianMixture {
    let means = try problem.drawCentres(components, seed: seed) { $0 > 0 ? 1 : 0 }
    return try problem.mixture(means: means, covariance: covariance)
  }
}

/// Starts from responsibilities drawn uniformly from the simplex, by their M-step.
public struct RandomResponsibilitiesStart: StartingMethod, Equatable {
  /// A start from random responsibilities.
  public init() {}

  public var isRandom: Bool { true }

  public func start(
    _ problem: FitProblem, components: Int, seed: UInt64
  ) throws -> GaussianMixture {
    try problem.mixture(
      assigning: RandomResponsibilities(componentCount: components, seed: seed))
  }
}
