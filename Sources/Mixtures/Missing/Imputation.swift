import MixtureKernels

extension Mixture where Component == Gaussian {
  /// The points with missing cells filled: by their conditional means given the cells that are there,
  /// ```
  /// x̂ₘ = Σₖ rₖ(xₒ) (μₘₖ + Bₖ(xₒ − μₒₖ))
  /// ```
  /// or by draws from their conditional distribution. A background says nothing of missing cells: a row is filled as one of
  /// the other components.
  ///
  /// - Parameters:
  ///   - points: of the mixture's dimension.
  ///   - seed: draws if there is one; each row draws for itself.
  /// - Returns: *n* × *d*, with what is observed as it is.
  /// - Throws: ``DataError`` where the dimensions differ.
  ///
  /// Source: Little & Rubin (2002), *Statistical Analysis with Missing Data*, §4.3, 5.3.
  public func imputed(_ points: IncompletePoints, drawing seed: UInt64? = nil) throws(DataError)
    -> Matrix
  {
    guard points.dimension == dimension else {
      throw .dimensionMismatch(found: points.dimension, expected: dimension)
    }
    let base = Matrix(copying: points)
    guard let groups = points.patternGroups else { return base }
    return filling(base, groups, drawing: seed)
  }

  /// The matrix with the missing cells of each group filled.
  func filling(_ matrix: Matrix, _ groups: [PatternGroup], drawing seed: UInt64? = nil) -> Matrix {
    var filled = matrix
    for group in groups where group.observed.count < dimension {
      let conditionals = components.map { Conditional($0, observed: group.observed) }
      let shares = responsibilities(of: group, conditionals)
      for (index, row) in group.rows.enumerated() {
        let values = group.observed.map { matrix[row, $0] }
        let missing = conditionals[0].missing
        let found =
          seed.map { draw(values, shares[index], conditionals, seed: $0, row: row) }
          ?? mean(values, shares[index], conditionals)
        for (place, column) in missing.enumerated() { filled[row, column] = found[place] }
      }
    }
    return filled
  }

  private func responsibilities(
    of group: PatternGroup, _ conditionals: [Conditional]
  ) -> [[Double]] {
    assignments(of: group.points, posterior(of: group, conditionals), threads: 1).map {
      let own = $0.responsibilities.reduce(0, +)
      guard background != nil else { return $0.responsibilities }
      return own > 0 ? $0.responsibilities.map { $0 / own } : weights
    }
  }

  private func mean(
    _ values: [Double], _ shares: [Double], _ conditionals: [Conditional]
  ) -> [Double] {
    var sum = conditionals[0].missing.map { _ in 0.0 }
    for (share, conditional) in zip(shares, conditionals) {
      for (place, value) in conditional.mean(given: values).enumerated() {
        sum[place] += share * value
      }
    }
    return sum
  }

  private func draw(
    _ values: [Double], _ shares: [Double], _ conditionals: [Conditional], seed: UInt64, row: Int
  ) -> [Double] {
    var generator = SplitMix64(seed: SplitMix64.seed(seed, stream: row))
    var rest = Double.random(in: 0..<1, using: &generator)
    let k = shares.firstIndex { share in
      rest -= share
      return rest < 0
    }
    let conditional = conditionals[k ?? shares.count - 1]
    let mean = conditional.mean(given: values)
    let z = mean.map { _ in standardNormal(using: &generator) }
    let factor = try? CholeskyFactor(packed: conditional.covariance, dimension: mean.count)
    return zip(mean, factor?.applied(to: z) ?? z.map { _ in 0 }).map(+)
  }
}
