// Moves of a mixture's covariances that stay within a structure, read off its letters: for tests of maxima.

import MixtureKernels
import Mixtures

/// Which factor of Σₖ = λₖDₖAₖDₖᵀ a move changes.
public enum CovarianceFactor: CaseIterable, Sendable {
  case volume, shape, orientation
}

/// The mixture with the given factor of its covariances changed at random by steps of about the given size: alike in
/// all components where the structure says E, not at all where it says I.
public func moved(
  _ mixture: GaussianMixture, within structure: CovarianceStructure, _ factor: CovarianceFactor,
  by step: Double, using generator: inout some RandomNumberGenerator
) throws -> GaussianMixture? {
  let letters = Array(structure.name)
  let letter = letters[CovarianceFactor.allCases.firstIndex(of: factor) ?? 0]
  let d = mixture.dimension
  guard letter != "I" else { return nil }
  func random() -> [Double] {
    (0..<(d * d)).map { _ in step * Double.random(in: 0.5...1, using: &generator) }
  }
  let common = random()
  let axes = orientations(of: mixture, letters[2])
  let covariances = mixture.components.indices.map { k in
    let change = letter == "E" ? common : random()
    let own = mixture.components[k].covariance.rows
    var variances = axes[k].map { axis in inner(axis, own, axis) }
    var directions = axes[k]
    switch factor {
    case .volume: variances = variances.map { $0 * exponential(change[0]) }
    case .shape:
      let mean = change[..<d].reduce(0, +) / Double(d)
      // Alternating signs, so that the shape does change; the volume does not.
      let signed = (0..<d).map {
        ($0 % 2 == 0 ? 1.0 : -1) * (change[$0] - mean) + ($0 == 0 ? step : 0)
      }
      let excess = signed.reduce(0, +) / Double(d)
      variances = zip(variances, signed).map { $0 * exponential($1 - excess) }
    case .orientation:
      for p in 0..<d {
        for q in 0..<p {
          let (c, s) = cosineAndSine(change[p * d + q])
          for axis in directions.indices {
            let (a, b) = (directions[axis][p], directions[axis][q])
            (directions[axis][p], directions[axis][q]) = (c * a + s * b, c * b - s * a)
          }
        }
      }
    }
    return Covariance.full(
      rows: (0..<d).map { i in
        (0..<d).map { j in
          directions.indices.reduce(0) {
            $0 + variances[$1] * directions[$1][i] * directions[$1][j]
          }
        }
      })
  }
  return try GaussianMixture(
    weights: mixture.weights, means: mixture.components.map(\.mean), covariances: covariances)
}

/// The axes of each component: those of the columns, common ones, or its own in order of the variances.
private func orientations(of mixture: GaussianMixture, _ letter: Character) -> [[[Double]]] {
  let d = mixture.dimension
  switch letter {
  case "I":
    let columns = (0..<d).map { i in (0..<d).map { $0 == i ? 1.0 : 0 } }
    return mixture.components.map { _ in columns }
  case "E":
    // Common axes are those of any sum of the covariances.
    let sum = (0..<d).flatMap { i in
      (0...i).map { j in
        mixture.components.enumerated().reduce(0) {
          $0 + (1 + 0.37 * Double($1.offset)) * $1.element.covariance[i, j]
        }
      }
    }
    let eigen = SymmetricEigen(packed: sum, dimension: d)
    return mixture.components.map { _ in (0..<d).map(eigen.vector) }
  default:
    return mixture.components.map { component in
      let packed = (0..<d).flatMap { i in (0...i).map { component.covariance[i, $0] } }
      let eigen = SymmetricEigen(packed: packed, dimension: d)
      return (0..<d).map(eigen.vector)
    }
  }
}

private func inner(_ a: [Double], _ matrix: [[Double]], _ b: [Double]) -> Double {
  a.indices.reduce(0) { sum, i in
    sum + b.indices.reduce(0) { $0 + a[i] * matrix[i][$1] * b[$1] }
  }
}
