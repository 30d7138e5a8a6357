import ArgumentParser
import Mixtures

/// When a fit stops.
struct StopOptions: ParsableArguments {
  enum Criterion: String, ExpressibleByArgument, CaseIterable {
    case gain
    case predictedGain = "predicted-gain"
    case parameters

    var criterion: StoppingRule.Criterion {
      switch self {
      case .gain: .gain
      case .predictedGain: .predictedGain
      case .parameters: .parameterChange
      }
    }
  }

  @Option(
    name: .customLong("stop"),
    help:
      "What must fall below the tolerance: the gain of the log-likelihood per point, the gain that is predicted to remain, or the change of the parameters. (default: gain)"
  )
  var criterion: Criterion?

  enum AccelerationChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, off

    var acceleration: Acceleration {
      switch self {
      case .auto: .automatic
      case .off: .off
      }
    }
  }

  @Option(help: "Whether to extrapolate the steps of EM, to need fewer. (default: auto)")
  var accelerate: AccelerationChoice?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The tolerance. (default: 1e-8)", valueName: "number"))
  var tolerance: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The largest number of iterations. (default: 1000)", valueName: "number"))
  var maxIterations: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Make exactly this many iterations; 0 returns the start.", valueName: "number"))
  var iterations: Int?

  func validate() throws {
    if let tolerance, !(tolerance >= 0 && tolerance < .infinity) {
      throw ValidationError("--tolerance: expected a number of at least 0, found \(tolerance).")
    }
    if let maxIterations, maxIterations < 0 {
      throw ValidationError("--max-iterations: expected at least 0, found \(maxIterations).")
    }
    guard let iterations else { return }
    if iterations < 0 {
      throw ValidationError("--iterations: expected at least 0, found \(iterations).")
    }
    if criterion != nil || tolerance != nil || maxIterations != nil {
      throw ValidationError(
        "--iterations asks for an exact number: leave out --stop, --tolerance and --max-iterations."
      )
    }
    if accelerate != nil {
      throw ValidationError(
        "--accelerate has no effect with --iterations, which makes plain steps: leave out one.")
    }
  }

  var rule: StoppingRule {
    if let iterations { return .exactly(iterations) }
    let standard = StoppingRule.standard
    return .when(
      criterion?.criterion ?? .gain, below: tolerance ?? standard.tolerance,
      limit: maxIterations ?? standard.iterationLimit)
  }
}

/// How the work is done and shown.
struct RunOptions: ParsableArguments {
  @OptionGroup var threads: ThreadOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The smallest variance in any direction, relative to that of the data along each column.",
      valueName: "share"))
  var floor = 0.0

  @Flag(
    help:
      "Add up every component's share of every point, also those that rounding swallows (below 1e-18)."
  )
  var noSkipping = false

  @Option(
    help: ArgumentHelp(
      "Keep in this file how far the fit has come; it is removed once there is a result.",
      valueName: "run.ckpt"),
    completion: .file(extensions: ["ckpt"]))
  var checkpoint: String?

  @Flag(help: "Go on from the file of --checkpoint, to the same result to the bit.")
  var resume = false

  @Flag(help: "End with status 2 if the fit has not converged.")
  var requireConvergence = false

  @Option(help: "When to show progress on standard error.")
  var progress = ProgressChoice.auto

  @Option(help: "When to use colours.")
  var color = ColorChoice.auto

  func validate() throws {
    if resume, checkpoint == nil {
      throw ValidationError("--resume: say from which file, with --checkpoint.")
    }
    guard floor >= 0, floor < 1 else {
      throw ValidationError("--floor: expected a share from 0 to below 1, found \(floor).")
    }
  }
}
