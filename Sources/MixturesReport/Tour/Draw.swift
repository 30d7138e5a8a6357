import Mixtures

/// Points drawn from a known mixture by a seed: whoever has both can draw them again.
package struct Draw: Sendable {
  /// The stem of the files in the commands that a reader can type: `NAME.json` is the mixture, `NAME.csv` are the points.
  package let name: String

  /// What the points come from.
  package let truth: GaussianMixture

  /// What the covariances of the truth have in common.
  package let structure: CovarianceStructure

  package let seed: UInt64
  package let points: Matrix

  /// The component of each point, counting from zero.
  package let labels: [Int]

  package init(
    _ name: String, from truth: GaussianMixture, _ structure: CovarianceStructure, count: Int,
    seed: UInt64
  ) {
    self.name = name
    self.truth = truth
    self.structure = structure
    self.seed = seed
    var generator = SplitMix64(seed: seed)
    (points, labels) = truth.sample(count, using: &generator)
  }
}

extension Draw {
  /// Thirty points of one Gaussian, with axes that are not those of the columns.
  package static func oneGaussian() throws -> Draw {
    let truth = try Gaussian(
      mean: [1, 3], covariance: .full(lowerTriangle: [1.5, 0.6, 0.4], dimension: 2))
    return Draw(
      "one", from: try GaussianMixture(weights: [1], components: [truth]), .vvv, count: 30, seed: 1)
  }

  /// Two groups of equal size that overlap.
  package static func twoGroups() throws -> Draw {
    Draw(
      "two", from: try spheres([[0.5, 2], [3, 4]], variances: [1, 1]), .eii, count: 200, seed: 1)
  }

  /// One round group.
  package static func oneSphere() throws -> Draw {
    Draw("sphere", from: try spheres([[2, 1]], variances: [0.64]), .eii, count: 60, seed: 1)
  }

  /// Three round groups of their own sizes and frequencies.
  package static func threeSpheres() throws -> Draw {
    let truth = try spheres(
      [[-1.5, 0], [1, 1.5], [1.5, -1]], variances: [0.64, 1, 0.25], weights: [0.5, 0.3, 0.2])
    return Draw("spheres", from: truth, .vii, count: 120, seed: 1)
  }

  /// The corners of a triangle, with unit variances and equal frequencies.
  package static func triangle() throws -> Draw {
    Draw(
      "triangle", from: try spheres([[0, 0], [3, 3], [-3, 3]], variances: [1, 1, 1]), .eii,
      count: 150, seed: 1)
  }

  /// - Parameter weights: equal ones unless given.
  private static func spheres(
    _ means: [[Double]], variances: [Double], weights: [Double]? = nil
  ) throws -> GaussianMixture {
    let equal = Array(repeating: 1 / Double(means.count), count: means.count)
    return try GaussianMixture(
      weights: weights ?? equal,
      components: zip(means, variances).map { mean, variance in
        try Gaussian(
          mean: mean, covariance: .spherical(variance: variance, dimension: mean.count))
      })
  }
}
