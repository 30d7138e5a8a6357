import ArgumentParser
import Mixtures
import MixturesIO
import MixturesReport

/// A figure of data under a model.
struct DataPlot {
  let kind: PlotKind
  let choices: PlotOptions
  let model: ModelFile
  let path: String

  /// Where steps begin; `nil` for k-means.
  private let start: ModelFile?

  init(kind: PlotKind, choices: PlotOptions, model: ModelFile, path: String) throws {
    self.kind = kind
    self.choices = choices
    self.model = model
    self.path = path
    start = try choices.start.map { try ModelFile(contentsOf: $0) }
  }

  func figure(_ options: TableOptions) throws -> Figure {
    try checkModel()
    let columns = try chosenColumns()
    let table = try model.readTable(
      path, classes: choices.truth, weights: choices.weights.column, options: options)
    let points = try InFile.naming(path) {
      // The caption says it.
      try table.weightedPoints(isAsked: true) { _ in }
    }
    return try InFile.reading(points, from: path) {
      try figure(of: points, table, columns: columns)
    }
  }

  private func figure(
    of points: any PointSource, _ table: Table, columns: [Int]?
  ) throws -> Figure {
    let mixture = model.mixture
    let pair = columns.map { ($0[0], $0[$0.count - 1]) }
    let overlay: Overlay = choices.ellipses ? .ellipses : .contours
    switch kind {
    case .histogram:
      return try .histogram(
        of: points, mixture: mixture, column: columns?[0] ?? 0, options: options)
    case .pairs:
      return try .pairs(
        of: points, mixture: mixture, columns: columns, overlay: overlay, options: options)
    case .uncertainty:
      return try .uncertainty(of: points, mixture: mixture, columns: pair, options: options)
    case .steps:
      return try .steps(film(points), columns: pair, beside: mixture, options: options)
    case .regions, .confusion: return try classFigure(points, table, pair)
    default:
      return try .scatter(
        of: points, mixture: mixture, columns: pair, overlay: overlay, options: options)
    }
  }

  private var options: FigureOptions {
    var options = FigureOptions()
    // Steps find components anew, in an order of their own.
    options.componentNames = kind == .steps ? start?.namesOfComponents : model.namesOfComponents
    return options
  }

  private func film(_ points: any PointSource) throws -> Film {
    var options = FitOptions()
    if let seed = choices.seed { options.seed = seed }
    if model.mixture.background != nil { options.background = .overData }
    guard let start else {
      return try Film(
        of: points, components: model.mixture.componentCount, structure: model.structure,
        options: options)
    }
    return try Film(
      of: points, from: start.mixture, structure: model.structure,
      options: options)
  }

  private func classFigure(
    _ points: any PointSource, _ table: Table, _ columns: (Int, Int)?
  ) throws -> Figure {
    guard let classifier = model.classes?.classifier else {
      throw ValidationError(noClasses)
    }
    let truth = try table.classes.map { try classNumbers($0, classifier.classNames) }
    guard kind == .confusion else {
      return try .regions(
        of: classifier, points: points, truth: truth, columns: columns, options: options)
    }
    let known = (truth ?? []).enumerated().compactMap { row, name in name.map { (row, $0) } }
    guard !known.isEmpty else {
      throw TableError(
        .invalidData, path: path, problem: "no row has a class",
        advice: "Name a column with the true classes with --truth.")
    }
    let predictions = try classifier.predictions(of: points)
    let weights = table.weights
    let report = ClassificationReport(
      known.map { predictions[$0.0] }, truth: known.map(\.1),
      weights: weights.map { all in known.map { all[$0.0] } })
    return .confusion(report, classNames: classifier.classNames)
  }

  private var noClasses: String {
    "--kind \(kind.rawValue) is for classifiers, and this model has no classes: make one with train."
  }

  /// The class of each row, counting from zero; `nil` where the cell is empty.
  private func classNumbers(_ texts: [String], _ names: [String]) throws -> [Int?] {
    let numbers = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    return try texts.enumerated().map { row, text in
      if text.isEmpty { return nil }
      guard let number = numbers[text] else {
        throw TableError(
          .invalidData, path: path,
          problem:
            "row \(row + 1) has the class \(Excerpt(text).quoted), which the classifier does not know",
          advice: "It knows: \(Excerpt.list(names)).")
      }
      return number
    }
  }

  /// Refuses what does not fit together before the data are read.
  private func checkModel() throws {
    if kind == .regions || kind == .confusion, model.classes == nil {
      throw ValidationError(noClasses)
    }
    if kind == .steps, model.classes != nil {
      throw ValidationError(
        "--kind steps shows EM find components, and those of a classifier are known: draw --kind regions."
      )
    }
    if let found = start?.mixture.dimension, found != model.mixture.dimension {
      throw InFile(
        path: choices.start ?? "",
        error: DataError.dimensionMismatch(found: found, expected: model.mixture.dimension))
    }
    if [.scatter, .pairs].contains(kind), model.mixture.dimension == 1 {
      throw ValidationError(
        "--kind \(kind.rawValue) needs two columns, and the model has one: draw --kind histogram.")
    }
    if kind == .histogram, model.mixture.dimension > 1, choices.columns == nil {
      throw ValidationError(
        "--kind histogram draws one column, and the model has \(model.mixture.dimension): choose with --columns."
      )
    }
  }

  /// The columns that were asked for, counting from zero.
  private func chosenColumns() throws -> [Int]? {
    guard let names = choices.columns?.names else { return nil }
    let counts: ClosedRange<Int> =
      switch kind {
      case .histogram: 1...1
      case .pairs: 2...8
      default: model.mixture.dimension == 1 ? 1...1 : 2...2
      }
    guard counts.contains(names.count) else {
      let wanted =
        counts.count > 1
        ? "\(counts.lowerBound) to \(counts.upperBound) columns"
        : counted(counts.lowerBound, "column")
      throw ValidationError(
        "--columns: expected \(wanted) for --kind \(kind.rawValue), found \(names.count).")
    }
    let columns = try names.map(column)
    guard Set(columns).count == columns.count else {
      throw ValidationError("--columns: expected each column once.")
    }
    return columns
  }

  private func column(_ name: String) throws -> Int {
    if let index = model.features.firstIndex(of: name) { return index }
    if let number = Int(name), (1...model.features.count).contains(number) { return number - 1 }
    throw ValidationError(
      "--columns: the model has no feature \(Excerpt(name).quoted). "
        + "It has: \(Excerpt.list(model.features)).")
  }
}
