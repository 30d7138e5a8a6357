import Mixtures
import MixturesIO

/// What is drawn over the points of a scatter plot.
public enum Overlay: String, Sendable, CaseIterable {
  /// The regions of highest density that hold 50 % and 95 % of the mixture.
  case contours
  /// Of each component the ellipses that hold 50 % and 95 % of it; circles of radius σ where all covariances are spherical.
  case ellipses
  /// Nothing: the points alone.
  case none
}

/// What figures of points have in common.
public struct FigureOptions: Sendable {
  /// Above so many points, at least one, a seeded sample is drawn.
  public var pointLimit = 5_000

  /// The seed of that sample.
  public var seed: UInt64 = 1

  /// What components are called; where there is not one name for each, they are numbered from one.
  public var componentNames: [String]?

  /// How large figures of one panel are; as suits the figure unless given. Those of many panels have their own size.
  public var size: FigureSize?

  /// At most 5,000 points from seed 1, components by their numbers, and the size that suits the figure.
  public init() {}
}

/// How the components of a figure are called.
struct ComponentNames: Sendable {
  private let names: [String]?

  init(_ options: FigureOptions, of mixture: GaussianMixture) {
    let names = options.componentNames
    self.names =
      names?.count == mixture.componentCount ? names?.map { Excerpt($0).description } : nil
  }

  subscript(k: Int) -> String { names?[k] ?? "\(k + 1)" }

  /// As in a sentence.
  func inText(_ k: Int) -> String { names?[k] ?? "component \(k + 1)" }

  /// With the mixing weight, beside the component.
  func label(_ k: Int, weight: Double) -> String {
    let name = TextMetrics.shortened(self[k], to: 110, size: TextStyle.label.size)
    return "\(name): \(weight.percent)"
  }
}
