import ArgumentParser
import Mixtures
import MixturesIO

/// The command line: parse, call, print.
@main
struct MixtureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mixture",
    abstract: "Fits and uses Gaussian mixture models.",
    discussion: """
      Results go to standard output; progress and warnings to standard error.
      Exit status: 0 done, 1 failed, 2 not converged (with --require-convergence), 64 usage, \
      65 bad data, 66 no input, 73 cannot write, 130 interrupted.
      """,
    version: Release.name,
    subcommands: [
      FitCommand.self, TrainCommand.self, PredictCommand.self, ScoreCommand.self,
      SampleCommand.self,
      DescribeCommand.self, PlotCommand.self, CompareCommand.self, ImputeCommand.self,
      TourCommand.self,
    ])

  static func main() {
    StandardStreams.occupyClosed()
    Signals.ignoreClosedPipes()
    do {
      try checkInstructionSet()
      var command = try parseAsRoot()
      try command.run()
    } catch {
      leave(with: error)
    }
  }

  private static func checkInstructionSet() throws {
    let variable = "MIXTURES_KERNEL"
    let available = InstructionSet.available
    guard let wanted = Environment[variable], !wanted.isEmpty, !available.contains(wanted)
    else { return }
    throw ValidationError(
      "\(variable): expected what this processor has (\(available.joined(separator: ", "))), "
        + "found \(Excerpt(wanted).quoted).")
  }

  /// Ends the process with the message and the exit status of an error.
  private static func leave(with error: any Error) -> Never {
    if let status = ExitStatus(of: error) {
      if status != .done { StandardError.write("Error: \(error)") }
      exit(withError: status.exitCode)
    }
    let code = exitCode(for: error)
    if code.isSuccess { exit(withError: error) }
    // The message may hold what was typed or read. Behind it stands how the command is used, on lines of its own.
    let shown: any Error =
      if let error = error as? ValidationError {
        ValidationError(Excerpt.whole(error.message))
      } else {
        error
      }
    let text = fullMessage(for: shown)
    if !text.isEmpty {
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        StandardError.write(String(line))
      }
    }
    exit(withError: code)
  }
}

/// What this build calls itself in files and in `--version`.
enum Release {
  static let name = "swift-mixtures 0.1.0"
}
