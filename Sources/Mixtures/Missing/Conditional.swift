import MixtureKernels

/// What a Gaussian says of some columns of a point when the others are known:
/// ```
/// xₘ | xₒ ~ N(μₘ + B(xₒ − μₒ), C)      B = ΣₘₒΣₒₒ⁻¹      C = Σₘₘ − ΣₘₒΣₒₒ⁻¹Σₒₘ
/// ```
///
/// Source: Bishop (2006), *Pattern Recognition and Machine Learning*, eq. 2.81 and 2.82.
struct Conditional: Sendable {
  /// The density of the known columns; `nil` where none is known.
  let marginal: Gaussian?

  /// B, a row for each missing column.
  let slopes: [[Double]]

  /// C, packed.
  let covariance: [Double]

  let observed: [Int]
  let missing: [Int]
  let mean: [Double]

  /// For each column its place among the missing ones; −1 for an observed one.
  private let places: [Int]

  /// T, row by row, which makes x̂ − μ of xₒ − μₒ: a row for each column.
  var transform: [Double] {
    var transform = Array(repeating: 0.0, count: mean.count * observed.count)
    for (j, column) in observed.enumerated() { transform[column * observed.count + j] = 1 }
    for (i, column) in missing.enumerated() {
      for j in observed.indices { transform[column * observed.count + j] = slopes[i][j] }
    }
    return transform
  }

  /// Entry (i, j) of C, by columns of the data; zero unless both are missing.
  func covarianceEntry(_ i: Int, _ j: Int) -> Double {
    let (a, b) = (places[i], places[j])
    return a < 0 || b < 0 ? 0 : covariance[packedIndex(max(a, b), min(a, b))]
  }

  init(_ gaussian: Gaussian, observed: [Int]) {
    let missing = (0..<gaussian.dimension).filter { !observed.contains($0) }
    self.observed = observed
    self.missing = missing
    mean = gaussian.mean
    var places = Array(repeating: -1, count: gaussian.dimension)
    for (place, column) in missing.enumerated() { places[column] = place }
    self.places = places
    let own = gaussian.covariance
    marginal = observed.isEmpty ? nil : gaussian.marginal(observed)
    guard case .full(let factor)? = marginal?.root, !missing.isEmpty else {
      // Without correlations, what is known says nothing of the rest.
      slopes = missing.map { _ in observed.map { _ in 0 } }
      covariance = missing.indices.flatMap { i in
        (0...i).map { own[missing[i], missing[$0]] }
      }
      return
    }
    // L⁻¹Σₒₘ, a column for each missing one.
    let whitened = missing.map { m in packedProduct(factor.inverse, observed.map { own[$0, m] }) }
    slopes = whitened.map { column in
      observed.indices.map { j in
        (j..<observed.count).reduce(0) { $0 + factor.inverse[packedIndex($1, j)] * column[$1] }
      }
    }
    covariance = missing.indices.flatMap { i in
      (0...i).map { j in
        own[missing[i], missing[j]] - zip(whitened[i], whitened[j]).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
  }

  /// x − μ in all columns, from xₒ − μₒ.
  func completed(_ deviation: [Double]) -> [Double] {
    var all = mean.map { _ in 0.0 }
    for (j, column) in observed.enumerated() { all[column] = deviation[j] }
    for (i, column) in missing.enumerated() {
      all[column] = zip(slopes[i], deviation).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return all
  }

  /// The conditional mean of the missing columns.
  func mean(given values: [Double]) -> [Double] {
    let deviation = zip(values, observed).map { $0 - mean[$1] }
    return zip(slopes, missing).map { slope, column in
      mean[column] + zip(slope, deviation).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }
}

extension Gaussian {
  /// The density of some of the columns.
  func marginal(_ columns: [Int]) -> Gaussian {
    let own: Covariance =
      switch covariance {
      case .spherical(let variance, _): .spherical(variance: variance, dimension: columns.count)
      case .diagonal(let variances): .diagonal(variances: columns.map { variances[$0] })
      case .full:
        .full(
          lowerTriangle: columns.indices.flatMap { i in
            (0...i).map { covariance[columns[i], columns[$0]] }
          }, dimension: columns.count)
      }
    let mean = columns.map { self.mean[$0] }
    // Part of a positive definite matrix is one; its diagonal is, whatever rounding says.
    return (try? Gaussian(unchecked: mean, own))
      ?? (try? Gaussian(unchecked: mean, .diagonal(variances: columns.map { covariance[$0, $0] })))
      ?? self
  }
}
