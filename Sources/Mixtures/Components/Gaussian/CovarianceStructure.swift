/// What the K covariances of a Gaussian mixture have in common.
///
/// With Σₖ = λₖDₖAₖDₖᵀ, the three letters say of the volume λ, the shape A and the
/// orientation D whether they are equal (E), variable (V) or the identity (I). In one
/// dimension there is only the volume: E or V.
///
/// A structure is a value: a name, the number of its parameters, and one pure function from
/// what each component has learnt to all K covariances. It knows of no points and no threads.
///
/// Source: Celeux & Govaert (1995), "Gaussian parsimonious clustering models",
/// *Pattern Recognition* 28(5), 781–793.
public struct CovarianceStructure: Sendable {
  /// The letters, such as `VVV`.
  public let name: String

  /// How much of each scatter the estimate needs.
  public let scatterShape: ScatterShape

  /// Whether all components share one covariance, so that the estimate needs only the sum of their scatters.
  public let needsOnlyPooled: Bool

  /// The dimensions for which the structure is defined.
  public let dimensions: ClosedRange<Int>

  /// The number of free covariance parameters of K components in dimension *d*.
  public let covarianceParameterCount: @Sendable (_ dimension: Int, _ components: Int) -> Int

  /// How free each of volume, shape and orientation is: not at all (I), common to all components (E), or own (V).
  private let freedoms: [Int]

  /// The maximum-likelihood covariances for the given scatters.
  public let estimate: @Sendable (_ scatters: Scatters) -> CovarianceEstimate

  /// The number of free parameters of a mixture: K − 1 mixing weights, Kd means and the covariances'.
  public func parameterCount(dimension: Int, components: Int) -> Int {
    components - 1 + components * dimension + covarianceParameterCount(dimension, components)
  }

  /// All structures, the simplest first.
  public static let all = [
    e, v, eii, vii, eei, vei, evi, vvi, eee, vee, eve, vve, eev, vev, evv, vvv,
  ]

  /// Other names that people know, those of scikit-learn, and what they are called here.
  public static let aliases = ["spherical": vii, "diag": vvi, "tied": eee, "full": vvv]

  /// The structures for points of the given dimension.
  public static func all(inDimension dimension: Int) -> [CovarianceStructure] {
    all.filter { $0.dimensions.contains(dimension) }
  }

  /// The structure with the given letters or alias, in either case; `nil` if there is none.
  public init?(named name: String) {
    let found = Self.all.first { $0.name == name.uppercased() } ?? Self.aliases[name.lowercased()]
    guard let found else { return nil }
    self = found
  }

  init(
    _ name: String, scatterShape: ScatterShape, needsOnlyPooled: Bool = false,
    dimensions: ClosedRange<Int> = 2...Int.max,
    covarianceParameterCount: @escaping @Sendable (_ dimension: Int, _ components: Int) -> Int,
    innerLoop: @escaping @Sendable (_ scatters: Scatters) -> CovarianceEstimate
  ) {
    self.name = name
    self.scatterShape = scatterShape
    self.needsOnlyPooled = needsOnlyPooled
    self.dimensions = dimensions
    self.covarianceParameterCount = covarianceParameterCount
    estimate = innerLoop
    freedoms = name.map { $0 == "I" ? 0 : $0 == "E" ? 1 : 2 }
  }

  init(
    _ name: String, scatterShape: ScatterShape, needsOnlyPooled: Bool = false,
    dimensions: ClosedRange<Int> = 2...Int.max,
    covarianceParameterCount: @escaping @Sendable (_ dimension: Int, _ components: Int) -> Int,
    closedForm: @escaping @Sendable (_ scatters: Scatters) -> [Covariance]
  ) {
    self.init(
      name, scatterShape: scatterShape, needsOnlyPooled: needsOnlyPooled, dimensions: dimensions,
      covarianceParameterCount: covarianceParameterCount,
      innerLoop: { CovarianceEstimate(closedForm($0)) })
  }

  /// The same structure as it reads in the given dimension: in one dimension only the volume is left.
  ///
  /// - Throws: ``ParameterError`` for a one-dimensional structure in a higher dimension.
  public func inDimension(_ dimension: Int) throws(ParameterError) -> CovarianceStructure {
    if dimensions.contains(dimension) { return self }
    guard dimension == 1 else {
      throw .structureNotForDimension(structure: name, dimension: dimension)
    }
    let volume = name.first
    return volume == "E" ? .e : .v
  }

  /// Checks that the covariances of a mixture are ones that the structure allows.
  ///
  /// They are, if estimating them from themselves changes nothing: with Nₖ = πₖ and Wₖ = πₖΣₖ,
  /// an M-step returns the Σₖ that went in. Entries may differ by 10⁻⁶ of the standard deviations,
  /// which leaves room for numbers written by hand.
  ///
  /// - Throws: ``ParameterError`` naming the first component whose covariance is none of the structure's.
  public func check(_ mixture: GaussianMixture) throws(ParameterError) {
    let scatters = zip(mixture.weights, mixture.components).map { weight, component in
      let share = max(weight, .leastNormalMagnitude / .ulpOfOne)
      return Scatter(
        effectiveCount: share, mean: component.mean, shape: scatterShape,
        values: component.covariance.scatterValues(scatterShape).map { share * $0 })
    }
    let estimate = estimate(Scatters(scatters, nearby: mixture.components))
    for (k, estimate) in estimate.covariances.enumerated() {
      let own = mixture.components[k].covariance
      for i in 0..<mixture.dimension {
        for j in 0...i {
          let unit = own[i, i].squareRoot() * own[j, j].squareRoot()
          guard abs(estimate[i, j] - own[i, j]) <= 1e-6 * unit else {
            throw .covarianceNotOfStructure(component: k, structure: name)
          }
        }
      }
    }
  }
}

extension CovarianceStructure {
  /// Whether the volumes of components are not tied to each other, so that one of them may shrink alone.
  var hasOwnVolumes: Bool { freedoms[0] == 2 }

  /// Whether the axes of components are not tied to each other, so that each has to find its own.
  var hasOwnAxes: Bool { freedoms.count == 3 && freedoms[2] == 2 }

  /// The sum of these: larger for a structure than for any that it contains.
  var freedom: Int { freedoms.reduce(0, +) }

  /// Whether every mixture of the other structure is one of this.
  func contains(_ other: CovarianceStructure) -> Bool {
    freedoms.count == other.freedoms.count && zip(freedoms, other.freedoms).allSatisfy { $0 >= $1 }
  }

  /// Whether the other structure is contained in this, and no third lies between the two.
  func directlyContains(_ other: CovarianceStructure) -> Bool {
    self != other && contains(other)
      && !Self.all.contains {
        $0 != self && $0 != other && contains($0) && $0.contains(other)
      }
  }
}

extension Covariance {
  /// The part of the matrix that a scatter of the given shape holds.
  func scatterValues(_ shape: ScatterShape) -> [Double] {
    switch shape {
    case .trace: [variances.reduce(0, +)]
    case .diagonal: variances
    case .full: lowerTriangle
    }
  }
}

extension CovarianceStructure: Hashable {
  public static func == (left: Self, right: Self) -> Bool { left.name == right.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension CovarianceStructure: CustomStringConvertible {
  public var description: String { name }
}

extension CovarianceStructure: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let found = CovarianceStructure(named: name) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: ParameterError.unknownStructure(name).description)
    }
    self = found
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}

extension [CovarianceStructure] {
  /// The different structures as they read in the given dimension, in their own order.
  ///
  /// - Throws: as ``CovarianceStructure/inDimension(_:)``.
  func distinct(inDimension dimension: Int) throws(ParameterError) -> [CovarianceStructure] {
    var distinct: [CovarianceStructure] = []
    for structure in self {
      let structure = try structure.inDimension(dimension)
      if !distinct.contains(structure) { distinct.append(structure) }
    }
    return distinct
  }
}
