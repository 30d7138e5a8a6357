import Mixtures
import MixturesIO

extension Draw {
  /// What writes the mixture to `NAME.json` and draws the points to `NAME.csv`.
  package var commands: [String] { [modelCommand, drawCommand] }

  /// - Parameter more: options that the draw of the tour does without.
  func drawCommand(_ more: String) -> String {
    "mixture sample \(name).json -n \(points.rowCount) --seed \(seed) \(more)-o \(name).csv"
  }

  private var drawCommand: String { drawCommand("") }

  /// Names and numbers of the tour hold no quotes.
  private var modelCommand: String { "echo '\(Self.line(model))' > \(name).json" }

  private var model: JSONValue {
    let components = zip(truth.weights, truth.components).map { weight, component -> JSONValue in
      [
        "weight": .number(weight), "mean": JSONValue(component.mean),
        "covariance": JSONValue(component.covariance.rows),
      ]
    }
    return [
      "format": "mixtures.model", "version": 1, "family": "gaussian",
      "structure": .string(structure.name), "components": .array(components),
    ]
  }

  /// A document in one line.
  private static func line(_ document: JSONValue) -> String {
    document.description.split(separator: "\n").map { $0.drop { $0 == " " } }.joined()
  }
}
