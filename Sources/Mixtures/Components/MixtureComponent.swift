/// What the components of a mixture have learnt from some points. Parts merge into the whole.
public protocol SufficientStatistics: Mergeable {
  /// The effective count Nₖ = Σᵢ wᵢrᵢₖ of each component.
  var effectiveCounts: [Double] { get }

  /// Empty statistics about better origins, where the moments about these lose digits to cancellation; `nil` where
  /// they don't.
  var recentred: Self? { get }
}

/// One member of a mixture, with its current parameters.
public protocol MixtureComponent: Sendable, Equatable {
  /// The weighted densities of all components, as an E-step asks for them.
  associatedtype Terms: MixtureTerms

  /// The length *d* of the points.
  var dimension: Int { get }

  /// What an E-step needs of components with these mixing weights, computed once. It may leave out components whose share
  /// of a point is at most `negligibleShare`.
  static func terms(of components: [Self], weights: [Double], negligibleShare: Double) -> Terms

  /// Draws one point.
  func sample(using generator: inout some RandomNumberGenerator) -> [Double]

  /// The largest change of a parameter from `other`, in units of the component's own spread.
  func change(from other: Self) -> Double
}

/// ln πₖ f(x; θₖ) of all components of a mixture: they share the work on a point.
public protocol MixtureTerms: Sendable {
  /// Writes ln πₖ f(xᵢ; θₖ) for every component and every point of the tile; −∞ where it is zero or left out.
  ///
  /// - Parameters:
  ///   - tile: points of the mixture's dimension.
  ///   - terms: K runs of `tile.capacity` values, of which the first `tile.lanes` are written.
  func write(_ tile: Tile, into terms: UnsafeMutableBufferPointer<Double>)
}

/// Turns statistics into components. It sees all K at once, because it owns what ties them:
/// equal volume, shape or orientation.
public protocol ComponentFamily: Sendable {
  /// What the family makes.
  associatedtype Component: MixtureComponent

  /// What the components of a mixture learn from.
  associatedtype Statistics: SufficientStatistics

  /// A component whose share of a point is at most this may be left out of it: that adds nothing to a sum at double
  /// precision. Zero to leave out nothing.
  var negligibleShare: Double { get }

  /// The zero of the monoid, with moments about points near those that each component accounts for.
  func emptyStatistics(near mixture: Mixture<Component>) -> Statistics

  /// The zero of the monoid for so many components, with moments about `point`.
  func emptyStatistics(components: Int, about point: [Double]) -> Statistics

  /// Adds the points of a tile, point *i* counting `shares[k * tile.capacity + i]` = wᵢrᵢₖ times for component *k*.
  ///
  /// - Parameters:
  ///   - tile: points of the family's dimension.
  ///   - shares: K runs of `tile.capacity` values: one per point, then zero up to whole vectors; what follows is
  ///     undefined.
  ///   - statistics: those of all components.
  func accumulate(
    _ tile: Tile, shares: UnsafeBufferPointer<Double>, into statistics: inout Statistics)

  /// ln of the prior density of a mixture, up to a constant: what EM adds to ℓ. By default zero: there is no prior.
  func logPrior(of mixture: Mixture<Component>) -> Double

  /// What an M-step leaves as it is. By default nothing.
  var frozen: FrozenParts { get }

  /// How many points the prior adds to each component for the mixing weights. By default none.
  var priorCount: Double { get }

  /// The M-step: the components that maximise the expected log-likelihood.
  ///
  /// - Throws: ``Degeneracy`` naming the first component without a finite maximum.
  func maximize(_ statistics: Statistics) throws(Degeneracy) -> Maximum<Component>
}

extension ComponentFamily {
  public func logPrior(of mixture: Mixture<Component>) -> Double { 0 }
  public var priorCount: Double { 0 }
  public var frozen: FrozenParts { FrozenParts() }
}

/// The result of an M-step.
public struct Maximum<Component: MixtureComponent>: Sendable {
  /// The new components, one per statistics.
  public var components: [Component]

  /// What it took.
  public var effort = MaximizationEffort()
}

/// What an M-step took.
public struct MaximizationEffort: Sendable, Equatable {
  /// How many components were kept from a singular covariance by the floor.
  public var floored = 0

  /// How many rounds an inner loop made, where there is no closed form.
  public var innerIterations = 0

  /// Whether the inner loop was ended by its limit.
  public var reachedInnerLimit = false

  /// None.
  public init() {}
}

/// Why an M-step has no result: a component lost its points, or its covariance is singular.
public struct Degeneracy: Error, Equatable, Sendable {
  /// What went wrong.
  public enum Cause: Equatable, Sendable {
    /// No point counts for it any more.
    case noPoints
    /// It says more of a few points than of the data: a maximum that is rejected.
    case spurious
    /// The variance along a column is below what the rounding of the data explains.
    case collapsed(column: Int)
    /// A column is a linear combination of the columns before it, within the component.
    case collinear(column: Int)
  }

  /// Counting from zero.
  public var component: Int
  /// Its Nₖ.
  public var effectiveCount: Double

  /// What went wrong.
  public var cause: Cause

  /// A degenerate component, counting from zero.
  public init(component: Int, effectiveCount: Double, cause: Cause) {
    self.component = component
    self.effectiveCount = effectiveCount
    self.cause = cause
  }
}
