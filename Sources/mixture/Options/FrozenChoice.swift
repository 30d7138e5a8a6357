import ArgumentParser
import Mixtures
import MixturesIO

/// Some of `means,weights,covariances`.
struct FrozenChoice {
  let text: String
  let parts: FrozenParts

  init(parsing argument: String) throws {
    var parts = FrozenParts()
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      switch part {
      case "means": parts.means = .all
      case "weights": parts.weights = .all
      case "covariances": parts.covariances = .all
      default:
        throw ValidationError(
          "expected means, weights or covariances, or several separated by commas; "
            + "found \(Excerpt(String(part)).quoted).")
      }
    }
    text = argument
    self.parts = parts
  }
}
