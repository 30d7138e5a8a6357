import ArgumentParser
import Mixtures
import MixturesIO
import MixturesReport

/// `mixture train`: from a data file with classes to a classifier.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Fit a density to each class of a table, to classify other rows.",
    discussion: """
      With one component per class, the covariances of the classes have a structure in common: EEE is linear, \
      VVV quadratic discriminant analysis, VVI Gaussian naive Bayes; without --structure, BIC chooses. With more (-k), \
      each class has a mixture of its own. Then predict tells the class of each row.
      """)

  @OptionGroup var source: SourceOptions

  @Option(
    name: .customLong("class"),
    help: ArgumentHelp("The column with the class of each row.", valueName: "column"))
  var classColumn: String

  @Option(
    name: [.short, .customLong("components")], parsing: .unconditional,
    help: ArgumentHelp(
      "How many components each class has: 1, 1...5 or 2,3. (default: 1)", valueName: "K"),
    transform: ComponentCounts.init(parsing:))
  var k: ComponentCounts?

  @Option(
    help: ArgumentHelp(
      "Covariance structures, several separated by commas, or all. (default: all)",
      valueName: "names"),
    transform: StructureList.init(parsing:))
  var structure: StructureList?

  enum Criterion: String, ExpressibleByArgument, CaseIterable {
    case bic, cv
  }

  @Option(help: "What chooses: the smallest BIC, or the smallest error on rows that are held out.")
  var criterion = Criterion.bic

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many folds are held out in turn to estimate the error; 0 for none.",
      valueName: "number"))
  var folds = 10

  @Option(
    help: ArgumentHelp(
      "Prior probabilities instead of the classes' shares of the rows; a name with a comma stands in quotation marks.",
      valueName: "a=0.2,b=0.8"),
    transform: ClassPriors.init(parsing:))
  var classPriors: ClassPriors?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("From which folds and starts are drawn. (default: 1)", valueName: "number"))
  var seed: UInt64?

  @OptionGroup var threads: ThreadOptions

  @Option(help: "When to use colours.")
  var color = ColorChoice.auto

  @OptionGroup(title: "Output") var output: FitOutputOptions

  func validate() throws {
    guard folds >= 0, folds != 1 else {
      throw ValidationError("--folds: expected at least 2, or 0 for none, found \(folds).")
    }
    if criterion == .cv, folds == 0 {
      throw ValidationError("--criterion cv holds out rows: leave out --folds 0.")
    }
    if seed != nil, folds == 0, k.map({ $0.counts == [1] }) ?? true {
      throw ValidationError(
        "--seed has no effect with --folds 0 and one component per class, where nothing is drawn: leave it out."
      )
    }
  }

  func run() throws {
    let interrupt = Interrupt()
    try output.check(inputs: [("the data", source.data)])
    try interrupt.checkWritable(output.output, output.report)
    var warnings: [String] = []
    let table = try source.read(classColumn: classColumn) { warnings.append($0) }
    let points = try InFile.naming(source.data) { try table.weightedPoints { warnings.append($0) } }
    let classes = table.classes ?? []
    var training = ClassifierTraining()
    if let k { training.components = k.counts }
    training.structures = structure.flatMap(\.structures)
    training.criterion = criterion == .cv ? .crossValidatedError : .bic
    training.folds = folds
    training.priors = try classPriors?.ordered(
      like: ClassifierTraining.names(of: classes, weights: table.weights))
    if let seed { training.options.seed = seed }
    training.options.threads = threads.count
    let result = try InFile.reading(points, from: source.data) {
      try training.run(points, classes: classes)
    }
    if folds > classes.count {
      warnings.append("\(counted(classes.count, "row")) make as many folds at most, not \(folds).")
    }
    warnings += result.warnings.map(\.description)
    for warning in warnings { StandardError.write("Warning: \(warning)") }
    let model = try modelFile(result, table, points)
    let page = try page(result, table, points, warnings: warnings)
    interrupt.beginWork()
    try output.write(model: model, page: page) { text(result, model, warnings: warnings) }
    try interrupt.check()
  }

  /// What goes to the file of `--report`.
  private func page(
    _ result: TrainedClassifier, _ table: Table, _ points: any PointSource, warnings: [String]
  ) throws -> String? {
    guard output.report != nil else { return nil }
    return try InFile.reading(points, from: source.data) {
      try ClassifierReport(
        result, of: points, classes: table.classes ?? [], isChosenByError: criterion == .cv,
        warnings: warnings, origin: .ofThisCommand(data: source.data, digest: table.points.digest)
      ).html
    }
  }

  private func modelFile(
    _ result: TrainedClassifier, _ table: Table, _ points: any PointSource
  ) throws -> ModelFile {
    try InFile.reading(points, from: source.data) {
      ModelFile(
        result.fit.classifier, structures: result.fit.structures, features: points.featureNames,
        provenance: .provenance(
          pointCount: result.fit.pointCount, logLikelihood: result.fit.logLikelihood,
          options: givenOptions, seed: seed, digest: table.points.digest))
    }
  }

  /// What is printed.
  private func text(
    _ result: TrainedClassifier, _ model: ModelFile, warnings: [String]
  ) -> String {
    let report = TrainingOutput(
      result: result, criterion: criterion, warnings: warnings, model: model)
    return output.json
      ? report.document.description + "\n"
      : report.text(style: color.style, width: Terminal.width())
  }

  private var givenOptions: [GivenOption] {
    let own: [GivenOption] = [
      ("class", classColumn), ("k", k?.text), ("structure", structure?.text),
      ("criterion", criterion.rawValue),
      ("folds", String(folds)), ("class-priors", classPriors?.text),
    ]
    return source.given + own
  }
}
