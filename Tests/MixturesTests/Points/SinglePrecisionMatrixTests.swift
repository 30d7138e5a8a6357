import MixtureTestSupport
import Mixtures
import Testing

@Suite struct SinglePrecisionMatrixTests {
  @Test(arguments: [1, 2, 3, 8, 10])
  func readsTheNearestFloats(dimension: Int) throws {
    let rows = (0..<600).map { row in (0..<dimension).map { Double(row * 31 + $0) / 7 } }
    let points = try SinglePrecisionMatrix(rounding: Matrix(rows: rows))
    #expect(points.count == 600 && points.featureNames == Matrix(rows: rows).featureNames)
    var tile = Tile(capacity: 512, dimension: dimension)
    points.read(80..<592, into: &tile)
    for index in 0..<512 {
      for column in 0..<dimension {
        #expect(tile[index, column] == Double(Float(rows[80 + index][column])))
      }
    }
  }

  /// Two points whose columns have values up to 2²³ · 128 = 2³⁰: steps of 128 just above it.
  @Test func refusesWhatItCannotHold() throws {
    func rounded(_ column: [Double]) throws -> SinglePrecisionMatrix {
      try SinglePrecisionMatrix(rounding: Matrix(rows: column.map { [0, $0] }))
    }
    let start = 0x1p30
    let lost = DataError.lostInSinglePrecision(
      column: 1, name: "x2", spread: 1023 * 128 + 1, step: 128)
    #expect(throws: lost) { try rounded([start, start + 1023 * 128 + 1]) }
    #expect(try rounded([start, start + 1024 * 128 + 1]).count == 2)
    // Exact floats lose nothing, however few steps they spread over.
    #expect(try rounded([start, start + 128]).elements == [0, 0x1p30, 0, 0x1p30 + 128])
    #expect(try rounded([0.1, 0.1]).count == 2)
    let beyond = DataError.beyondSinglePrecision(row: 1, column: 1, name: "x2", value: 1e39)
    #expect(throws: beyond) { try rounded([0, 1e39]) }
    // What is no number is left to whoever uses the points.
    #expect(try rounded([.infinity, 1]).elements[1] == .infinity)
  }

  /// The bounds of the type's documentation. With h the step at the largest magnitude, under one
  /// mixture the log-density of a point changes by at most |∂/∂xⱼ| h/2 per coordinate to first
  /// order, and |∂/∂xⱼ| ≤ maxₖ |Λₖ(x − μₖ)|ⱼ, here at most |z| / σ with σ ≥ 1/2 and |z| ≤ 12; the second order
  /// is (h / σ)² / 8 < h. A mean moves by at most h / 2. A variance σ² is that of x + e with |e| ≤ h/2:
  /// it changes by at most 2 σ h/2 + h²/4 ≤ 2 σ h.
  @Test(arguments: [0, 1e2, 1e4])
  func losesNoMoreThanItSays(offset: Double) throws {
    var rng = SplitMix64(seed: 3)
    let rows = (0..<4_000).map { row in
      (0..<2).map { _ in
        let sum = (0..<4).reduce(0.0) { sum, _ in sum + .random(in: -1...1, using: &rng) }
        return offset + (row % 2 == 0 ? -3 : 3) + sum
      }
    }
    let exact = Matrix(rows: rows)
    let single = try SinglePrecisionMatrix(rounding: exact)
    let step = Double(Float(rows.joined().map { abs($0) }.max() ?? 0).ulp)
    let fit = try GaussianMixture.fit(exact, components: 2)
    let logs = try (
      fit.mixture.logDensities(of: exact), fit.mixture.logDensities(of: single)
    )
    let bound = 2 * (12 / 0.5) * step / 2 + step
    for (one, other) in zip(logs.0, logs.1) { #expect(abs(one - other) <= bound) }
    let own = try GaussianMixture.fit(single, components: 1)
    let reference = try GaussianMixture.fit(exact, components: 1)
    let (found, expected) = (own.mixture.components[0], reference.mixture.components[0])
    for column in 0..<2 {
      #expect(abs(found.mean[column] - expected.mean[column]) <= step / 2 + 1e-12 * (1 + offset))
      let variance = expected.covariance[column, column]
      let difference = abs(found.covariance[column, column] - variance)
      #expect(difference <= 2 * variance.squareRoot() * step + 1e-12 * variance)
    }
    #expect(own.logLikelihood != reference.logLikelihood, "something was rounded")
  }
}
