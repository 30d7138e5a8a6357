/// Starts from a given mixture, used as it is in the first E-step: its covariances too, whatever
/// structure the fit has.
public struct MixtureStart: StartingMethod {
  /// The first mixture.
  public let mixture: GaussianMixture

  /// Starts from a mixture of the data's dimension.
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
    if problem.family.frozen.covariances != .none {
      try problem.family.structure.check(mixture)
    }
    return problem.withBackground(mixture)
  }
}

/// Starts from given responsibilities, *n* × K, by their M-step.
public struct ResponsibilitiesStart: StartingMethod {
  /// *n* × K, each row summing to one.
  public let responsibilities: Matrix

  /// Starts from a matrix with a row per point.
  public init(_ responsibilities: Matrix) { self.responsibilities = responsibilities }

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

/// Starts from a given partition, by its M-step: the closed-form estimate of labelled points.
public struct LabelsStart: StartingMethod {
  private let assignment: LabelAssignment

  /// - Parameters:
  ///   - labels: the component of each point, counting from zero; −1 for the background, if there is to be one.
  ///   - components: K.
  /// - Throws: ``DataError`` naming the first label that is not in `0..<components`.
  public init(_ labels: [Int], components: Int) throws(DataError) {
    assignment = try LabelAssignment(labels, componentCount: components)
  }

  /// K.
  public var componentCount: Int { assignment.componentCount }

  public var isRandom: Bool { false }

  public func start(
    _ problem: FitProblem, components: Int, seed: UInt64
  ) throws -> GaussianMixture {
    guard assignment.labels.count == problem.points.count else {
      throw DataError.countMismatch(
        what: "labels", found: assignment.labels.count, points: problem.points.count)
    }
    guard componentCount == components else {
      throw ParameterError.startMismatch(found: componentCount, expected: components)
    }
    if problem.background == nil, let row = assignment.labels.firstIndex(of: -1) {
      throw DataError.invalidLabel(row: row, label: -1, components: components)
    }
    return try problem.mixture(assigning: assignment)
  }
}
