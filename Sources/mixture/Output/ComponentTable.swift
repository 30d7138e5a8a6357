import Mixtures
import MixturesIO
import MixturesReport

/// The components of a mixture side by side, for people.
struct ComponentTable {
  let mixture: GaussianMixture
  let features: [String]

  /// The effective counts of the components and of the background, where they are known.
  var counts: (components: [Double], background: Double)?

  let style: Style

  /// What each component is called, or the class that it belongs to.
  var names: [String]?

  /// Beyond this dimension the correlations are left to `describe`.
  var correlationLimit = 3

  func lines(width: Int) -> [String] {
    var table = TextTable()
    table.append(
      [TextTable.Cell(text: "component")]
        + mixture.components.indices.map { TextTable.Cell(text: "\($0 + 1)", emphasis: style.bold) }
    )
    if let names { table.append(["name"] + names.map { Excerpt($0).description }) }
    table.append(["weight"] + mixture.weights.map { $0.fixed(4) })
    if let counts { table.append(["points"] + counts.components.map { $0.fixed(1) }) }
    for (j, name) in featureNames.enumerated() {
      table.append(["mean \(name)"] + mixture.components.map { mean($0, j) })
    }
    for (j, name) in featureNames.enumerated() {
      table.append(
        ["sd \(name)"] + mixture.components.map { $0.covariance[j, j].squareRoot().significant(5) })
    }
    for (i, j) in correlatedPairs {
      table.append(
        ["correlation \(featureNames[i]), \(featureNames[j])"]
          + mixture.components.map { correlation($0.covariance, i, j).fixed(4) })
    }
    return table.lines(width: width) + background
  }

  /// With five digits, or as many as show a hundredth of a standard deviation.
  private func mean(_ component: Gaussian, _ column: Int) -> String {
    let (mean, spread) = (component.mean[column], component.covariance[column, column].squareRoot())
    return mean.significant(mean.significantDigits(5, telling: spread / 100))
  }

  private var background: [String] {
    guard let background = mixture.background else { return [] }
    let count = counts.map { ", points \($0.background.fixed(1))" } ?? ""
    return [
      "background: weight \(background.weight.fixed(4))\(count), "
        + "log-density \(background.logDensity.significant(6))"
    ]
  }

  /// As they can be shown: at a length that leaves room, and without control characters.
  private var featureNames: [String] { features.map { Excerpt($0).description } }

  private var correlatedPairs: [(Int, Int)] {
    guard features.count <= correlationLimit else { return [] }
    let pairs = features.indices.flatMap { i in features.indices[(i + 1)...].map { (i, $0) } }
    return pairs.filter { pair in
      mixture.components.contains { $0.covariance[pair.0, pair.1] != 0 }
    }
  }

  private func correlation(_ covariance: Covariance, _ i: Int, _ j: Int) -> Double {
    covariance[i, j] / (covariance[i, i].squareRoot() * covariance[j, j].squareRoot())
  }
}
