import MixtureKernels

/// A way to the first mixture of a fit.
public protocol StartingMethod: Sendable {
  /// Whether another seed gives another start, so that restarts make sense.
  var isRandom: Bool { get }

  /// The mixture that the first E-step uses.
  ///
  /// - Parameters:
  ///   - problem: the points, and what is known of them.
  ///   - components: K.
  ///   - seed: the same seed gives the same start.
  /// - Throws: ``Degeneracy`` where this start has no result but another may;
  ///   ``DataError`` or ``ParameterError`` where none has.
  func start(_ problem: FitProblem, components: Int, seed: UInt64) throws -> GaussianMixture

  /// The same method, with all worked out that serves every number of components and every structure.
  ///
  /// - Throws: what ``start(_:components:seed:)`` throws; `CancellationError` once `isCancelled` says so.
  func prepared(
    for points: any PointSource, isCancelled: @Sendable () -> Bool
  ) throws -> any StartingMethod
}

extension StartingMethod {
  /// Nothing is to be worked out.
  public func prepared(
    for points: any PointSource, isCancelled: @Sendable () -> Bool
  ) throws -> any StartingMethod { self }
}

/// The points of a fit with what every start and every step needs to know of them.
public struct FitProblem: Sendable {
  /// The points, with their weights.
  public internal(set) var points: any PointSource

  /// Where they lie and how they spread.
  public let summary: DataSummary

  /// Makes M-steps of any points.
  public var family: GaussianFamily { familyOfAll.ofAnyPoints }

  /// Makes the M-steps of all points.
  var familyOfAll: GaussianFamily

  /// The background of every start, if there is one.
  let background: Background?

  /// What the runs of EM are for.
  var stage = RunStage.alone

  /// How many threads work.
  public internal(set) var threads: Int
  let isCancelled: @Sendable () -> Bool

  /// Whether a fit that is cancelled can do without the start that is being made.
  var isDispensable = false

  /// The M-step of points shared out without a mixture; moments are taken about the mean of all.
  func mixture(assigning assignment: some Assignment) throws(Degeneracy) -> GaussianMixture {
    // Given rows of responsibilities sum to one only about: what is shared out need not be all points.
    let seen = family.expectation(
      assigning: assignment, over: points,
      from: family.emptyStatistics(components: assignment.componentCount, about: summary.mean),
      threads: threads)
    let left = 1 - seen.effectiveCounts.reduce(0, +) / seen.pointCount
    return try withBackground(family.maximize(seen).mixture, share: left)
  }

  /// The mixture with a background, if there is to be one, of the share of the points that no component was given; where all points
  /// were, it begins with a twentieth. One that the mixture has keeps its weight.
  func withBackground(_ mixture: GaussianMixture, share: Double = 0) -> GaussianMixture {
    guard let background else { return mixture }
    if let own = mixture.background {
      return Mixture(
        fitted: mixture.components, weights: mixture.weights,
        background: background.with(weight: own.weight))
    }
    // Responsibilities of six digits leave that much of each component.
    let isGiven = share > 1e-6 * Double(mixture.componentCount)
    return mixture.with(isGiven ? background.with(weight: share) : background)
  }

  /// That of a background before the points have their say.
  static let firstBackgroundWeight = 0.05

  /// A mixture with the given means, one covariance for all, and the given or equal weights.
  func mixture(
    means: [[Double]], covariance: CommonCovariance, weights: [Double]? = nil
  ) throws -> GaussianMixture {
    let first: Gaussian
    do throws(CholeskyFactor.NotPositiveDefinite) {
      first = try Gaussian(unchecked: means[0], self.covariance(covariance))
    } catch {
      throw Degeneracy(
        component: 0, effectiveCount: summary.pointCount / Double(means.count),
        cause: .collinear(column: error.column))
    }
    let equal = Array(repeating: 1 / Double(means.count), count: means.count)
    return withBackground(
      try Mixture(weights: weights ?? equal, components: means.map(first.moved)))
  }

  /// In the shape of the structure, and no smaller than the floor.
  private func covariance(_ common: CommonCovariance) -> Covariance {
    let whole =
      switch common {
      case .global: summary.covariance
      case .identity: Covariance.spherical(variance: 1, dimension: summary.scale.dimension)
      }
    return summary.scale.floored(
      whole.reduced(to: family.structure.scatterShape), at: family.covarianceFloor)
  }
}

/// A covariance that all components start with.
public enum CommonCovariance: Sendable, Equatable {
  /// That of all points, in the shape of the structure: for a spherical one σ² = tr S / d.
  case global
  /// The identity, in units of the data.
  case identity
}
