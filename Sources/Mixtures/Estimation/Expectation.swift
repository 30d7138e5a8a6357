import MixtureKernels

/// What one E-step has seen: the statistics of all components, the log-likelihood, and how many
/// points there were. Parts merge into the whole.
public struct Expectation<Family: ComponentFamily>: Mergeable {
  /// Those of all components.
  public internal(set) var statistics: Family.Statistics

  /// ℓ = Σᵢ wᵢ ln p(xᵢ) under the mixture that assigned the points; zero where they were assigned
  /// without a density.
  public internal(set) var logLikelihood = 0.0

  /// n = Σᵢ wᵢ.
  public internal(set) var pointCount = 0.0

  /// N₀ = Σᵢ wᵢrᵢ₀, the effective count of the background.
  public internal(set) var backgroundCount = 0.0

  /// The mixture that shared out the points; `nil` where none did.
  var assigner: Mixture<Family.Component>?

  /// How often moments were taken again about a better origin.
  public internal(set) var recentred = 0

  init(zero: Family.Statistics) { statistics = zero }

  public mutating func merge(_ other: Expectation) {
    statistics.merge(other.statistics)
    logLikelihood += other.logLikelihood
    pointCount += other.pointCount
    backgroundCount += other.backgroundCount
    recentred += other.recentred
  }

  /// Nₖ for each component.
  public var effectiveCounts: [Double] { statistics.effectiveCounts }
}

extension Expectation {
  /// πₖ = Nₖ / Σⱼ Nⱼ, with the background among the j. The Nₖ sum to n up to rounding, and these to one whatever the rounding.
  ///
  /// - Parameter priorCount: points that a prior adds to each component.
  func shares(
    adding priorCount: Double
  ) -> (components: [Double], background: Background?) {
    let counts = effectiveCounts.map { $0 + priorCount }
    let total = counts.reduce(0, +) + backgroundCount
    return (
      counts.map { $0 / total },
      assigner?.background?.with(weight: backgroundCount / total)
    )
  }
}

extension Mixture {
  /// The E-step: what every component learns from the points under this mixture.
  ///
  /// Tiles of points pass through log-densities, log-sum-exp, responsibilities and accumulation
  /// while in cache; no *n* × K matrix exists.
  ///
  /// - Parameters:
  ///   - points: finite points of the mixture's dimension.
  ///   - family: says what its components want to learn.
  ///   - threads: changes no bit of the result.
  /// - Complexity: O(*nKd*²) time for full covariances, O(*nKd*) for diagonal; O(K*d*²) memory
  ///   per thread.
  ///
  /// Source: Dempster, Laird & Rubin (1977), "Maximum likelihood from incomplete data via the EM
  /// algorithm", *JRSS B* 39, 1–38.
  public func expectation<Family: ComponentFamily>(
    over points: any PointSource, family: Family, threads: Int = 1
  ) -> Expectation<Family> where Family.Component == Component {
    if let groups = points.patternGroups, let gaussian = self as? GaussianMixture,
      let gaussianFamily = family as? GaussianFamily,
      let seen = gaussian.expectation(over: groups, family: gaussianFamily, threads: threads)
        as? Expectation<Family>
    {
      return seen
    }
    var seen = family.expectation(
      assigning: PosteriorAssignment(self, negligibleShare: family.negligibleShare), over: points,
      from: family.emptyStatistics(near: self), threads: threads)
    seen.assigner = self
    return seen
  }
}

extension ComponentFamily {
  /// Collects the statistics of all components while `assignment` shares out the points.
  ///
  /// Where a component's points turn out to lie far from the origin of its moments, one more pass
  /// takes them about a better one.
  func expectation(
    assigning assignment: some Assignment, over points: any PointSource,
    from zero: Statistics, threads: Int
  ) -> Expectation<Self> {
    let first = accumulated(assigning: assignment, over: points, from: zero, threads: threads)
    guard let better = first.statistics.recentred else { return first }
    var second = accumulated(assigning: assignment, over: points, from: better, threads: threads)
    second.recentred = 1
    return second
  }

  private func accumulated(
    assigning assignment: some Assignment, over points: any PointSource,
    from zero: Statistics, threads: Int
  ) -> Expectation<Self> {
    PointPass(points, threads: threads).fold(into: Expectation<Self>(zero: zero)) { seen, tile in
      let own = assignment.componentCount * tile.capacity
      let count = assignment.runCount * tile.capacity
      withAlignedScratch(count) { scratch in
        let shares = UnsafeMutableBufferPointer(start: scratch, count: count)
        seen.logLikelihood += assignment.share(tile, into: shares)
        seen.pointCount += tile.totalWeight
        accumulate(
          tile, shares: UnsafeBufferPointer(rebasing: shares[..<own]), into: &seen.statistics)
        for index in own..<count where index - own < tile.count {
          seen.backgroundCount += shares[index]
        }
      }
    }
  }

  /// The M-step: mixing weights πₖ = Nₖ / Σⱼ Nⱼ, and the components of the family.
  ///
  /// - Throws: ``Degeneracy`` naming the first component without a finite maximum.
  func maximize(
    _ seen: Expectation<Self>
  ) throws(Degeneracy) -> (mixture: Mixture<Component>, effort: MaximizationEffort) {
    let (shares, background) = seen.shares(adding: priorCount)
    if let k = shares.firstIndex(where: { !($0 > Safeguards.smallestShare) }) {
      throw Degeneracy(component: k, effectiveCount: seen.effectiveCounts[k], cause: .noPoints)
    }
    let maximum = try maximize(seen.statistics)
    let mixture = Mixture(
      fitted: maximum.components, weights: shares, background: background)
    return (seen.assigner.map { frozen.restored(mixture, from: $0) } ?? mixture, maximum.effort)
  }
}
