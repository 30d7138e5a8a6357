/// Which columns of a file are what.
///
/// A column is given by its name in the file or, where no column has that name, by its
/// number, counted from one. Without a header the names are `x1`, `x2`, ….
public struct ColumnSelection: Sendable, Equatable {
  /// The coordinates of a point, in this order; nil for every column without another role,
  /// in the order of the file.
  public var features: [String]?

  /// Columns that are no feature. Their content is not looked at.
  public var excluded: [String]

  /// A text for each row that names its class, which a classifier learns, or a result is compared with; never a feature.
  public var classColumn: String?

  /// The point weight wᵢ of each row, a number ≥ 0; never a feature.
  public var weightColumn: String?

  /// A text for each row that names its fold; never a feature.
  public var foldColumn: String?

  /// A text for each row that names its component where it is known, a missing value elsewhere; never a feature.
  public var labelColumn: String?

  /// Whether ``features`` give way to all columns in order where either side has no names: the
  /// file has no header, or the features are called `x1`, `x2`, … and the file knows none of these.
  public var allowsFeaturesByPosition: Bool

  /// By default every column is a feature.
  public init(
    features: [String]? = nil, excluded: [String] = [], classColumn: String? = nil,
    weightColumn: String? = nil, foldColumn: String? = nil, labelColumn: String? = nil,
    allowsFeaturesByPosition: Bool = false
  ) {
    self.features = features
    self.excluded = excluded
    self.classColumn = classColumn
    self.weightColumn = weightColumn
    self.foldColumn = foldColumn
    self.labelColumn = labelColumn
    self.allowsFeaturesByPosition = allowsFeaturesByPosition
  }

  /// The features that are looked for among the columns of a file; nil for all columns.
  func features(among names: ColumnNames) -> [String]? {
    guard let features, allowsFeaturesByPosition else { return features }
    let areUnnamed = features.enumerated().allSatisfy { $1 == "x\($0 + 1)" }
    let isPositional =
      !names.areFromFile || (areUnnamed && !features.contains(where: names.all.contains))
    return isPositional ? nil : features
  }
}
