import MixtureKernels

/// What is done to the columns before points are joined.
public enum AgglomerationScaling: String, Sendable, CaseIterable {
  /// Nothing.
  case none
  /// Each column has unit variance.
  case standardized
  /// All directions have unit variance.
  case sphered
  /// Standardised columns, turned to their principal axes, each divided by the root of its singular value: directions in
  /// which the points spread keep some of their weight.
  ///
  /// Source: Scrucca & Raftery (2015), "Improved initialisation of model-based clustering using Gaussian
  /// hierarchical partitions", *Adv. Data Anal. Classif.* 9, 447–460.
  case singularValues

  /// The rows, about their mean and scaled. Directions without spread are left out.
  func apply(to rows: [[Double]], weights: [Double]) -> [[Double]] {
    let count = weights.reduce(0, +)
    let dimension = rows[0].count
    let mean = (0..<dimension).map { j in
      rows.indices.reduce(0) { $0 + weights[$1] * (rows[$1][j] - rows[0][j]) } / count + rows[0][j]
    }
    var centred = rows.map { zip($0, mean).map(-) }
    if self == .none { return centred }
    let divisor = self == .sphered || count <= 1 ? count : count - 1
    if self != .sphered {
      let deviations = (0..<dimension).map { j in
        (centred.indices.reduce(0) { $0 + weights[$1] * centred[$1][j] * centred[$1][j] } / divisor)
          .squareRoot()
      }
      centred = centred.map { zip($0, deviations).map { $1 > 0 ? $0 / $1 : 0 } }
      if self == .standardized { return centred }
    }
    return turned(centred, weights, divisor: self == .sphered ? count : 1)
  }

  /// On their principal axes, each divided by the root of λ/`divisor` with λ the eigenvalue of the scatter, or of the
  /// singular value, √λ.
  private func turned(_ rows: [[Double]], _ weights: [Double], divisor: Double) -> [[Double]] {
    let dimension = rows[0].count
    var packed = Array(repeating: 0.0, count: packedCount(dimension))
    for (row, weight) in zip(rows, weights) {
      addSquare(weight, of: row, to: &packed)
    }
    let eigen = SymmetricEigen(packed: packed, dimension: dimension)
    let smallest = (eigen.values.last ?? 0) * Double(dimension) * Double.ulpOfOne
    let kept = eigen.values.indices.filter { eigen.values[$0] > smallest }
    let axes = kept.map { index in
      let unit =
        self == .sphered
        ? (eigen.values[index] / divisor).squareRoot()
        : eigen.values[index].squareRoot().squareRoot()
      return eigen.vector(index).map { $0 / unit }
    }
    return rows.map { row in
      axes.map { axis in zip(axis, row).reduce(0) { $0 + $1.0 * $1.1 } }
    }
  }
}
