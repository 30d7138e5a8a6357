/// What is wrong with given parameters: of a mixture, a component, or a request.
/// Components count from zero here and from one in the description.
public enum ParameterError: Error, Equatable, Sendable {
  /// A mixture has at least one component.
  case noComponents
  /// There are not as many mixing weights as components.
  case countMismatch(weights: Int, components: Int)
  /// A mixing weight is not in 0...1.
  case invalidMixingWeight(component: Int, value: Double)
  /// Mixing weights do not sum to one.
  case mixingWeightsSum(Double)
  /// A mean and a covariance have different dimensions.
  case dimensionMismatch(mean: Int, covariance: Int)
  /// Components have different dimensions.
  case componentDimensions(component: Int, found: Int, expected: Int)
  /// A mean is infinite or no number.
  case meanNotFinite
  /// A covariance is singular, or no covariance.
  case covarianceNotPositiveDefinite(column: Int)
  /// A covariance does not obey the structure.
  case covarianceNotOfStructure(component: Int, structure: String)
  /// No structure has this name.
  case unknownStructure(String)
  /// A structure of one dimension is asked of more.
  case structureNotForDimension(structure: String, dimension: Int)
  /// A start has another number of components.
  case startMismatch(found: Int, expected: Int)
  /// One model of a likelihood-ratio test does not contain the other.
  case notNested(null: String, alternative: String)
  /// A likelihood-ratio test knows no background.
  case backgroundInTest
  /// Classes and components do not go together.
  case invalidClasses
  /// Covariances that are tied to frozen ones cannot be estimated alone.
  case tiedToFrozen(structure: String)
  /// The structure has no conjugate prior.
  case noConjugatePrior(structure: String)
  /// A prior is out of range.
  case invalidPrior
  /// A background is out of range.
  case invalidBackground(weight: Double, logDensity: Double)
}

extension ParameterError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noComponents:
      "A mixture needs at least one component."
    case .countMismatch(let weights, let components):
      "Found \(weights) mixing weights for \(components) components. Give one per component."
    case .invalidMixingWeight(let component, let value):
      "Component \(component + 1): expected a mixing weight from 0 to 1, found \(value)."
    case .mixingWeightsSum(let sum):
      "The mixing weights sum to \(sum), expected 1. Divide each by their sum."
    case .dimensionMismatch(let mean, let covariance):
      "The mean has \(mean) entries and the covariance \(covariance) rows. Give them the same dimension, at least 1."
    case .componentDimensions(let component, let found, let expected):
      "Component \(component + 1) has dimension \(found), those before it \(expected). Give all the same dimension."
    case .meanNotFinite:
      "The mean is not finite."
    case .covarianceNotPositiveDefinite(let column):
      "The covariance is not positive definite (column \(column + 1) is zero, or a combination of the columns before it)."
    case .covarianceNotOfStructure(let component, let structure):
      "The covariance of component \(component + 1) is not one that structure \(structure) allows. "
        + "Correct it, or name a structure that allows it."
    case .unknownStructure(let name):
      "Unknown structure \"\(name)\". Known: \(CovarianceStructure.all.map(\.name).joined(separator: ", ")). "
        + "Nearest: \(CovarianceStructure.nearest(to: name))."
    case .structureNotForDimension(let structure, let dimension):
      "Structure \(structure) is for one dimension, the data have \(dimension). "
        + "Use one of \(CovarianceStructure.all(inDimension: dimension).map(\.name).joined(separator: ", "))."
    case .startMismatch(let found, let expected):
      "The start has \(found) components, expected \(expected)."
    case .tiedToFrozen(let structure):
      "The covariances of structure \(structure) are tied to each other: freeze all of them or none, or use VII, VVI or VVV."
    case .noConjugatePrior(let structure):
      "There is no conjugate prior for structure \(structure). Use one of EII, VII, EEI, VVI, EEE, VVV, E, V, or no prior."
    case .invalidPrior:
      "Expected a prior with a finite mean of the data's dimension, a shrinkage of at least 0, positive degrees of freedom and "
        + "scale, and a concentration of at least 1."
    case .invalidBackground(let weight, let logDensity):
      "Expected a background with a weight from 0 to 1 and a positive, finite density, that of a box of its lengths if it has them, "
        + "found weight \(weight) and log-density \(logDensity)."
    case .invalidClasses:
      "The classes do not match the components. Give every component a class, every class a component, each class its own name, and no background."
    case .backgroundInTest:
      "The bootstrap test is for mixtures without a background, whose box would have to be that of each sample. Leave out the test."
    case .notNested(let null, let alternative):
      "\(null) is no special case of \(alternative). Compare a model with one of the same structure, or a freer one of the "
        + "same kind, that has more components or as many."
    }
  }
}

extension CovarianceStructure {
  /// The name that agrees with `name` in the most letters.
  fileprivate static func nearest(to name: String) -> String {
    func agreement(_ known: String) -> Int {
      zip(known, name.uppercased()).count { $0 == $1 } - abs(known.count - name.count)
    }
    return all.reversed().map(\.name).max { agreement($0) < agreement($1) } ?? ""
  }
}
