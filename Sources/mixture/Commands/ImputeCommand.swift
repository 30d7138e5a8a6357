import ArgumentParser
import Mixtures
import MixturesIO

/// `mixture impute`: fills missing cells by what a model says of them.
struct ImputeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "impute",
    abstract: "Fill missing cells by their conditional means under a model, or by draws.",
    discussion: """
      Prints a CSV table of the model's columns with every cell filled. What is there stays as it is. A background says \
      nothing of missing cells: rows are filled as members of the other components.
      """)

  @OptionGroup var input: ModelAndDataOptions

  @Flag(help: "Draw from the conditional distribution instead of taking its mean.")
  var draw = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("From which is drawn. (default: 1)", valueName: "number"))
  var seed: UInt64?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Write the table to this file.", valueName: "out.csv"),
    completion: .file(extensions: ["csv"]))
  var output: String?

  func validate() throws {
    if seed != nil, !draw {
      throw ValidationError("--seed is for draws: add --draw, or leave out --seed.")
    }
  }

  func run() throws {
    let interrupt = Interrupt()
    let model = try input.readModel()
    try InputFiles.check(input.files, at: output)
    try interrupt.checkWritable(output)
    let table = try input.readTable(for: model)
    interrupt.beginWriting(to: output)
    let filled = try InFile.reading(table.points, from: input.data) {
      try model.mixture.imputed(
        IncompletePoints(askedAbout: table.points), drawing: draw ? seed ?? FitOptions().seed : nil)
    }
    var result = try ResultTable(output, header: model.features)
    for row in 0..<filled.rowCount {
      if row % 4096 == 0 { try interrupt.check() }
      try result.append(filled.row(row).map(\.description))
    }
    try result.commit()
  }
}
