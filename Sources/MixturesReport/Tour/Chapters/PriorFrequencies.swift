import Mixtures

/// Chapter 4: spheres that occur with their own frequencies.
package struct PriorFrequencies: Sendable {
  package let points: Matrix
  package let labels: [Int]
  package let truth: GaussianMixture

  /// nₖ / n of the drawn points.
  package let frequencies: [Double]

  /// ℓ of the points when nobody tells the labels, and Σᵢ ln πcᵢ f(xᵢ; θcᵢ) when somebody does.
  package let logLikelihoods: (points: Double, pointsAndLabels: Double)

  package init(_ points: Matrix, labels: [Int], truth: GaussianMixture) throws {
    self.points = points
    self.labels = labels
    self.truth = truth
    frequencies = truth.components.indices.map { k in
      Double(labels.count { $0 == k }) / Double(labels.count)
    }
    let known = try LabelledPoints(
      points, labels: Labels(labels.map(\.self), count: truth.componentCount))
    logLikelihoods = (
      try truth.score(points).logLikelihood, try truth.score(known).logLikelihood
    )
  }
}
