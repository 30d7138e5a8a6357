/// What is wrong with the data of a fit or a score. Rows and columns count from zero here
/// and from one in the description.
public enum DataError: Error, Equatable, Sendable {
  /// There is nothing to fit.
  case noPoints
  /// Points have no coordinates.
  case noColumns
  /// One point has no spread.
  case singlePoint
  /// Equal points have no spread.
  case allPointsEqual(count: Int)
  /// A coordinate is infinite or no number.
  case notFinite(row: Int, column: Int, name: String, value: Double)
  /// The square of a coordinate leaves Float64.
  case beyondRange(row: Int, column: Int, name: String, value: Double)
  /// The square of a column's spread leaves Float64.
  case spreadTooSmall(column: Int, name: String, spread: Double)
  /// A column has one value, and every covariance of the structure is singular.
  case constantColumn(column: Int, name: String, value: Double, structure: String)
  /// A column is a combination of those before it, and a covariance of the structure is singular.
  case collinearColumn(column: Int, name: String, structure: String)
  /// There are no more points than dimensions, and every covariance of the structure is singular.
  case tooFewPoints(count: Int, dimension: Int, structure: String)
  /// There are more components than points.
  case tooManyComponents(components: Int, points: Int)
  /// There are more components than places where one can begin.
  case tooFewDistinctPoints(components: Int, distinct: Int)
  /// What should come once per point does not.
  case countMismatch(what: String, found: Int, points: Int)
  /// A point weight is out of range.
  case invalidWeight(row: Int, value: Double)
  /// No point has a positive weight.
  case noWeight
  /// A row of responsibilities is no distribution.
  case invalidResponsibilities(row: Int, sum: Double)
  /// A label names no component.
  case invalidLabel(row: Int, label: Int, components: Int)
  /// Responsibilities have another number of columns than the mixture has components.
  case componentMismatch(found: Int, expected: Int)
  /// Points have another dimension than the mixture.
  case dimensionMismatch(found: Int, expected: Int)
  /// A coordinate leaves Float32.
  case beyondSinglePrecision(row: Int, column: Int, name: String, value: Double)
  /// A column varies by too few steps of Float32.
  case lostInSinglePrecision(column: Int, name: String, spread: Double, step: Double)
  /// A source could not be read any more.
  case unreadable(row: Int, reason: String)
  /// The number of folds is below two, or larger than the number of points.
  case invalidFolds(Int, points: Int)
  /// All labels of a component are in one fold.
  case labelOfOneFold(component: Int)
  /// A classifier needs two classes.
  case singleClass(String)
  /// The bootstrap draws complete rows.
  case incompleteForBootstrap
  /// The bootstrap draws rows without labels.
  case labelledForBootstrap
  /// The bootstrap draws as many rows as weights count.
  case weightsAreNoCounts(sum: Double)
  /// A column has no value.
  case emptyColumn(column: Int, name: String)
  /// Every label needs a component.
  case fewerComponentsThanLabels(components: Int, labels: Int)
}

extension DataError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noPoints:
      "The data have no points. A fit needs at least two."
    case .noColumns:
      "The points have no coordinates. A fit needs at least one column."
    case .singlePoint:
      "The data have a single point, which has no spread. A fit needs at least two different points."
    case .allPointsEqual(let count):
      "All \(count) points are equal: there is no spread to fit. A fit needs at least two different points."
    case .notFinite(let row, let column, let name, let value):
      "Row \(row + 1), column \(column + 1) (\(name)): expected a finite number, found \(value). Remove the row or the column."
    case .beyondRange(let row, let column, let name, let value):
      "Row \(row + 1), column \(column + 1) (\(name)): expected a value of at most 1e140, whose squares can be summed, "
        + "found \(value). Remove the row if it is an error, or divide the column by a power of ten."
    case .spreadTooSmall(let column, let name, let spread):
      "Column \(column + 1) (\(name)): expected values that spread over at least 1e-140, whose squares can be summed, "
        + "found \(spread). Multiply the column by a power of ten."
    case .constantColumn(let column, let name, let value, let structure):
      "Column \(column + 1) (\(name)) is constant (\(value)), so every covariance of structure \(structure) is singular. "
        + "Exclude the column, or use a spherical structure (EII, VII)."
    case .collinearColumn(let column, let name, let structure):
      "Column \(column + 1) (\(name)) is a linear combination of the columns before it, up to rounding, "
        + "so a covariance of structure \(structure) is singular. Exclude the column, use a diagonal structure (EEI, VVI), or set a covariance floor."
    case .tooFewPoints(let count, let dimension, let structure):
      "\(count) points in \(dimension) dimensions leave every covariance of structure \(structure) singular: it needs at "
        + "least \(dimension + 1) points. Use a diagonal or spherical structure (EEI, VVI, EII, VII), fewer columns, or a covariance floor."
    case .tooManyComponents(let components, let points):
      "Cannot fit \(components) components to \(points) points. Use at most as many components as points."
    case .tooFewDistinctPoints(let components, let distinct):
      "Cannot place \(components) components: the data have distinct points, or labels, for only \(distinct). Use at most \(distinct) components."
    case .countMismatch(let what, let found, let points):
      "Found \(found) \(what) for \(points) points. Give one per point."
    case .invalidWeight(let row, let value):
      "Row \(row + 1): expected a weight from 0 to 1e15, found \(value)."
    case .noWeight:
      "All point weights are zero. At least one must be positive."
    case .invalidResponsibilities(let row, let sum):
      "Row \(row + 1): expected responsibilities in 0...1 that sum to 1, found others, with a sum of \(sum)."
    case .invalidLabel(let row, let label, let components):
      "Row \(row + 1): expected a component from 1 to \(components), found \(label &+ 1)."
    case .componentMismatch(let found, let expected):
      "The responsibilities have \(found) columns, the mixture has \(expected) components. Give one column per component."
    case .dimensionMismatch(let found, let expected):
      "The data have \(found) columns, the mixture has \(expected) dimensions. Select the columns that the mixture was fitted to."
    case .beyondSinglePrecision(let row, let column, let name, let value):
      "Row \(row + 1), column \(column + 1) (\(name)): expected a value within the range of Float32, found \(value). "
        + "Keep the points in Float64, or divide the column by a power of ten."
    case .lostInSinglePrecision(let column, let name, let spread, let step):
      "Column \(column + 1) (\(name)): expected values that Float32 tells apart, found a spread of \(spread) where "
        + "Float32 resolves steps of \(step). Keep the points in Float64, or subtract a constant from the column."
    case .incompleteForBootstrap:
      "The bootstrap draws complete rows, and the data have missing cells. Leave out rows with missing cells."
    case .labelledForBootstrap:
      "The bootstrap draws rows without labels, and some of the data have one. Leave out the labels."
    case .weightsAreNoCounts(let sum):
      "The weights sum to \(sum): a bootstrap draws as many rows as they count, from 2 to 1e9. Use weights that count rows."
    case .emptyColumn(let column, let name):
      "Column \(column + 1) (\(name)) has no value in any row. Exclude the column."
    case .fewerComponentsThanLabels(let components, let labels):
      "Cannot fit \(components) component\(components == 1 ? "" : "s") to points with \(labels) different labels. "
        + "Use at least as many components as labels."
    case .singleClass(let name):
      "All points are of one class, \"\(name)\". A classifier needs at least two."
    case .invalidFolds(let folds, let points):
      "Cannot hold out each of \(folds) fold\(folds == 1 ? "" : "s") of \(points) points in turn. "
        + "Use from 2 folds to as many as there are points."
    case .labelOfOneFold(let component):
      "All labels of component \(component + 1) are in this fold, and the others do not tell which component it is. "
        + "Use folds that divide its labels."
    case .unreadable(let row, let reason):
      "Row \(row + 1) could not be read: \(reason). Leave the data alone while they are used, and run again."
    }
  }
}
