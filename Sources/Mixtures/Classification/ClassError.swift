/// Why a class has no density. Columns and components count from zero here and from one in the description.
public enum ClassError: Error, Equatable, Sendable {
  /// No row of the class counts.
  case noRows(class: String)
  /// One row has no spread.
  case singleRow(class: String)
  /// Equal rows have no spread.
  case equalRows(class: String, count: Int)
  /// The class has more components than rows.
  case tooFewRows(class: String, count: Int, components: Int)
  /// The class has more components than distinct rows.
  case tooFewDistinctRows(class: String, count: Int, components: Int)
  /// The class has no more rows than dimensions.
  case tooFewRowsForCovariance(class: String, count: Int, dimension: Int, structure: String)
  /// The class has no value in a column.
  case emptyColumn(class: String, column: Int, name: String)
  /// The covariance of the class is singular.
  case singular(class: String, column: String?, structure: String)
  /// The covariance that classes share is singular.
  case singularInAllClasses(column: String?, structure: String)
  /// Every start of the class degenerated.
  case degenerate(class: String, component: Int, components: Int, structure: String)
}

extension ClassError {
  /// What the error of a fit to one class alone says of it; `nil` where it says nothing of the class.
  init?(_ error: any Error, ofClass name: String) {
    switch error {
    case DataError.noPoints, DataError.noWeight: self = .noRows(class: name)
    case DataError.singlePoint: self = .singleRow(class: name)
    case DataError.allPointsEqual(let count): self = .equalRows(class: name, count: count)
    case DataError.tooManyComponents(let components, let count):
      self = .tooFewRows(class: name, count: count, components: components)
    case DataError.tooFewDistinctPoints(let components, let count):
      self = .tooFewDistinctRows(class: name, count: count, components: components)
    case DataError.tooFewPoints(let count, let dimension, let structure):
      self = .tooFewRowsForCovariance(
        class: name, count: count, dimension: dimension, structure: structure)
    case DataError.constantColumn(_, let column, _, let structure),
      DataError.collinearColumn(_, let column, let structure):
      self = .singular(class: name, column: column, structure: structure)
    case let error as DegenerateFitError where error.components == 1:
      self = .singular(class: name, column: error.column, structure: error.structure.name)
    case let error as DegenerateFitError:
      self = .degenerate(
        class: name, component: error.degeneracy.component, components: error.components,
        structure: error.structure.name)
    default: return nil
    }
  }

  /// Runs `body`; an error that concerns one class tells which.
  static func naming<Value>(_ name: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch {
      throw ClassError(error, ofClass: name) ?? error
    }
  }
}

extension DegenerateFitError {
  /// The name of the column along which a covariance became singular.
  var column: String? {
    switch degeneracy.cause {
    case .collapsed where structure.scatterShape == .trace: nil
    case .collapsed(let column), .collinear(let column): featureNames[column]
    case .noPoints, .spurious: nil
    }
  }
}

extension ClassError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noRows(let name):
      "Class \"\(name)\" has no row that counts. Give it more rows, or leave the class out."
    case .singleRow(let name):
      "Class \"\(name)\" has 1 row, which has no spread. \(Self.remedies)"
    case .equalRows(let name, let count):
      "All \(count) rows of class \"\(name)\" are equal: they have no spread. \(Self.remedies)"
    case .tooFewRows(let name, let count, let components):
      "Class \"\(name)\" has \(Self.rows(count)), too few for \(components) components. "
        + "Use at most \(count) (-k), or give the class more rows."
    case .tooFewDistinctRows(let name, let count, let components):
      "Class \"\(name)\" has only \(count) distinct rows, too few for \(components) components. "
        + "Use at most \(count) (-k), or give the class more rows."
    case .tooFewRowsForCovariance(let name, let count, let dimension, let structure):
      "Class \"\(name)\" has \(Self.rows(count)) in \(dimension) dimensions: a covariance of structure \(structure) "
        + "of its own needs at least \(dimension + 1). Use a structure with fewer parameters (EEI, VVI, EII), "
        + "fewer columns, or give the class more rows."
    case .emptyColumn(let name, let column, let columnName):
      "Class \"\(name)\" has no value in column \(column + 1) (\(columnName)). Exclude the column, or leave the class out."
    case .singular(let name, let column, let structure):
      "Class \"\(name)\" has no spread of its own\(Self.place(column)), so its covariance of structure \(structure) "
        + "is singular. Use a structure with fewer parameters (EEI, EII), or leave out the column or the class."
    case .singularInAllClasses(nil, _):
      "Within every class all rows are equal, up to rounding: no structure has a covariance for them. "
        + "Give the classes rows that differ, or use columns in which they do."
    case .singularInAllClasses(let column?, let structure):
      "Within the classes there is no spread\(Self.place(column)), so covariances of structure \(structure) are singular. "
        + "Exclude the column, or use a spherical structure (EII, VII)."
    case .degenerate(let name, let component, let components, let structure):
      "Class \"\(name)\": component \(component + 1) of \(components) was left with too few points for a covariance of "
        + "structure \(structure), from every start. Use fewer components (-k), or a structure with fewer parameters."
    }
  }

  private static let remedies =
    "Give it more rows, leave the class out, or use one component per class with a covariance that "
    + "all share (EII, EEI, EEE)."

  private static func rows(_ count: Int) -> String { "\(count) row\(count == 1 ? "" : "s")" }

  private static func place(_ column: String?) -> String { column.map { " along \($0)" } ?? "" }
}
