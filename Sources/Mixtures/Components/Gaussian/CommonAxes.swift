import MixtureKernels

/// Axes that all components have in common, and the scatter of each along them.
///
/// Rotations in one plane after another lower the objective, each to where it is lowest within that plane, until none
/// would lower it any more. Nothing rises on the way.
///
/// Source: Flury & Gautschi (1986), "An algorithm for simultaneous orthogonal transformation of several
/// positive definite symmetric matrices to nearly diagonal form", *SIAM J. Sci. Stat. Comput.* 7, 169–184, for the
/// order of rotations.
struct CommonAxes {
  /// What the axes are for, in the sⱼₖ that the components scatter along them.
  enum Objective {
    /// Σₖ Nₖ Σⱼ ln sⱼₖ.
    case sumOfLogarithms
    /// Σₖ (∏ⱼ sⱼₖ)^(1/d).
    case sumOfVolumes
  }

  /// For each component, the scatter along each axis.
  private(set) var scatters: [[Double]]
  private(set) var iterations = 0
  private(set) var reachedLimit = false

  private let dimension: Int
  /// One axis after another.
  private var axes: [Double]
  /// DᵀWₖD of one component after another, row by row.
  private var matrices: [Double]

  /// A round of rotations that would gain less than this, in log-likelihood per point, is the last. Gains are squares of
  /// angles, of which half as many digits are known.
  private static let tolerance = 1e-21
  private static let limit = 100

  init(_ all: Scatters, minimising objective: Objective) {
    dimension = all.pooled.dimension
    axes = all.startingAxes
    matrices = []
    scatters = []
    guard all.components.allSatisfy({ $0.values.allSatisfy(\.isFinite) }) else {
      scatters = all.components.map { _ in Array(repeating: .nan, count: dimension) }
      return
    }
    matrices = all.matrices(along: axes)
    var plane = Plane(objective, counts: all.components.map(\.effectiveCount), dimension)
    while !reachedLimit {
      let gain = rotate(in: &plane, isFirst: iterations == 0 && all.nearby == nil)
      iterations += 1
      if !(gain > Self.tolerance) { break }
      reachedLimit = iterations == Self.limit
    }
    scatters = all.components.indices.map { k in
      let own = (0..<dimension).map {
        max(0, matrices[k * dimension * dimension + $0 * (dimension + 1)])
      }
      let rounding = smallestShare * (own.max() ?? 0)
      return own.map { $0 > rounding ? $0 : 0 }
    }
  }

  /// Axes are known to some ulps, so that along any of them a component shows that share of what it scatters along the others:
  /// less is nothing.
  private var smallestShare: Double { 64 * Double(dimension) * .ulpOfOne }

  /// The covariances of the given variances along the axes.
  func estimate(_ variances: (_ component: Int) -> [Double]) -> CovarianceEstimate {
    CovarianceEstimate(
      scatters.indices.map { covariance(variances($0)) },
      innerIterations: iterations, reachedLimit: reachedLimit)
  }

  /// A column whose variance is no more than the rounding of axes has none where an axis has none.
  private func covariance(_ variances: [Double]) -> Covariance {
    let d = dimension
    let covariance = Covariance.full(variances: variances) { axes[$1 * d + $0] }
    guard variances.contains(0), case .full(var packed, let dimension) = covariance else {
      return covariance
    }
    let rounding = smallestShare * (covariance.variances.max() ?? 0)
    for j in 0..<dimension where packed[packedIndex(j, j)] <= rounding {
      packed[packedIndex(j, j)] = 0
    }
    return .full(lowerTriangle: packed, dimension: dimension)
  }

  /// One rotation in each plane; returns what they should gain together.
  private mutating func rotate(in plane: inout Plane, isFirst: Bool) -> Double {
    var total = 0.0
    for p in 0..<dimension {
      for q in (p + 1)..<max(p + 1, dimension) {
        plane.face(matrices, p, q)
        let (angle, gain) = plane.bestRotation(isFirst: isFirst)
        guard angle != 0 else { continue }
        total += gain
        turn(p, q, by: angle)
      }
    }
    return total
  }

  private mutating func turn(_ p: Int, _ q: Int, by angle: Double) {
    let (c, s) = cosineAndSine(angle)
    let d = dimension
    func mix(_ a: UnsafeMutableBufferPointer<Double>, _ i: Int, _ j: Int) {
      (a[i], a[j]) = (c * a[i] + s * a[j], c * a[j] - s * a[i])
    }
    matrices.withUnsafeMutableBufferPointer { a in
      for start in stride(from: 0, to: a.count, by: d * d) {
        for i in 0..<d { mix(a, start + i * d + p, start + i * d + q) }
        for i in 0..<d { mix(a, start + p * d + i, start + q * d + i) }
      }
    }
    axes.withUnsafeMutableBufferPointer { a in
      for i in 0..<d { mix(a, p * d + i, q * d + i) }
    }
  }
}

/// The objective as a function of a rotation in the plane of two axes.
///
/// By an angle θ, the product of a component's scatter along the two becomes
/// ```
/// g(ψ) = u − v cos ψ − w sin ψ      ψ = 4θ
/// ```
/// with m and δ half their sum and difference, e the entry between them, u = m² − (δ² + e²)/2, v = (δ² − e²)/2 and w = δe.
private struct Plane {
  private struct Component {
    let count: Double
    var u = 0.0
    var v = 0.0
    var w = 0.0
    /// The sum of the logarithms of its scatter along the other axes.
    var rest = 0.0
  }

  private let objective: CommonAxes.Objective
  private let dimension: Int
  private var components: [Component]
  private let count: Double

  init(_ objective: CommonAxes.Objective, counts: [Double], _ dimension: Int) {
    self.objective = objective
    self.dimension = dimension
    components = counts.map { Component(count: $0) }
    count = counts.reduce(0, +)
  }

  mutating func face(_ matrices: [Double], _ p: Int, _ q: Int) {
    for k in components.indices {
      let start = k * dimension * dimension
      let first = matrices[start + p * (dimension + 1)]
      let second = matrices[start + q * (dimension + 1)]
      let m = (first + second) / 2
      let delta = (first - second) / 2
      let e = matrices[start + p * dimension + q]
      components[k].v = (delta * delta - e * e) / 2
      components[k].w = delta * e
      components[k].u = m * m - (delta * delta + e * e) / 2
      guard objective == .sumOfVolumes else { continue }
      components[k].rest = 0
      for j in 0..<dimension where j != p && j != q {
        components[k].rest += naturalLog(
          max(matrices[start + j * (dimension + 1)], .leastNormalMagnitude))
      }
    }
  }

  /// The rotation θ to the nearest minimum, and what it gains in log-likelihood per point; zero where it gains nothing. For the
  /// first time, from where any one component alone would be lowest, if that is lower than where all stand now.
  func bestRotation(isFirst: Bool) -> (angle: Double, gain: Double) {
    var best = 0.0
    let start = value(at: 0)
    var lowest = start
    for component in components where isFirst {
      let candidate = arcTangent(component.w, component.v)
      let value = value(at: candidate)
      if value < lowest { (best, lowest) = (candidate, value) }
    }
    var gain = perPoint(start - lowest, at: start)
    for _ in 0..<Self.newtonSteps {
      let (slope, curvature) = derivatives(at: best)
      let step = curvature > 0 ? -slope / curvature : slope > 0 ? -Self.longest : Self.longest
      let promised = perPoint(-step * slope / 2, at: lowest)
      guard promised > Self.smallestGain, !isFlat(curvature, at: lowest) else { break }
      if curvature > 0, promised < Self.visibleGain {
        gain += promised
        best += step
        break
      }
      guard let (next, value) = lower(best, by: max(-Self.longest, min(Self.longest, step)), lowest)
      else { break }
      gain += perPoint(lowest - value, at: lowest)
      (best, lowest) = (next, value)
    }
    return (best / 4, gain)
  }

  private static let newtonSteps = 6
  private static let longest = 1.0

  /// Less is made of rounding.
  private static let smallestGain = 1e-23

  /// Less can be told from the derivatives only, not from the objective itself; so near a minimum they are right.
  private static let visibleGain = 1e-10

  /// Whether the plane has no axes: all components scatter in it alike in all directions.
  private func isFlat(_ curvature: Double, at value: Double) -> Bool {
    perPoint(abs(curvature), at: value) < 1e-10
  }

  /// The longest of a step and its halves at which the objective is lower.
  private func lower(_ psi: Double, by step: Double, _ value: Double) -> (Double, Double)? {
    var step = step
    for _ in 0..<30 {
      let next = self.value(at: psi + step)
      if next < value { return (psi + step, next) }
      step /= 2
    }
    return nil
  }

  /// What a fall of the objective is worth.
  private func perPoint(_ fall: Double, at value: Double) -> Double {
    switch objective {
    case .sumOfLogarithms: fall / 2 / count
    case .sumOfVolumes: fall / value * Double(dimension) / 2
    }
  }

  private func value(at psi: Double) -> Double {
    let (c, s) = cosineAndSine(psi)
    var sum = 0.0
    for component in components {
      let logarithm = naturalLog(product(component, c, s))
      switch objective {
      case .sumOfLogarithms: sum += component.count * logarithm
      case .sumOfVolumes: sum += exponential((component.rest + logarithm) / Double(dimension))
      }
    }
    return sum
  }

  private func derivatives(at psi: Double) -> (slope: Double, curvature: Double) {
    let (c, s) = cosineAndSine(psi)
    var (slope, curvature) = (0.0, 0.0)
    for component in components {
      let product = product(component, c, s)
      let first = (component.v * s - component.w * c) / product
      let second = (component.v * c + component.w * s) / product
      switch objective {
      case .sumOfLogarithms:
        slope += component.count * first
        curvature += component.count * (second - first * first)
      case .sumOfVolumes:
        let share = 1 / Double(dimension)
        let volume = exponential((component.rest + naturalLog(product)) * share) * share
        slope += volume * first
        curvature += volume * (second - (1 - share) * first * first)
      }
    }
    return (slope, curvature)
  }

  /// g(ψ), which rounding must not make zero.
  private func product(_ component: Component, _ c: Double, _ s: Double) -> Double {
    max(
      component.u - component.v * c - component.w * s, component.u * .ulpOfOne,
      .leastNormalMagnitude)
  }
}

extension Scatters {
  /// Those of the covariances nearby, else those of the sum of all scatters.
  fileprivate var startingAxes: [Double] {
    let isFinite = pooled.values.allSatisfy(\.isFinite)
    var sum = isFinite ? pooled.values : pooled.values.map { _ in 0 }
    if let nearby, nearby.count == components.count {
      sum = sum.map { _ in 0 }
      for (scatter, component) in zip(components, nearby) {
        // An axis of all is one of the sum, and seldom anything else is: the shares have no common measure.
        let share = scatter.effectiveCount / component.volume
        let packed = component.covariance.lowerTriangle
        for index in sum.indices { sum[index] += share * packed[index] }
      }
    }
    let eigen = SymmetricEigen(packed: sum, dimension: pooled.dimension)
    let d = pooled.dimension
    return (0..<(d * d)).map { eigen[$0 % d, $0 / d] }
  }

  /// UWₖUᵀ of one component after another, row by row, for unit vectors in the rows of U.
  fileprivate func matrices(along axes: [Double]) -> [Double] {
    let d = pooled.dimension
    var matrices = zeros(components.count * d * d)
    var images = zeros(d * d)
    for (k, scatter) in components.enumerated() {
      for a in 0..<d {
        for i in 0..<d {
          images[a * d + i] = (0..<d).reduce(0) {
            $0 + scatter.values[packedIndex(max(i, $1), min(i, $1))] * axes[a * d + $1]
          }
        }
      }
      for a in 0..<d {
        for b in 0..<d {
          matrices[(k * d + a) * d + b] = (0..<d).reduce(0) {
            $0 + axes[a * d + $1] * images[b * d + $1]
          }
        }
      }
    }
    return matrices
  }
}
