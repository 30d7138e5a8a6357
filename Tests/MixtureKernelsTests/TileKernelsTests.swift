import MixtureKernels
import MixtureTestSupport
import Testing

/// A tile of points with their weights; lanes beyond the last point hold zeros.
private struct Lot: CustomStringConvertible {
  let count: Int
  let dimension: Int
  let capacity: Int
  let x: [Double]
  let weights: [Double]
  let origin: [Double]

  var description: String { "\(count) × \(dimension)" }

  init(_ count: Int, _ d: Int, seed: UInt64) {
    let full = (count + 15) / 16 * 16
    let values = randomValues(count * d, seed: seed)
    let shares = randomValues(count, seed: seed + 1).map(abs)
    self.count = count
    dimension = d
    capacity = full
    x = (0..<d).flatMap { j in (0..<full).map { $0 < count ? 5 + values[j * count + $0] : 0 } }
    weights = (0..<full).map { $0 < count ? shares[$0] : 0 }
    origin = randomValues(d, seed: seed + 2).map { 5 + $0 }
  }

  func difference(_ i: Int, _ j: Int) -> Double { x[j * capacity + i] - origin[j] }
}

private let counts = [1, 15, 16, 17, 31, 100, 255]
private let dimensions = [1, 2, 3, 4, 5, 7, 9, 17, 33]

@Suite struct GaussianDensityKernelsTests {
  /// d squares of exact-to-u differences: every term carries 3u, the sum d u, the precision one more; both sides.
  private func allowance(_ d: Int, _ form: Double) -> Double {
    2 * Double(d + 6) * unitRoundoff * form
  }

  @Test(arguments: counts, dimensions)
  func sphericalAndDiagonal(count: Int, dimension d: Int) {
    let lot = Lot(count, d, seed: 21)
    let precisions = randomValues(d, seed: 22).map { 2 + $0 }
    var (spherical, diagonal) = (
      Array(repeating: Double.nan, count: lot.capacity),
      Array(repeating: Double.nan, count: lot.capacity)
    )
    sphericalForm(
      lot.x, capacity: lot.capacity, dimension: d, mean: lot.origin, precision: 0.7,
      into: &spherical)
    diagonalForm(
      lot.x, capacity: lot.capacity, dimension: d, mean: lot.origin, precisions: precisions,
      into: &diagonal)
    for i in 0..<count {
      var (plain, scaled) = (0.0, 0.0)
      for j in 0..<d {
        plain += lot.difference(i, j) * lot.difference(i, j)
        scaled += lot.difference(i, j) * lot.difference(i, j) * precisions[j]
      }
      #expect(abs(spherical[i] - 0.7 * plain) <= allowance(d, 0.7 * plain))
      #expect(abs(diagonal[i] - scaled) <= allowance(d, scaled))
    }
    #expect(spherical.allSatisfy(\.isFinite) && diagonal.allSatisfy(\.isFinite))
  }

  /// Forward substitution by itself, with division instead of reciprocals: each zⱼ differs by
  /// (j + 3) u of Σ|lⱼc zc| / lⱼⱼ at most, which the comparison carries along as a running bound.
  @Test(arguments: counts, dimensions)
  func full(count: Int, dimension d: Int) throws {
    let lot = Lot(count, d, seed: 31)
    let factor = try CholeskyFactor(packed: randomPositiveDefinite(d, seed: 33), dimension: d)
    var reciprocal = factor.packed
    for j in 0..<d { reciprocal[packedIndex(j, j)] = 1 / reciprocal[packedIndex(j, j)] }
    var form = Array(repeating: Double.nan, count: lot.capacity)
    fullForm(
      lot.x, capacity: lot.capacity, dimension: d, mean: lot.origin, factor: reciprocal, into: &form
    )
    for i in 0..<count {
      var (z, bounds): ([Double], [Double]) = ([], [])
      var (expected, allowance) = (0.0, 0.0)
      for j in 0..<d {
        var (rest, terms, carried) = (lot.difference(i, j), abs(lot.difference(i, j)), 0.0)
        for c in 0..<j {
          let l = factor.packed[packedIndex(j, c)]
          rest -= l * z[c]
          terms += abs(l * z[c])
          carried += abs(l) * bounds[c]
        }
        let pivot = factor.packed[packedIndex(j, j)]
        z.append(rest / pivot)
        bounds.append((2 * Double(j + 4) * unitRoundoff * terms + carried) / pivot)
        expected += z[j] * z[j]
        allowance += 2 * abs(z[j]) * bounds[j] + 2 * Double(d + 2) * unitRoundoff * z[j] * z[j]
      }
      #expect(abs(form[i] - expected) <= 1.01 * allowance)
    }
  }

  /// At an offset where x² would lose every digit, the differences are still exact.
  @Test func anOffsetLosesNothing() {
    let lot = Lot(16, 3, seed: 41)
    let points = lot.x.map { ($0 * 1024).rounded() / 1024 }
    let mean = lot.origin.map { ($0 * 1024).rounded() / 1024 }
    let moved = points.map { $0 + 1e8 }
    var (near, far) = (Array(repeating: 0.0, count: 16), Array(repeating: 0.0, count: 16))
    sphericalForm(points, capacity: 16, dimension: 3, mean: mean, precision: 1, into: &near)
    sphericalForm(
      moved, capacity: 16, dimension: 3, mean: mean.map { $0 + 1e8 }, precision: 1, into: &far)
    #expect(near == far)
  }
}

@Suite struct MomentKernelsTests {
  /// Both sides add the same terms in another order: each is within (n + 3) u of the exact sum, in units of
  /// the sum of the magnitudes, and what was there before adds one rounding.
  @Test(arguments: counts, dimensions)
  func theMomentsOfATile(count: Int, dimension d: Int) {
    let lot = Lot(count, d, seed: 51)
    let before = 3.0
    var firsts = Array(repeating: Array(repeating: before, count: d), count: 3)
    var trace = [before]
    var diagonal = Array(repeating: before, count: d)
    var packed = Array(repeating: before, count: packedCount(d))
    let (x, n, o, a) = (lot.x, lot.capacity, lot.origin, lot.weights)
    addTraceMoments(
      x, capacity: n, dimension: d, origin: o, weights: a, first: &firsts[0], second: &trace)
    addDiagonalMoments(
      x, capacity: n, dimension: d, origin: o, weights: a, first: &firsts[1], second: &diagonal)
    addFullMoments(
      x, capacity: n, dimension: d, origin: o, weights: a, first: &firsts[2], second: &packed)

    let rounding = 2 * Double(count + 6) * unitRoundoff
    func expectSum(_ found: Double, _ terms: [Double], extra: Int = 0) {
      let expected = terms.reduce(before, +)
      let size = terms.reduce(before) { $0 + abs($1) }
      #expect(abs(found - expected) <= rounding * Double(1 + extra) * size)
    }
    for j in 0..<d {
      let first = (0..<count).map { a[$0] * lot.difference($0, j) }
      for found in firsts { expectSum(found[j], first) }
      expectSum(
        diagonal[j], (0..<count).map { a[$0] * lot.difference($0, j) * lot.difference($0, j) })
      for k in 0...j {
        expectSum(
          packed[packedIndex(j, k)],
          (0..<count).map { a[$0] * lot.difference($0, j) * lot.difference($0, k) })
      }
    }
    let squares = (0..<d).flatMap { j in
      (0..<count).map { a[$0] * lot.difference($0, j) * lot.difference($0, j) }
    }
    expectSum(trace[0], squares, extra: d)
    expectSum(total(a, capacity: n) + before, (0..<count).map { a[$0] })
  }

  /// Weight zero contributes nothing, whatever the point.
  @Test func aPointOfWeightZeroIsAbsent() {
    var lot = Array(repeating: 1.0, count: 16)
    lot[3] = 1e100
    var weights = Array(repeating: 1.0, count: 16)
    weights[3] = 0
    var (first, second) = ([0.0], [0.0])
    addTraceMoments(
      lot, capacity: 16, dimension: 1, origin: [0], weights: weights, first: &first, second: &second
    )
    #expect(first == [15] && second == [15])
  }
}
