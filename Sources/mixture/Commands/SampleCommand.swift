import ArgumentParser
import Mixtures
import MixturesIO

/// `mixture sample`: points drawn from a model.
struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Draw rows from a model: a component first, then a point of it.")

  @Argument(help: .modelFile, completion: .file(extensions: ["json"]))
  var model: String

  @Option(
    name: [.customShort("n"), .customLong("count")], parsing: .unconditional,
    help: ArgumentHelp("How many rows.", valueName: "number"))
  var count: Int

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The same seed draws the same rows.", valueName: "number"))
  var seed: UInt64 = 1

  @Flag(help: "Add a column with the component of each row, counting from 1.")
  var withComponent = false

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Write the table to this file.", valueName: "out.csv"),
    completion: .file(extensions: ["csv"]))
  var output: String?

  /// Rows that are held in memory at a time.
  private static let rowsAtATime = 1 << 12

  func validate() throws {
    if count < 0 { throw ValidationError("-n: expected at least 0, found \(count).") }
  }

  func run() throws {
    let interrupt = Interrupt()
    let model = try ModelFile(contentsOf: model)
    if model.mixture.background != nil {
      StandardError.write(
        "Warning: Nothing is drawn from the background, of which the model knows no place.")
    }
    try InputFiles.check([("the model", self.model)], at: output)
    try interrupt.checkWritable(output)
    interrupt.beginWriting(to: output)
    var generator = SplitMix64(seed: seed)
    var table = try ResultTable(
      output, header: model.features + (withComponent ? ["component"] : []))
    var left = count
    while left > 0 {
      try interrupt.check()
      let drawn = model.mixture.sample(min(left, Self.rowsAtATime), using: &generator)
      for (row, component) in drawn.components.enumerated() {
        let cells = drawn.points.row(row).map(\.description)
        try table.append(withComponent ? cells + ["\(component + 1)"] : cells)
      }
      left -= drawn.components.count
    }
    try table.commit()
  }
}
