/// Starts from a given mixture, used as it is in the first E-step: its covariances too, whatever
/// structure the fit has.
public struct MixtureStart: StartingMethod {
  public let mixture: GaussianMixture

  public init(_ mixture: GaussianMixture) { self.mixture = mixture }

  public var isRandom: Bool { false }

  public func start(
    _ problem: FitProblem, components: Int, seed: UInt64
  ) throws -> GaussianMixture {
    guard mixture.componentCount == components else {
      throw ParameterError.startMismatch(found: mixture.componentCount, expected: components)
    }
    guard mixture.dimension == problem.points.dimension else {
      throw DataError.dimensionMismatch(
        found: problem.points.dimension, expected: mixture.dimension)
    }
    return mixture
  }
}

/// Starts from given responsibilities, *n* × K, by their M-step.
public struct ResponsibilitiesStart: StartingMethod {
  public let responsibilities: Matrix

  public init(_ responsibilities: Matrix) { self.responsibilities = responsibilities }

  /// From one component per point, counting from zero.
  ///
  /// - Throws: ``DataError`` where a label is not in `0..<components`.
  public init(labels: [Int], components: Int) throws(DataError) {
    self.init(try Matrix(indicatorsOf: labels, components: components))
  }

  public var isRandom: Bool { false }

  public func start(
    _ problem: FitProblem, components: Int, seed: UInt64
  ) throws -> GaussianMixture {
    let given = try GivenResponsibilities(responsibilities, points: problem.points.count)
    guard given.componentCount == components else {
      throw ParameterError.startMismatch(found: given.componentCount, expected: components)
    }
    return try problem.mixture(assigning: given)
  }
}
