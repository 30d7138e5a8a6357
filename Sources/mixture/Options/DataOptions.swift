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
}

/// The data of a fit.
struct DataOptions: ParsableArguments {
  @Argument(
    help: "A CSV, TSV or NPY file, or raw numbers; - is standard input.", completion: .file())
  var data: String

  @Option(help: ArgumentHelp("Use only these columns.", valueName: "a,b"))
  var columns: NameList?

  @Option(help: ArgumentHelp("Leave out these columns.", valueName: "c"))
  var exclude: NameList?

  @Option(
    help: ArgumentHelp(
      "A column with the true classes: compared with the result, never used by the fit.",
      valueName: "column"))
  var truth: String?

  @Option(
    help: ArgumentHelp(
      "A column that says how often each row counts.", valueName: "column"))
  var weights: String?

  @Option(help: "What to do with a missing cell.")
  var missing = MissingChoice.error

  enum MissingChoice: String, ExpressibleByArgument, CaseIterable {
    case error
  }

  @OptionGroup var reading: ReadingOptions

  func read() throws -> Table {
    try Table(
      contentsOf: data,
      selecting: ColumnSelection(
        features: columns?.names, excluded: exclude?.names ?? [], classColumn: truth,
        weightColumn: weights),
      options: reading.tableOptions)
  }
}

extension Table {
  /// The points, each with its weight if there are weights.
  func weightedPoints() throws(DataError) -> any PointSource {
    guard let weightColumn else { return points }
    return try WeightedPoints(points, weights: weightColumn)
  }
}
