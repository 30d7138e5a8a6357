import Mixtures

/// Chapter 12: responsibilities, and the indicators that are left when each point goes where it most probably belongs.
package struct HardAndSoft: Sendable {
  package let points: Matrix
  package let mixture: GaussianMixture
  package let responsibilities: Matrix
  package let indicators: Matrix

  /// The component of each point by its indicators, counting from zero.
  package let classification: [Int]

  /// Rows whose largest responsibility is below ``limit``, the least decided first.
  package let undecided: [Int]

  /// Σᵢ (1 − maxₖ rᵢₖ): how many wrong indicators the mixture itself expects, and how many there are.
  package let expectedErrors: Double
  package let errors: Int

  /// The M-step of the indicators, as if they were labels.
  package let hardened: GaussianMixture

  package static let limit = 0.9

  /// - Parameter labels: the true ones, in the order of the mixture's components.
  package init(
    _ points: Matrix, labels: [Int], mixture: GaussianMixture, structure: CovarianceStructure
  )
    throws
  {
    let assignments = try mixture.assignments(of: points)
    let classification = assignments.map(\.component)
    self.points = points
    self.mixture = mixture
    responsibilities = try mixture.responsibilities(of: points)
    indicators = try mixture.indicators(of: points)
    self.classification = classification
    undecided = assignments.indices.filter { assignments[$0].uncertainty > 1 - Self.limit }
      .sorted { assignments[$0].uncertainty > assignments[$1].uncertainty }
    expectedErrors = assignments.reduce(0) { $0 + $1.uncertainty }
    errors = zip(labels, classification).count { $0 != $1 }
    hardened = try GaussianMixture.labelled(points, labels: classification, structure: structure)
  }
}
