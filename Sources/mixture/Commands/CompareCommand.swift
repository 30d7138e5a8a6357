import ArgumentParser
import Mixtures
import MixturesIO

/// `mixture compare`: two models of the same data side by side.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two models on a table: criteria, agreement, and a test on request.",
    discussion: """
      With --bootstrap, the likelihood-ratio test whether the data call for the richer model: both are \
      fitted to samples drawn from the simpler one. One must be a special case of the other.
      """)

  @Argument(help: .modelFile, completion: .file(extensions: ["json"]))
  var modelA: String

  @Argument(help: "Another; - is standard input.", completion: .file(extensions: ["json"]))
  var modelB: String

  @OptionGroup var input: ModelDataOptions

  @OptionGroup var weights: WeightOption

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Test the richer model against the simpler one with this many samples, such as 999.",
      valueName: "number"))
  var bootstrap: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("From which samples and starts are drawn. (default: 1)", valueName: "number")
  )
  var seed: UInt64?

  @OptionGroup var threads: ThreadOptions

  @Option(help: "When to show progress on standard error.")
  var progress = ProgressChoice.auto

  @Flag(help: "Print one JSON document instead of tables.")
  var json = false

  func validate() throws {
    try StandardInput.checkIsReadOnce([
      ("the first model", modelA), ("the second", modelB), ("the data", input.data),
    ])
    if let bootstrap, !(1...1_000_000).contains(bootstrap) {
      throw ValidationError("--bootstrap: expected 1 to 1000000 samples, found \(bootstrap).")
    }
    if bootstrap == nil, progress != .auto {
      throw ValidationError("--progress is for --bootstrap: add it, or leave out --progress.")
    }
    if bootstrap == nil, seed != nil {
      throw ValidationError(
        "--seed is for the samples of --bootstrap: add it, or leave out --seed.")
    }
  }

  func run() throws {
    let interrupt = Interrupt()
    let models = try [modelA, modelB].map { try ModelFile(contentsOf: $0) }
    guard models[0].features == models[1].features else {
      let names = models.map { Excerpt.list($0.features) }
      throw ValidationError(
        "The models describe different columns: \(names[0]), and \(names[1]). "
          + "Fit both to the same, in the same order.")
    }
    let tested = models.map { LikelihoodRatioTest.Model($0.mixture, $0.structure) }
    if bootstrap != nil, tested[0].parameterCount == tested[1].parameterCount {
      throw ValidationError(
        "--bootstrap tests a richer model against a simpler one, and both of these have "
          + "\(counted(tested[0].parameterCount, "parameter")): compare others, or leave it out.")
    }
    let table = try input.readTable(for: models[0], weights: weights.column)
    let points = try InFile.naming(input.data) { try table.weightedPoints(isAsked: true) }
    let mixtures = models.map(\.mixture)
    let workers = threads.count
    let scores = try InFile.reading(points, from: input.data) {
      try mixtures.map { try $0.score(points, threads: workers) }
    }
    let agreement = try InFile.reading(points, from: input.data) {
      let labels = try mixtures.map { try $0.classification(of: points, threads: workers) }
      return Agreement(of: labels[0], with: labels[1], weights: table.weights)
    }
    if bootstrap != nil { interrupt.beginWork() }
    let test = try bootstrap.map { replicates in
      try interrupt.run { try run(replicates, tested, points, interrupt) }
    }
    let comparison = Comparison(
      paths: [modelA, modelB], models: models, scores: scores, agreement: agreement, test: test)
    try OutputFile.write(
      json ? comparison.document.description + "\n" : comparison.text(width: Terminal.width()),
      to: "-")
    try interrupt.check()
  }

  /// The richer model is the one with more parameters.
  private func run(
    _ replicates: Int, _ models: [LikelihoodRatioTest.Model], _ points: any PointSource,
    _ interrupt: Interrupt
  ) throws -> LikelihoodRatio {
    let models = models.sorted { $0.parameterCount < $1.parameterCount }
    var test = try LikelihoodRatioTest(models[0], against: models[1])
    test.replicates = replicates
    if let seed { test.options.seed = seed }
    test.options.threads = threads.count
    let display = ProgressDisplay(progress, announcement: "fitting both models …")
    defer { display.finish() }
    test.report = { display.report($0, of: replicates, "sample") }
    test.options.isCancelled = { interrupt.isRequested }
    let result = try InFile.reading(points, from: input.data) { try test.run(points) }
    if result.replicates.count < replicates {
      StandardError.write(
        "Warning: Interrupted after \(result.replicates.count) of \(replicates) samples: the p-value rests on these."
      )
    }
    return result
  }
}
