import MixtureKernels
import MixtureTestSupport
import Testing

/// Every instruction set against the same loops in plain Swift.
@Suite struct LogDensityKernelsTests {
  private func logs(_ lot: Lot, _ body: (TileView, UnsafeMutablePointer<Double>) -> Void)
    -> [Double]
  {
    var logs = Array(repeating: Double.nan, count: lot.lanes)
    lot.withView { view in
      logs.withUnsafeMutableBufferPointer { body(view, $0.baseAddress!) }
    }
    return logs
  }

  /// d squares of exact-to-u differences: every term carries 3u, the sum d u, precision and constant one
  /// each more; both sides.
  private func allowance(_ d: Int, _ form: Double) -> Double {
    2 * Double(d + 8) * unitRoundoff * (form + 1)
  }

  @Test(arguments: TileKernels.available, lotDimensions)
  func sphericalAndDiagonal(kernels: TileKernels, dimension d: Int) {
    for count in lotCounts {
      let lot = Lot(count, d, seed: 21)
      let precisions = randomValues(d, seed: 22).map { 2 + $0 }
      let spherical = logs(lot) {
        kernels.sphericalLogs($0, mean: lot.origin, precision: 0.7, constant: 0.5, into: $1)
      }
      let diagonal = logs(lot) {
        kernels.diagonalLogs($0, mean: lot.origin, precisions: precisions, constant: 0.5, into: $1)
      }
      for i in 0..<count {
        var (plain, scaled) = (0.0, 0.0)
        for j in 0..<d {
          plain += 0.7 * lot.difference(i, j) * lot.difference(i, j)
          scaled += lot.difference(i, j) * lot.difference(i, j) * precisions[j]
        }
        #expect(abs(spherical[i] - (0.5 - plain / 2)) <= allowance(d, plain))
        #expect(abs(diagonal[i] - (0.5 - scaled / 2)) <= allowance(d, scaled))
      }
      #expect(spherical.allSatisfy(\.isFinite) && diagonal.allSatisfy(\.isFinite))
    }
  }

  /// Each zⱼ is a sum of j + 1 products of exact-to-u differences, so both sides are within (j + 4) u of
  /// Σ|aⱼc dc| of the exact one; squaring and summing adds (d + 2) u of the form.
  @Test(arguments: TileKernels.available, lotDimensions)
  func full(kernels: TileKernels, dimension d: Int) {
    for count in lotCounts {
      let lot = Lot(count, d, seed: 31)
      let a = randomValues(packedCount(d), seed: 33)
      let found = logs(lot) {
        kernels.fullLogs($0, mean: lot.origin, inverseFactor: a, constant: 0.5, into: $1)
      }
      for i in 0..<count {
        var (form, allowance) = (0.0, 4 * unitRoundoff)
        for j in 0..<d {
          var (z, size) = (0.0, 0.0)
          for c in 0...j {
            let term = a[packedIndex(j, c)] * lot.difference(i, c)
            z += term
            size += abs(term)
          }
          form += z * z
          allowance += 4 * Double(j + 4) * unitRoundoff * size * abs(z)
          allowance += 2 * Double(d + 4) * unitRoundoff * z * z
        }
        #expect(abs(found[i] - (0.5 - form / 2)) <= 1.01 * allowance)
      }
    }
  }

  /// At an offset where x² would lose every digit, the differences are still exact.
  @Test(arguments: TileKernels.available)
  func anOffsetLosesNothing(kernels: TileKernels) {
    let points = randomValues(32 * 3, seed: 41).map { ($0 * 1024).rounded() / 1024 }
    func spherical(_ offset: Double) -> [Double] {
      let moved = points.map { $0 + offset }
      var logs = Array(repeating: 0.0, count: 32)
      moved.withUnsafeBufferPointer { x in
        let view = TileView(x.baseAddress!, stride: 32, lanes: 32, dimension: 3)
        let mean = [0.25, -0.5, 1].map { $0 + offset }
        kernels.sphericalLogs(view, mean: mean, precision: 1, constant: 0, into: &logs)
      }
      return logs
    }
    #expect(spherical(0) == spherical(1e8))
  }

  /// The square overflows; in a full form ∞ − ∞ too. The density is zero, not NaN.
  @Test(arguments: TileKernels.available, [2, 9])
  func anOverflowIsAZeroDensity(kernels: TileKernels, dimension d: Int) {
    let far = Array(repeating: 1e200, count: 32 * d)
    let signs = (0..<packedCount(d)).map { $0 % 2 == 0 ? 1e200 : -1e200 }
    var logs = Array(repeating: 0.0, count: 32)
    far.withUnsafeBufferPointer { x in
      let view = TileView(x.baseAddress!, stride: 32, lanes: 32, dimension: d)
      let mean = Array(repeating: 0.0, count: d)
      kernels.fullLogs(view, mean: mean, inverseFactor: signs, constant: 1, into: &logs)
    }
    #expect(logs.allSatisfy { $0 == -.infinity })
  }
}

@Suite struct MomentKernelsTests {
  /// Both sides add the same terms in another order: each is within (n + 3) u of the exact sum, in units of
  /// the sum of the magnitudes; the root of the weight and its square add 3 u, what was there before one.
  @Test(arguments: TileKernels.available, lotDimensions)
  func theMomentsOfATile(kernels: TileKernels, dimension d: Int) {
    for count in lotCounts {
      let lot = Lot(count, d, seed: 51)
      let before = 3.0
      var firsts = Array(repeating: Array(repeating: before, count: d), count: 3)
      var trace = [before]
      var diagonal = Array(repeating: before, count: d)
      var packed = Array(repeating: before, count: packedCount(d))
      let (o, a) = (lot.origin, lot.weights)
      lot.withView { view in
        kernels.addTraceMoments(view, origin: o, shares: a, first: &firsts[0], second: &trace)
        kernels.addDiagonalMoments(view, origin: o, shares: a, first: &firsts[1], second: &diagonal)
        kernels.addFullMoments(view, origin: o, shares: a, first: &firsts[2], second: &packed)
      }
      let rounding = 2 * Double(count + 10) * unitRoundoff
      func isSum(_ found: Double, _ terms: [Double], extra: Int = 0) -> Bool {
        let expected = terms.reduce(before, +)
        let size = terms.reduce(before) { $0 + abs($1) }
        return abs(found - expected) <= rounding * Double(1 + extra) * size
      }
      for j in 0..<d {
        let first = (0..<count).map { a[$0] * lot.difference($0, j) }
        for found in firsts { #expect(isSum(found[j], first)) }
        let squares = (0..<count).map { a[$0] * lot.difference($0, j) * lot.difference($0, j) }
        #expect(isSum(diagonal[j], squares))
        let products = (0...j).map { k in
          (0..<count).map { a[$0] * lot.difference($0, j) * lot.difference($0, k) }
        }
        #expect((0...j).allSatisfy { isSum(packed[packedIndex(j, $0)], products[$0]) })
      }
      let all = (0..<d).flatMap { j in
        (0..<count).map { a[$0] * lot.difference($0, j) * lot.difference($0, j) }
      }
      #expect(isSum(trace[0], all, extra: d))
      #expect(isSum(kernels.total(a, lanes: lot.lanes) + before, (0..<count).map { a[$0] }))
    }
  }

  /// Weight zero contributes nothing, whatever the point.
  @Test(arguments: TileKernels.available)
  func aPointOfWeightZeroIsAbsent(kernels: TileKernels) {
    var points = Array(repeating: 1.0, count: 32)
    points[3] = 1e100
    var weights = Array(repeating: 1.0, count: 32)
    weights[3] = 0
    var (first, second) = ([0.0, 0], [0.0, 0])
    points.withUnsafeBufferPointer { x in
      let view = TileView(x.baseAddress!, stride: 32, lanes: 32, dimension: 1)
      kernels.addTraceMoments(view, origin: [0], shares: weights, first: &first, second: &second)
      #expect(first[0] == 31 && second[0] == 31)
      kernels.addFullMoments(view, origin: [0], shares: weights, first: &first, second: &second)
      #expect(first[0] == 62 && second[0] == 62)
    }
  }

  @Test(arguments: TileKernels.available, lotDimensions)
  func rowsBecomeLanes(kernels: TileKernels, dimension d: Int) {
    for count in lotCounts {
      let rowStride = d + 3
      let rows = (0..<(count * rowStride)).map(Double.init)
      var lanes = Array(repeating: -1.0, count: 320 * d)
      kernels.transposeRows(
        rows, rowStride: rowStride, count: count, dimension: d, into: &lanes, stride: 320)
      let expected = (0..<d).flatMap { j in
        (0..<320).map { $0 < count ? rows[$0 * rowStride + j] : -1 }
      }
      #expect(lanes == expected)
    }
  }
}
