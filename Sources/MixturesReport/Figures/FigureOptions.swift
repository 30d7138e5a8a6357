import Mixtures
import MixturesIO

/// What is drawn over the points of a scatter plot.
public enum Overlay: String, Sendable, CaseIterable {
  /// The regions of highest density that hold 50 % and 95 % of the mixture.
  case contours
  /// Of each component the ellipses that hold 50 % and 95 % of it; circles of radius σ where all covariances are spherical.
  case ellipses
  case none
}

/// What figures of points have in common.
public struct FigureOptions: Sendable {
  /// Above so many points, at least one, a seeded sample is drawn.
  public var pointLimit = 5_000

  /// The seed of that sample.
  public var seed: UInt64 = 1

  /// One name per component; numbers from one unless given.
  public var componentNames: [String]?

  /// That of figures with one panel; what suits the figure unless given.
  public var size: FigureSize?

  /// As above.
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
