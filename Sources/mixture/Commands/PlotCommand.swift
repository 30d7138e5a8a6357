import ArgumentParser
import Mixtures
import MixturesIO
import MixturesReport

/// `mixture plot`: a figure of a model, of data under it, or of the fit that made it.
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw a figure as SVG.",
    discussion: """
      Of a model and data: scatter, histogram, pairs, uncertainty, steps (EM from its start); of a classifier also regions \
      and confusion. Of what fit --json prints, without data: trace, criterion, criterion-map, cross-validation. Without \
      --kind it draws what suits the model: a histogram in one dimension, a scatter plot in two, pairs in more, regions of \
      a classifier. Of more than 5000 points a sample is drawn, and of fewer where each is drawn in many panels.
      """)

  @Argument(
    help: "A model file, as fit -o writes it, or what fit --json prints; - is standard input.",
    completion: .file(extensions: ["json"]))
  var model: String

  @Argument(help: .dataFile, completion: .file())
  var data: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the figure to this file; - is standard output.", valueName: "figure.svg"),
    completion: .file(extensions: ["svg"]))
  var output: String

  @Option(help: "What to draw. (default: what suits the model)")
  var kind: PlotKind?

  @OptionGroup var choices: PlotOptions
  @OptionGroup var reading: ReadingOptions

  func validate() throws {
    try StandardInput.checkIsReadOnce(inputs)
    try FigureFormat.check(output)
    if let kind, kind.needsData, data == nil {
      throw ValidationError("--kind \(kind.rawValue) draws data: give a data file after the model.")
    }
    if let kind, !kind.needsData, data != nil {
      throw ValidationError(
        "--kind \(kind.rawValue) draws what fit --json has printed, and no data: leave them out.")
    }
    if reading.isGiven, data == nil {
      throw ValidationError("--raw, --precision and --stream are for data: give a data file.")
    }
  }

  /// The files that are read.
  private var inputs: [(name: String, path: String?)] {
    [("the model", model), ("the data", data), ("--start", choices.start)]
  }

  func run() throws {
    let interrupt = Interrupt()
    let document = try ModelDocument(contentsOf: model)
    let kind = try self.kind ?? suitableKind(document)
    try choices.check(for: kind)
    try InputFiles.check(inputs, at: output)
    try interrupt.checkWritable(output)
    let figure =
      if let data {
        try DataPlot(kind: kind, choices: choices, model: document.model, path: data)
          .figure(reading.tableOptions(keepsMissing: true))
      } else {
        try FitPlot(kind: kind, criterion: choices.criterion).figure(fit(document, kind))
      }
    let svg = figure.svg
    interrupt.beginWriting(to: output)
    try OutputFile.write(svg, to: output)
    try interrupt.check()
  }

  private func suitableKind(_ document: ModelDocument) throws -> PlotKind {
    if data == nil {
      guard case .fit(let fit) = document else {
        throw ValidationError(
          "A model alone has no figure: give a data file after it, or what fit --json prints in its place."
        )
      }
      return fit.hasFolds ? .crossValidation : fit.selection.count > 1 ? .criterion : .trace
    }
    if document.model.classes != nil { return .regions }
    let count = choices.columns?.names.count ?? document.model.mixture.dimension
    return count == 1 ? .histogram : count == 2 ? .scatter : .pairs
  }

  private func fit(_ document: ModelDocument, _ kind: PlotKind) throws -> FitDocument {
    guard case .fit(let fit) = document else {
      throw ValidationError(
        "--kind \(kind.rawValue) needs what fit --json prints, and \(model) is a model alone: run fit with --json, and save what it prints."
      )
    }
    return fit
  }
}

/// What can be drawn.
enum PlotKind: String, ExpressibleByArgument, CaseIterable {
  case scatter, histogram, pairs, uncertainty, steps, regions, confusion, trace, criterion
  case criterionMap = "criterion-map"
  case crossValidation = "cross-validation"

  var needsData: Bool {
    switch self {
    case .trace, .criterion, .criterionMap, .crossValidation: false
    default: true
    }
  }
}

extension ReadingOptions {
  /// Whether any of them was asked for.
  var isGiven: Bool { raw != nil || precision != .float64 || stream != nil }
}
