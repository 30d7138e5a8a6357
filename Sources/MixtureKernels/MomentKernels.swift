// Weighted moments of a tile of points about an origin, one kernel per shape of the scatter.
//
// Legend. x: coordinates, `dimension` runs of `capacity` values; o: origin; a: one weight per
// point, zero beyond the last; first: Σ a(x − o), `dimension` values; second: Σ a(x − o)², as the
// trace, the diagonal or the packed lower triangle. Results are added to what is there.

/// Σ a.
package func total(_ a: UnsafePointer<Double>, capacity: Int) -> Double {
  var sum = Lanes.zero
  for lane in stride(from: 0, to: capacity, by: Lanes.scalarCount) { sum += load(a, lane) }
  return sum.sum()
}

/// Adds Σ a(xⱼ − oⱼ) and, per coordinate, Σ a(xⱼ − oⱼ)².
@inline(__always)
private func columnMoments(
  _ x: UnsafePointer<Double>, capacity: Int, origin o: Double, weights a: UnsafePointer<Double>
) -> (first: Double, second: Double) {
  var (first, second) = (Lanes.zero, Lanes.zero)
  for lane in stride(from: 0, to: capacity, by: Lanes.scalarCount) {
    let difference = load(x, lane) - o
    let weighted = difference * load(a, lane)
    first += weighted
    second += weighted * difference
  }
  return (first.sum(), second.sum())
}

/// Second moment as its trace: Σ a|x − o|².
package func addTraceMoments(
  _ x: UnsafePointer<Double>, capacity: Int, dimension: Int,
  origin o: UnsafePointer<Double>, weights a: UnsafePointer<Double>,
  first: UnsafeMutablePointer<Double>, second: UnsafeMutablePointer<Double>
) {
  for j in 0..<dimension {
    let sums = columnMoments(x + j * capacity, capacity: capacity, origin: o[j], weights: a)
    first[j] += sums.first
    second[0] += sums.second
  }
}

/// Second moment as its diagonal: Σ a(xⱼ − oⱼ)² per coordinate.
package func addDiagonalMoments(
  _ x: UnsafePointer<Double>, capacity: Int, dimension: Int,
  origin o: UnsafePointer<Double>, weights a: UnsafePointer<Double>,
  first: UnsafeMutablePointer<Double>, second: UnsafeMutablePointer<Double>
) {
  for j in 0..<dimension {
    let sums = columnMoments(x + j * capacity, capacity: capacity, origin: o[j], weights: a)
    first[j] += sums.first
    second[j] += sums.second
  }
}

/// Second moment in full: Σ a(x − o)(x − o)ᵀ, the packed lower triangle.
package func addFullMoments(
  _ x: UnsafePointer<Double>, capacity: Int, dimension: Int,
  origin o: UnsafePointer<Double>, weights a: UnsafePointer<Double>,
  first: UnsafeMutablePointer<Double>, second: UnsafeMutablePointer<Double>
) {
  withUnsafeTemporaryAllocation(of: Double.self, capacity: (dimension + 1) * capacity) { scratch in
    guard let differences = scratch.baseAddress else { return }
    let weighted = differences + dimension * capacity
    for j in 0..<dimension {
      var sum = Lanes.zero
      for lane in stride(from: 0, to: capacity, by: Lanes.scalarCount) {
        let difference = load(x, j * capacity + lane) - o[j]
        let product = difference * load(a, lane)
        store(difference, differences, j * capacity + lane)
        store(product, weighted, lane)
        sum += product
      }
      first[j] += sum.sum()
      addProducts(
        of: weighted, with: differences, count: j + 1, capacity, to: second + packedIndex(j, 0))
    }
  }
}

/// Adds Σ w·d for each of `count` runs d; four at a time, so that each weight is read once for four.
@inline(__always)
private func addProducts(
  of w: UnsafePointer<Double>, with d: UnsafePointer<Double>, count: Int, _ capacity: Int,
  to sums: UnsafeMutablePointer<Double>
) {
  var run = 0
  while run + 4 <= count {
    var (s0, s1, s2, s3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    let base = d + run * capacity
    for lane in stride(from: 0, to: capacity, by: Lanes.scalarCount) {
      let factor = load(w, lane)
      s0 += factor * load(base, lane)
      s1 += factor * load(base, capacity + lane)
      s2 += factor * load(base, 2 * capacity + lane)
      s3 += factor * load(base, 3 * capacity + lane)
    }
    sums[run] += s0.sum()
    sums[run + 1] += s1.sum()
    sums[run + 2] += s2.sum()
    sums[run + 3] += s3.sum()
    run += 4
  }
  while run < count {
    var sum = Lanes.zero
    for lane in stride(from: 0, to: capacity, by: Lanes.scalarCount) {
      sum += load(w, lane) * load(d, run * capacity + lane)
    }
    sums[run] += sum.sum()
    run += 1
  }
}
