import MixtureKernels
import MixtureTestSupport
import Testing

/// What is known or asked of single points: weights, labels, the most probable component.
@Suite struct PointKernelsTests {
  static let counts = [1, 7, 8, 31, 32, 33, 100, 160]

  /// Terms of few values, so that many tie; some impossible.
  private func terms(_ components: Int, _ lanes: Int) -> [Double] {
    randomValues(components * lanes, seed: 81).map { value in
      let coarse = (4 * value).rounded()
      return coarse == -4 ? -.infinity : coarse
    }
  }

  @Test(arguments: TileKernels.available, counts)
  func theLargestIsTheFirstOfEquals(kernels: TileKernels, count: Int) {
    let lanes = 160
    for components in [1, 2, 3, 9] {
      let terms = terms(components, lanes)
      // One place more, which stays as it is.
      var runs = Array(repeating: -7, count: count + 1)
      kernels.largest(terms, components: components, stride: lanes, count: count, into: &runs)
      #expect(runs[count] == -7)
      for index in 0..<count {
        let own = (0..<components).map { terms[$0 * lanes + index] }
        #expect(runs[index] == own.firstIndex(of: own.max() ?? 0))
      }
    }
  }

  @Test(arguments: TileKernels.available, [Double.nan, .infinity, -.infinity])
  func oneUnusableCoordinateIsSeenWhereverItIs(kernels: TileKernels, value: Double) {
    let (lanes, dimension) = (64, 3)
    var coordinates = Array(repeating: Double.greatestFiniteMagnitude, count: lanes * dimension)
    let seen = {
      kernels.areFinite(
        TileView($0, stride: lanes, lanes: lanes, dimension: dimension))
    }
    #expect(seen(coordinates))
    for place in [0, 5, 31, 63, 64, 190] {
      coordinates[place] = value
      #expect(!seen(coordinates))
      coordinates[place] = -.leastNonzeroMagnitude
    }
    #expect(seen(coordinates))
  }

  @Test(arguments: TileKernels.available, counts)
  func labelsAddWhatTheySay(kernels: TileKernels, count: Int) {
    let (lanes, components, known) = (160, 4, 3)
    let source = randomValues(components * lanes, seed: 82)
    let labels = (0..<count).map { Int32($0 % 5 < 2 ? $0 % 5 : -1) }
    let logFactors: [Double] = [0, -.infinity, -1.5, -2, -0.25, -.infinity]
    var terms = source
    labels.withUnsafeBufferPointer {
      kernels.addLabels(
        to: &terms, components: components, stride: lanes, labels: $0, known: known,
        logFactors: logFactors)
    }
    for k in 0..<components {
      for lane in 0..<lanes {
        let label = lane < count ? Int(labels[lane]) : -1
        let factor = label < 0 ? 0 : k < known ? logFactors[label * known + k] : -.infinity
        #expect(terms[k * lanes + lane] == source[k * lanes + lane] + factor)
      }
    }
  }

  @Test(arguments: TileKernels.available, counts)
  func weightsAreMultipliedAndDescribed(kernels: TileKernels, count: Int) {
    for (odd, areUnits, areWhole, smallest) in [
      (1.0, true, true, 1.0), (0, false, true, count > 1 ? 1 : .infinity),
      (0.25, false, false, 0.25), (3, false, false, count > 1 ? 1 : 3),
    ] {
      for place in Set([0, count / 2, count - 1]) {
        var weights = Array(repeating: 0.5, count: count + 1)
        var factors = Array(repeating: 2.0, count: count)
        factors[place] = 2 * odd
        let found = kernels.scaleWeights(&weights, by: factors, count: count)
        #expect(found.areUnits == areUnits && found.areWhole == areWhole)
        #expect(found.smallest == smallest)
        #expect(found.total == Double(count - 1) + odd)
        #expect(weights[count] == 0.5)
        #expect((0..<count).allSatisfy { weights[$0] == ($0 == place ? odd : 1) })
      }
    }
  }

  /// Of each share two products are rounded instead of one, and once more in the product that it is compared to: 2 ulps. One
  /// weight is zero; one point is impossible under every component.
  @Test(arguments: TileKernels.available, [1, 2, 3, 4, 5, 9])
  func sharesAreResponsibilitiesTimesWeights(kernels: TileKernels, components: Int) {
    let lanes = 160
    var source = randomValues(components * lanes, seed: 83).map { 9 * $0 }
    for k in 0..<components { source[k * lanes + 17] = -.infinity }
    var weights = randomValues(lanes, seed: 84).map { 1.5 + $0 }
    weights[17] = 0
    weights[18] = 0
    var (plain, weighted) = (source, source)
    let totals = [
      kernels.normaliseWeighted(
        &plain, components: components, stride: lanes, lanes: lanes, weights: weights),
      kernels.normaliseWeighted(
        &weighted, components: components, stride: lanes, lanes: lanes, weights: weights,
        multiplying: true),
    ]
    #expect(totals[0] == totals[1])
    for k in 0..<components {
      for lane in 0..<lanes {
        let share = plain[k * lanes + lane] * weights[lane]
        #expect(abs(weighted[k * lanes + lane] - share) <= 2 * Double.ulpOfOne * share)
      }
    }
  }
}
