import MixtureKernels

/// What agglomeration keeps as small as it can: minus twice the classification likelihood under a covariance structure.
///
/// With Wₖ the scatter of a cluster of nₖ points, and a = tr W / nd of all points, which stands in for the scatter that a
/// cluster of a few points has not:
///
/// | criterion | value |
/// | --- | --- |
/// | EII | Σₖ tr Wₖ |
/// | VII | Σₖ nₖ ln((tr Wₖ + a) / nₖ) |
/// | EEE | \|Σₖ Wₖ\|, with tr Σₖ Wₖ as long as that is about zero |
/// | VVV | Σₖ nₖ ln(\|Wₖ/nₖ\| + (tr Wₖ + a) / nₖ), without the determinant where nₖ ≤ d |
///
/// Source: Banfield & Raftery (1993), "Model-based Gaussian and non-Gaussian clustering", *Biometrics* 49, 803–821;
/// Fraley (1998), "Algorithms for model-based Gaussian hierarchical clustering", *SIAM J. Sci. Comput.* 20, 270–281.
public enum AgglomerationCriterion: String, Sendable, CaseIterable {
  /// Spheres of one size.
  case eii = "EII"
  /// Spheres of any size.
  case vii = "VII"
  /// Ellipsoids of one size, shape and orientation.
  case eee = "EEE"
  /// Ellipsoids of any size, shape and orientation.
  case vvv = "VVV"
}

/// Points that have been joined, with what the criteria need of them.
struct Cluster {
  var count: Double
  var mean: [Double]
  /// Σ (x − m)(x − m)ᵀ, packed; empty where it is zero, or only its trace is wanted.
  var scatter: [Double] = []
  private let keepsScatter: Bool
  var trace = 0.0
  /// Its part in a criterion that is a sum.
  var term = 0.0

  init(_ point: [Double], count: Double, keepsScatter: Bool) {
    self.count = count
    mean = point
    self.keepsScatter = keepsScatter
  }

  /// n₁n₂/(n₁ + n₂) |m₁ − m₂|²: by how much the trace of the union exceeds those of the two.
  func between(_ other: Cluster) -> Double {
    var square = 0.0
    for j in mean.indices {
      let difference = mean[j] - other.mean[j]
      square += difference * difference
    }
    return count * other.count / (count + other.count) * square
  }

  mutating func join(_ other: Cluster) {
    trace += other.trace + between(other)
    if keepsScatter { scatter = unitedScatter(with: other) }
    let total = count + other.count
    for j in mean.indices { mean[j] = (count * mean[j] + other.count * other.mean[j]) / total }
    count = total
  }

  func unitedScatter(with other: Cluster) -> [Double] {
    let factor = count * other.count / (count + other.count)
    var united = scatter.isEmpty ? Array(repeating: 0, count: packedCount(mean.count)) : scatter
    let isAlone = other.scatter.isEmpty
    var index = 0
    for i in mean.indices {
      let difference = factor * (mean[i] - other.mean[i])
      for j in 0...i {
        united[index] +=
          (isAlone ? 0 : other.scatter[index]) + difference * (mean[j] - other.mean[j])
        index += 1
      }
    }
    return united
  }
}

/// A criterion that is a sum over clusters: what a union costs depends on the two alone.
struct AdditiveCriterion {
  private let criterion: AgglomerationCriterion
  private let dimension: Int
  /// a.
  private let allowance: Double

  /// - Precondition: the criterion is not EEE.
  init(_ criterion: AgglomerationCriterion, dimension: Int, allowance: Double) {
    precondition(criterion != .eee, "a determinant of a sum is no sum")
    self.criterion = criterion
    self.dimension = dimension
    self.allowance = allowance
  }

  var needsScatter: Bool { criterion == .vvv }

  /// By how much the criterion grows when the two become one.
  func cost(_ a: Cluster, _ b: Cluster) -> Double {
    if criterion == .eii { return a.between(b) }
    let count = a.count + b.count
    let united = needsScatter && count > Double(dimension) ? a.unitedScatter(with: b) : []
    return term(count, a.trace + b.trace + a.between(b), united) - a.term - b.term
  }

  func term(_ cluster: Cluster) -> Double {
    term(
      cluster.count, cluster.trace, cluster.count > Double(dimension) ? cluster.scatter : [])
  }

  private func term(_ count: Double, _ trace: Double, _ scatter: [Double]) -> Double {
    // |W/n|, where there are more points than dimensions.
    let determinant =
      scatter.isEmpty ? 0 : packedDeterminant(scatter.map { $0 / count }, dimension)
    return count * naturalLog(determinant + (trace + allowance) / count)
  }
}

/// The determinant of a packed positive semidefinite matrix; zero where a pivot is not positive.
func packedDeterminant(_ packed: [Double], _ dimension: Int) -> Double {
  var factor = packed
  var determinant = 1.0
  for i in 0..<dimension {
    let row = packedIndex(i, 0)
    for j in 0...i {
      let other = packedIndex(j, 0)
      var rest = factor[row + j]
      for c in 0..<j { rest -= factor[row + c] * factor[other + c] }
      if j < i {
        factor[row + j] = rest / factor[other + j]
      } else {
        guard rest > 0, rest < .infinity else { return 0 }
        determinant *= rest
        factor[row + i] = rest.squareRoot()
      }
    }
  }
  return determinant
}
