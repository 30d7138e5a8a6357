import MixtureKernels
import MixtureTestSupport
import Testing

@Suite struct CholeskyFactorTests {
  /// |LLᵀ − A| ≤ (d + 1) u |L||L|ᵀ to first order (Higham 2002, thm. 10.3), and the row i of |L| has
  /// norm √aᵢᵢ, so that an entry of |L||L|ᵀ is at most √(aᵢᵢaⱼⱼ). The product LLᵀ formed here
  /// adds d u of the same.
  @Test(arguments: 1...40)
  func theFactorReproducesTheMatrix(dimension d: Int) throws {
    let a = randomPositiveDefinite(d, seed: UInt64(d))
    let factor = try CholeskyFactor(packed: a, dimension: d)
    for i in 0..<d {
      for j in 0...i {
        var product = 0.0
        for c in 0...j {
          product += factor.packed[packedIndex(i, c)] * factor.packed[packedIndex(j, c)]
        }
        let size = (a[packedIndex(i, i)] * a[packedIndex(j, j)]).squareRoot()
        let difference = abs(product - a[packedIndex(i, j)])
        #expect(difference <= Double(2 * d + 2) * unitRoundoff * size, "(\(i), \(j))")
      }
    }
    #expect((0..<d).allSatisfy { factor.packed[packedIndex($0, $0)] > 0 })
  }

  /// Powers of four have exact roots, and dividing by a power of two is exact.
  @Test(arguments: [UInt64(1), 2, 3])
  func scalingByPowersOfTwoScalesTheFactorExactly(seed: UInt64) throws {
    let d = 6
    let a = randomPositiveDefinite(d, seed: seed)
    let scales = [1, 0x1p-100, 0x1p100, 0x1p3, 0x1p-40, 0x1p77]
    let scaled = (0..<d).flatMap { i in
      (0...i).map { a[packedIndex(i, $0)] * scales[i] * scales[$0] }
    }
    let factor = try CholeskyFactor(packed: a, dimension: d)
    let other = try CholeskyFactor(packed: scaled, dimension: d)
    for i in 0..<d {
      for j in 0...i {
        #expect(other.packed[packedIndex(i, j)] == factor.packed[packedIndex(i, j)] * scales[i])
      }
    }
  }

  /// |diag(10²⁰⁰, …)| overflows and its logarithm does not: 200 ln 10 per entry. Each logarithm is
  /// within an ulp, and so is the square root within half of one.
  @Test func theLogDeterminantOfHugeAndTinyMatrices() throws {
    for (entry, log) in [(1e200, 460.517_018_598_809_1), (1e-200, -460.517_018_598_809_1)] {
      let packed = [entry, 0, entry, 0, 0, entry, 0, 0, 0, entry]
      let factor = try CholeskyFactor(packed: packed, dimension: 4)
      #expect(abs(factor.logDeterminant - 4 * log) <= 8 * Double.ulpOfOne * abs(4 * log))
    }
  }

  /// |A| of a 2 × 2 matrix in integers: 5·5 − 3·3 = 16, with ln 16.
  @Test func theLogDeterminantCountsOffDiagonalEntries() throws {
    let factor = try CholeskyFactor(packed: [5, 3, 5], dimension: 2)
    #expect(abs(factor.logDeterminant - 2.772_588_722_239_781) <= 8 * Double.ulpOfOne)
  }

  @Test func applyingTheFactor() throws {
    let factor = try CholeskyFactor(packed: [4, 2, 10, 6, 9, 26], dimension: 3)
    #expect(factor.packed == [2, 1, 3, 3, 2, 13.0.squareRoot()])
    #expect(factor.applied(to: [1, 10, 0]) == [2, 31, 23])
  }

  static let singular: [(packed: [Double], dimension: Int, column: Int)] = [
    ([0.0], 1, 0), ([-1], 1, 0), ([.nan], 1, 0), ([.infinity], 1, 0),
    ([1, 1, 1], 2, 1),  // two equal columns
    ([1, 2, 1], 2, 1),  // indefinite
    ([1, 0, 1, 1, 1, 2], 3, 2),  // the third is the sum of the first two
    ([1, 0, 0, 0, 0, 1], 3, 1),  // a zero column between regular ones
    ([1e-300, 0, 1, 0, 0, -1e-300], 3, 2),
    ([1, .nan, 1], 2, 1),
  ]

  @Test(arguments: singular)
  func whatIsNotPositiveDefiniteNamesItsColumn(packed: [Double], dimension: Int, column: Int) {
    let error = #expect(throws: CholeskyFactor.NotPositiveDefinite.self) {
      try CholeskyFactor(packed: packed, dimension: dimension)
    }
    #expect(error?.column == column)
  }

  /// Six points in six dimensions span five: whatever rounding leaves of the last pivots, the matrix is singular,
  /// also where the leading columns amplify it.
  @Test(arguments: 0..<50, [1.0, 1e-3, 1e-5])
  func aScatterOfTooFewPointsIsSingular(seed: Int, correlation: Double) {
    let d = 6
    let values = randomValues(d * d, seed: UInt64(seed))
    // Columns share a direction, the more the smaller `correlation`.
    let points = (0..<d).map { i in
      (0..<d).map { j in values[i * d] + correlation * values[i * d + j] }
    }
    let mean = (0..<d).map { j in points.reduce(0) { $0 + $1[j] } / Double(d) }
    var packed: [Double] = []
    for i in 0..<d {
      for j in 0...i {
        packed.append(points.reduce(0) { $0 + ($1[i] - mean[i]) * ($1[j] - mean[j]) })
      }
    }
    #expect(throws: CholeskyFactor.NotPositiveDefinite.self) {
      try CholeskyFactor(packed: packed, dimension: d)
    }
  }

  /// L L⁻¹ = I: each entry is a sum of at most d products, bounded by d u |L||L⁻¹| (Higham 2002, §14.2).
  @Test(arguments: 1...12)
  func theInverse(dimension d: Int) throws {
    let factor = try CholeskyFactor(packed: randomPositiveDefinite(d, seed: 77), dimension: d)
    for i in 0..<d {
      for j in 0...i {
        let terms = (j...i).map {
          factor.packed[packedIndex(i, $0)] * factor.inverse[packedIndex($0, j)]
        }
        let size = terms.reduce(0) { $0 + abs($1) }
        let error = abs(terms.reduce(0, +) - (i == j ? 1 : 0))
        #expect(error <= 4 * Double(d) * unitRoundoff * size)
      }
    }
  }

  /// 1 − R² of the last column is 10⁻¹²: far above rounding, hence regular. At 10⁻¹⁵ it is not.
  @Test func collinearityIsJudgedRelativeToTheDiagonal() throws {
    for scale in [1, 1e-150, 1e150] {
      let near = [scale, scale, scale * (1 + 1e-12)]
      let factor = try CholeskyFactor(packed: near, dimension: 2)
      #expect(factor.dimension == 2)
      #expect(throws: CholeskyFactor.NotPositiveDefinite(column: 1)) {
        try CholeskyFactor(packed: [scale, scale, scale * (1 + 1e-15)], dimension: 2)
      }
    }
  }
}

/// AAᵀ + I/10 with A uniform in (−1, 1), packed.
func randomPositiveDefinite(_ d: Int, seed: UInt64) -> [Double] {
  let a = randomValues(d * d, seed: seed)
  var packed: [Double] = []
  for i in 0..<d {
    for j in 0...i {
      var sum = i == j ? 0.1 : 0
      for c in 0..<d { sum += a[i * d + c] * a[j * d + c] }
      packed.append(sum)
    }
  }
  return packed
}
