import MixtureKernels
import MixtureTestSupport
import Testing

/// Every instruction set against the same loops in plain Swift.
@Suite struct TermKernelsTests {
  private func terms(
    _ lot: Lot, _ components: Int, _ body: (TileView, UnsafeMutablePointer<Double>) -> Void
  ) -> [Double] {
    var terms = Array(repeating: Double.nan, count: components * lot.stride)
    lot.withView { view in
      terms.withUnsafeMutableBufferPointer { body(view, $0.baseAddress!) }
    }
    return terms
  }

  /// d squares of exact-to-u differences: every term carries 3u, the sum d u, precision and constant one
  /// each more; both sides.
  private func allowance(_ d: Int, _ form: Double) -> Double {
    2 * Double(d + 8) * unitRoundoff * (form + 1)
  }

  @Test(arguments: TileKernels.available, lotDimensions)
  func sphericalAndDiagonal(kernels: TileKernels, dimension d: Int) {
    for (count, components) in zip(lotCounts, lotComponents) {
      let lot = Lot(count, d, seed: 21, components: components)
      let precisions = randomValues(components * d, seed: 22).map { 2 + $0 }
      let constants = randomValues(components, seed: 23)
      let spherical = terms(lot, components) {
        kernels.sphericalTerms(
          $0, means: lot.origins, precisions: Array(precisions[..<components]),
          constants: constants, into: $1)
      }
      let diagonal = terms(lot, components) {
        kernels.diagonalTerms(
          $0, means: lot.origins, precisions: precisions, constants: constants, into: $1)
      }
      for k in 0..<components {
        for i in 0..<count {
          var (plain, scaled) = (0.0, 0.0)
          for j in 0..<d {
            let square = lot.difference(i, j, k) * lot.difference(i, j, k)
            plain += precisions[k] * square
            scaled += square * precisions[k * d + j]
          }
          let at = k * lot.stride + i
          #expect(abs(spherical[at] - (constants[k] - plain / 2)) <= allowance(d, plain))
          #expect(abs(diagonal[at] - (constants[k] - scaled / 2)) <= allowance(d, scaled))
        }
      }
    }
  }

  /// As above; each root times difference less shift is rounded thrice, in units of the larger of the two, of which there
  /// are twice as many squares as in the form and at most twice their size.
  @Test(arguments: TileKernels.available, lotDimensions)
  func scaled(kernels: TileKernels, dimension d: Int) {
    for (count, components) in zip(lotCounts, lotComponents) {
      let lot = Lot(count, d, seed: 25, components: components)
      let roots = randomValues(components * d, seed: 26).map { 2 + $0 }
      let shifts = randomValues(components * d, seed: 27)
      let constants = randomValues(components, seed: 28)
      let origin = Array(lot.origins[..<d])
      let found = terms(lot, components) {
        kernels.scaledTerms(
          $0, origin: origin, roots: roots, shifts: shifts, constants: constants, into: $1)
      }
      for k in 0..<components {
        for i in 0..<count {
          var (form, size) = (0.0, 0.0)
          for j in 0..<d {
            let scaled = roots[k * d + j] * lot.difference(i, j, 0)
            let z = scaled - shifts[k * d + j]
            form += z * z
            size += abs(z) * (abs(scaled) + abs(shifts[k * d + j]))
          }
          let allowance = allowance(d, form) + 8 * unitRoundoff * size
          #expect(abs(found[k * lot.stride + i] - (constants[k] - form / 2)) <= allowance)
        }
      }
    }
  }

  /// Each zⱼ is a sum of j + 1 products of exact-to-u differences, so both sides are within (j + 4) u of
  /// Σ|aⱼc dc| of the exact one; squaring and summing adds (d + 2) u of the form.
  @Test(arguments: TileKernels.available, lotDimensions)
  func fullAndWhitened(kernels: TileKernels, dimension d: Int) {
    for (count, components) in zip(lotCounts, lotComponents) {
      let lot = Lot(count, d, seed: 31, components: components)
      let a = randomValues(components * packedCount(d), seed: 33)
      let constants = randomValues(components, seed: 34)
      let found = terms(lot, components) {
        kernels.fullTerms(
          $0, means: lot.origins, inverseFactors: a, constants: constants, into: $1)
      }
      var whitened: [Double] = []
      lot.withView { view in
        kernels.withWhitened(
          view, origin: Array(lot.origins[..<d]), inverseFactor: Array(a[..<packedCount(d)])
        ) { tile in
          whitened = (0..<d).flatMap { j in
            (0..<count).map { tile.coordinates[j * tile.stride + $0] }
          }
        }
      }
      for k in 0..<components {
        for i in 0..<count {
          var (form, allowance) = (0.0, 4 * unitRoundoff)
          for j in 0..<d {
            var (z, size) = (0.0, 0.0)
            for c in 0...j {
              let term = a[k * packedCount(d) + packedIndex(j, c)] * lot.difference(i, c, k)
              z += term
              size += abs(term)
            }
            form += z * z
            allowance += 4 * Double(j + 4) * unitRoundoff * size * abs(z)
            allowance += 2 * Double(d + 4) * unitRoundoff * z * z
            if k == 0 {
              #expect(abs(whitened[j * count + i] - z) <= 2 * Double(j + 4) * unitRoundoff * size)
            }
          }
          #expect(abs(found[k * lot.stride + i] - (constants[k] - form / 2)) <= 1.01 * allowance)
        }
      }
    }
  }

  /// Sums of d products of exact-to-u differences, both sides.
  @Test(arguments: TileKernels.available, lotDimensions)
  func transformed(kernels: TileKernels, dimension d: Int) {
    let lot = Lot(100, d, seed: 36)
    let matrix = randomValues(d * d, seed: 37)
    var found: [Double] = []
    lot.withView { view in
      kernels.withTransformed(view, origin: lot.origins, matrix: matrix) { tile in
        found = (0..<d).flatMap { j in (0..<100).map { tile.coordinates[j * tile.stride + $0] } }
      }
    }
    for j in 0..<d {
      for i in 0..<100 {
        let terms = (0..<d).map { matrix[j * d + $0] * lot.difference(i, $0, 0) }
        let size = terms.reduce(0) { $0 + abs($1) }
        let error = abs(found[j * 100 + i] - terms.reduce(0, +))
        if error > 2 * Double(d + 4) * unitRoundoff * size { Issue.record("row \(j), point \(i)") }
      }
    }
  }

  /// Separated components are screened by bounds: what comes out as zero is negligible beside the point's largest term,
  /// and the rest are the terms that every component gets without screening, each to (d + 4)² u of its form on both
  /// sides. Two components are equal, and one has no weight.
  @Test(arguments: TileKernels.available, [40, 41, 45, 48, 64, 65, 127, 128])
  func onlyNegligibleTermsAreLeftOut(kernels: TileKernels, dimension d: Int) {
    let (count, components, logNegligible) = (288, 7, -41.5)
    var means = randomValues(components * d, seed: 71).map { 5 * $0 }
    means.replaceSubrange((5 * d)..<(6 * d), with: means[(4 * d)..<(5 * d)])
    let offDiagonal = randomValues(components * packedCount(d), seed: 72).map { $0 / Double(d) }
    var factors = offDiagonal
    for k in 0..<components {
      for j in 0..<d { factors[k * packedCount(d) + packedIndex(j, j)] = 1 }
    }
    var constants = randomValues(components, seed: 73)
    constants[3] = -.infinity
    let noise = randomValues(count * d, seed: 74)
    for isSorted in [false, true] {
      let x = (0..<d).flatMap { j in
        (0..<count).map { i in
          means[(isSorted ? i * components / count : i % components) * d + j] + noise[i * d + j]
        }
      }
      func terms(_ logNegligible: Double) -> [Double] {
        var terms = Array(repeating: Double.nan, count: components * count)
        x.withUnsafeBufferPointer {
          let view = TileView($0.baseAddress!, stride: count, lanes: count, dimension: d)
          kernels.fullTerms(
            view, means: means, inverseFactors: factors, constants: constants,
            logNegligible: logNegligible, into: &terms)
        }
        return terms
      }
      let (all, some) = (terms(-.infinity), terms(logNegligible))
      let rounding = 2 * Double((d + 4) * (d + 4)) * unitRoundoff
      var (leftOut, wrong) = (0, 0)
      for i in 0..<count {
        let largest = (0..<components).map { all[$0 * count + i] }.max()!
        for k in 0..<components {
          let (expected, found) = (all[k * count + i], some[k * count + i])
          if found == -.infinity {
            leftOut += 1
            wrong += expected <= largest + logNegligible + rounding * abs(expected - 1) ? 0 : 1
          } else {
            wrong += abs(found - expected) <= rounding * (abs(expected) + 2) ? 0 : 1
          }
        }
      }
      #expect(wrong == 0)
      // One for each point is of the component without weight.
      #expect(leftOut > 2 * count, "screening has begun")
    }
  }

  /// Numbers below the normal ones are added like others.
  @Test(arguments: TileKernels.available, [1, 3, 9, 14, 45])
  func denormalCoordinatesAndShares(kernels: TileKernels, dimension d: Int) {
    let tiny = 0x1p-1060
    let x = (0..<(32 * d)).map { Double($0 % 7) * tiny }
    let shares = (0..<32).map { Double($0 % 3) * tiny }
    var logs = Array(repeating: 0.0, count: 32)
    var sums = Array(repeating: 0.0, count: MomentForm.full.sumCount(dimension: d))
    x.withUnsafeBufferPointer {
      let view = TileView($0.baseAddress!, stride: 32, lanes: 32, dimension: d)
      let zero = Array(repeating: 0.0, count: d)
      let identity = (0..<d).flatMap { row in (0...row).map { $0 == row ? 1.0 : 0 } }
      kernels.fullTerms(view, means: zero, inverseFactors: identity, constants: [2], into: &logs)
      kernels.addMoments(
        view, .full, origins: zero, shares: shares, components: 1, negligible: 0, to: &sums)
    }
    #expect(logs == Array(repeating: 2, count: 32))
    #expect(sums[0] == shares.reduce(0, +))
    #expect(sums[1...].allSatisfy { $0 == 0 })
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
        let means = [0.25, -0.5, 1].map { $0 + offset }
        kernels.sphericalTerms(view, means: means, precisions: [1], constants: [0], into: &logs)
      }
      return logs
    }
    #expect(spherical(0) == spherical(1e8))
  }

  /// The square overflows; in a full form ∞ − ∞ too. The density is zero, not NaN.
  @Test(arguments: TileKernels.available, [2, 9, 14])
  func anOverflowIsAZeroDensity(kernels: TileKernels, dimension d: Int) {
    let far = Array(repeating: 1e200, count: 32 * d)
    let signs = (0..<packedCount(d)).map { $0 % 2 == 0 ? 1e200 : -1e200 }
    var logs = Array(repeating: 0.0, count: 32)
    far.withUnsafeBufferPointer { x in
      let view = TileView(x.baseAddress!, stride: 32, lanes: 32, dimension: d)
      let means = Array(repeating: 0.0, count: d)
      kernels.fullTerms(view, means: means, inverseFactors: signs, constants: [1], into: &logs)
    }
    #expect(logs.allSatisfy { $0 == -.infinity })
  }
}

@Suite struct MomentKernelsTests {
  /// Where the sums of a component hold Σ a(x − o)ⱼ, counting from one, and Σ a(x − o)ᵢ(x − o)ⱼ.
  private func firstIndex(_ form: MomentForm, _ j: Int) -> Int {
    form == .full ? packedIndex(j, 0) : j
  }

  /// Both sides add the same terms in another order: each is within (n + 3) u of the exact sum, in units of
  /// the sum of the magnitudes; the root of the weight and its square add 3 u, what was there before one.
  @Test(arguments: TileKernels.available, lotDimensions)
  func theMomentsOfATile(kernels: TileKernels, dimension d: Int) {
    for (count, components) in zip(lotCounts, lotComponents) {
      let lot = Lot(count, d, seed: 51, components: components)
      let before = 3.0
      for (form, isCommon) in [
        (MomentForm.none, true), (.trace, true), (.trace, false), (.diagonal, true),
        (.diagonal, false), (.full, true), (.full, false),
      ] {
        let sumCount = form.sumCount(dimension: d)
        var sums = Array(repeating: before, count: components * sumCount)
        lot.withView {
          kernels.addMoments(
            $0, form, origins: isCommon ? Array(lot.origins[..<d]) : lot.origins,
            shares: lot.shares, components: components, negligible: 0, to: &sums)
        }
        let rounding = 2 * Double(count + 10) * unitRoundoff
        func isSum(_ found: Double, _ terms: [Double], extra: Int = 0) -> Bool {
          let expected = terms.reduce(before, +)
          let size = terms.reduce(before) { $0 + abs($1) }
          return abs(found - expected) <= rounding * Double(1 + extra) * size
        }
        for k in 0..<components {
          let own = Array(sums[(k * sumCount)..<((k + 1) * sumCount)])
          let a = Array(lot.shares[(k * lot.stride)...].prefix(count))
          func difference(_ i: Int, _ j: Int) -> Double { lot.difference(i, j, isCommon ? 0 : k) }
          func product(_ i: Int, _ j: Int) -> [Double] {
            a.indices.map { a[$0] * difference($0, i) * difference($0, j) }
          }
          #expect(isSum(own[0], a))
          for j in 0..<d {
            #expect(
              isSum(own[firstIndex(form, j + 1)], a.indices.map { a[$0] * difference($0, j) }))
            switch form {
            case .none, .trace: break
            case .diagonal: #expect(isSum(own[1 + d + j], product(j, j)))
            case .full:
              #expect((0...j).allSatisfy { isSum(own[packedIndex(j + 1, $0 + 1)], product(j, $0)) })
            }
          }
          if form == .trace {
            #expect(isSum(own[1 + d], (0..<d).flatMap { product($0, $0) }, extra: d))
          }
        }
      }
    }
  }

  /// The tile may hold no point of some components, the first among them: the others are none the wiser, whatever the
  /// scratch memory held before.
  @Test(arguments: TileKernels.available, [1, 2, 5, 6, 7, 17, 39, 40, 65])
  func aComponentWithoutShareHidesNoOther(kernels: TileKernels, dimension d: Int) {
    let (count, components) = (100, 4)
    let lot = Lot(count, d, seed: 61, components: components)
    for form in [MomentForm.none, .trace, .diagonal, .full] {
      for isCommon in [true, false] where isCommon || form != .none {
        let sumCount = form.sumCount(dimension: d)
        func sums(_ shares: [Double]) -> [Double] {
          var sums = Array(repeating: 0.0, count: components * sumCount)
          lot.withView {
            kernels.addMoments(
              $0, form, origins: isCommon ? Array(lot.origins[..<d]) : lot.origins,
              shares: shares, components: components, negligible: 0, to: &sums)
          }
          return sums
        }
        let all = sums(lot.shares)
        // Another tile's work lies in the scratch memory.
        _ = sums(lot.shares.map { 2 * $0 })
        for absent in [[0], [0, 1], [2], [0, 3]] {
          var shares = lot.shares
          for k in absent {
            for index in (k * lot.stride)..<((k + 1) * lot.stride) { shares[index] = 0 }
          }
          let some = sums(shares)
          for k in 0..<components {
            let own = (k * sumCount)..<((k + 1) * sumCount)
            let expected =
              absent.contains(k) ? Array(repeating: 0, count: sumCount) : Array(all[own])
            #expect(Array(some[own]) == expected, "\(form), component \(k) without \(absent)")
          }
        }
      }
    }
  }

  /// Weight zero contributes nothing, whatever the point.
  @Test(arguments: TileKernels.available, [MomentForm.trace, .diagonal, .full])
  func aPointOfWeightZeroIsAbsent(kernels: TileKernels, form: MomentForm) {
    for d in [1, 9, 50] {
      var points = Array(repeating: 1.0, count: 32 * d)
      points[3] = 1e100
      var weights = Array(repeating: 1.0, count: 32)
      weights[3] = 0
      var sums = Array(repeating: 0.0, count: form.sumCount(dimension: d))
      points.withUnsafeBufferPointer { x in
        let view = TileView(x.baseAddress!, stride: 32, lanes: 32, dimension: d)
        kernels.addMoments(
          view, form, origins: Array(repeating: 0, count: d), shares: weights, components: 1,
          negligible: 0, to: &sums)
      }
      #expect(sums.allSatisfy { $0 == 31 || (form == .trace && $0 == 31 * Double(d)) })
    }
  }

  /// Shares of 2⁻⁷⁰ beside a share of one: with or without them, the same bits.
  @Test(arguments: TileKernels.available, [2, 7, 45])
  func whatIsNegligibleChangesNoBit(kernels: TileKernels, dimension d: Int) {
    let lot = Lot(255, d, seed: 57, components: 2)
    let shares = (0..<(2 * lot.stride)).map { index in
      let lane = index % lot.stride
      return lane >= 255 ? 0 : index < lot.stride ? 0x1p-70 : lane == 7 ? 1 : 0x1p-70
    }
    func sums(_ negligible: Double) -> [Double] {
      let sumCount = MomentForm.full.sumCount(dimension: d)
      var sums = Array(repeating: 100.0, count: 2 * sumCount)
      lot.withView {
        kernels.addMoments(
          $0, .full, origins: lot.origins, shares: shares, components: 2, negligible: negligible,
          to: &sums)
      }
      return sums
    }
    #expect(sums(1e-18) == sums(0))
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

  /// Rows of every stride, in memory that ends with the last coordinate: a page behind it may not be read.
  @Test(arguments: TileKernels.available, [1, 2, 3, 4, 5, 7, 8, 9, 10, 17])
  func rowsOfFloatsAndDoublesBecomeLanes(kernels: TileKernels, dimension d: Int) {
    for (count, gap) in [(1, 0), (7, 1), (8, 0), (31, 0), (64, 5), (65, 0)] {
      let rowStride = d + gap
      let values = (count - 1) * rowStride + d
      let rows = (0..<values).map { Double($0) + 0.5 }
      let expected = (0..<d).flatMap { j in
        (0..<96).map { $0 < count ? rows[$0 * rowStride + j] : -1 }
      }
      let (doubles, floats) = (GuardedArray(rows), GuardedArray(rows.map(Float.init)))
      var lanes = Array(repeating: -1.0, count: 96 * d)
      kernels.transposeRows(
        doubles.start, rowStride: rowStride, count: count, dimension: d, into: &lanes, stride: 96)
      #expect(lanes == expected)
      lanes = Array(repeating: -1.0, count: 96 * d)
      kernels.transposeRows(
        floats.start, rowStride: rowStride, count: count, dimension: d, into: &lanes, stride: 96)
      #expect(lanes == expected)
    }
  }
}
