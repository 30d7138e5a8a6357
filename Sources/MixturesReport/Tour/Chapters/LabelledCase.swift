import Mixtures

/// Chapter 6: the same points with their labels, and without.
package struct LabelledCase: Sendable {
  package let points: Matrix
  package let labels: [Int]

  /// The closed-form estimate from labels.
  package let labelled: GaussianMixture

  /// Where EM ends without labels, its components in the order of the labelled ones.
  package let unlabelled: Fit
  package let unlabelledMixture: GaussianMixture

  /// Σᵢ ln πcᵢ f(xᵢ; θcᵢ), which the labelled estimate maximises.
  package let jointLogLikelihood: Double

  package init(_ points: Matrix, labels: [Int], components: Int) throws {
    self.points = points
    self.labels = labels
    labelled = try GaussianMixture.labelled(points, labels: labels, structure: .vii)
    jointLogLikelihood = try labelled.lowerBound(
      of: points, responsibilities: Self.indicators(labels, components))
    unlabelled = try GaussianMixture.fit(points, components: components, structure: .vii)
    unlabelledMixture = unlabelled.mixture.ordered(like: labelled)
  }

  private static func indicators(_ labels: [Int], _ components: Int) -> Matrix {
    Matrix(rows: labels.map { label in (0..<components).map { $0 == label ? 1 : 0 } })
  }
}

extension Mixture where Component == Gaussian {
  /// The same mixture, its components in the order of those of `other` that they are nearest to, taken in turn.
  func ordered(like other: GaussianMixture) -> GaussianMixture {
    var left = Array(components.indices)
    let order = other.components.compactMap { component -> Int? in
      let nearest = left.min {
        squaredDistance(components[$0].mean, component.mean)
          < squaredDistance(components[$1].mean, component.mean)
      }
      left.removeAll { $0 == nearest }
      return nearest
    }
    return permuted(order + left)
  }
}
