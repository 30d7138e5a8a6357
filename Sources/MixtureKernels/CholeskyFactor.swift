/// The lower triangular L with A = L Lᵀ, and its inverse, for a symmetric positive definite A.
///
/// Matrices are packed: the lower triangle, row by row, entry (i, j) at i(i + 1)/2 + j.
///
/// Source: Golub & Van Loan (2013), *Matrix Computations*, §4.2.
package struct CholeskyFactor: Sendable, Equatable {
  package let dimension: Int

  /// L, packed.
  package let packed: [Double]

  /// L⁻¹, packed.
  package let inverse: [Double]

  /// The trace of C⁻¹, C being the matrix with its diagonal scaled to one: *d* at least, and the larger the
  /// nearer the matrix is to a singular one.
  package let inverseTrace: Double

  /// Why a matrix has no factor: the column that is zero, or a linear combination of those before it.
  package struct NotPositiveDefinite: Error, Equatable {
    package let column: Int

    package init(column: Int) { self.column = column }
  }

  /// The trace of C⁻¹ beyond which a matrix counts as singular, C being the matrix with its
  /// diagonal scaled to one.
  ///
  /// The entries of C are sums rounded to a few ulps, which moves its eigenvalues by some d ulps: one that is exactly
  /// zero comes out as large as that, and the trace, the sum of the reciprocals of the eigenvalues, as the
  /// reciprocal of that or beyond. Scaling rows and columns of the matrix changes neither C nor the decision.
  package static func largestInverseTrace(dimension: Int) -> Double {
    1 / (64 * Double(dimension) * Double.ulpOfOne)
  }

  /// Factors a packed matrix.
  package init(packed matrix: [Double], dimension: Int) throws(NotPositiveDefinite) {
    precondition(matrix.count == packedCount(dimension), "a packed lower triangle")
    self.dimension = dimension
    packed = try Self.factor(matrix, dimension)
    inverse = Self.inverse(packed, dimension)
    inverseTrace = try Self.inverseTrace(inverse, matrix, dimension)
  }

  private static func factor(
    _ matrix: [Double], _ dimension: Int
  ) throws(NotPositiveDefinite) -> [Double] {
    var factor = matrix
    for i in 0..<dimension {
      let row = packedIndex(i, 0)
      for j in 0...i {
        let other = packedIndex(j, 0)
        let rest = factor[row + j] - innerProduct(factor, row, other, count: j)
        if j < i {
          factor[row + j] = rest / factor[other + j]
        } else {
          guard rest > 0, rest < .infinity else { throw NotPositiveDefinite(column: i) }
          factor[row + i] = rest.squareRoot()
        }
      }
    }
    return factor
  }

  /// Row i of L⁻¹ is −Σ_{c<i} L_ic (row c of L⁻¹) / L_ii, and 1 / L_ii on the diagonal.
  private static func inverse(_ factor: [Double], _ dimension: Int) -> [Double] {
    var inverse = zeros(factor.count)
    inverse.withUnsafeMutableBufferPointer { inverse in
      for i in 0..<dimension {
        let row = packedIndex(i, 0)
        let reciprocal = 1 / factor[row + i]
        for c in 0..<i {
          addMultiple(
            -factor[row + c] * reciprocal, in: inverse, packedIndex(c, 0), row, count: c + 1)
        }
        inverse[row + i] = reciprocal
      }
    }
    return inverse
  }

  /// tr C⁻¹ = Σᵢⱼ ((L⁻¹)ᵢⱼ sⱼ)² with sⱼ² the diagonal; the rows of L⁻¹ up to i belong to the leading i columns, so
  /// the first row at which the sum is too large names the column to blame.
  private static func inverseTrace(
    _ inverse: [Double], _ matrix: [Double], _ dimension: Int
  ) throws(NotPositiveDefinite) -> Double {
    let limit = largestInverseTrace(dimension: dimension)
    var trace = 0.0
    for i in 0..<dimension {
      for j in 0...i {
        let entry = inverse[packedIndex(i, j)]
        trace += entry * entry * matrix[packedIndex(j, j)]
      }
      guard trace < limit else { throw NotPositiveDefinite(column: i) }
    }
    return trace
  }

  /// ln |A|, as a sum of logarithms: a determinant may overflow where its logarithm does not.
  package var logDeterminant: Double {
    var sum = 0.0
    for i in 0..<dimension { sum += naturalLog(packed[packedIndex(i, i)]) }
    return 2 * sum
  }

  /// tr(A⁻¹B) for a packed symmetric B.
  package func inverseTrace(times other: [Double]) -> Double {
    precondition(other.count == packed.count, "a packed lower triangle")
    // A⁻¹ = Σᵢ aᵢaᵢᵀ with aᵢ the rows of L⁻¹, so the trace is Σᵢ aᵢᵀBaᵢ.
    var trace = 0.0
    for i in 0..<dimension {
      let row = packedIndex(i, 0)
      for j in 0...i {
        let inner = packedIndex(j, 0)
        var sum = 0.0
        for c in 0..<j { sum += inverse[row + c] * other[inner + c] }
        trace += inverse[row + j] * (2 * sum + inverse[row + j] * other[inner + j])
      }
    }
    return trace
  }

  /// L z, which has covariance A if z is standard normal.
  package func applied(to z: [Double]) -> [Double] { packedProduct(packed, z) }
}

/// Σ a[i + c] a[j + c] for c below `count`, in eight sums side by side: one sum would wait for itself.
private func innerProduct(_ a: [Double], _ i: Int, _ j: Int, count: Int) -> Double {
  precondition(max(i, j) + count <= a.count, "both runs lie in the array")
  return a.withUnsafeBytes { bytes in
    let size = MemoryLayout<Double>.stride
    func four(_ index: Int) -> SIMD4<Double> {
      bytes.loadUnaligned(fromByteOffset: index * size, as: SIMD4<Double>.self)
    }
    var (even, odd) = (SIMD4<Double>(), SIMD4<Double>())
    var c = 0
    while c + 8 <= count {
      even += four(i + c) * four(j + c)
      odd += four(i + c + 4) * four(j + c + 4)
      c += 8
    }
    var sum = (even + odd).sum()
    while c < count {
      sum += a[i + c] * a[j + c]
      c += 1
    }
    return sum
  }
}

/// Adds `factor` times the run at `source` to the run at `target`, which do not overlap.
private func addMultiple(
  _ factor: Double, in a: UnsafeMutableBufferPointer<Double>, _ source: Int, _ target: Int,
  count: Int
) {
  precondition(source + count <= target && target + count <= a.count, "one run after the other")
  for c in 0..<count { a[target + c] += factor * a[source + c] }
}

/// The product of a packed lower triangle with a vector.
package func packedProduct(_ triangle: [Double], _ vector: [Double]) -> [Double] {
  vector.indices.map { i in
    let row = packedIndex(i, 0)
    var sum = 0.0
    for j in 0...i { sum += triangle[row + j] * vector[j] }
    return sum
  }
}

/// The product of two packed lower triangles, which is one too.
package func packedProduct(_ a: [Double], _ b: [Double], _ dimension: Int) -> [Double] {
  var product: [Double] = []
  product.reserveCapacity(packedCount(dimension))
  appendPackedProduct(a, b, dimension, to: &product)
  return product
}

/// Appends the product of two packed lower triangles.
package func appendPackedProduct(
  _ a: [Double], _ b: [Double], _ dimension: Int, to values: inout [Double]
) {
  precondition(min(a.count, b.count) >= packedCount(dimension), "packed lower triangles")
  let start = values.count
  for _ in 0..<packedCount(dimension) { values.append(0) }
  values.withUnsafeMutableBufferPointer { values in
    b.withUnsafeBufferPointer { b in
      for i in 0..<dimension {
        let row = packedIndex(i, 0)
        for c in 0...i {
          let (factor, target, other) = (a[row + c], start + row, packedIndex(c, 0))
          for j in 0...c { values[target + j] += factor * b[other + j] }
        }
      }
    }
  }
}

/// The lower triangle of LLᵀ for a packed lower triangular L.
package func packedSquare(_ triangle: [Double], _ dimension: Int) -> [Double] {
  var square = triangle
  for i in 0..<dimension {
    for j in 0...i {
      square[packedIndex(i, j)] = innerProduct(
        triangle, packedIndex(i, 0), packedIndex(j, 0), count: j + 1)
    }
  }
  return square
}

/// Where entry (i, j), j ≤ i, of a packed lower triangle stands.
@inlinable
package func packedIndex(_ i: Int, _ j: Int) -> Int { i * (i + 1) / 2 + j }

/// The number of entries of a packed lower triangle.
@inlinable
package func packedCount(_ dimension: Int) -> Int { dimension * (dimension + 1) / 2 }

/// A packed lower triangle, entry by entry.
@inlinable
package func packedTriangle(_ dimension: Int, _ entry: (_ i: Int, _ j: Int) -> Double) -> [Double] {
  var triangle: [Double] = []
  triangle.reserveCapacity(packedCount(dimension))
  for i in 0..<dimension {
    for j in 0...i { triangle.append(entry(i, j)) }
  }
  return triangle
}

/// Adds `factor` times xxᵀ to a packed triangle.
package func addSquare(_ factor: Double, of x: [Double], to packed: inout [Double]) {
  for i in x.indices {
    let row = packedIndex(i, 0)
    for j in 0...i { packed[row + j] += factor * x[i] * x[j] }
  }
}
