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

  /// - Throws: ``ParameterError`` where the structure is not defined in the dimension of the data.
  /// - Precondition: the floor is in 0..<1.
  public init(
    _ structure: CovarianceStructure, scale: DataScale, covarianceFloor: Double = 0
  ) throws(ParameterError) {
    precondition(
      (0..<1).contains(covarianceFloor), "a covariance floor is a share from 0 to below 1")
    self.structure = try structure.inDimension(scale.dimension)
    self.scale = scale
    self.covarianceFloor = covarianceFloor
  }

  public func emptyStatistics(near component: Gaussian) -> GaussianStatistics {
    emptyStatistics(about: component.mean)
  }

  public func emptyStatistics(about point: [Double]) -> GaussianStatistics {
    GaussianStatistics(origin: point, shape: structure.scatterShape)
  }

  public func accumulate(
    _ tile: Tile, shares: UnsafeBufferPointer<Double>, into statistics: inout GaussianStatistics
  ) {
    statistics.add(tile, shares: shares)
  }

  public func maximize(_ statistics: [GaussianStatistics]) throws(Degeneracy) -> Maximum<Gaussian> {
    let scatters = statistics.map { $0.scatter }
    var maximum = Maximum<Gaussian>(components: [], floored: 0)
    for (k, estimate) in structure.estimate(scatters).enumerated() {
      let floored = scale.floored(estimate, at: covarianceFloor)
      if floored != estimate { maximum.floored += 1 }
      maximum.components.append(
        try gaussian(k, scatters[k], floored))
    }
    return maximum
  }

  private func gaussian(
    _ k: Int, _ scatter: Scatter, _ covariance: Covariance
  ) throws(Degeneracy) -> Gaussian {
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
