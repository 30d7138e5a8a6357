import Mixtures
import MixturesIO

/// The parameters of a mixture as tables of a page.
struct ComponentTables {
  private let mixture: GaussianMixture
  private let features: [String]
  private let counts: [Double]
  private let names: [String]

  /// Beyond this dimension the table of means stays, and correlations are left out.
  private static let correlationLimit = 4

  /// - Parameter names: what components are called, `nil` where none has a name.
  init(_ fit: Fit, names: [String?]?) {
    mixture = fit.mixture
    features = fit.featureNames.map { Excerpt($0).description }
    counts = fit.effectiveCounts
    self.names = fit.mixture.components.indices.map { k in
      let number = "\(k + 1)"
      guard let name = names?[k] else { return number }
      return "\(number) \(Excerpt(name))"
    }
  }

  var markup: [Markup] { [table.markup] + background }

  /// A column for each component.
  private var table: PageTable {
    let all = mixture.components.indices
    func row(_ name: String, _ value: (Int) -> String) -> [PageTable.Cell] {
      [PageTable.Cell(name)] + all.map { PageTable.Cell(value($0)) }
    }
    /// Of numbers that programs find: by a name, the component, and a column.
    func row(
      _ name: String, _ key: String, _ column: String = "", _ value: (Int) -> String
    ) -> [PageTable.Cell] {
      [PageTable.Cell(name)]
        + all.map { PageTable.Cell(value($0)).named("\(key) \($0 + 1)\(column)") }
    }
    var rows = [
      row("mixing weight", "weight") { mixture.weights[$0].shown(4) },
      row("points") { counts[$0].shown(1) },
    ]
    rows += features.indices.map { j in
      row("mean \(features[j])", "mean", " \(j + 1)") {
        mixture.components[$0].mean(j, digits: 5)
      }
    }
    rows += features.indices.map { j in
      row("standard deviation \(features[j])") {
        mixture.components[$0].covariance[j, j].squareRoot().shown(significant: 5)
      }
    }
    rows += pairs.map { i, j in
      row("correlation \(features[i]), \(features[j])") {
        mixture.components[$0].covariance.correlation(i, j).shown(3)
      }
    }
    return PageTable(
      caption: "What describes each component",
      columns: ["component"]
        + all.map { PageTable.Cell(names[$0]).coloured(Palette.component($0)) }, rows: rows)
  }

  private var pairs: [(Int, Int)] {
    guard features.count <= Self.correlationLimit else { return [] }
    return features.indices.flatMap { i in features.indices[(i + 1)...].map { (i, $0) } }
      .filter { pair in mixture.components.contains { $0.covariance[pair.0, pair.1] != 0 } }
  }

  private var background: [Markup] {
    guard let background = mixture.background else { return [] }
    return [
      .paragraph(
        "A background of constant density takes \(background.weight.percent) of the points, those that no "
          + "component describes; its log-density is \(background.logDensity.shown(significant: 6))."
      )
    ]
  }
}

extension Covariance {
  fileprivate func correlation(_ i: Int, _ j: Int) -> Double {
    self[i, j] / (self[i, i].squareRoot() * self[j, j].squareRoot())
  }
}
