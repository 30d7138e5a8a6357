import ArgumentParser
import Mixtures
import MixturesIO
import MixturesReport

/// Where the result of a fit goes.
struct FitOutputOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write the model to this file.", valueName: "model.json"),
    completion: .file(extensions: ["json"]))
  var output: String?

  @Flag(help: "Print one JSON document instead of tables.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Write a page with figures and all that is known of the result to this file, which any browser opens.",
      valueName: "report.html"),
    completion: .file(extensions: ["html"]))
  var report: String?

  func validate() throws {
    if json, printsModel {
      throw ValidationError(
        "-o and --json would both write to standard output: choose one, or give -o a file.")
    }
    if let report, OutputFile.isStandardOutput(report) {
      throw ValidationError(
        "--report: standard output is for the result: give the page a file, such as report.html.")
    }
  }

  /// Whether what is printed is the model, and nothing else.
  var printsModel: Bool { output.map(OutputFile.isStandardOutput) ?? false }

  /// Writes the model and the page to their files, then prints the result.
  ///
  /// - Parameters:
  ///   - model: `nil` where nobody asked for it.
  ///   - page: what goes to the file of `--report`, if there is one.
  ///   - text: what is printed in place of a model.
  func write(model: ModelFile?, page: String?, text: () -> String) throws {
    if let output, let model, !printsModel { try model.write(to: output) }
    if let report, let page { try OutputFile.write(page, to: report) }
    if let model, printsModel { return try StandardOutput.write(model.json.description + "\n") }
    try StandardOutput.write(text())
  }

  /// Fails where one file would take the place of another, or the page has the name of something else.
  ///
  /// - Parameter inputs: the files that are read.
  func check(inputs: [(name: String, path: String?)], checkpoint: String? = nil) throws {
    let files = [("-o", output), ("--report", report), ("--checkpoint", checkpoint)]
      .compactMap { name, path in path.map { (name: name, path: $0) } }
    for (index, file) in files.enumerated() {
      for other in files[..<index] where OutputFile.isSame(file.path, other.path) {
        throw ValidationError(
          "\(other.name) and \(file.name) name the same file, and one would take the place of the other: "
            + "choose two files.")
      }
      // A model may take the place of the one that it started from.
      let read = inputs.filter { (file.name, $0.name) != ("-o", "--start") }
      try InputFiles.check(read, areKeptBy: file.name, at: file.path)
    }
    if let report { try PageFormat.check(report, option: "--report") }
  }
}

extension ReportOrigin {
  /// What this process was started with, and the data that it read.
  static func ofThisCommand(data: String, digest: String) -> ReportOrigin {
    ReportOrigin(
      command: ["mixture"] + CommandLine.arguments.dropFirst(),
      data: Excerpt.input(data), digest: digest,
      library: Release.name + ", loops for " + InstructionSet.current)
  }
}
