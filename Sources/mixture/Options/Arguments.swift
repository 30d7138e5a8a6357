import ArgumentParser

extension ArgumentHelp {
  /// Of every argument that is a table.
  static var dataFile: ArgumentHelp {
    "A CSV, TSV or NPY file, or raw numbers; - is standard input."
  }

  /// Of every argument that is a model.
  static var modelFile: ArgumentHelp {
    "A model file, as fit -o writes it; - is standard input."
  }
}

/// Which column holds the weights of the points.
struct WeightOption: ParsableArguments {
  @Option(
    name: .customLong("weights"),
    help: ArgumentHelp("A column that says how often each row counts.", valueName: "column"))
  var column: String?
}
