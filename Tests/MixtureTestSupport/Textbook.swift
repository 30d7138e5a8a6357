// The formulas of the M-step as a textbook writes them, with plain loops and two passes.

import Mixtures

/// πₖ = Nₖ / n, μₖ = Σᵢ aᵢₖxᵢ / Nₖ and Wₖ = Σᵢ aᵢₖ(xᵢ − μₖ)(xᵢ − μₖ)ᵀ with aᵢₖ = wᵢrᵢₖ, and covariances from
/// the table of Celeux & Govaert (1995), in their words:
///
/// | EII, E | tr W / (n d) | VII, V | tr Wₖ / (Nₖ d) |
/// | EEI | diag W / n | VVI | diag Wₖ / Nₖ |
/// | EEE | W / n | VVV | Wₖ / Nₖ |
///
/// Of one component, so is every other structure.
public func textbookMaximization(
  _ points: Matrix, responsibilities: Matrix, structure: CovarianceStructure,
  weights: [Double]? = nil
) throws -> GaussianMixture {
  let (n, d, kinds) = (points.rowCount, points.columnCount, responsibilities.columnCount)
  func share(_ i: Int, _ k: Int) -> Double { (weights?[i] ?? 1) * responsibilities[i, k] }
  var (counts, means, scatters): ([Double], [[Double]], [[[Double]]]) = ([], [], [])
  for k in 0..<kinds {
    var (count, mean) = (0.0, Array(repeating: 0.0, count: d))
    for i in 0..<n { count += share(i, k) }
    for j in 0..<d {
      // about the first point: an offset of the data cancels before the sum
      for i in 0..<n { mean[j] += share(i, k) * (points[i, j] - points[0, j]) }
      mean[j] = points[0, j] + mean[j] / count
    }
    var scatter = Array(repeating: Array(repeating: 0.0, count: d), count: d)
    for i in 0..<n {
      for p in 0..<d {
        for q in 0..<d {
          scatter[p][q] += share(i, k) * (points[i, p] - mean[p]) * (points[i, q] - mean[q])
        }
      }
    }
    counts.append(count)
    means.append(mean)
    scatters.append(scatter)
  }
  let total = counts.reduce(0, +)
  let isCommon = structure.name.hasPrefix("E")
  let covariances = (0..<kinds).map { k in
    var matrix = Array(repeating: Array(repeating: 0.0, count: d), count: d)
    for p in 0..<d {
      for q in 0..<d {
        matrix[p][q] =
          isCommon
          ? scatters.reduce(0) { $0 + $1[p][q] } / total : scatters[k][p][q] / counts[k]
      }
    }
    return structured(matrix, structure)
  }
  return try GaussianMixture(
    weights: counts.map { $0 / total }, means: means, covariances: covariances)
}

private func structured(_ matrix: [[Double]], _ structure: CovarianceStructure) -> Covariance {
  let diagonal = matrix.indices.map { matrix[$0][$0] }
  return switch structure.scatterShape {
  case .full: .full(rows: matrix)
  case .diagonal: .diagonal(variances: diagonal)
  case .trace:
    .spherical(
      variance: diagonal.reduce(0, +) / Double(diagonal.count), dimension: diagonal.count)
  }
}
