import Foundation
import MixtureTestSupport
import Mixtures
import Testing

@Suite struct GaussianTests {
  private static func covariances(_ d: Int, seed: UInt64) -> [Covariance] {
    let problem = Problem(seed: seed, count: 1, dimension: d, components: 1)
    let full = problem.truth.components[0].covariance
    return [ScatterShape.trace, .diagonal, .full].map(full.reduced(to:))
  }

  /// ln N by the formula, with the inverse and the determinant from Gauss–Jordan elimination.
  private func logDensity(_ x: [Double], _ mean: [Double], _ covariance: Covariance) -> Double {
    let d = x.count
    var a = covariance.rows.enumerated().map { i, row in
      row + (0..<d).map { $0 == i ? 1.0 : 0 }
    }
    var determinant = 1.0
    for p in 0..<d {
      determinant *= a[p][p]
      let pivot = a[p][p]
      for c in 0..<(2 * d) { a[p][c] /= pivot }
      for r in 0..<d where r != p {
        let factor = a[r][p]
        for c in 0..<(2 * d) { a[r][c] -= factor * a[p][c] }
      }
    }
    var form = 0.0
    for i in 0..<d {
      for j in 0..<d { form += (x[i] - mean[i]) * a[i][d + j] * (x[j] - mean[j]) }
    }
    return -0.5 * (Double(d) * log(2 * Double.pi) + log(determinant) + form)
  }

  /// An explicit inverse is the poorer side: it loses d³ u κ (Higham 2002, §14.3).
  @Test(arguments: 1...8, UInt64(1)...5)
  func theDensityIsTheFormula(dimension d: Int, seed: UInt64) throws {
    let mean = Problem(seed: seed, count: 1, dimension: d, components: 1).truth.components[0].mean
    var generator = SplitMix64(seed: seed)
    for covariance in Self.covariances(d, seed: seed) {
      let gaussian = try Gaussian(mean: mean, covariance: covariance)
      let mixture = try GaussianMixture(weights: [1], components: [gaussian])
      for _ in 0..<10 {
        let x = mean.map { $0 + 3 * normal(using: &generator) }
        let expected = logDensity(x, mean, covariance)
        let found = try mixture.logDensities(of: Matrix(rows: [x]))[0]
        let rounding =
          Double(d * d * d + 8) * Double.ulpOfOne * gaussian.correlationCondition
          * (abs(expected) + Double(2 * d) + abs(try gaussian.logDensityAtMean))
        #expect(abs(found - expected) <= rounding)
      }
    }
  }

  /// −½ ln 2π = −0.9189385332046727418 and −½ more per standard deviation.
  @Test func theStandardNormal() throws {
    let standard = try Gaussian(mean: [0], covariance: .spherical(variance: 1, dimension: 1))
    let mixture = try GaussianMixture(weights: [1], components: [standard])
    let logs = try mixture.logDensities(of: Matrix(rows: [[0], [1], [-2]]))
    for (found, expected) in zip(logs, [0, -0.5, -2]) {
      #expect(abs(found - (expected - 0.918_938_533_204_672_74)) <= 2 * Double.ulpOfOne)
    }
  }

  @Test func whatIsNoGaussian() {
    func expect(
      _ error: ParameterError, _ message: String, mean: [Double], _ covariance: Covariance,
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      let thrown = #expect(throws: ParameterError.self, sourceLocation: sourceLocation) {
        try Gaussian(mean: mean, covariance: covariance)
      }
      #expect(thrown == error, sourceLocation: sourceLocation)
      #expect(thrown?.description == message, sourceLocation: sourceLocation)
    }
    let unit = Covariance.spherical(variance: 1, dimension: 2)
    expect(
      .dimensionMismatch(mean: 3, covariance: 2),
      "The mean has 3 entries and the covariance 2 rows. Give them the same dimension, at least 1.",
      mean: [0, 0, 0], unit)
    expect(
      .dimensionMismatch(mean: 0, covariance: 0),
      "The mean has 0 entries and the covariance 0 rows. Give them the same dimension, at least 1.",
      mean: [], .diagonal(variances: []))
    for value in [Double.nan, .infinity] {
      expect(.meanNotFinite, "The mean is not finite.", mean: [0, value], unit)
    }
    func message(_ column: Int) -> String {
      "The covariance is not positive definite (column \(column) is zero, or a combination of the columns before it)."
    }
    for variance in [0, -1, .nan, .infinity] {
      expect(
        .covarianceNotPositiveDefinite(column: 0), message(1), mean: [0, 0],
        .spherical(variance: variance, dimension: 2))
      expect(
        .covarianceNotPositiveDefinite(column: 1), message(2), mean: [0, 0],
        .diagonal(variances: [1, variance]))
      expect(
        .covarianceNotPositiveDefinite(column: 1), message(2), mean: [0, 0],
        .full(rows: [[1, 0], [0, variance]]))
    }
    expect(
      .covarianceNotPositiveDefinite(column: 1), message(2), mean: [0, 0],
      .full(rows: [[1, 2], [2, 1]]))
  }

  /// 0.1 of a standard deviation in the mean, 0.3 of a variance: the larger counts, in any unit.
  @Test(arguments: [1, 0x1p-40, 0x1p40])
  func theChangeIsInUnitsOfTheSpread(scale: Double) throws {
    let own = try Gaussian(mean: [0, 0], covariance: .diagonal(variances: [4 * scale * scale, 1]))
    let moved = try Gaussian(
      mean: [0.2 * scale, 0], covariance: .diagonal(variances: [4 * scale * scale, 1]))
    let wider = try Gaussian(
      mean: [0.2 * scale, 0], covariance: .diagonal(variances: [4 * scale * scale, 1.3]))
    let turned = try Gaussian(
      mean: [0, 0], covariance: .full(rows: [[4 * scale * scale, scale], [scale, 1]]))
    #expect(own.change(from: own) == 0)
    #expect(abs(own.change(from: moved) - 0.1) <= 4 * Double.ulpOfOne)
    #expect(abs(own.change(from: wider) - 0.3) <= 4 * Double.ulpOfOne)
    #expect(own.change(from: turned) == 0.5)
  }

  @Test func covarianceShapes() {
    let full = Covariance.full(rows: [[4, 1], [1, 2]])
    #expect(full[0, 1] == 1 && full[1, 0] == 1 && full.rows == [[4, 1], [1, 2]])
    #expect(full.variances == [4, 2] && full.dimension == 2)
    #expect(full.reduced(to: .trace) == .spherical(variance: 3, dimension: 2))
    #expect(full.reduced(to: .diagonal) == .diagonal(variances: [4, 2]))
    #expect(full.reduced(to: .full) == full)
    let diagonal = Covariance.diagonal(variances: [4, 2])
    #expect(diagonal.rows == [[4, 0], [0, 2]])
    #expect(diagonal.lowerTriangle == [4, 0, 2])
    #expect(diagonal.reduced(to: .full) == .full(rows: [[4, 0], [0, 2]]))
    #expect(Covariance.spherical(variance: 2, dimension: 2).rows == [[2, 0], [0, 2]])
    #expect(full.lowerTriangle(inUnitsOf: [2, 0.5]) == [1, 1, 8])
  }
}
