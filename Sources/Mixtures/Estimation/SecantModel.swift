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
    let projections = secants.projections(of: g)
    var coefficients = zeros(projections.count)
    var (gain, remaining, squares, isLimited) = (0.0, 0.0, secants.dot(g, g), false)
    for (curvature, direction) in secants.eigenpairs(smallestShare: Self.smallestShare) {
      let component = innerProduct(direction, projections)
      let energy = component * component
      let slowness = abs(curvature)
      let divisor = max(slowness, 1 / reach)
      isLimited = isLimited || slowness < divisor
      gain += energy * (1 - slowness / divisor / 2) / divisor
      remaining += energy / max(slowness, Self.smallestCurvature) / 2
      squares -= energy
      for i in direction.indices { coefficients[i] += component / divisor * direction[i] }
    }
    displacement = secants.displacement(from: g, coefficients)
    self.gain = gain + max(0, squares) / 2
    remainingGain = remaining + max(0, squares) / 2
    self.isLimited = isLimited
  }
}

/// Differences s of successive points, of unit length, and y of their steps.
private struct Secants {
  /// One vector after another.
  private var s: [Double] = []
  private var y: [Double] = []

  private var count = 0
  private let length: Int
  private let components: Int

  init(_ path: EMPath, components: Int) {
    self.components = components
    length = path.points[0].count
    s.reserveCapacity(length * path.points.count)
    y.reserveCapacity(length * path.points.count)
    for i in path.points.indices.dropFirst() {
      let start = s.count
      for j in 0..<length { s.append(path.points[i][j] - path.points[i - 1][j]) }
      let norm = dot(s, start, s, start).squareRoot()
      guard norm > 0 else {
        s.removeLast(length)
        continue
      }
      for j in 0..<length {
        s[start + j] /= norm
        y.append((path.steps[i - 1][j] - path.steps[i][j]) / norm)
      }
      count += 1
    }
  }

  /// μ and v with SᵀY v = μ SᵀS v and vᵀSᵀS v = 1, SᵀY made symmetric.
  func eigenpairs(smallestShare: Double) -> [(value: Double, vector: [Double])] {
    let gram = SymmetricEigen(
      packed: packed { dot(s, $0 * length, s, $1 * length) }, dimension: count)
    let largest = gram.values.last ?? 0
    let wide = gram.values.indices.filter { gram.values[$0] > smallestShare * largest }
    let basis = wide.flattened(count) { gram[$1, $0] / gram.values[$0].squareRoot() }
    let curvature = packed {
      (dot(s, $0 * length, y, $1 * length) + dot(s, $1 * length, y, $0 * length)) / 2
    }
    let projected = packedTriangle(wide.count) { a, b in
      var sum = 0.0
      for i in 0..<count {
        for j in 0..<count {
          sum +=
            basis[a * count + i] * curvature[packedIndex(max(i, j), min(i, j))]
            * basis[b * count + j]
        }
      }
      return sum
    }
    let eigen = SymmetricEigen(packed: projected, dimension: wide.count)
    return eigen.values.indices.map { index in
      let direction = (0..<count).map { i in
        wide.indices.reduce(0.0) { $0 + eigen[$1, index] * basis[$1 * count + i] }
      }
      return (eigen.values[index], direction)
    }
  }

  private func packed(_ entry: (Int, Int) -> Double) -> [Double] { packedTriangle(count, entry) }

  /// aᵀb, component by component: two components may be exchanged to the bit.
  func dot(_ a: [Double], _ b: [Double]) -> Double { dot(a, 0, b, 0) }

  /// As ``dot(_:_:)``, of the vectors that begin at these places.
  private func dot(_ a: [Double], _ i: Int, _ b: [Double], _ j: Int) -> Double {
    let part = length / components
    var total = 0.0
    for start in stride(from: 0, to: length, by: part) {
      var sum = 0.0
      for c in start..<(start + part) { sum += a[i + c] * b[j + c] }
      total += sum
    }
    return total
  }

  /// Sᵀg.
  func projections(of g: [Double]) -> [Double] { (0..<count).map { dot(s, $0 * length, g, 0) } }

  /// g + (S − Y)γ.
  func displacement(from g: [Double], _ coefficients: [Double]) -> [Double] {
    var displacement = g
    for (i, coefficient) in coefficients.enumerated() {
      for j in 0..<length {
        displacement[j] += coefficient * (s[i * length + j] - y[i * length + j])
      }
    }
    return displacement
  }
}
