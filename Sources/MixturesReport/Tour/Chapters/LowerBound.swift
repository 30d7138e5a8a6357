import Mixtures

/// Chapter 8: the lower bound touches ℓ after every E-step, and its maximum is the next M-step.
///
/// The points and the start are those of the exercise. All parameters but one are held, so that ℓ and the bounds are
/// curves over that one: the mean of the first component.
package struct LowerBound: Sendable {
  /// One iteration of EM over the mean alone.
  package struct Step: Sendable {
    /// μ₁ before it.
    package let mean: Double
    /// ℓ there, and what L(q, ·) is there: the same.
    package let logLikelihood: Double
    package let bound: Double
    /// Where L(q, ·) has its maximum, and how high it is: at most ℓ there.
    package let nextMean: Double
    package let raisedBound: Double
    package let curve: [Double]
  }

  package let points: Matrix

  /// μ₁ along the axis, and ℓ there.
  package let means: [Double]
  package let logLikelihoods: [Double]
  package let steps: [Step]

  /// The same with all parameters free: ℓ and L by turns.
  package let freeSteps: [(logLikelihood: Double, raisedBound: Double)]

  package static let axis = -5.0...4.0
  private static let intervals = 90

  package init(_ points: Matrix, from start: GaussianMixture, iterations: Int = 2) throws {
    func mixture(_ mean: Double) throws -> GaussianMixture { try start.movingFirst(to: mean) }
    let means = Self.axis.evenly(Self.intervals)
    var (steps, current): ([Step], GaussianMixture) = ([], start)
    for _ in 0..<iterations {
      let shares = try current.responsibilities(of: points)
      let next = try Self.movingOneMean(points, from: current)
      steps.append(
        Step(
          mean: current.components[0].mean[0],
          logLikelihood: try current.score(points).logLikelihood,
          bound: try current.lowerBound(of: points, responsibilities: shares),
          nextMean: next.components[0].mean[0],
          raisedBound: try next.lowerBound(of: points, responsibilities: shares),
          curve: try means.map {
            try mixture($0).lowerBound(of: points, responsibilities: shares)
          }))
      current = next
    }
    self.points = points
    self.means = means
    self.steps = steps
    logLikelihoods = try means.map { try mixture($0).score(points).logLikelihood }
    freeSteps = try Self.free(points, from: start, iterations: 6)
  }

  /// An iteration of EM that leaves all as it is but the mean of the first component.
  private static func movingOneMean(
    _ points: Matrix, from start: GaussianMixture
  ) throws -> GaussianMixture {
    var options = FitOptions()
    options.stopping = .exactly(1)
    options.frozen.weights = .all
    options.frozen.covariances = .all
    options.frozen.means = .only(Set(1..<start.componentCount))
    return try GaussianMixture.fit(
      points, components: start.componentCount, structure: .v, from: MixtureStart(start),
      options: options
    ).mixture
  }

  private static func free(
    _ points: Matrix, from start: GaussianMixture, iterations: Int
  ) throws -> [(logLikelihood: Double, raisedBound: Double)] {
    let family = try GaussianFamily(.v, scale: DataSummary(of: points).scale)
    var em = EM(family, from: start, over: points)
    return try (0..<iterations).map { iteration in
      let shares = try em.mixture.responsibilities(of: points)
      try em.step(over: points)
      return (
        em.trace[iteration], try em.mixture.lowerBound(of: points, responsibilities: shares)
      )
    }
  }
}

extension Mixture where Component == Gaussian {
  /// The same one-dimensional mixture with another mean of its first component.
  fileprivate func movingFirst(to mean: Double) throws -> GaussianMixture {
    var moved = components
    moved[0] = try Gaussian(mean: [mean], covariance: components[0].covariance)
    return try GaussianMixture(weights: weights, components: moved)
  }
}
