import MixtureKernels

/// A covariance Σ in the shape that its structure gives it.
///
/// The shape decides how much work a density and a moment take: O(d) for spherical and
/// diagonal, O(d²) for full.
public enum Covariance: Sendable, Equatable, Codable {
  /// σ²I.
  case spherical(variance: Double, dimension: Int)

  /// diag(σ₁², …, σ_d²).
  case diagonal(variances: [Double])

  /// Any symmetric matrix: the lower triangle row by row, entry (i, j) at i(i + 1)/2 + j.
  case full(lowerTriangle: [Double], dimension: Int)

  /// The length *d* of the points.
  public var dimension: Int {
    switch self {
    case .spherical(_, let dimension), .full(_, let dimension): dimension
    case .diagonal(let variances): variances.count
    }
  }

  /// Whether there are as many numbers as the dimension asks for.
  var isConsistent: Bool {
    if case .full(let packed, let dimension) = self {
      return packed.count == packedCount(dimension)
    }
    return dimension > 0
  }

  /// Entry (i, j), in squared units of the data.
  public subscript(i: Int, j: Int) -> Double {
    switch self {
    case .spherical(let variance, _): i == j ? variance : 0
    case .diagonal(let variances): i == j ? variances[i] : 0
    case .full(let packed, _): packed[packedIndex(max(i, j), min(i, j))]
    }
  }

  /// Entry (j, j).
  func variance(_ j: Int) -> Double { self[j, j] }

  /// The diagonal.
  public var variances: [Double] {
    switch self {
    case .spherical(let variance, let dimension): Array(repeating: variance, count: dimension)
    case .diagonal(let variances): variances
    case .full(let packed, let dimension): (0..<dimension).map { packed[packedIndex($0, $0)] }
    }
  }

  /// All *d* rows.
  public var rows: [[Double]] {
    (0..<dimension).map { i in (0..<dimension).map { j in self[i, j] } }
  }

  /// The lower triangle, row by row.
  package var lowerTriangle: [Double] {
    if case .full(let packed, _) = self { return packed }
    return packedTriangle(dimension) { self[$0, $1] }
  }

  /// The covariance in another shape: what of the matrix that shape can hold. A spherical matrix keeps its variance
  /// to the bit.
  package func reduced(to shape: ScatterShape) -> Covariance {
    switch shape {
    case .trace: .spherical(variance: meanVariance, dimension: dimension)
    case .diagonal: .diagonal(variances: variances)
    case .full: .full(lowerTriangle: lowerTriangle, dimension: dimension)
    }
  }

  private var meanVariance: Double {
    let variances = variances
    let areEqual = variances.allSatisfy { $0 == variances[0] }
    return areEqual ? variances[0] : variances.reduce(0, +) / Double(dimension)
  }

  /// The matrix with rows and columns divided by `scales`: (i, j) becomes Σᵢⱼ / (sᵢsⱼ).
  package func lowerTriangle(inUnitsOf scales: [Double]) -> [Double] {
    packedTriangle(dimension) { self[$0, $1] / scales[$0] / scales[$1] }
  }
}
