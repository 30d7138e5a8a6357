/// The columns of a file by name.
struct ColumnNames {
  /// One name per column; `x1`, `x2`, … where the file has none.
  let all: [String]

  /// Whether the file itself has names.
  let areFromFile: Bool

  /// The most columns of a file: points are wanted, not one endless line.
  static let limit = 1 << 20

  /// The column at `index` for a message.
  func column(_ index: Int) -> TableError.Column {
    TableError.Column(number: index + 1, name: areFromFile ? all[index] : nil)
  }
}

/// What each column of a file is used for: a ``ColumnSelection`` that fits the file.
struct ColumnRoles {
  /// Indices of the coordinates, in the order of a point.
  let features: [Int]
  let featureNames: [String]
  let classColumn: Int?
  let weightColumn: Int?
  let foldColumn: Int?
  let labelColumn: Int?

  /// Those that hold a text, each once.
  var textColumns: [Int] {
    Set([classColumn, foldColumn, labelColumn].compactMap(\.self)).sorted()
  }

  init(_ selection: ColumnSelection, of names: ColumnNames, in path: String) throws(TableError) {
    let resolver = ColumnResolver(names: names, path: path)
    let excluded = Set(try resolver.indices(of: selection.excluded))
    classColumn = try selection.classColumn.map(resolver.index)
    weightColumn = try selection.weightColumn.map(resolver.index)
    foldColumn = try selection.foldColumn.map(resolver.index)
    labelColumn = try selection.labelColumn.map(resolver.index)
    let texts = [(classColumn, "class"), (foldColumn, "fold"), (labelColumn, "label")]
    for (column, role) in texts {
      if let column, column == weightColumn {
        throw resolver.error(
          column, "is both the \(role) and the weight", "Give each its own column.")
      }
    }

    let others = [classColumn, weightColumn, foldColumn, labelColumn]
    if let asked = selection.features(among: names) {
      features = try resolver.indices(of: asked)
      if let index = features.first(where: { others.contains($0) }) {
        throw resolver.error(
          index, "is a feature and also \(Self.noun(index, classColumn, weightColumn, foldColumn))",
          "Leave it out of the features, or give it no other role.")
      }
      if let index = features.first(where: excluded.contains) {
        throw resolver.error(
          index, "is a feature and also excluded", "Name it in one of the two places only.")
      }
    } else {
      features = names.all.indices.filter { !excluded.contains($0) && !others.contains($0) }
    }
    featureNames = features.map { names.all[$0] }
    guard !features.isEmpty else { throw resolver.noFeatureError }
    try resolver.checkDistinct(features)
  }

  /// What a column is that is no feature.
  func role(of column: Int) -> String {
    Self.noun(column, classColumn, weightColumn, foldColumn)
  }

  private static func noun(_ column: Int, _ own: Int?, _ weight: Int?, _ fold: Int?) -> String {
    switch column {
    case own: "the class"
    case weight: "the weight"
    case fold: "the fold"
    default: "the label"
    }
  }
}

/// Finds columns by name or number.
private struct ColumnResolver {
  let names: ColumnNames
  let path: String
  private let indicesByName: [String: [Int]]

  init(names: ColumnNames, path: String) {
    self.names = names
    self.path = path
    indicesByName = Dictionary(grouping: names.all.indices) { names.all[$0] }
  }

  func index(of name: String) throws(TableError) -> Int {
    if let found = indicesByName[name] {
      guard found.count == 1 else { throw duplicateError(found[0], found[1]) }
      return found[0]
    }
    let isNumber = !name.isEmpty && name.utf8.allSatisfy { (48...57).contains($0) }
    if isNumber, let number = Int(name), names.all.indices.contains(number - 1) {
      return number - 1
    }
    throw TableError(
      .invalidSelection, path: path, problem: "unknown column \(Excerpt(name).quoted)",
      advice: advice(forUnknown: name))
  }

  func indices(of names: [String]) throws(TableError) -> [Int] {
    var indices: [Int] = []
    for name in names { indices.append(try index(of: name)) }
    return indices
  }

  func checkDistinct(_ features: [Int]) throws(TableError) {
    var seen: [String: Int] = [:]
    for index in features {
      guard let first = seen.updateValue(index, forKey: names.all[index]) else { continue }
      if first == index {
        throw error(index, "is chosen twice", "Name it once.")
      }
      throw duplicateError(first, index)
    }
  }

  func error(_ index: Int, _ problem: String, _ advice: String) -> TableError {
    TableError(
      .invalidSelection, path: path, column: names.column(index),
      problem: "the column \(problem)", advice: advice)
  }

  var noFeatureError: TableError {
    TableError(
      .invalidSelection, path: path, problem: "no column is left to be a feature",
      advice: "Exclude fewer columns. \(listOfNames).")
  }

  private func duplicateError(_ first: Int, _ second: Int) -> TableError {
    TableError(
      .invalidSelection, path: path,
      problem: "columns \(first + 1) and \(second + 1) are both called "
        + Excerpt(names.all[first]).quoted,
      advice: "Rename one, or leave it out with --exclude \(second + 1).")
  }

  private func advice(forUnknown name: String) -> String {
    let nearest = nearestName(to: name, among: names.all).map { " Nearest: \(Excerpt($0))." } ?? ""
    return listOfNames + "." + nearest
  }

  private var listOfNames: String {
    let limit = 20
    let count = names.all.count > limit ? " (\(names.all.count) columns)" : ""
    return (names.areFromFile ? "The file has: " : "The file names no columns, they are: ")
      + Excerpt.list(names.all, limit: limit) + count
  }
}
