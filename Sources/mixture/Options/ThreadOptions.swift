import ArgumentParser
import Mixtures

/// How many threads work.
struct ThreadOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many threads work; changes no bit of the result. (default: all processors)",
      valueName: "number"))
  var threads: Int?

  /// What was asked for, or all processors.
  var count: Int { threads ?? FitOptions().threads }

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: expected 1 to 1024, found \(threads).")
    }
  }
}
