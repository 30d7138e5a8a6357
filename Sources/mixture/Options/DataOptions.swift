import ArgumentParser
import Mixtures
import MixturesIO

/// Names separated by commas.
struct NameList: ExpressibleByArgument {
  let names: [String]

  init?(argument: String) {
    names = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    if names.contains("") { return nil }
  }

  /// As it is typed.
  var text: String { names.joined(separator: ",") }
}

/// A table that something is fitted to: the file, its columns, and how it is read.
struct SourceOptions: ParsableArguments {
  @Argument(help: .dataFile, completion: .file())
  var data: String

  @Option(help: ArgumentHelp("Use only these columns.", valueName: "a,b"))
  var columns: NameList?

  @Option(help: ArgumentHelp("Leave out these columns.", valueName: "c"))
  var exclude: NameList?

  @OptionGroup var weights: WeightOption
  @OptionGroup var missing: MissingOptions
  @OptionGroup var reading: ReadingOptions

  /// - Parameter warn: told what a reader of the result should know of the rows.
  func read(
    classColumn: String?, foldColumn: String? = nil, labelColumn: String? = nil,
    warn: (String) -> Void
  ) throws -> Table {
    let table = try Table(
      contentsOf: data,
      selecting: ColumnSelection(
        features: columns?.names, excluded: exclude?.names ?? [], classColumn: classColumn,
        weightColumn: weights.column, foldColumn: foldColumn, labelColumn: labelColumn),
      options: reading.tableOptions(keepsMissing: missing.areRead))
    return try missing.applied(to: table, path: data, warn: warn)
  }

  /// What was asked for beyond the defaults, as far as a result depends on it.
  var given: [GivenOption] {
    [
      ("columns", columns?.text), ("exclude", exclude?.text), ("weights", weights.column),
      ("raw", reading.raw?.text), ("missing", missing.given),
      ("precision", reading.precision == .float64 ? nil : reading.precision.rawValue),
    ]
  }
}

/// The data of a fit.
struct DataOptions: ParsableArguments {
  @OptionGroup var source: SourceOptions

  @Option(
    help: ArgumentHelp(
      "A column with the true classes: compared with the result, never used by the fit.",
      valueName: "column"))
  var truth: String?

  @Option(
    help: ArgumentHelp(
      "A column that names the component of each row where it is known, and is empty elsewhere; components are ordered and named after it.",
      valueName: "column"))
  var labels: String?

  var data: String { source.data }

  /// - Parameter warn: told what a reader of the result should know of the rows.
  func read(foldColumn: String?, warn: (String) -> Void) throws -> Table {
    try source.read(
      classColumn: truth, foldColumn: foldColumn, labelColumn: labels, warn: warn)
  }
}

extension Table {
  /// The points, each with its label and its weight if there are such.
  ///
  /// - Parameters:
  ///   - isAsked: whether a model is asked about the points, rather than fitted to them.
  ///   - warn: told what a reader of the result should know of the rows.
  func weightedPoints(
    isAsked: Bool = false, warn: (String) -> Void = { StandardError.write("Warning: \($0)") }
  ) throws(DataError) -> any PointSource {
    var points = points
    if missingCellCount > 0 {
      let incomplete =
        isAsked
        ? try IncompletePoints(askedAbout: points) : try IncompletePoints(points, weights: weights)
      if incomplete.emptyRowCount > 0 {
        warn(
          "\(counted(incomplete.emptyRowCount, "row")) without any value: "
            + (labels == nil
              ? "they count in n, and say nothing."
              : "they count in n, and nothing but their labels says anything."))
      }
      points = incomplete
    }
    if let labels {
      let names = labelNames
      let numbers = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
      points = try LabelledPoints(
        points, labels: Labels(labels.map { $0.flatMap { numbers[$0] } }, count: names.count))
    }
    guard let weightColumn else { return points }
    return try WeightedPoints(points, weights: weightColumn)
  }

  /// The different labels of rows that count, in order.
  var labelNames: [String] {
    let labels = labels ?? []
    let known = labels.indices.filter { labels[$0] != nil && weights?[$0] != 0 }
    return ClassifierTraining.names(of: known.compactMap { labels[$0] })
  }
}
