import ArgumentParser
import Mixtures
import MixturesIO

/// How a data file is read and kept.
struct ReadingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The file holds numbers without a header, row by row: float32x10 for rows of ten float32, "
        + "or float64x…; little-endian.",
      valueName: "type"),
    transform: RawFormat.init(parsing:))
  var raw: RawFormat?

  @Option(
    help: """
      How exactly numbers are kept: float32 takes half the memory, and refuses columns that it cannot \
      hold. Results are computed in float64 in any case.
      """)
  var precision = TableOptions.Precision.float64

  @Flag(
    inversion: .prefixedNo, exclusivity: .exclusive,
    help: """
      Read the data piece by piece in each pass, in bounded memory (unless cells are missing); text is packed into a temporary \
      file in TMPDIR first. Changes no bit of the result. (default: for files that might take more \
      than half of the machine's memory)
      """)
  var stream: Bool?

  func tableOptions(keepsMissing: Bool) -> TableOptions {
    TableOptions(raw: raw, precision: precision, isStreamed: stream, keepsMissing: keepsMissing)
  }
}

extension TableOptions.Precision: ExpressibleByArgument {}

extension RawFormat {
  fileprivate init(parsing argument: String) throws {
    let parts = argument.split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count == 2, let scalar = Scalar(rawValue: String(parts[0])),
      let columns = Int(parts[1]), columns >= 1
    else {
      throw ValidationError(
        "expected float32 or float64, x, and the number of columns, such as float32x10; found "
          + "\(Excerpt(argument).quoted).")
    }
    self.init(scalar, columns: columns)
  }
}

extension RawFormat {
  /// As it is typed.
  var text: String { "\(scalar.rawValue)x\(columnCount)" }
}
