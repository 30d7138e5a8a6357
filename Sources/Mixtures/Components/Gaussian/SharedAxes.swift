import MixtureKernels

/// Orthogonal axes that all components have in common, and their variances along them: Σₖ = D diag(aₖ) Dᵀ.
///
/// In these axes, which one rotation of a point leads to, each quadratic form costs O(d) instead of O(d²).
package struct SharedAxes {
  /// Dᵀ, row by row: each row is an axis.
  package let matrix: [Double]

  /// aₖ for each component.
  package let variances: [[Double]]

  /// - Returns: `nil` where the covariances share no axes, as far as the rounding of their entries tells, or where a form in
  ///   them would lose more than 10 of its 53 bits.
  package init?(of covariances: [Covariance]) {
    guard let first = covariances.first, covariances.count > 1 else { return nil }
    let d = first.dimension
    guard covariances.dropFirst().allSatisfy({ Self.commute(first, $0) }) else { return nil }
    let eigen = SymmetricEigen(packed: Self.blend(covariances), dimension: d)
    let axes = Self.straightened((0..<d).map(eigen.vector), in: covariances)
    var variances: [[Double]] = []
    for covariance in covariances {
      guard let own = Self.variances(of: covariance, along: axes) else { return nil }
      variances.append(own)
    }
    self.variances = variances
    matrix = axes.flatMap(\.self)
  }

  /// Symmetric matrices with the same axes commute; a vector without symmetry tells the others, at O(d²).
  private static func commute(_ a: Covariance, _ b: Covariance) -> Bool {
    let d = a.dimension
    let probe = (0..<d).map { 1 + Double($0 * $0 % 7) / 8 }
    let (ab, ba) = (a.times(b.times(probe)), b.times(a.times(probe)))
    let size = a.trace * b.trace * probe.reduce(0, +)
    return zip(ab, ba).allSatisfy { abs($0 - $1) <= 8 * Double(d) * .ulpOfOne * size }
  }

  /// A sum in which no two axes have the same variance unless they do so in every component.
  private static func blend(_ covariances: [Covariance]) -> [Double] {
    var sum = Array(repeating: 0.0, count: packedCount(covariances[0].dimension))
    // Whatever the order of the components, the same sum.
    let ordered = covariances.sorted { $0.trace < $1.trace }
    for (k, covariance) in ordered.enumerated() {
      let share = (1 + Double(k * k % 5) / 7) / covariance.trace
      for (index, entry) in covariance.lowerTriangle.enumerated() { sum[index] += share * entry }
    }
    return sum
  }

  /// Axes near the common ones, each pair turned by the small angle that makes uᵀΣₖv vanish, by least squares over the
  /// components relative to their size. Where variances differ in some component but hardly in a sum, the axes of the sum
  /// have errors that this one step squares.
  ///
  /// Source: Cardoso & Souloumiac (1996), "Jacobi angles for simultaneous diagonalization", *SIAM J. Matrix Anal. Appl.* 17,
  /// 161–164, to first order.
  private static func straightened(
    _ axes: [[Double]], in covariances: [Covariance]
  ) -> [[Double]] {
    // Whatever the order of the components, the same sums.
    let ordered = covariances.sorted { $0.trace < $1.trace }
    let products = ordered.map { covariance in
      let images = axes.map(covariance.times)
      return axes.map { axis in images.map { innerProduct(axis, $0) / covariance.trace } }
    }
    var turned = axes
    for p in axes.indices {
      for q in 0..<p {
        var (numerator, denominator) = (0.0, 0.0)
        for product in products {
          let difference = product[p][p] - product[q][q]
          numerator += product[p][q] * difference
          denominator += difference * difference
        }
        let angle = numerator / denominator
        guard abs(angle) < largestAngle else { continue }
        (turned[p], turned[q]) = (
          entrywise(turned[p], turned[q]) { $0 + angle * $1 },
          entrywise(turned[p], turned[q]) { $1 - angle * $0 }
        )
      }
    }
    return turned.map { axis in
      let length = innerProduct(axis, axis).squareRoot()
      return axis.map { $0 / length }
    }
  }

  /// Beyond it the axes are not near the common ones, and a turn to first order is none; its square is the rounding of a
  /// number.
  private static let largestAngle = 1e-8

  /// uᵀΣu for each axis u; `nil` where uᵀΣv is more than rounding for two of them.
  private static func variances(of covariance: Covariance, along axes: [[Double]]) -> [Double]? {
    let images = axes.map(covariance.times)
    func product(_ i: Int, _ j: Int) -> Double { innerProduct(axes[i], images[j]) }
    let variances = axes.indices.map { product($0, $0) }
    guard let largest = variances.max(), let smallest = variances.min(),
      smallest * GaussianStatistics.largestGrowth >= largest
    else { return nil }
    let rounding = 8 * Double(axes.count) * Double.ulpOfOne * largest
    for i in axes.indices {
      for j in 0..<i where abs(product(i, j)) > rounding { return nil }
    }
    return variances
  }
}

extension Covariance {
  fileprivate var trace: Double { variances.reduce(0, +) }

  /// Σv.
  fileprivate func times(_ vector: [Double]) -> [Double] {
    vector.indices.map { i in
      vector.indices.reduce(0) { $0 + self[i, $1] * vector[$1] }
    }
  }
}
