import MixtureKernels

extension Mixture where Component == Gaussian {
  /// The E-step of incomplete points: responsibilities from what is observed, and in the place of missing cells their conditional
  /// moments.
  ///
  /// Of a pattern only the moments of its observed cells are collected, as of complete points of fewer dimensions. They are then
  /// completed for all points at once: with x̂ = T(xₒ − μₒ) + μ,
  /// ```
  /// Σ r(x̂ − μ) = T Σ r(xₒ − μₒ)      Σ r E[(x − μ)(x − μ)ᵀ] = T Σ r(xₒ − μₒ)(xₒ − μₒ)ᵀ Tᵀ + N C
  /// ```
  ///
  /// - Complexity: O(*nKd*²) as for complete points, and O(K*d*³) for each pattern.
  func expectation(
    over groups: [PatternGroup], family: GaussianFamily, threads: Int
  ) -> Expectation<GaussianFamily> {
    let shape = family.structure.scatterShape
    var seen = Expectation<GaussianFamily>(
      zero: GaussianStatistics(origins: components.map(\.mean), shape).near(components))
    seen.assigner = self
    // Patterns of few rows side by side, those of many with all threads: whatever the threads, they merge in their order.
    let isLarge = groups.map { BlockGrid(of: $0.points).occupies(threads) }
    let small = concurrentMap(count: groups.count, threads: threads) { index in
      isLarge[index] ? nil : part(of: groups[index], family, threads: 1)
    }
    for (index, group) in groups.enumerated() {
      seen.merge(small[index] ?? part(of: group, family, threads: threads))
    }
    return seen
  }

  /// What the rows of one pattern tell of all columns.
  private func part(
    of group: PatternGroup, _ family: GaussianFamily, threads: Int
  ) -> Expectation<GaussianFamily> {
    let conditionals = components.map { Conditional($0, observed: group.observed) }
    // Conditional moments need all second moments of correlated columns.
    let isFull =
      family.structure.scatterShape == .full
      || components.contains { if case .full = $0.covariance { true } else { false } }
    let origins =
      group.observed.isEmpty
      ? conditionals.map { _ in [0.0] } : conditionals.compactMap { $0.marginal?.mean }
    let seen = family.expectation(
      assigning: posterior(of: group, conditionals, negligibleShare: family.negligibleShare),
      over: group.points,
      from: GaussianStatistics(origins: origins, isFull ? .full : .diagonal), threads: threads)
    var completed = Expectation<GaussianFamily>(
      zero: GaussianStatistics(
        origins: components.map(\.mean), family.structure.scatterShape))
    completed.logLikelihood = seen.logLikelihood
    completed.pointCount = seen.pointCount
    completed.backgroundCount = seen.backgroundCount
    completed.recentred = seen.recentred
    for (k, own) in seen.statistics.scatters.enumerated() where own.effectiveCount > 0 {
      completed.statistics.add(own, completedBy: conditionals[k], to: k)
    }
    return completed
  }

  /// Responsibilities of rows by their observed cells; of rows without any, the mixing weights.
  func posterior(
    of group: PatternGroup, _ conditionals: [Conditional], negligibleShare: Double = 0
  ) -> PosteriorAssignment<Gaussian> {
    let background = background?.marginal(group.observed, dimension: dimension)
    let marginals = conditionals.compactMap(\.marginal)
    let terms =
      marginals.count == components.count
      ? Gaussian.terms(of: marginals, weights: weights, negligibleShare: negligibleShare)
      : GaussianTerms(ofNothing: weights)
    return PosteriorAssignment(
      terms, componentCount: componentCount, backgroundTerm: background?.logTerm)
  }

  func posterior(of group: PatternGroup) -> PosteriorAssignment<Gaussian> {
    posterior(of: group, components.map { Conditional($0, observed: group.observed) })
  }
}

extension GaussianStatistics {
  /// Adds what a component has learnt from the observed columns of points, completed by what these say of the others.
  mutating func add(_ own: Scatter, completedBy conditional: Conditional, to k: Int) {
    let (count, observed) = (own.effectiveCount, conditional.observed)
    let deviation = zip(own.mean, observed).map { $0 - conditional.mean[$1] }
    let first = conditional.completed(deviation)
    let (transform, columns) = (conditional.transform, observed.count)
    // T W, row by row.
    var product = Array(repeating: 0.0, count: transform.count)
    for i in first.indices {
      for c in 0..<columns where transform[i * columns + c] != 0 {
        let factor = transform[i * columns + c]
        for j in 0..<columns { product[i * columns + j] += factor * own.entry(c, j) }
      }
    }
    add(
      count: count, first: first.map { count * $0 }, to: k,
      second: { i, j in
        var sum = count * (first[i] * first[j] + conditional.covarianceEntry(i, j))
        for c in 0..<columns { sum += product[i * columns + c] * transform[j * columns + c] }
        return sum
      })
  }
}

extension Scatter {
  /// Entry (i, j); zero beside the diagonal where only that is known.
  fileprivate func entry(_ i: Int, _ j: Int) -> Double {
    switch shape {
    case .full: values[packedIndex(max(i, j), min(i, j))]
    case .diagonal, .trace: i == j ? values[min(i, values.count - 1)] : 0
    }
  }
}

extension Background {
  /// That of some columns. Of a volume of which only the logarithm is known, each column has an equal part.
  func marginal(_ columns: [Int], dimension: Int) -> Background {
    let logDensity =
      logLengths.map { lengths in -columns.reduce(0) { $0 + lengths[$1] } }
      ?? logDensity * Double(columns.count) / Double(dimension)
    return Background(fitted: weight, logDensity: logDensity)
  }
}
