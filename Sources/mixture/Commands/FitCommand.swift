import ArgumentParser
import Mixtures
import MixturesIO
import MixturesReport

/// `mixture fit`: from a data file to a mixture.
struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fit a Gaussian mixture to the rows of a table.",
    discussion: """
      Without -k it tries 1 to 9 components, without --structure all covariance structures; \
      the fit with the smallest BIC is reported. Ctrl-C stops after the iteration and keeps the \
      best so far.
      """)

  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Start") var start: StartOptions
  @OptionGroup(title: "Stop") var stop: StopOptions
  @OptionGroup(title: "Run") var work: RunOptions
  @OptionGroup(title: "Output") var output: FitOutputOptions

  func validate() throws {
    try StandardInput.checkIsReadOnce(inputs)
    if data.labels != nil, start.method == .hierarchical {
      throw ValidationError(
        "--init hierarchical does not know the labels of --labels: use another start.")
    }
    if model.freeze != nil, start.start == nil {
      throw ValidationError("--freeze keeps parts of a model: say of which, with --start.")
    }
    if work.requireConvergence, stop.iterations != nil {
      throw ValidationError(
        "--require-convergence cannot be met with --iterations, which asks for an exact number: "
          + "leave out one.")
    }
  }

  /// The files that are read.
  private var inputs: [(name: String, path: String?)] {
    [
      ("the data", data.data), ("--start", start.start),
      ("--start-responsibilities", start.startResponsibilities),
    ]
  }

  func run() throws {
    let interrupt = Interrupt()
    try output.check(inputs: inputs, checkpoint: work.checkpoint)
    try interrupt.checkWritable(output.output, output.report)
    var warnings: [String] = []
    let table = try data.read(foldColumn: model.foldColumn) { warnings.append($0) }
    let points = try InFile.naming(data.data) {
      try table.weightedPoints { warnings.append($0) }
    }
    for warning in warnings { StandardError.write("Warning: \(warning)") }
    let criterion = try InFile.naming(data.data) {
      try model.selectionCriterion(folds: table.folds, seed: start.seed ?? FitOptions().seed)
    }
    let plan = try FitPlan(
      model: model, criterion: criterion, labels: table.labelNames,
      start: start.resolve(kept: table.keptRows), options: start, stop: stop, run: work)
    let checkpoint = try checkpoint(of: table, startDigest: plan.startDigest)
    interrupt.beginWork()
    let progress = ProgressDisplay(
      work.progress, announcement: "placing the first components …")
    let result = try interrupt.run {
      try InFile.reading(points, from: data.data) {
        defer { progress.finish() }
        return try plan.run(
          points, progress: progress, interrupt: interrupt, checkpoint: checkpoint)
      }
    }
    if interrupt.isRequested { try checkpoint?.save() }
    for warning in result.warnings { StandardError.write("Warning: \(warning)") }
    let comparison = try comparison(result.best, table, points)
    let file = try modelFile(result.best, table, points)
    let page = try page(result, comparison, table, points, plan, rowWarnings: warnings)
    try output.write(model: file, page: page) {
      text(
        result, comparison, table, file,
        warnings: warnings + result.warnings.map(\.description))
    }
    try interrupt.check()
    checkpoint?.remove()
    if work.requireConvergence, !result.best.stopped.isConvergence {
      throw ExitStatus.notConverged.exitCode
    }
  }

  /// The file of `--checkpoint`, which belongs to these points and options.
  private func checkpoint(of table: Table, startDigest: String?) throws -> Checkpoint? {
    guard let path = work.checkpoint else { return nil }
    let digests = [
      ("the data digest", table.points.digest), ("the weights digest", table.weightColumn?.digest),
      ("the digest of the start", startDigest),
      ("the digest of the folds", table.folds.map(Self.digest)),
      ("the digest of the labels", table.labels.map { Self.digest($0.map { $0 ?? "" }) }),
      ("--seed", String(start.seed ?? FitOptions().seed)), ("the release", Release.name),
      ("the instruction set", InstructionSet.current),
    ]
    let identity = givenOptions.map { ("--\($0.name)", $0.text) } + digests
    let members = identity.compactMap { name, value in
      value.map { JSONValue.Member(name, .string($0)) }
    }
    return work.resume
      ? try Checkpoint(
        resuming: path, identity: members, dimension: table.points.dimension)
      : try Checkpoint(creating: path, identity: members)
  }

  /// A fingerprint of which rows have the same text.
  private static func digest(_ texts: [String]) -> String {
    let names = ClassifierTraining.names(of: texts)
    let numbers = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    return texts.map { Double(numbers[$0] ?? -1) }.digest
  }

  /// How the components meet the classes of `--truth`.
  private func comparison(
    _ fit: Fit, _ table: Table, _ points: any PointSource
  ) throws -> ClassComparison? {
    try InFile.reading(points, from: data.data) {
      try table.classes.map { classes in
        ClassComparison(
          of: try fit.mixture.classification(of: points, threads: work.threads.count),
          with: classes, weights: table.weights, components: fit.mixture.componentCount)
      }
    }
  }

  /// The model with where it comes from, if it goes anywhere.
  private func modelFile(
    _ fit: Fit, _ table: Table, _ points: any PointSource
  ) throws -> ModelFile? {
    guard output.output != nil || output.json else { return nil }
    return try InFile.reading(points, from: data.data) {
      ModelFile(
        fit, labels: table.labelNames,
        provenance: .provenance(
          pointCount: fit.score.pointCount, logLikelihood: fit.logLikelihood,
          options: provenanceOptions, seed: start.seed,
          digest: table.points.digest))
    }
  }

  /// What is printed.
  private func text(
    _ result: SearchResult, _ comparison: ClassComparison?, _ table: Table, _ file: ModelFile?,
    warnings: [String]
  ) -> String {
    let agreement = comparison.map(ClassTable.init)
    let hasPrior = model.prior != nil
    if output.json, let file {
      let document = FitJSON(
        result: result, agreement: agreement, model: file, hasPrior: hasPrior, warnings: warnings
      ).document
      return document.description + "\n"
    }
    return FitText(
      labels: table.labelNames, hasPrior: hasPrior, frozen: model.freeze?.parts ?? FrozenParts(),
      result: result, agreement: agreement, style: work.color.style, width: Terminal.width()
    ).text
  }

  /// What goes to the file of `--report`.
  private func page(
    _ result: SearchResult, _ comparison: ClassComparison?, _ table: Table,
    _ points: any PointSource, _ plan: FitPlan, rowWarnings: [String]
  ) throws -> String? {
    guard output.report != nil else { return nil }
    return try InFile.reading(points, from: data.data) {
      try FitReport(
        result, of: points, labels: table.labelNames, comparison: comparison,
        missingCellCount: table.missingCellCount, rowWarnings: rowWarnings, method: plan.method,
        options: plan.options,
        origin: .ofThisCommand(data: data.data, digest: table.points.digest)
      ).html
    }
  }

  /// What was asked for beyond the defaults: all on which the result depends.
  private var givenOptions: [GivenOption] {
    let own: [GivenOption] = [
      ("labels", data.labels), ("k", model.k?.text), ("structure", model.structure?.text),
      ("criterion", model.criterion.rawValue), ("folds", model.folds.map(String.init)),
      ("fold-column", model.foldColumn), ("background", model.background ? "true" : nil),
      ("background-density", model.backgroundDensity?.description),
      ("prior", model.prior?.text), ("freeze", model.freeze?.text),
      ("init", start.method?.rawValue), ("start", start.start),
      ("start-responsibilities", start.startResponsibilities),
      ("start-covariance", start.startCovariance?.rawValue),
      ("start-weights", start.startWeights?.rawValue),
      ("restarts", start.restarts.map(String.init)),
      ("stop", stop.criterion?.rawValue), ("tolerance", stop.tolerance?.description),
      ("max-iterations", stop.maxIterations.map(String.init)),
      ("iterations", stop.iterations.map(String.init)),
      ("accelerate", stop.accelerate?.rawValue),
      ("floor", work.floor > 0 ? work.floor.description : nil),
      ("no-skipping", work.noSkipping ? "true" : nil),
    ]
    return data.source.given + own
  }

  /// Beside these, what the result is only compared with.
  private var provenanceOptions: [GivenOption] {
    let compared: [GivenOption] = [("truth", data.truth)]
    return givenOptions + compared
  }
}

/// A search as the options describe it.
private struct FitPlan {
  private var search: ModelSearch

  /// A fingerprint of the file that the fit starts from.
  let startDigest: String?

  /// The way to the first mixture; that of a single fit where a search takes several.
  var method: any StartingMethod { search.start ?? KMeansStart() }

  /// How every fit is made.
  var options: FitOptions { search.options }

  init(
    model: ModelOptions, criterion: any SelectionCriterion, labels: [String],
    start resolved: ResolvedStart, options start: StartOptions, stop: StopOptions, run: RunOptions
  ) throws {
    try resolved.checkNames(labels)
    if let own = resolved.method as? MixtureStart, own.mixture.background == nil,
      model.backgroundChoice != .none, let frozen = model.freeze?.parts.weights, frozen != .none
    {
      throw ValidationError(
        "--freeze weights: the model of --start has no background, whose weight could be kept: "
          + "leave out weights, or the background.")
    }
    startDigest = resolved.digest
    if let own = resolved.components, let asked = model.k, asked.counts != [own] {
      throw ValidationError(
        "-k: the start has \(counted(own, "component")): leave out -k, or ask for \(own).")
    }
    search = ModelSearch(
      components: resolved.components.map { [$0] } ?? model.k?.counts
        ?? Array(max(1, labels.count)...max(9, labels.count)),
      structures: model.structure.map(\.structures) ?? resolved.structure.map { [$0] },
      criterion: criterion, start: resolved.method)
    search.options.stopping = stop.rule
    if let choice = stop.accelerate { search.options.acceleration = choice.acceleration }
    search.options.restarts = start.restarts
    if let seed = start.seed { search.options.seed = seed }
    search.options.covarianceFloor = run.floor
    search.options.background = model.backgroundChoice
    search.options.prior = model.prior?.prior
    if let freeze = model.freeze { search.options.frozen = freeze.parts }
    search.options.skipsNegligible = !run.noSkipping
    search.options.threads = run.threads.count
  }

  func run(
    _ points: any PointSource, progress: ProgressDisplay, interrupt: Interrupt,
    checkpoint: Checkpoint?
  ) throws -> SearchResult {
    var search = search
    search.options.report = progress.report
    search.options.journal = checkpoint
    search.options.isCancelled = {
      interrupt.isRequested || points.isUnreadable || checkpoint?.failure != nil
    }
    let result = Result { try search.run(points) }
    if let failure = checkpoint?.failure { throw failure }
    return try result.get()
  }
}

extension PointSource {
  /// Whether to go on is a waste of time.
  fileprivate var isUnreadable: Bool {
    do throws(DataError) {
      try checkReading()
      return false
    } catch {
      return true
    }
  }
}

extension ModelFile {
  /// The model of a fit.
  fileprivate init(_ fit: Fit, labels: [String], provenance: JSONValue) {
    self.init(
      fit.mixture, structure: fit.structure, features: fit.featureNames,
      componentNames: labels.isEmpty
        ? nil
        : fit.mixture.components.indices.map { Self.name(of: $0, labels) },
      provenance: provenance)
  }

  /// Its label, or its number as no label has it.
  private static func name(of component: Int, _ labels: [String]) -> String {
    if component < labels.count { return labels[component] }
    let name = "component \(component + 1)"
    return labels.contains(name) ? name + " (no label)" : name
  }
}
