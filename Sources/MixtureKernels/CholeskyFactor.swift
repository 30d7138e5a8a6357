/// The lower triangular L with A = L Lᵀ, for a symmetric positive definite A.
///
/// Matrices are packed: the lower triangle, row by row, entry (i, j) at i(i + 1)/2 + j.
///
/// Source: Golub & Van Loan (2013), *Matrix Computations*, §4.2.
package struct CholeskyFactor: Sendable, Equatable {
  package let dimension: Int

  /// L, packed.
  package let packed: [Double]

  /// Why a matrix has no factor: what is left of a diagonal entry, relative to that entry,
  /// once the columns before it are accounted for. It is 1 − R² of that column on those.
  package struct NotPositiveDefinite: Error, Equatable {
    package let column: Int
    package let relativePivot: Double

    package init(column: Int, relativePivot: Double) {
      self.column = column
      self.relativePivot = relativePivot
    }
  }

  /// Pivots below this share of their diagonal entry count as zero.
  ///
  /// A pivot is a difference of d products of entries that are themselves sums rounded
  /// to a few ulps; an exactly collinear column leaves some d ulps of its diagonal entry.
  package static func smallestRelativePivot(dimension: Int) -> Double {
    32 * Double(dimension) * Double.ulpOfOne
  }

  /// Factors a packed matrix.
  ///
  /// The test of each pivot is relative to its own diagonal entry, so that scaling a
  /// column changes no decision.
  package init(packed matrix: [Double], dimension: Int) throws(NotPositiveDefinite) {
    precondition(matrix.count == packedCount(dimension), "a packed lower triangle")
    let tolerance = Self.smallestRelativePivot(dimension: dimension)
    var factor = matrix
    for i in 0..<dimension {
      let row = packedIndex(i, 0)
      for j in 0...i {
        let other = packedIndex(j, 0)
        var sum = factor[row + j]
        for c in 0..<j { sum -= factor[row + c] * factor[other + c] }
        if j < i {
          factor[row + j] = sum / factor[other + j]
        } else {
          let diagonal = matrix[row + i]
          guard diagonal > 0, diagonal < .infinity, sum > tolerance * diagonal else {
            throw NotPositiveDefinite(column: i, relativePivot: diagonal > 0 ? sum / diagonal : 0)
          }
          factor[row + i] = sum.squareRoot()
        }
      }
    }
    self.dimension = dimension
    self.packed = factor
  }

  /// ln |A|, as a sum of logarithms: a determinant may overflow where its logarithm does not.
  package var logDeterminant: Double {
    var sum = 0.0
    for i in 0..<dimension { sum += naturalLog(packed[packedIndex(i, i)]) }
    return 2 * sum
  }

  /// L⁻¹, packed.
  package var inverse: [Double] {
    var inverse = packed
    for j in 0..<dimension {
      inverse[packedIndex(j, j)] = 1 / packed[packedIndex(j, j)]
      for i in (j + 1)..<max(j + 1, dimension) {
        var sum = 0.0
        for c in j..<i { sum += packed[packedIndex(i, c)] * inverse[packedIndex(c, j)] }
        inverse[packedIndex(i, j)] = -sum / packed[packedIndex(i, i)]
      }
    }
    return inverse
  }

  /// L z, which has covariance A if z is standard normal.
  package func applied(to z: [Double]) -> [Double] {
    (0..<dimension).map { i in
      var sum = 0.0
      for j in 0...i { sum += packed[packedIndex(i, j)] * z[j] }
      return sum
    }
  }
}

/// Where entry (i, j), j ≤ i, of a packed lower triangle stands.
@inline(__always)
package func packedIndex(_ i: Int, _ j: Int) -> Int { i * (i + 1) / 2 + j }

/// The number of entries of a packed lower triangle.
@inline(__always)
package func packedCount(_ dimension: Int) -> Int { dimension * (dimension + 1) / 2 }
