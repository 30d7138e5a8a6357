import MixtureKernels
import MixtureTestSupport
import Testing

/// Householder reduction and implicit QL are backward stable: the result is exact for A + E with
/// ‖E‖ ≤ p(d) u ‖A‖, and V is as near to orthogonal, with p a modest polynomial (Golub & Van Loan 2013,
/// §8.3.5, Higham 2002, §19.3). Two reflections and some 2d rotations of rows with d entries touch each
/// entry; p(d) = 16d allows each a few u in the 2-norm.
@Suite struct SymmetricEigenTests {
  private func check(
    _ packed: [Double], _ d: Int, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let eigen = SymmetricEigen(packed: packed, dimension: d)
    let vectors = (0..<d).map(eigen.vector)
    var size = 0.0
    for i in 0..<d {
      for j in 0..<d { size = max(size, abs(packed[packedIndex(max(i, j), min(i, j))])) }
    }
    let allowance = 16 * Double(d) * unitRoundoff
    let unit = size > 0 ? size : 1
    #expect(eigen.values.count == d, sourceLocation: sourceLocation)
    #expect(
      SymmetricEigen.values(packed: packed, dimension: d) == eigen.values,
      sourceLocation: sourceLocation)
    for k in eigen.values.indices.dropFirst() {
      #expect(eigen.values[k - 1] <= eigen.values[k], sourceLocation: sourceLocation)
    }
    for i in 0..<d {
      for j in 0...i {
        var (matrix, product) = (0.0, 0.0)
        for k in 0..<d {
          matrix += eigen.values[k] / unit * vectors[k][i] * vectors[k][j]
          product += vectors[i][k] * vectors[j][k]
        }
        let given = packed[packedIndex(i, j)] / unit
        // ‖A‖ ≤ d max |aᵢⱼ|
        #expect(
          abs(matrix - given) <= Double(d) * allowance, "A(\(i), \(j))",
          sourceLocation: sourceLocation)
        #expect(
          abs(product - (i == j ? 1 : 0)) <= allowance, "VᵀV(\(i), \(j))",
          sourceLocation: sourceLocation)
      }
    }
  }

  @Test(arguments: 1...40, [UInt64(1), 2, 3])
  func randomMatrices(dimension d: Int, seed: UInt64) {
    check(randomValues(packedCount(d), seed: seed), d)
  }

  @Test(arguments: 1...40)
  func positiveDefiniteMatrices(dimension d: Int) {
    check(randomPositiveDefinite(d, seed: 7), d)
  }

  @Test(arguments: [1, 2, 3, 8, 17])
  func diagonalAndZeroMatricesAreExact(dimension d: Int) {
    let diagonal = randomValues(d, seed: 3)
    let packed = (0..<d).flatMap { i in (0...i).map { $0 == i ? diagonal[i] : 0 } }
    let eigen = SymmetricEigen(packed: packed, dimension: d)
    #expect(eigen.values == diagonal.sorted())
    for k in 0..<d {
      let vector = eigen.vector(k)
      #expect(vector.map(abs).sorted() == Array(repeating: 0, count: d - 1) + [1])
    }
    #expect(
      SymmetricEigen(packed: packed.map { _ in 0 }, dimension: d).values
        == Array(repeating: 0, count: d))
    check(packed, d)
    check(packed.map { _ in 0 }, d)
  }

  /// Q diag(1, 1, 1, 2, 2, …) Qᵀ, by reflections I − 2vvᵀ/|v|².
  @Test(arguments: [4, 9, 20, 40])
  func repeatedEigenvalues(dimension d: Int) {
    let v = randomValues(d, seed: 5)
    let square = v.reduce(0) { $0 + $1 * $1 }
    func q(_ i: Int, _ j: Int) -> Double { (i == j ? 1 : 0) - 2 * v[i] * v[j] / square }
    var packed: [Double] = []
    for i in 0..<d {
      for j in 0...i {
        var sum = 0.0
        for k in 0..<d { sum += (k < 3 ? 1 : 2) * q(i, k) * q(j, k) }
        packed.append(sum)
      }
    }
    check(packed, d)
    let values = SymmetricEigen(packed: packed, dimension: d).values
    for (k, value) in values.enumerated() {
      #expect(abs(value - (k < 3 ? 1 : 2)) <= 64 * Double(d) * unitRoundoff)
    }
  }

  /// All entries one: eigenvalues 0 (d − 1 times) and d.
  @Test(arguments: [2, 5, 33])
  func rankOne(dimension d: Int) {
    let packed = Array(repeating: 1.0, count: packedCount(d))
    check(packed, d)
    let values = SymmetricEigen(packed: packed, dimension: d).values
    #expect(abs(values[d - 1] - Double(d)) <= 16 * Double(d * d) * unitRoundoff)
    #expect(values.dropLast().allSatisfy { abs($0) <= 16 * Double(d * d) * unitRoundoff })
  }

  /// The second difference −1, 2, −1 has eigenvalues 4 sin²(kπ / 2(d + 1)); the largest below are for d = 3:
  /// 2 − √2, 2, 2 + √2.
  @Test func knownEigenvalues() {
    let second = SymmetricEigen(packed: [2, -1, 2, 0, -1, 2], dimension: 3).values
    let root = 2.0.squareRoot()
    for (found, expected) in zip(second, [2 - root, 2, 2 + root]) {
      #expect(abs(found - expected) <= 16 * 3 * unitRoundoff * 4)
    }
    #expect(
      SymmetricEigen(packed: [0, 1, 0], dimension: 2).values.map { $0.rounded() } == [-1, 1])
  }

  @Test(arguments: [2, 3, 7, 12])
  func anyScaleOfTheWhole(dimension d: Int) {
    let packed = randomValues(packedCount(d), seed: 11)
    for scale in [0x1p-900, 0x1p-500, 0x1p500, 0x1p900] { check(packed.map { $0 * scale }, d) }
  }

  @Test(arguments: [3, 6, 11])
  func columnsOfWidelyDifferentScales(dimension d: Int) {
    let packed = randomPositiveDefinite(d, seed: 13)
    for spread in [1e3, 1e8, 1e20, 1e40] {
      let scales = randomValues(d, seed: 17).map { spread * $0 * $0 * $0 }
      let scaled = (0..<d).flatMap { i in
        (0...i).map { packed[packedIndex(i, $0)] * scales[i] * scales[$0] }
      }
      check(scaled, d)
      check(scaled.reversed(), d)
    }
  }

  /// Entries from 10⁻³⁰⁰ to 1, in every order of size: small ones must not be lost in a loop that
  /// never ends, nor raise a NaN.
  @Test(arguments: 1...20)
  func gradedEntries(seed: UInt64) {
    var generator = Random(seed: seed)
    let d = Int.random(in: 2...12, using: &generator)
    let packed = (0..<packedCount(d)).map { _ in
      let exponent = Double.random(in: -300...0, using: &generator)
      return Double.random(in: -1...1, using: &generator) * power(10, exponent)
    }
    check(packed, d)
  }
}
