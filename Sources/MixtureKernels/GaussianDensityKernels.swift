// The quadratic form (x − μ)ᵀ Σ⁻¹ (x − μ) for a tile of points, one kernel per shape of Σ.
//
// Legend. x: coordinates, `dimension` runs of `capacity` values; m: mean μ; q: the result, one
// value per point. Points lie in lanes: eight are worked on at once, and `capacity` is a multiple
// of the lane count, so there is no remainder loop. The mean is subtracted first, which keeps the
// result exact to rounding at any distance of the data from the origin.

package typealias Lanes = SIMD8<Double>

@inline(__always)
func load(_ pointer: UnsafePointer<Double>, _ offset: Int) -> Lanes {
  UnsafeRawPointer(pointer + offset).loadUnaligned(as: Lanes.self)
}

@inline(__always)
func store(_ lanes: Lanes, _ pointer: UnsafeMutablePointer<Double>, _ offset: Int) {
  UnsafeMutableRawPointer(pointer + offset).storeBytes(of: lanes, as: Lanes.self)
}

/// q = p Σⱼ (xⱼ − mⱼ)², for Σ = I / p.
package func sphericalForm(
  _ x: UnsafePointer<Double>, capacity: Int, dimension: Int,
  mean m: UnsafePointer<Double>, precision p: Double, into q: UnsafeMutablePointer<Double>
) {
  for lane in stride(from: 0, to: capacity, by: Lanes.scalarCount) {
    var sum = Lanes.zero
    for j in 0..<dimension {
      let difference = load(x, j * capacity + lane) - m[j]
      sum += difference * difference
    }
    store(sum * p, q, lane)
  }
}

/// q = Σⱼ pⱼ (xⱼ − mⱼ)², for Σ = diag(1 / pⱼ).
package func diagonalForm(
  _ x: UnsafePointer<Double>, capacity: Int, dimension: Int,
  mean m: UnsafePointer<Double>, precisions p: UnsafePointer<Double>,
  into q: UnsafeMutablePointer<Double>
) {
  for lane in stride(from: 0, to: capacity, by: Lanes.scalarCount) {
    var sum = Lanes.zero
    for j in 0..<dimension {
      let difference = load(x, j * capacity + lane) - m[j]
      sum += difference * difference * p[j]
    }
    store(sum, q, lane)
  }
}

/// q = |z|² with L z = x − m, for Σ = L Lᵀ; forward substitution.
///
/// - Parameter factor: L, packed, with the *reciprocals* of its diagonal on the diagonal.
package func fullForm(
  _ x: UnsafePointer<Double>, capacity: Int, dimension: Int,
  mean m: UnsafePointer<Double>, factor: UnsafePointer<Double>,
  into q: UnsafeMutablePointer<Double>
) {
  withUnsafeTemporaryAllocation(of: Lanes.self, capacity: dimension) { z in
    for lane in stride(from: 0, to: capacity, by: Lanes.scalarCount) {
      var sum = Lanes.zero
      var row = factor
      for j in 0..<dimension {
        var rest = load(x, j * capacity + lane) - m[j]
        for c in 0..<j { rest -= z[c] * row[c] }
        rest *= row[j]
        z[j] = rest
        sum += rest * rest
        row += j + 1
      }
      store(sum, q, lane)
    }
  }
}
