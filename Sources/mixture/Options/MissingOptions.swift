import ArgumentParser
import MixturesIO

/// What becomes of rows with missing cells.
struct MissingOptions: ParsableArguments {
  @Option(
    help: """
      What to do with rows that have missing cells: exact takes what is there, by the likelihood of the observed \
      cells; drop leaves them out.
      """)
  var missing = Choice.exact

  enum Choice: String, ExpressibleByArgument, CaseIterable {
    case exact, drop, error
  }

  /// Whether such rows may be read at all.
  var areRead: Bool { missing != .error }

  /// What was asked for, if it is not the default.
  var given: String? { missing == .exact ? nil : missing.rawValue }

  /// The table, of which such rows are left out if that was asked for.
  ///
  /// - Parameter warn: told of how many.
  func applied(to table: Table, path: String, warn: (String) -> Void) throws -> Table {
    guard missing == .drop, table.missingCellCount > 0 else { return table }
    let complete = try table.withoutMissing(path: path)
    warn(
      "\(table.points.count - complete.points.count) of \(table.points.count) rows have missing "
        + "cells and are left out.")
    return complete
  }
}
