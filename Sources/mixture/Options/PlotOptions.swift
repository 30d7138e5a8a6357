import ArgumentParser
import MixturesReport

/// What is drawn, and how.
struct PlotOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Draw these of the model's features, by name or number. (default: all for pairs up to eight, else those that separate the components most)",
      valueName: "a,b"))
  var columns: NameList?

  @Flag(
    help: """
      Draw ellipses that hold 50 % and 95 % of each component in place of contours of the mixture; circles of radius σ for \
      spherical components.
      """)
  var ellipses = false

  @Option(
    help: ArgumentHelp(
      "A column with the true classes, for regions and confusion.", valueName: "column"))
  var truth: String?

  @OptionGroup var weights: WeightOption

  @Option(
    help: ArgumentHelp(
      "Begin steps with the mixture in this model file. (default: k-means)",
      valueName: "model.json"), completion: .file(extensions: ["json"]))
  var start: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The seed of the start of steps. (default: 1)", valueName: "number"))
  var seed: UInt64?

  @Option(
    help:
      "The criterion that criterion and criterion-map draw. (default: what decided the fit)")
  var criterion: CriterionChoice?

  /// Every option that is accepted has an effect.
  func check(for kind: PlotKind) throws {
    let given: [(name: String, isGiven: Bool, kinds: [PlotKind])] = [
      (
        "--columns", columns != nil,
        [.scatter, .histogram, .pairs, .uncertainty, .steps, .regions]
      ),
      ("--ellipses", ellipses, [.scatter, .pairs]),
      ("--truth", truth != nil, [.regions, .confusion]),
      ("--weights", weights.column != nil, PlotKind.allCases.filter(\.needsData)),
      ("--start", start != nil, [.steps]),
      ("--seed", seed != nil, [.steps]),
      ("--criterion", criterion != nil, [.criterion, .criterionMap]),
    ]
    for option in given where option.isGiven && !option.kinds.contains(kind) {
      throw ValidationError(
        "\(option.name) has no effect with --kind \(kind.rawValue), only with "
          + option.kinds.map(\.rawValue).joined(separator: ", ") + ": leave it out.")
    }
    if start != nil, seed != nil {
      throw ValidationError("--seed has no effect with --start: leave one of them out.")
    }
    if kind == .confusion, truth == nil {
      throw ValidationError(
        "--kind confusion compares with the true classes: name their column with --truth.")
    }
  }
}
