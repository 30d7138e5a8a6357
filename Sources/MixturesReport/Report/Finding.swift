import MixtureKernels
import Mixtures
import MixturesIO

/// What a fit has found, in words.
package struct Finding {
  let fit: Fit

  /// What components are called, where they have names.
  let names: [String?]

  /// Beyond this many, the headline tells of the largest.
  private static let largestCount = 4

  package init(_ fit: Fit, labels: [String]) {
    self.fit = fit
    names = fit.mixture.components.indices.map(labels.label(of:))
  }

  /// As in `2 components, VVE: 36 % low in eruptions and waiting; 64 % high in eruptions and waiting`.
  package var headline: String {
    let count = fit.mixture.componentCount
    return
      "\(counted(count, "component")), \(fit.structure): \(listed(parts + others + background))"
  }

  /// The components that the headline tells of: all in their order, or of many the largest.
  private var shown: [Int] {
    let weights = fit.mixture.weights
    guard weights.count > Self.largestCount else { return Array(weights.indices) }
    let ranking = weights.indices.sorted { (-weights[$0], $0) < (-weights[$1], $1) }
    return Array(ranking.prefix(Self.largestCount - 1))
  }

  private var parts: [String] {
    let characters = ComponentCharacters(fit.mixture, features: fit.featureNames).texts
    return shown.enumerated().map { place, k in
      let share = fit.mixture.weights[k].percent
      if let name = names[k] { return "\(share) \(Excerpt(name))" }
      return "\(share) " + (place == 0 ? lead : "") + characters[k]
    }
  }

  /// One column goes without saying after the first component.
  private var lead: String {
    guard fit.mixture.dimension == 1, let name = fit.featureNames.first else { return "" }
    return "with \(Excerpt(name)) "
  }

  private var others: [String] {
    let left = fit.mixture.componentCount - shown.count
    guard left > 0 else { return [] }
    let share = fit.mixture.weights.indices.filter { !shown.contains($0) }
      .reduce(0) { $0 + fit.mixture.weights[$1] }
    return ["\(share.percent) in \(left) smaller ones"]
  }

  private var background: [String] {
    fit.mixture.background.map { ["\($0.weight.percent) background"] } ?? []
  }

  private func listed(_ parts: [String]) -> String { parts.joined(separator: "; ") }
}

/// What distinguishes each component of a mixture from the others, in words.
///
/// A column tells components apart as far as their means explain its variance. Where none does, the widths of the components
/// do, and where these are alike too, there is nothing but their means.
package struct ComponentCharacters {
  /// One for each component, as in `low in eruptions and waiting`, or `around 54.5`.
  package let texts: [String]

  /// The share of a column's variance that lies between the components, from which on it is worth a word.
  private static let leastShare = 0.2

  /// More columns make no headline.
  private static let columnLimit = 3

  /// Standard deviations in this proportion are called narrow and wide.
  private static let leastProportion = 1.5

  package init(_ mixture: GaussianMixture, features: [String]) {
    let names = features.map { Excerpt($0).description }
    let shares = names.indices.map { mixture.shareBetween(column: $0) }
    let ranking = names.indices.sorted { (-shares[$0], $0) < (-shares[$1], $1) }
    let first = ranking.first ?? 0
    let centres = mixture.components.map { component in
      Self.centre(component, first, names)
    }
    let telling = ranking.prefix(Self.columnLimit).filter { shares[$0] >= Self.leastShare }
    guard mixture.componentCount > 1, mixture.dimension > 1 else {
      texts = centres
      return
    }
    let words =
      telling.isEmpty
      ? Self.widths(of: mixture) ?? centres
      : mixture.components.indices.map { Self.positions(of: $0, in: mixture, telling, names) }
    texts = words.indices.map { k in
      words.count { $0 == words[k] } == 1 ? words[k] : centres[k]
    }
  }

  /// As in `around 54.5`, of what goes without saying in one dimension.
  private static func centre(_ component: Gaussian, _ column: Int, _ names: [String]) -> String {
    let value = component.mean[column].shown(significant: 3)
    return component.dimension == 1 ? "around \(value)" : "with \(names[column]) around \(value)"
  }

  /// As in `low in a and b, high in c`: by thirds of the range of the components' means.
  private static func positions(
    of k: Int, in mixture: GaussianMixture, _ columns: [Int], _ names: [String]
  ) -> String {
    let found = columns.map { column in
      Level(of: k, among: mixture.components.map { $0.mean[column] })
    }
    return Level.allCases.compactMap { level in
      let own = zip(columns, found).filter { $0.1 == level }.map { names[$0.0] }
      return own.isEmpty ? nil : "\(level.rawValue) in " + own.joinedInWords
    }.joined(separator: ", ")
  }

  /// `nil` where all are about as wide.
  private static func widths(of mixture: GaussianMixture) -> [String]? {
    let logs = mixture.components.map(\.meanLogDeviation)
    guard let least = logs.min(), let most = logs.max(), most - least >= naturalLog(leastProportion)
    else { return nil }
    return logs.indices.map {
      switch Level(of: $0, among: logs) {
      case .low: "narrow"
      case .middle: "of middling width"
      case .high: "wide"
      }
    }
  }
}

/// Where a value lies among others.
private enum Level: String, CaseIterable {
  case low, high, middle

  init(of index: Int, among values: [Double]) {
    guard let least = values.min(), let most = values.max(), least < most else {
      self = .middle
      return
    }
    let place = (values[index] - least) / (most - least)
    self = place < 1.0 / 3 ? .low : place > 2.0 / 3 ? .high : .middle
  }
}

extension [String] {
  /// As in `a, b and c`.
  fileprivate var joinedInWords: String {
    guard count > 1, let last else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " and " + last
  }
}

extension Mixture where Component == Gaussian {
  /// The share of a column's variance under the mixture that lies between the components' means; background apart.
  package func shareBetween(column: Int) -> Double {
    let total = weights.reduce(0, +)
    guard total > 0 else { return 0 }
    let shares = weights.map { $0 / total }
    // About one of the means, so that an offset of the data loses nothing.
    let places = components.map { $0.mean[column] - components[0].mean[column] }
    let centre = zip(shares, places).reduce(0) { $0 + $1.0 * $1.1 }
    let between = zip(shares, places).reduce(0) { $0 + $1.0 * ($1.1 - centre) * ($1.1 - centre) }
    let within = zip(shares, components).reduce(0) { $0 + $1.0 * $1.1.covariance[column, column] }
    return between + within > 0 ? between / (between + within) : 0
  }
}

extension Gaussian {
  /// The mean of the logarithms of the columns' standard deviations.
  fileprivate var meanLogDeviation: Double {
    covariance.variances.reduce(0) { $0 + naturalLog($1) } / 2 / Double(dimension)
  }
}
