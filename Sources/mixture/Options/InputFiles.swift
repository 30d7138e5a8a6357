import ArgumentParser
import MixturesIO

/// The files that a command reads.
enum InputFiles {
  /// Fails where a result would take the place of a file that it is made from.
  ///
  /// - Parameters:
  ///   - inputs: each with what it is called.
  ///   - option: that of the result, as in `-o`.
  ///   - output: where the result goes; `nil` for standard output.
  static func check(
    _ inputs: [(name: String, path: String?)], areKeptBy option: String = "-o",
    at output: String?
  ) throws {
    guard let output else { return }
    for input in inputs {
      guard let path = input.path, OutputFile.isSame(output, path) else { continue }
      throw ValidationError(
        "\(option) would take the place of \(input.name), \(Excerpt.whole(path)): "
          + "choose another file.")
    }
  }
}
