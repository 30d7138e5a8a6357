import MixtureKernels

/// How much of the scatter Σᵢ wᵢrᵢₖ(xᵢ − μₖ)(xᵢ − μₖ)ᵀ a covariance structure needs.
public enum ScatterShape: Sendable, Equatable {
  /// Its trace: one number.
  case trace
  /// Its diagonal: *d* numbers.
  case diagonal
  /// All of it: d(d + 1)/2 numbers, the lower triangle row by row.
  case full

  /// How many numbers that is in dimension *d*.
  public func count(dimension: Int) -> Int {
    switch self {
    case .trace: 1
    case .diagonal: dimension
    case .full: packedCount(dimension)
    }
  }
}

/// What a Gaussian component has learnt from some points: Nₖ, Σ a(x − o), Σ a(x − o)(x − o)ᵀ
/// with a = wᵢrᵢₖ.
///
/// The origin *o* is the component's current mean: the parts of one iteration share it, so
/// merging is plain addition, and nothing cancels however far the data lie from zero.
public struct GaussianStatistics: SufficientStatistics {
  /// Nₖ = Σ a.
  public private(set) var effectiveCount = 0.0

  private let origin: [Double]
  private let shape: ScatterShape
  private var firstMoment: [Double]
  private var secondMoment: [Double]

  init(origin: [Double], shape: ScatterShape) {
    self.origin = origin
    self.shape = shape
    firstMoment = Array(repeating: 0, count: origin.count)
    secondMoment = Array(repeating: 0, count: shape.count(dimension: origin.count))
  }

  public mutating func merge(_ other: GaussianStatistics) {
    effectiveCount += other.effectiveCount
    for j in firstMoment.indices { firstMoment[j] += other.firstMoment[j] }
    for j in secondMoment.indices { secondMoment[j] += other.secondMoment[j] }
  }

  mutating func add(_ tile: Tile, shares: UnsafeBufferPointer<Double>) {
    precondition(tile.dimension == origin.count && shares.count == tile.capacity, "shapes agree")
    guard let a = shares.baseAddress else { return }
    let kernels = TileKernels.chosen
    effectiveCount += kernels.total(a, lanes: tile.lanes)
    let addMoments =
      switch shape {
      case .trace: kernels.addTraceMoments
      case .diagonal: kernels.addDiagonalMoments
      case .full: kernels.addFullMoments
      }
    tile.withView { view in
      firstMoment.withUnsafeMutableBufferPointer { first in
        secondMoment.withUnsafeMutableBufferPointer { second in
          guard let first = first.baseAddress, let second = second.baseAddress else { return }
          addMoments(view, origin, a, first, second)
        }
      }
    }
  }

  /// μₖ = o + Σ a(x − o) / Nₖ, and Wₖ about it.
  ///
  /// Source: Chan, Golub & LeVeque (1983), "Algorithms for computing the sample variance",
  /// eq. 1.5 (the shifted-data form).
  public var scatter: Scatter {
    let shift = firstMoment.map { $0 / effectiveCount }
    var values = secondMoment
    switch shape {
    case .trace:
      for j in shift.indices { values[0] -= firstMoment[j] * shift[j] }
    case .diagonal:
      for j in shift.indices { values[j] -= firstMoment[j] * shift[j] }
    case .full:
      for i in shift.indices {
        for j in 0...i { values[packedIndex(i, j)] -= firstMoment[i] * shift[j] }
      }
    }
    return Scatter(
      effectiveCount: effectiveCount, mean: zip(origin, shift).map(+), shape: shape, values: values)
  }

  /// Beyond this ratio of the moment about the origin to that about the mean, four of the
  /// sixteen digits are lost, and the points are worth a second look.
  private static let largestCancellation = 1e4

  public var recentred: GaussianStatistics? {
    guard effectiveCount > 0 else { return nil }
    let scatter = scatter
    let diagonal =
      shape == .full
      ? origin.indices.map { packedIndex($0, $0) } : Array(secondMoment.indices)
    let cancels = diagonal.contains {
      secondMoment[$0] > Self.largestCancellation * max(0, scatter.values[$0])
    }
    guard cancels, scatter.mean != origin, scatter.mean.allSatisfy(\.isFinite) else { return nil }
    return GaussianStatistics(origin: scatter.mean, shape: shape)
  }
}

/// What an M-step sees of one component: Nₖ, μₖ and the scatter Wₖ = Σᵢ wᵢrᵢₖ(xᵢ − μₖ)(xᵢ − μₖ)ᵀ.
public struct Scatter: Sendable, Equatable {
  /// Nₖ.
  public var effectiveCount: Double

  /// μₖ, in units of the data.
  public var mean: [Double]

  /// How much of Wₖ is known.
  public var shape: ScatterShape

  /// That much of Wₖ.
  public var values: [Double]

  /// The length *d* of the points.
  public var dimension: Int { mean.count }
}
