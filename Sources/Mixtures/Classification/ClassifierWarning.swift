/// Something a reader should know before trusting a classifier.
public enum ClassifierWarning: Sendable, Equatable, CustomStringConvertible {
  /// Of the density of one class.
  case ofClass(String, FitWarning)
  /// Of the densities of all classes, which were fitted together.
  case ofFit(FitWarning)
  /// Classes that rest on fewer points than their covariances have directions.
  case fewPoints(classes: [String], dimension: Int)
  /// Fits of a class that had a smaller BIC than the one that was taken.
  case passedOver(class: String, count: Int, dimension: Int)
  /// There is no error on points that were held out.
  case noEstimate(reason: String)

  public var description: String {
    switch self {
    case .ofClass(let name, let warning): "Class \"\(name)\": \(warning)"
    case .ofFit(let warning): warning.description
    case .fewPoints(let names, let dimension):
      "Class\(names.count == 1 ? "" : "es") \(Self.list(names)) rest\(names.count == 1 ? "s" : "") on fewer than "
        + "\(dimension + 1) effective points in \(dimension) dimension\(dimension == 1 ? "" : "s"): "
        + "what is said of \(names.count == 1 ? "it" : "them") may be an artefact."
    case .passedOver(let name, let count, let dimension):
      "Class \"\(name)\": \(count) fit\(count == 1 ? "" : "s") with a smaller BIC \(count == 1 ? "was" : "were") passed over, "
        + "with components on no more than \(dimension + 2) effective points for axes of their own, or with next to "
        + "no spread in some direction: they say more of a few points than of the class."
    case .noEstimate(let reason):
      "There is no estimate of the error on rows that are held out. \(reason)"
    }
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(10).map { "\"\($0)\"" }.joined(separator: ", ")
    return shown + (names.count > 10 ? ", … (\(names.count))" : "")
  }
}
