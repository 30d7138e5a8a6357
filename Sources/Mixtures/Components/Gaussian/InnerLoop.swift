/// What an M-step makes of the scatters: the covariances, and what it took where there is no closed form.
public struct CovarianceEstimate: Sendable, Equatable {
  /// One for each component.
  public var covariances: [Covariance]

  /// How many rounds an inner loop made; zero for a closed form.
  public var innerIterations = 0

  /// Whether the inner loop was ended by its limit, before its own tolerance.
  public var reachedLimit = false

  /// A closed form, unless told otherwise.
  public init(_ covariances: [Covariance], innerIterations: Int = 0, reachedLimit: Bool = false) {
    self.covariances = covariances
    self.innerIterations = innerIterations
    self.reachedLimit = reachedLimit
  }
}

/// The volumes λₖ of components that share all else of their covariances: Σₖ = λₖB.
///
/// Given scatters Sₖ of counts Nₖ, they maximise
/// ```
/// −½ Σₖ (Nₖ ln |λₖB| + tr(Sₖ B⁻¹) / λₖ)
/// ```
/// by turns: B = Σₖ Sₖ/λₖ / n, then λₖ = tr(SₖB⁻¹)/(Nₖd). In ln λ what is left after the first turn is convex, so there is one
/// maximum, and no turn leads away from it.
///
/// Source: Celeux & Govaert (1995), "Gaussian parsimonious clustering models", *Pattern Recognition* 28, §4.
struct ProportionalVolumes {
  /// λₖ, with a common factor that B makes up for; zero for a component without scatter, whose likelihood has no maximum.
  private(set) var values: [Double]
  private(set) var iterations = 0
  private(set) var reachedLimit = false

  /// No λₖ changes by more than this share in the last round; what a round gains is about the square of it.
  private static let tolerance = 1e-10
  private static let limit = 500

  /// - Parameter traces: tr(SₖB⁻¹) for the B that goes with given volumes; `nil` where that is singular.
  init(_ scatters: Scatters, traces: (_ volumes: [Double]) -> [Double]?) {
    let dimension = Double(scatters.pooled.dimension)
    values = scatters.startingVolumes
    while var next = traces(values) {
      var (smallest, largest) = (Double.infinity, 0.0)
      for k in next.indices {
        next[k] /= scatters.components[k].effectiveCount * dimension
        guard next[k] < .infinity else { return }
        guard next[k] > 0 else {
          values[k] = 0
          return
        }
        smallest = min(smallest, next[k] / values[k])
        largest = max(largest, next[k] / values[k])
      }
      values = next
      iterations += 1
      if largest - smallest <= Self.tolerance * smallest { return }
      reachedLimit = iterations == Self.limit
      if reachedLimit { return }
    }
  }
}

extension ProportionalVolumes {
  /// The covariances, from what they are for a component of a given volume.
  func estimate(_ covariance: (_ component: Int, _ volume: Double) -> Covariance)
    -> CovarianceEstimate
  {
    CovarianceEstimate(
      values.enumerated().map { covariance($0, $1) }, innerIterations: iterations,
      reachedLimit: reachedLimit)
  }
}

extension Scatters {
  /// Those of the covariances nearby, or as if all were spheres, up to a factor.
  fileprivate var startingVolumes: [Double] {
    let volumes = nearby?.map(\.volume) ?? components.map { $0.trace / $0.effectiveCount }
    // B has the rest, and neither leaves the range of numbers where the columns have scales far apart.
    let largest = volumes.max() ?? 1
    return volumes.map { $0 / largest }
  }
}
