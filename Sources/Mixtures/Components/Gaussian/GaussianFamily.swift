import MixtureKernels

/// Gaussian components whose covariances obey a structure.
public struct GaussianFamily: ComponentFamily {
  /// What the covariances have in common.
  public let structure: CovarianceStructure

  /// The spread of the data, against which a covariance is judged.
  public let scale: DataScale

  /// The smallest variance in any direction, relative to that of the data along each column;
  /// zero for none.
  public let covarianceFloor: Double

  public let negligibleShare: Double

  /// What is believed of the parameters before any point is seen.
  var prior: ResolvedPrior?

  public var frozen = FrozenParts()

  /// The scatter of all points, if statistics are always those of all points.
  private var total: Scatter?

  /// A family whose statistics may come from any points.
  ///
  /// - Throws: ``ParameterError`` where the structure is not defined in the dimension of the data.
  /// - Precondition: the floor is in 0..<1.
  public init(
    _ structure: CovarianceStructure, scale: DataScale, covarianceFloor: Double = 0
  ) throws(ParameterError) {
    try self.init(
      structure, scale: scale, total: nil, covarianceFloor: covarianceFloor,
      negligibleShare: Safeguards.negligibleShare)
  }

  /// A family whose statistics are always those of all the points that were summarised: structures with one covariance for all
  /// components then need no second moments.
  ///
  /// - Throws: ``ParameterError`` where the structure is not defined in the dimension of the data.
  /// - Precondition: the floor is in 0..<1.
  package init(
    _ structure: CovarianceStructure, ofAll data: DataSummary, covarianceFloor: Double = 0,
    negligibleShare: Double = Safeguards.negligibleShare
  ) throws(ParameterError) {
    try self.init(
      structure, scale: data.scale,
      total: structure.needsOnlyPooled
        ? data.scatter.reduced(to: structure.inDimension(data.scale.dimension).scatterShape) : nil,
      covarianceFloor: covarianceFloor, negligibleShare: negligibleShare)
  }

  private init(
    _ structure: CovarianceStructure, scale: DataScale, total: Scatter?, covarianceFloor: Double,
    negligibleShare: Double
  ) throws(ParameterError) {
    precondition(
      (0..<1).contains(covarianceFloor), "a covariance floor is a share from 0 to below 1")
    self.structure = try structure.inDimension(scale.dimension)
    self.scale = scale
    self.total = total
    self.covarianceFloor = covarianceFloor
    self.negligibleShare = negligibleShare
  }

  /// The same family for statistics of any points.
  var ofAnyPoints: GaussianFamily {
    var family = self
    family.total = nil
    return family
  }

  public func emptyStatistics(near mixture: GaussianMixture) -> GaussianStatistics {
    // What a background takes is missing from the sum of the components.
    if let total, (mixture.background?.weight ?? 0) == 0, frozen.isEmpty,
      isHarmless(growth(of: mixture, total), to: mixture)
    {
      return GaussianStatistics(components: mixture.componentCount, total: total)
    }
    return emptyStatistics(of: mixture).near(mixture.components)
  }

  /// About one origin for all components where that costs less and loses nothing, else about each mean.
  private func emptyStatistics(of mixture: GaussianMixture) -> GaussianStatistics {
    let shape = structure.scatterShape
    let isWorthwhile = TileKernels.gainsFromCommonOrigin(
      shape.momentForm, dimension: scale.dimension)
    if isWorthwhile, isHarmless(growth(of: mixture), to: mixture) {
      return GaussianStatistics(
        components: mixture.componentCount, about: scale.centre, shape)
    }
    return GaussianStatistics(origins: mixture.components.map(\.mean), shape)
  }

  public func emptyStatistics(components: Int, about point: [Double]) -> GaussianStatistics {
    GaussianStatistics(components: components, about: point, structure.scatterShape)
  }

  /// Whether second moments may exceed those about the means by such a factor.
  private func isHarmless(_ growth: Double, to mixture: GaussianMixture) -> Bool {
    growth <= GaussianStatistics.largestGrowth
      && mixture.components.allSatisfy { component in
        guard case .full(let factor) = component.root else { return true }
        return GaussianStatistics.tells(factor, growth: growth)
      }
  }

  /// By which factor second moments about the centre of the data exceed those about the means, less one: (μₖ − o)² in units
  /// of a component's variance.
  private func growth(of mixture: GaussianMixture) -> Double {
    largestRatio(of: mixture, isSummed: structure.scatterShape == .trace) { component, j in
      let shift = component.mean[j] - scale.centre[j]
      return shift * shift
    }
  }

  /// By which factor the scatter of all points exceeds that within the components.
  private func growth(of mixture: GaussianMixture, _ total: Scatter) -> Double {
    largestRatio(of: mixture, isSummed: total.shape == .trace) { _, j in scale.variances[j] }
  }

  /// The largest ratio of a square to a component's variance along the same column, or of their sums over the columns.
  private func largestRatio(
    of mixture: GaussianMixture, isSummed: Bool, square: (Gaussian, _ column: Int) -> Double
  ) -> Double {
    var largest = 0.0
    for component in mixture.components {
      var (squares, variances) = (0.0, 0.0)
      for j in 0..<component.dimension {
        let (square, variance) = (square(component, j), component.covariance.variance(j))
        squares += square
        variances += variance
        if !isSummed { largest = max(largest, square / variance) }
      }
      if isSummed { largest = max(largest, squares / variances) }
    }
    return largest
  }

  public func accumulate(
    _ tile: Tile, shares: UnsafeBufferPointer<Double>, into statistics: inout GaussianStatistics
  ) {
    statistics.add(tile, shares: shares, negligible: negligibleShare * tile.smallestWeight)
  }

  public func maximize(_ statistics: GaussianStatistics) throws(Degeneracy) -> Maximum<Gaussian> {
    let seen = statistics.scattersOfAll
    let scatters = aboutFrozenMeans(
      prior?.added(to: seen) ?? seen,
      counts: seen.components.map { $0.effectiveCount + (prior?.shrinkage ?? 0) })
    let estimate = structure.estimate(scatters)
    var maximum = Maximum<Gaussian>(components: [])
    maximum.components.reserveCapacity(estimate.covariances.count)
    maximum.effort.innerIterations = estimate.innerIterations
    maximum.effort.reachedInnerLimit = estimate.reachedLimit
    for (k, estimate) in estimate.covariances.enumerated() {
      if frozen.covariances.contains(k), let old = seen.nearby?[k] {
        maximum.components.append(old.moved(to: scatters.components[k].mean))
        continue
      }
      let floored = scale.floored(estimate, at: covarianceFloor)
      if floored != estimate { maximum.effort.floored += 1 }
      maximum.components.append(
        try gaussian(k, scatters.components[k], floored, after: maximum.components.last))
    }
    return maximum
  }

  /// Scatters about means that stay where they are.
  ///
  /// - Parameter counts: how many points, with those of the prior, each mean is one of.
  private func aboutFrozenMeans(_ scatters: Scatters, counts: [Double]) -> Scatters {
    guard frozen.means != .none, let nearby = scatters.nearby else { return scatters }
    var moved = scatters
    for k in nearby.indices where frozen.means.contains(k) {
      let shift = entrywise(scatters.components[k].mean, nearby[k].mean, -)
      moved.components[k].add(counts[k], squareOf: shift)
      moved.pooled.add(counts[k], squareOf: shift)
      moved.components[k].mean = nearby[k].mean
    }
    return moved
  }

  public var priorCount: Double { prior.map { $0.concentration - 1 } ?? 0 }

  public func logPrior(of mixture: GaussianMixture) -> Double {
    prior?.logDensity(of: mixture, isShared: structure.needsOnlyPooled) ?? 0
  }

  /// A covariance that was factored for the component before is not factored again.
  private func gaussian(
    _ k: Int, _ scatter: Scatter, _ covariance: Covariance, after previous: Gaussian?
  ) throws(Degeneracy) -> Gaussian {
    if let previous, previous.covariance == covariance { return previous.moved(to: scatter.mean) }
    let count = scatter.effectiveCount
    if let column = scale.collapsedColumn(of: covariance) {
      throw Degeneracy(component: k, effectiveCount: count, cause: .collapsed(column: column))
    }
    do throws(CholeskyFactor.NotPositiveDefinite) {
      return try Gaussian(unchecked: scatter.mean, covariance)
    } catch {
      throw Degeneracy(component: k, effectiveCount: count, cause: .collinear(column: error.column))
    }
  }
}
