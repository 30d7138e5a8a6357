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

  /// Where the diagonal stands among these numbers; the one number for a trace.
  func diagonalIndices(dimension: Int) -> [Int] {
    switch self {
    case .trace: [0]
    case .diagonal: Array(0..<dimension)
    case .full: (0..<dimension).map { packedIndex($0, $0) }
    }
  }

  var momentForm: MomentForm {
    switch self {
    case .trace: .trace
    case .diagonal: .diagonal
    case .full: .full
    }
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

  /// tr Wₖ.
  var trace: Double {
    shape.diagonalIndices(dimension: dimension).reduce(0) { $0 + values[$1] }
  }

  /// Adds `factor` times δδᵀ, in the shape of the scatter.
  mutating func add(_ factor: Double, squareOf delta: [Double]) {
    switch shape {
    case .trace:
      values[0] += factor * delta.reduce(0) { $0 + $1 * $1 }
    case .diagonal:
      for j in delta.indices { values[j] += factor * delta[j] * delta[j] }
    case .full:
      addSquare(factor, of: delta, to: &values)
    }
  }

  /// The part of it that a smaller shape holds.
  func reduced(to smaller: ScatterShape) -> Scatter {
    guard smaller != shape else { return self }
    let diagonal = shape.diagonalIndices(dimension: dimension).map { values[$0] }
    var reduced = self
    reduced.shape = smaller
    reduced.values = smaller == .trace ? [diagonal.reduce(0, +)] : diagonal
    return reduced
  }
}

/// What an M-step sees of all components.
public struct Scatters: Sendable, Equatable {
  /// Nₖ, μₖ and, unless only their sum is known, Wₖ for each component.
  public var components: [Scatter]

  /// Σₖ Nₖ and Σₖ Wₖ, what all have learnt about a covariance that they share.
  public var pooled: Scatter

  /// The components under which the points were shared out, if so: the new covariances will be near theirs, and inner loops
  /// begin there.
  public var nearby: [Gaussian]?

  /// Of components of which each scatter is known.
  public init(_ components: [Scatter], nearby: [Gaussian]? = nil) {
    self.components = components
    self.nearby = nearby
    var pooled = components[0]
    for scatter in components.dropFirst() {
      pooled.effectiveCount += scatter.effectiveCount
      for index in pooled.values.indices { pooled.values[index] += scatter.values[index] }
    }
    self.pooled = pooled
  }

  /// Of components of which only the means are known, and the scatter of all points about theirs: it is the sum of the
  /// scatter within the components and that of their means,
  /// ```
  /// Σₖ Wₖ = T − Σₖ Nₖ(μₖ − x̄)(μₖ − x̄)ᵀ
  /// ```
  ///
  /// Source: Mardia, Kent & Bibby (1979), *Multivariate Analysis*, eq. 12.2.2.
  init(means: [Scatter], total: Scatter) {
    components = means
    var between = Scatter(
      effectiveCount: total.effectiveCount, mean: total.mean, shape: total.shape,
      values: total.values.map { _ in 0 })
    for component in means {
      between.add(component.effectiveCount, squareOf: entrywise(component.mean, total.mean, -))
    }
    pooled = total
    for index in between.values.indices { pooled.values[index] -= between.values[index] }
  }
}
