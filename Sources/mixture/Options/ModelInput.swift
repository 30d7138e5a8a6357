import ArgumentParser
import Mixtures
import MixturesIO

/// A model and the data that it is asked about.
struct ModelAndDataOptions: ParsableArguments {
  @Argument(help: .modelFile, completion: .file(extensions: ["json"]))
  var model: String

  @OptionGroup var source: ModelDataOptions

  var data: String { source.data }

  func validate() throws {
    try StandardInput.checkIsReadOnce(files)
  }

  /// What is read.
  var files: [(name: String, path: String?)] { [("the model", model), ("the data", data)] }

  func readModel() throws -> ModelFile { try ModelFile(contentsOf: model) }

  func readTable(for model: ModelFile, weights: String? = nil) throws -> Table {
    try source.readTable(for: model, weights: weights)
  }
}

/// Data that models are asked about.
struct ModelDataOptions: ParsableArguments {
  @Argument(help: .dataFile, completion: .file())
  var data: String

  @Option(
    help: ArgumentHelp(
      "Use these columns, in the order of the model's features.", valueName: "a,b"))
  var columns: NameList?

  @Option(
    help: "What to do with rows that have missing cells: exact goes by the cells that are there.")
  var missing = MissingChoice.exact

  enum MissingChoice: String, ExpressibleByArgument, CaseIterable {
    case exact, error
  }

  @OptionGroup var reading: ReadingOptions

  func readTable(for model: ModelFile, weights: String? = nil) throws -> Table {
    try model.readTable(
      data, columns: columns, weights: weights,
      options: reading.tableOptions(keepsMissing: missing == .exact))
  }
}

extension ModelFile {
  /// What each component is called: by its own name, else by that of its class; `nil` where there are neither.
  var namesOfComponents: [String]? {
    componentNames
      ?? classes.map { classes in
        classes.classifier.classOfComponent.map { classes.classifier.classNames[$0] }
      }
  }

  /// The columns that are named like the model's features; without such names, all columns in order.
  func readTable(
    _ path: String, columns: NameList? = nil, classes: String? = nil, weights: String? = nil,
    options: TableOptions
  ) throws -> Table {
    let table = try Table(
      contentsOf: path,
      selecting: ColumnSelection(
        features: columns?.names ?? features, classColumn: classes, weightColumn: weights,
        allowsFeaturesByPosition: columns == nil),
      options: options)
    guard table.points.dimension == mixture.dimension else {
      throw InFile(
        path: path,
        error: DataError.dimensionMismatch(
          found: table.points.dimension, expected: mixture.dimension))
    }
    return table
  }
}
