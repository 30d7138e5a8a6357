import Mixtures

/// A mixture in words and numbers, for those who cannot see the figure.
struct MixtureWords {
  private let mixture: GaussianMixture
  private let names: ComponentNames
  private let columns: [Int]
  private let features: [String]

  init(
    _ mixture: GaussianMixture, _ names: ComponentNames, columns: [Int], _ features: [String]
  ) {
    self.mixture = mixture
    self.names = names
    self.columns = columns
    self.features = features
  }

  /// Sentences with the first components.
  ///
  /// - Parameter points: what is drawn, as in `272 points`.
  func description(of kind: String, _ points: String) -> String {
    let shown = 8
    let parts = mixture.components.indices.prefix(shown).map { k in
      let means = columns.map { mean(k, $0, digits: 4) }
      return "\(names.inText(k)) with \(mixture.weights[k].percent) about "
        + means.joined(separator: ", ")
    }
    let more = mixture.componentCount - shown
    let background = mixture.background.map { " The background has \($0.weight.percent)." } ?? ""
    return "\(kind) of \(points) in "
      + columns.map { features[$0] }.joined(separator: ", ") + ". "
      + "\(counted(mixture.componentCount, "component")): " + parts.joined(separator: "; ")
      + (more > 0 ? "; and \(more) more." : ".") + background
  }

  /// With so many digits at least, and as many as tell it from others of its spread.
  private func mean(_ k: Int, _ column: Int, digits: Int) -> String {
    mixture.components[k].mean(column, digits: digits)
  }

  /// A row per component.
  var table: FigureTable {
    var header = ["component", "weight"] + columns.map { "mean \(features[$0])" }
    header += columns.map { "standard deviation \(features[$0])" }
    if columns.count == 2 { header.append("correlation") }
    var rows = mixture.components.enumerated().map { k, component -> [String] in
      let deviations = columns.map { component.covariance[$0, $0].squareRoot() }
      var cells = [names[k], mixture.weights[k].shown(significant: 4)]
      cells += columns.map { mean(k, $0, digits: 6) }
      cells += deviations.map { $0.shown(significant: 5) }
      if columns.count == 2 {
        let correlation =
          component.covariance[columns[0], columns[1]] / deviations[0] / deviations[1]
        cells.append(correlation.shown(significant: 3))
      }
      return cells
    }
    if let background = mixture.background {
      let rest = Array(repeating: "", count: header.count - 2)
      rows.append(["background", background.weight.shown(significant: 4)] + rest)
    }
    return FigureTable(columns: header, rows: rows)
  }

  /// - Parameters:
  ///   - box: where the background is drawn; `nil` if it is not.
  ///   - overlay: what is drawn of the mixture.
  static func backgroundRemarks(
    _ mixture: GaussianMixture, box: BackgroundBox?, overlay: Overlay
  ) -> [String] {
    guard let background = mixture.background else { return [] }
    let points = "Grey points are the background's, which has \(background.weight.percent)"
    guard overlay == .contours, background.weight > 0 else { return [points + "."] }
    return box == nil
      ? [points + " and is not part of contours: of its volume only the size is known."]
      : [points + ".", "Its constant density is part of contours, \(place)."]
  }

  /// Where a ``BackgroundBox`` is.
  static let place = "in a box about the middle of the points"
}

extension Gaussian {
  /// A coordinate of the mean, for people, with so many significant digits at least: a hundredth of a standard deviation shows.
  func mean(_ column: Int, digits: Int) -> String {
    let spread = covariance[column, column].squareRoot()
    return mean[column].shown(significant: digits, telling: spread / 100)
  }
}
