/// What is wrong with given parameters: of a mixture, a component, or a request.
/// Components count from zero here and from one in the description.
public enum ParameterError: Error, Equatable, Sendable {
  case noComponents
  case countMismatch(weights: Int, components: Int)
  case invalidMixingWeight(component: Int, value: Double)
  case mixingWeightsSum(Double)
  case dimensionMismatch(mean: Int, covariance: Int)
  case componentDimensions(component: Int, found: Int, expected: Int)
  case meanNotFinite
  case covarianceNotPositiveDefinite(column: Int)
  case covarianceNotOfStructure(component: Int, structure: String)
  case unknownStructure(String)
  case structureNotForDimension(structure: String, dimension: Int)
  case startMismatch(found: Int, expected: Int)
  case notNested(null: String, alternative: String)
  case backgroundInTest
  case invalidClasses
  case tiedToFrozen(structure: String)
  case noConjugatePrior(structure: String)
  case invalidPrior
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
