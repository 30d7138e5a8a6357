import MixtureKernels

extension GaussianMixture {
  /// Mixtures of one component more: the one with the most points, and the one that spreads furthest, are each cut in two
  /// along their longest axis. Lengths are in units of the columns' standard deviations.
  func splits(in scale: DataScale) -> [GaussianMixture] {
    let heaviest = weights.indexOfLargest
    let lengths = components.map { $0.covariance.longestAxis(in: scale).variance }
    let longest = lengths.indexOfLargest
    return (heaviest == longest ? [heaviest] : [heaviest, longest]).map { split($0, in: scale) }
  }

  /// Half of a normal density on either side of its mean has its own mean √(2/π) standard deviations away.
  private func split(_ k: Int, in scale: DataScale) -> GaussianMixture {
    let (axis, variance) = components[k].covariance.longestAxis(in: scale)
    let step = (2 / Double.pi * variance).squareRoot()
    let shift = zip(axis, scale.deviations).map { step * $0 * $1 }
    var (weights, components) = (weights, components)
    weights[k] /= 2
    weights.insert(weights[k], at: k)
    let own = components[k]
    components[k] = own.moved(to: zip(own.mean, shift).map(+))
    components.insert(own.moved(to: zip(own.mean, shift).map(-)), at: k)
    return Mixture(fitted: components, weights: weights, background: background)
  }

  /// The mixture of one component fewer: the two that are least apart for their spread become one of their
  /// weight, mean and covariance.
  ///
  /// - Precondition: there are at least two components.
  var merged: GaussianMixture {
    var best = (first: 0, second: 1, distance: Double.infinity)
    for i in components.indices {
      for j in 0..<i {
        let distance = separation(j, i)
        if distance < best.distance { best = (j, i, distance) }
      }
    }
    let (i, j) = (best.first, best.second)
    var (weights, components) = (weights, components)
    let total = weights[i] + weights[j]
    var united = Scatter(
      effectiveCount: total, mean: components[i].mean, shape: .full,
      values: zip(
        components[i].covariance.lowerTriangle, components[j].covariance.lowerTriangle
      ).map { weights[i] * $0 + weights[j] * $1 })
    united.mean = zip(components[i].mean, components[j].mean).map {
      (weights[i] * $0 + weights[j] * $1) / total
    }
    united.add(
      weights[i] * weights[j] / total,
      squareOf: zip(components[i].mean, components[j].mean).map(-))
    let covariance = Covariance.full(
      lowerTriangle: united.values.map { $0 / total }, dimension: dimension)
    // A sum of positive definite matrices is one; where rounding says otherwise, one of them will do.
    let merged =
      (try? Gaussian(mean: united.mean, covariance: covariance))
      ?? components[i].moved(to: united.mean)
    weights[i] = total
    components[i] = merged
    weights.remove(at: j)
    components.remove(at: j)
    return Mixture(fitted: components, weights: weights, background: background)
  }

  /// How much ln |Σ| of the two grows by the distance of their means, column by column, times their weight: about what the
  /// classification likelihood per point falls when they become one.
  private func separation(_ i: Int, _ j: Int) -> Double {
    let (a, b) = (components[i], components[j])
    let total = weights[i] + weights[j]
    let (p, q) = (weights[i] / total, weights[j] / total)
    let shift = zip(a.mean, b.mean).map(-)
    var ratio = 0.0
    let (first, second) = (a.covariance.variances, b.covariance.variances)
    for column in shift.indices {
      let own = p * first[column] + q * second[column]
      ratio += naturalLog(1 + p * q * shift[column] * shift[column] / own)
    }
    return total * ratio
  }
}

extension Covariance {
  /// The direction of the largest variance, and that variance, in units of the columns' standard deviations.
  fileprivate func longestAxis(in scale: DataScale) -> (axis: [Double], variance: Double) {
    if case .full = self {
      let eigen = SymmetricEigen(
        packed: lowerTriangle(inUnitsOf: scale.deviations), dimension: dimension)
      return (eigen.vector(dimension - 1), eigen.values[dimension - 1])
    }
    let variances = zip(variances, scale.deviations).map { $0 / $1 / $1 }
    let largest = variances.indexOfLargest
    return (
      variances.indices.map { $0 == largest ? 1 : 0 }, variances[largest]
    )
  }
}
