import ArgumentParser
import Mixtures
import MixturesIO

/// `default`, or some of `shrinkage=0.01,dof=4,scale=1,concentration=1`.
struct PriorChoice {
  let text: String
  let prior: ConjugatePrior

  init(parsing argument: String) throws {
    var prior = ConjugatePrior()
    if argument != "default" {
      var seen: Set<Substring> = []
      for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
        let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard pair.count == 2, let value = Double(pair[1]), value.isFinite,
          seen.insert(pair[0]).inserted, Self.set(value, pair[0], of: &prior)
        else {
          throw ValidationError(
            "expected default, or values such as shrinkage=0.1,dof=5,scale=2,concentration=1.5 "
              + "(shrinkage at least 0, dof and scale above 0, concentration at least 1); found "
              + "\(Excerpt(String(part)).quoted).")
        }
      }
    }
    text = argument
    self.prior = prior
  }

  private static func set(
    _ value: Double, _ name: Substring, of prior: inout ConjugatePrior
  ) -> Bool {
    switch name {
    case "shrinkage" where value >= 0: prior.shrinkage = value
    case "dof" where value > 0: prior.degreesOfFreedom = value
    case "scale" where value > 0: prior.scale = value
    case "concentration" where value >= 1: prior.concentration = value
    default: return false
    }
    return true
  }
}
