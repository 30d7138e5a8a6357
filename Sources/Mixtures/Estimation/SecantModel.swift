import MixtureKernels

/// What the last steps of EM tell of ℓ around the newest point.
///
/// In the coordinates of a ``MixtureChart`` the plain step g is, to first order, the gradient of ℓ/n, and its
/// derivative −(I − J) is symmetric; near a maximum the eigenvalues of I − J lie in (0, 1]. The differences S of
/// the last points and −Y of their steps tell what I − J is on the subspace they span. There the model makes Newton's
/// step, elsewhere EM's:
/// ```
/// δ = g + (S − Y)γ      γ = Σ v (vᵀSᵀg) / |μ|      SᵀY v = μ SᵀS v,  vᵀSᵀS v = 1
/// ```
/// Near a saddle some μ are negative, where |μ| leads away from it. No |μ| counts as smaller than
/// the reciprocal of a reach.
///
/// Source: Jamshidian & Jennrich (1997), "Acceleration of the EM algorithm by using quasi-Newton
/// methods", *JRSS B* 59, 569–587; Henderson & Varadhan (2019), "Damped Anderson acceleration with
/// restarts and monotonicity control", *JCGS* 28, 834–846.
struct SecantModel {
  /// δ, from the newest point to the proposed one.
  let displacement: [Double]

  /// What ℓ/n should gain on the way.
  let gain: Double

  /// What ℓ/n should gain up to the maximum of the model: half of gᵀ(I − J)⁻¹g.
  let remainingGain: Double

  /// Whether the reach keeps δ shorter than the model would have it.
  let isLimited: Bool

  /// Directions that hold no larger share of S than this are made of rounding.
  private static let smallestShare = 1e-12

  /// Below this, I − J is known no better than zero.
  private static let smallestCurvature = 1e-6

  /// `nil` before there are two points.
  init?(_ path: EMPath, components: Int, reach: Double) {
    guard let g = path.steps.last, path.points.count > 1 else { return nil }
    let secants = Secants(path, components: components)
    let dot = secants.dot
    var displacement = g
    var (gain, remaining, squares, isLimited) = (0.0, 0.0, dot(g, g), false)
    for (curvature, direction) in secants.eigenpairs(smallestShare: Self.smallestShare) {
      let component = secants.component(of: g, along: direction)
      let energy = component * component
      let slowness = abs(curvature)
      let divisor = max(slowness, 1 / reach)
      isLimited = isLimited || slowness < divisor
      gain += energy * (1 - slowness / divisor / 2) / divisor
      remaining += energy / max(slowness, Self.smallestCurvature) / 2
      squares -= energy
      secants.add(component / divisor, of: direction, to: &displacement)
    }
    self.displacement = displacement
    self.gain = gain + max(0, squares) / 2
    remainingGain = remaining + max(0, squares) / 2
    self.isLimited = isLimited
  }
}

/// Differences s of successive points, of unit length, and y of their steps.
private struct Secants {
  private var s: [[Double]] = []
  private var y: [[Double]] = []

  private let components: Int

  init(_ path: EMPath, components: Int) {
    self.components = components
    for i in path.points.indices.dropFirst() {
      let difference = zip(path.points[i], path.points[i - 1]).map(-)
      let norm = dot(difference, difference).squareRoot()
      guard norm > 0 else { continue }
      s.append(difference.map { $0 / norm })
      y.append(zip(path.steps[i - 1], path.steps[i]).map { ($0 - $1) / norm })
    }
  }

  /// μ and v with SᵀY v = μ SᵀS v and vᵀSᵀS v = 1, SᵀY made symmetric.
  func eigenpairs(smallestShare: Double) -> [(value: Double, vector: [Double])] {
    let gram = SymmetricEigen(
      packed: packed { dot(s[$0], s[$1]) }, dimension: s.count)
    let largest = gram.values.last ?? 0
    let basis = gram.values.indices.filter { gram.values[$0] > smallestShare * largest }
      .map { index in gram.vector(index).map { $0 / gram.values[index].squareRoot() } }
    let curvature = packed { (dot(s[$0], y[$1]) + dot(s[$1], y[$0])) / 2 }
    let images = basis.map { column in
      s.indices.map { i in
        s.indices.reduce(0.0) { $0 + curvature[packedIndex(max(i, $1), min(i, $1))] * column[$1] }
      }
    }
    let projected = basis.indices.flatMap { a in
      (0...a).map { b in s.indices.reduce(0.0) { $0 + basis[a][$1] * images[b][$1] } }
    }
    let eigen = SymmetricEigen(packed: projected, dimension: basis.count)
    return eigen.values.indices.map { index in
      let vector = eigen.vector(index)
      return (
        eigen.values[index],
        s.indices.map { i in basis.indices.reduce(0.0) { $0 + vector[$1] * basis[$1][i] } }
      )
    }
  }

  private func packed(_ entry: (Int, Int) -> Double) -> [Double] {
    s.indices.flatMap { i in (0...i).map { entry(i, $0) } }
  }

  /// aᵀb, component by component: two components may be exchanged to the bit.
  func dot(_ a: [Double], _ b: [Double]) -> Double {
    let length = a.count / components
    var total = 0.0
    for k in 0..<components {
      var sum = 0.0
      for j in (k * length)..<((k + 1) * length) { sum += a[j] * b[j] }
      total += sum
    }
    return total
  }

  /// vᵀSᵀg.
  func component(of g: [Double], along v: [Double]) -> Double {
    s.indices.reduce(0.0) { $0 + v[$1] * dot(s[$1], g) }
  }

  /// Adds (S − Y)v, `factor` times.
  func add(_ factor: Double, of v: [Double], to displacement: inout [Double]) {
    for i in s.indices {
      let share = factor * v[i]
      for j in displacement.indices { displacement[j] += share * (s[i][j] - y[i][j]) }
    }
  }
}
