/// Parameters that a fit leaves as they are in its start.
public struct FrozenParts: Sendable, Equatable {
  /// Which components.
  public enum Components: Sendable, Equatable {
    case none
    case all
    /// Those of these numbers, counting from zero.
    case only(Set<Int>)

    func contains(_ k: Int) -> Bool {
      switch self {
      case .none: false
      case .all: true
      case .only(let numbers): numbers.contains(k)
      }
    }

    func count(of components: Int) -> Int { (0..<components).count(where: contains) }
  }

  /// Mixing weights; those of other components share what these leave.
  public var weights = Components.none

  /// Means.
  public var means = Components.none

  /// Covariances. Single ones only where the structure lets each component have its own: VII, VVI, VVV or V.
  public var covariances = Components.none

  /// Nothing is frozen.
  public init() {}

  /// Whether anything is.
  var isEmpty: Bool { self == FrozenParts() }

  /// What is frozen, as in "means" or "weights of some components".
  package var names: [String] {
    [("means", means), ("weights", weights), ("covariances", covariances)].compactMap {
      name, components in
      switch components {
      case .none: nil
      case .all: name
      case .only: name + " of some components"
      }
    }
  }

  /// - Throws: ``ParameterError`` where covariances are tied to frozen ones.
  func check(_ structure: CovarianceStructure) throws(ParameterError) {
    guard case .only = covariances, !["VII", "VVI", "VVV", "V"].contains(structure.name) else {
      return
    }
    throw .tiedToFrozen(structure: structure.name)
  }

  /// How many parameters are not estimated.
  package func parameterCount(
    _ structure: CovarianceStructure, dimension: Int, components: Int, hasBackground: Bool
  ) -> Int {
    let own = covariances.count(of: components)
    let tied = structure.covarianceParameterCount(dimension, components)
    return min(weights.count(of: components), hasBackground ? components : components - 1)
      + means.count(of: components) * dimension
      + (own == components ? tied : own * tied / components)
  }

  /// The new mixture with what is frozen taken from the old one.
  func restored<Component>(
    _ new: Mixture<Component>, from old: Mixture<Component>
  ) -> Mixture<Component> {
    guard weights != .none else { return new }
    let kept = old.weights.indices.filter(weights.contains)
    let rest = 1 - kept.reduce(0) { $0 + old.weights[$1] }
    let free = 1 - kept.reduce(0) { $0 + new.weights[$1] }
    func scaled(_ weight: Double) -> Double { free > 0 ? weight * rest / free : 0 }
    return Mixture(
      fitted: new.components,
      weights: new.weights.indices.map {
        weights.contains($0) ? old.weights[$0] : scaled(new.weights[$0])
      },
      background: new.background.map { $0.with(weight: scaled($0.weight)) })
  }
}
