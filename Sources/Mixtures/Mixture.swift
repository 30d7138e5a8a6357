/// A mixture density: p(x) = Σₖ πₖ f(x; θₖ), plus π₀ v⁻¹ where it has a background.
///
/// A mixture is a value: copy it, save it, share it between threads. It comes from a fit or
/// from known parameters.
///
/// Source: Bishop (2006), *Pattern Recognition and Machine Learning*, §9.2.
public struct Mixture<Component: MixtureComponent>: Sendable, Equatable {
  /// The mixing weights πₖ, which with that of the background sum to one.
  public let weights: [Double]

  /// The K components.
  public let components: [Component]

  /// What takes the points that no component describes, if anything.
  public let background: Background?

  /// A mixture of Gaussian or other components with known parameters.
  ///
  /// - Parameters:
  ///   - weights: one per component, in 0...1, summing to 1 within 10⁻⁸.
  ///   - components: at least one, all of the same dimension.
  ///   - background: its weight is part of the sum.
  /// - Throws: ``ParameterError`` naming what is wrong.
  public init(
    weights: [Double], components: [Component], background: Background? = nil
  ) throws(ParameterError) {
    guard let first = components.first else { throw .noComponents }
    guard weights.count == components.count else {
      throw .countMismatch(weights: weights.count, components: components.count)
    }
    for (k, component) in components.enumerated() {
      guard component.dimension == first.dimension else {
        throw .componentDimensions(
          component: k, found: component.dimension, expected: first.dimension)
      }
      guard weights[k] >= 0, weights[k] <= 1 else {
        throw .invalidMixingWeight(component: k, value: weights[k])
      }
    }
    if let background, !background.isValid(dimension: first.dimension) {
      throw .invalidBackground(weight: background.weight, logDensity: background.logDensity)
    }
    let sum = weights.reduce(background?.weight ?? 0, +)
    guard abs(sum - 1) <= 1e-8 else { throw .mixingWeightsSum(sum) }
    self.weights = weights
    self.components = components
    self.background = background
  }

  /// A mixture of what a fit has found.
  init(fitted components: [Component], weights: [Double], background: Background? = nil) {
    self.weights = weights
    self.components = components
    self.background = background
  }

  /// The length *d* of the points.
  public var dimension: Int { components[0].dimension }

  /// The number of components K.
  public var componentCount: Int { components.count }

  /// The mixture with its components in another order.
  ///
  /// - Precondition: `order` is a permutation of the component numbers.
  public func permuted(_ order: [Int]) -> Mixture {
    precondition(order.sorted() == Array(components.indices), "a permutation of the components")
    return Mixture(
      fitted: order.map { components[$0] }, weights: order.map { weights[$0] },
      background: background)
  }

  /// The same components with a background of the given weight, which all of them yield a share for.
  func with(_ background: Background?) -> Mixture {
    guard let background else { return self }
    return Mixture(
      fitted: components, weights: weights.map { $0 * (1 - background.weight) },
      background: background)
  }

  /// The largest change of a parameter from `other`: of a mixing weight, or of a component in
  /// units of its own spread.
  func change(from other: Mixture) -> Double {
    var largest = abs((background?.weight ?? 0) - (other.background?.weight ?? 0))
    for k in components.indices {
      largest = max(largest, abs(weights[k] - other.weights[k]))
      largest = max(largest, components[k].change(from: other.components[k]))
    }
    return largest
  }
}

/// A mixture of Gaussians.
public typealias GaussianMixture = Mixture<Gaussian>
