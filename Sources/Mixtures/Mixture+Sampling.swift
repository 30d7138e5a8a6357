extension Mixture {
  /// Draws points in two stages: a component with probability πₖ, then a point from it. A background, of which only the volume
  /// is known, gives none: components are drawn in proportion to their weights.
  ///
  /// - Parameters:
  ///   - count: the number of points, at least zero.
  ///   - generator: the same generator in the same state gives the same points.
  /// - Returns: the points, `count` × *d*, and the component of each, counting from zero.
  /// - Complexity: O(`count` · (K + *d*²)) time for full covariances.
  ///
  /// Source: Bishop (2006), *Pattern Recognition and Machine Learning*, §9.2 (ancestral sampling).
  public func sample(
    _ count: Int, using generator: inout some RandomNumberGenerator
  ) -> (points: Matrix, components: [Int]) {
    var elements: [Double] = []
    var drawn: [Int] = []
    elements.reserveCapacity(count * dimension)
    drawn.reserveCapacity(count)
    for _ in 0..<count {
      let component = sampleComponent(using: &generator)
      drawn.append(component)
      elements += components[component].sample(using: &generator)
    }
    let points = Matrix(rowCount: count, columnCount: dimension, elements: elements)
    return (points, drawn)
  }

  /// The last component of positive weight takes what rounding leaves of the unit interval.
  private func sampleComponent(using generator: inout some RandomNumberGenerator) -> Int {
    var rest = Double.random(in: 0..<1, using: &generator) * (1 - (background?.weight ?? 0))
    for (k, weight) in weights.enumerated() {
      if rest < weight { return k }
      rest -= weight
    }
    return weights.lastIndex { $0 > 0 } ?? 0
  }
}
