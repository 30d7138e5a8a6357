import MixtureKernels

extension Mixture where Component == Gaussian {
  /// Fits a Gaussian mixture by maximum likelihood: EM from several starts, the best kept.
  ///
  /// - Parameters:
  ///   - points: *n* points; weights, if any, count as repetitions.
  ///   - components: K, from 1 to *n*.
  ///   - structure: what the covariances have in common.
  ///   - start: the way to the first mixture.
  ///   - options: stopping, restarts, seed, floor, threads.
  /// - Throws: ``DataError`` for data that no start can fit, ``ParameterError`` for a start or
  ///   structure that does not match them, ``DegenerateFitError`` where every start degenerated.
  /// - Complexity: O(*nKd*²) time per iteration for full covariances, O(*nKd*) for diagonal; memory
  ///   beside the points O(K*d*²) per thread.
  ///
  /// Source: Bishop (2006), *Pattern Recognition and Machine Learning*, §9.2.2; McLachlan & Peel
  /// (2000), *Finite Mixture Models*, ch. 3.
  public static func fit(
    _ points: any PointSource, components: Int, structure: CovarianceStructure = .vvv,
    from start: any StartingMethod = KMeansStart(), options: FitOptions = FitOptions()
  ) throws -> Fit {
    let summary = try DataSummary(of: points, threads: options.threads)
    let problem = try FitProblem(points, summary: summary, structure: structure, options: options)
    return try problem.fit(components: components, from: start, options: options)
  }

  /// The mixture that one of the starts of ``fit(_:components:structure:from:options:)`` begins with, before its first
  /// iteration.
  ///
  /// - Parameter number: which start, counting from zero; a method that draws nothing has only one.
  /// - Throws: what a fit throws; ``Degeneracy`` where this start has no mixture.
  public static func start(
    _ number: Int = 0, of points: any PointSource, components: Int,
    structure: CovarianceStructure = .vvv, from start: any StartingMethod = KMeansStart(),
    options: FitOptions = FitOptions()
  ) throws -> GaussianMixture {
    let summary = try DataSummary(of: points, threads: options.threads)
    let problem = try FitProblem(points, summary: summary, structure: structure, options: options)
    try problem.checkCount(components)
    let mixture = try problem.start(number, 0, components: components, from: start, options)
    try points.checkReading()
    return mixture
  }
}

extension Background {
  /// That of a start; `nil` for none.
  fileprivate init?(
    _ options: FitOptions, _ summary: DataSummary, _ points: any PointSource
  ) throws(ParameterError) {
    let ranges = summary.ranges.map { range in
      let length = range.upperBound - range.lowerBound
      return length > 0 ? naturalLog(length) : 0
    }
    let logDensity: Double
    switch options.background {
    case .none: return nil
    case .overData: logDensity = -summary.logVolume(of: points, threads: options.threads)
    case .density(let density): logDensity = naturalLog(density)
    }
    // The box has the proportions of the data, whatever its volume.
    let excess = (-logDensity - ranges.reduce(0, +)) / Double(ranges.count)
    try self.init(
      weight: FitProblem.firstBackgroundWeight, logDensity: logDensity,
      logLengths: ranges.map { $0 + excess })
  }
}

extension FitProblem {
  /// - Throws: ``DataError`` for data under which every covariance of the structure is singular.
  package init(
    _ points: any PointSource, summary: DataSummary, structure: CovarianceStructure,
    options: FitOptions
  ) throws {
    self.points = points.held
    self.summary = summary
    var family = try GaussianFamily(
      structure, ofAll: summary, covarianceFloor: options.covarianceFloor,
      negligibleShare: options.skipsNegligible ? Safeguards.negligibleShare : 0)
    if let prior = options.prior {
      family.prior = try ResolvedPrior(prior, family.structure, summary)
    }
    try options.frozen.check(family.structure)
    family.frozen = options.frozen
    familyOfAll = family
    threads = options.threads
    isCancelled = options.isCancelled
    background = try Background(options, summary, points)
    try checkSpread()
  }

  private func checkSpread() throws(DataError) {
    let shape = familyOfAll.structure.scatterShape
    let name = familyOfAll.structure.name
    if shape != .trace, let column = summary.constantColumns.first {
      throw .constantColumn(
        column: column, name: summary.featureNames[column],
        value: summary.ranges[column].lowerBound, structure: name)
    }
    guard shape == .full, familyOfAll.covarianceFloor == 0 else { return }
    let dimension = points.dimension
    if summary.rowCount <= dimension {
      throw .tooFewPoints(count: summary.rowCount, dimension: dimension, structure: name)
    }
  }

  /// Each start is tried at most this often: where it degenerates, another takes its place.
  private static let attemptsPerStart = 5

  /// - Parameter isCell: whether the fit is to be compared with others, which a spurious maximum must not win.
  func fit(
    components: Int, from start: any StartingMethod, isCell: Bool = false, options: FitOptions
  ) throws -> Fit {
    let fit = Result { try fitReadable(components, from: start, isCell, options) }
    try points.checkReading()
    return try fit.get()
  }

  /// A fit that is worth something if all points could be read.
  private func fitReadable(
    _ components: Int, from start: any StartingMethod, _ isCell: Bool, _ options: FitOptions
  ) throws -> Fit {
    try checkCount(components)
    let count = options.startCount(components: components, start: start)
    if start.isRandom, components > 1,
      let fit = try race(count, components: components, from: start, isCell, options)
    {
      return fit
    }
    let outcomes = try outcomes(count, components: components, from: start, options: options)
    return try fit(
      honest(outcomes, isCell, options), components: components,
      isOrdered: !start.isRandom || points.labelCount > 0)
  }

  /// Runs to spurious maxima are none. Where nothing else is left they stand, unless the fit is to be compared with others; and
  /// where an exact number of iterations was asked for.
  private func honest(
    _ outcomes: [StartOutcome], _ isCell: Bool, _ options: FitOptions
  ) -> [StartOutcome] {
    guard options.stopping.criterion != nil else { return outcomes }
    let honest = outcomes.map(withoutSpurious)
    return isCell || honest.contains { $0.run != nil } ? honest : outcomes
  }

  func checkCount(_ components: Int) throws(DataError) {
    precondition(components >= 1, "a mixture has at least one component")
    guard components <= summary.rowCount else {
      throw .tooManyComponents(components: components, points: summary.rowCount)
    }
    guard components >= points.labelCount else {
      throw .fewerComponentsThanLabels(components: components, labels: points.labelCount)
    }
  }

  /// What becomes of every start, side by side where one alone does not occupy all threads.
  private func outcomes(
    _ count: Int, components: Int, from start: any StartingMethod, options: FitOptions
  ) throws -> [StartOutcome] {
    let sideBySide = count > 1 && !BlockGrid(of: points).occupies(threads)
    var worker = self
    if sideBySide { worker.threads = 1 }
    return try concurrentMap(
      count: count, threads: sideBySide ? threads : 1,
      throwing: { [worker] index in
        index > 0 && isCancelled()
          ? nil : try worker.outcome(index, components: components, from: start, options: options)
      }
    ).compactMap(\.self)
  }

  /// One start with its replacements; `nil` where the fit was cancelled before it was made.
  private func outcome(
    _ index: Int, components: Int, from start: any StartingMethod, options: FitOptions
  ) throws -> StartOutcome? {
    var starter = self
    starter.isDispensable = index > 0
    do {
      return try outcome(
        index, components, attempts: start.isRandom ? Self.attemptsPerStart : 1, options
      ) { attempt in
        try starter.start(index, attempt, components: components, from: start, options)
      }
    } catch is CancellationError {
      return nil
    }
  }

  /// The mixture that a run begins with.
  fileprivate func start(
    _ index: Int, _ attempt: Int, components: Int, from start: any StartingMethod,
    _ options: FitOptions
  ) throws -> GaussianMixture {
    let seed = SplitMix64.seed(options.seed, stream: index)
    return try start.start(
      self, components: components, seed: SplitMix64.seed(seed, stream: attempt))
  }

  /// On large data: all starts run to their end on a sample, and the best goes on over all points.
  ///
  /// - Returns: `nil` where the data are not large, or no start can be made of the sample alone.
  private func race(
    _ count: Int, components: Int, from start: any StartingMethod, _ isCell: Bool,
    _ options: FitOptions
  ) throws -> Fit? {
    guard let sample = RowSample.forRace(of: points, components: components) else { return nil }
    let outcomes: [StartOutcome]
    do {
      outcomes = try onRaceSample(sample).outcomes(
        count, components: components, from: start, options: options.forHeats)
    } catch is DataError {
      return nil
    }
    let ranking = outcomes.indices.filter { outcomes[$0].run != nil }
      .sorted { outcomes[$0].logLikelihood > outcomes[$1].logLikelihood }
    var final = self
    final.stage = .final
    var spurious: StartOutcome.Run?
    for index in ranking {
      guard let winner = outcomes[index].run else { continue }
      let attempt = outcomes[index].attempts - 1
      let goesOn = options.stopping.criterion != nil
      var outcome = try final.outcome(index, components, attempt: attempt, options) {
        goesOn
          ? winner.em.mixture
          : try onRaceSample(sample).start(
            index, attempt, components: components, from: start, options)
      }
      if goesOn { outcome.run?.start = winner.start }
      guard let best = honest([outcome], true, options)[0].run else {
        spurious = spurious ?? outcome.run
        continue
      }
      return fit(
        best, among: outcomes, components: components, isOrdered: points.labelCount > 0)
    }
    guard !isCell else { return nil }
    return spurious.map {
      fit($0, among: outcomes, components: components, isOrdered: points.labelCount > 0)
    }
  }

  /// The same problem with the points of a sample.
  func onSample(_ sample: any PointSource) -> FitProblem {
    var problem = self
    problem.points = sample.held
    problem.familyOfAll = family
    return problem
  }

  private func onRaceSample(_ sample: RowSample) -> FitProblem {
    var problem = onSample(sample.points)
    problem.stage = .heat
    return problem
  }

  /// Components that no start has put in order are ordered by their means.
  func fit(
    _ outcomes: [StartOutcome], components: Int, isOrdered: Bool
  ) throws -> Fit {
    guard let best = outcomes.best else { throw failure(outcomes, components: components) }
    return fit(best, among: outcomes, components: components, isOrdered: isOrdered)
  }

  private func fit(
    _ best: StartOutcome.Run, among outcomes: [StartOutcome], components: Int, isOrdered: Bool
  ) -> Fit {
    var safeguards = best.em.safeguards
    safeguards.replacedStarts = outcomes.reduce(0) { $0 + $1.attempts - 1 }
    let rejected = outcomes.count { $0.end?.degeneracy.cause == .spurious && $0.run == nil }
    safeguards.spuriousMaxima = rejected
    safeguards.abandonedStarts = outcomes.count { $0.run == nil } - rejected
    let order =
      isOrdered ? Array(0..<components) : best.em.mixture.components.map(\.mean).sortedIndices
    let mixture = best.em.mixture.permuted(order)
    let score = mixture.scoreFinite(points, threads: threads)
    let counts = effectiveCounts(of: best.em)
    return Fit(
      mixture: mixture, start: best.start?.permuted(order), structure: familyOfAll.structure,
      featureNames: summary.featureNames,
      trace: best.em.trace.dropLast()
        + [score.logLikelihood + familyOfAll.logPrior(of: mixture)], stopped: best.stopped,
      certificate: certificate(
        best, among: outcomes.compactMap(\.run), safeguards: safeguards, counts: counts.components),
      score: score, effectiveCounts: order.map { counts.components[$0] },
      backgroundCount: counts.background,
      parameterCount: familyOfAll.structure.parameterCount(
        dimension: points.dimension, components: components)
        + (mixture.background == nil ? 0 : Background.parameterCount)
        - familyOfAll.frozen.parameterCount(
          familyOfAll.structure, dimension: points.dimension, components: components,
          hasBackground: mixture.background != nil),
      constantColumns: summary.constantColumns, unobserved: unobservedColumns(of: mixture))
  }

  /// For each component of a value at least, the columns of which it has less than one.
  private func unobservedColumns(of mixture: GaussianMixture) -> [Int: [Int]] {
    guard let groups = points.patternGroups else { return [:] }
    let columns = Array(0..<points.dimension)
    var all = zeros(mixture.componentCount)
    var observed = mixture.components.map { _ in zeros(columns.count) }
    for group in groups {
      let counts = mixture.expectation(over: [group], family: familyOfAll, threads: threads)
        .effectiveCounts
      for (k, count) in counts.enumerated() {
        all[k] += count
        for column in group.observed { observed[k][column] += count }
      }
    }
    var found: [Int: [Int]] = [:]
    for k in all.indices where all[k] >= 1 {
      let unknown = columns.filter { observed[k][$0] < 1 }
      if !unknown.isEmpty { found[k] = unknown }
    }
    return found
  }

  /// Nₖ and N₀ without the points of which nothing is observed.
  private func effectiveCounts(
    of em: EM<GaussianFamily>
  ) -> (components: [Double], background: Double) {
    let seen = em.expectation
    let unobserved = (points.patternGroups ?? []).filter(\.observed.isEmpty)
    guard !unobserved.isEmpty else { return (seen.effectiveCounts, seen.backgroundCount) }
    let other = em.mixture.expectation(over: unobserved, family: familyOfAll, threads: threads)
    return (
      entrywise(seen.effectiveCounts, other.effectiveCounts, -),
      seen.backgroundCount - other.backgroundCount
    )
  }

  /// The runs may have raced on a sample; per point their gaps are those of all points.
  private func certificate(
    _ best: StartOutcome.Run, among runs: [StartOutcome.Run], safeguards: Safeguards,
    counts: [Double]
  ) -> Certificate {
    let highest = runs.map(\.logLikelihood).max() ?? 0
    let share = (runs.first?.em.expectation.pointCount ?? 1) / best.em.expectation.pointCount
    let tolerance = 1e-6 * best.em.expectation.pointCount
    let gaps = runs.map { (highest - $0.logLikelihood) / share }
    return Certificate(
      starts: runs.count, reachedBest: gaps.count { $0 <= tolerance },
      gapToNext: gaps.filter { $0 > tolerance }.min(),
      predictedRemainingGain: best.em.predictedRemainingGain,
      smallestEffectiveCount: counts.min() ?? 0,
      innerIterations: best.em.state.innerIterations,
      worstCondition: best.em.mixture.components.map {
        summary.scale.conditionNumber(of: $0.covariance)
      }.max() ?? 1,
      safeguards: safeguards)
  }

  /// Why there is no fit: the data themselves, if all points together are collinear as well.
  private func failure(_ outcomes: [StartOutcome], components: Int) -> any Error {
    let last = outcomes.last?.end
    if case .collinear = last?.degeneracy.cause, let column = collinearColumn {
      return DataError.collinearColumn(
        column: column, name: summary.featureNames[column], structure: familyOfAll.structure.name)
    }
    return DegenerateFitError(
      structure: familyOfAll.structure, components: components, featureNames: summary.featureNames,
      attempts: outcomes.reduce(0) { $0 + $1.attempts },
      degeneracy: last?.degeneracy ?? Degeneracy(component: 0, effectiveCount: 0, cause: .noPoints),
      iteration: last?.iteration ?? 0)
  }

  /// The first column that is a linear combination of those before it, over all points.
  private var collinearColumn: Int? {
    do throws(CholeskyFactor.NotPositiveDefinite) {
      _ = try CholeskyFactor(
        packed: summary.covariance.lowerTriangle, dimension: points.dimension)
      return nil
    } catch {
      return error.column
    }
  }
}

extension [[Double]] {
  /// The order by the first coordinate, then the second, ….
  fileprivate var sortedIndices: [Int] {
    indices.sorted { self[$0].lexicographicallyPrecedes(self[$1]) }
  }
}
