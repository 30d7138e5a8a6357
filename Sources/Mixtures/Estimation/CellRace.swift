/// A way to a first mixture, of no particular structure.
struct Candidate: Sendable {
  let start: @Sendable (FitProblem) throws -> GaussianMixture

  /// Whether it goes on to the end however its short run ends: other software has nothing but such starts.
  let runsToEnd: Bool

  /// Whether it comes from another fit. Such a one is high from the beginning, and would leave no room to others.
  let isDerived: Bool

  init(
    runsToEnd: Bool = false, isDerived: Bool = false,
    _ start: @escaping @Sendable (FitProblem) throws -> GaussianMixture
  ) {
    self.start = start
    self.runsToEnd = runsToEnd
    self.isDerived = isDerived
  }

  /// A mixture that is there already.
  init(_ mixture: GaussianMixture) { self.init(isDerived: true) { _ in mixture } }
}

extension FitProblem {
  /// Every candidate runs this many iterations; the promising ones go on.
  private static let heatIterations = 8

  /// So many candidates that stand at different places go on to the end, of those that are drawn and of those that come from other
  /// fits, beside those that always do.
  private static let finalists = 2

  /// The best of several candidates: short runs for all, the promising to the end.
  ///
  /// Where `arena` is given, starts are made and short runs are run on its points, a sample of all; on all points if none
  /// has a result on the sample.
  ///
  /// - Throws: ``DegenerateFitError`` where no candidate has a result; what its start throws where none can start.
  func fit(
    components: Int, racing candidates: [Candidate], in arena: (any PointSource)?,
    isLate: Bool = false, options: FitOptions
  ) throws -> Fit {
    try checkCount(components)
    let fit = Result { try raced(components, candidates, arena, isLate, options) }
    try points.checkReading()
    return try fit.get()
  }

  private func raced(
    _ components: Int, _ candidates: [Candidate], _ arena: (any PointSource)?, _ isLate: Bool,
    attempt: Int = 0, _ options: FitOptions
  ) throws -> Fit {
    var runner = arena.map(onSample) ?? self
    runner.stage = isLate ? .lateHeat : .heat
    let (heats, error) = try runner.heats(components, candidates, attempt, options)
    if arena != nil, heats.allSatisfy({ $0.run == nil }), !isCancelled() {
      return try raced(components, candidates, nil, isLate, attempt: 1, options)
    }
    runner = self
    runner.stage = isLate ? .lateFinal : .final
    let ranking = heats.indices.filter { heats[$0].run != nil }
      .sorted { (-heats[$0].logLikelihood, $0) < (-heats[$1].logLikelihood, $1) }
    var finals: [StartOutcome] = []
    var places: [Double] = []
    var (drawn, derived) = (0, 0)
    for index in ranking {
      let isDerived = candidates[index].isDerived
      let isAmongBest = (isDerived ? derived : drawn) < Self.finalists
      guard isAmongBest || candidates[index].runsToEnd, let heat = heats[index].run else {
        continue
      }
      let place = heat.logLikelihood / heat.em.expectation.pointCount
      // Who stands at the same height stands at the same place, or gains nothing by another.
      if places.contains(where: { abs($0 - place) <= 1e-6 }) { continue }
      if !finals.isEmpty, isCancelled() { break }
      let final = try runner.final(heat, index, components, candidates[index], arena, options)
      if final.run != nil { places.append(place) }
      finals.append(withoutSpurious(final))
      guard finals.last?.run != nil, !candidates[index].runsToEnd else { continue }
      if isDerived { derived += 1 } else { drawn += 1 }
    }
    if let error, finals.allSatisfy({ $0.run == nil }) { throw error }
    return try fit(
      finals + heats.filter { $0.run == nil }, components: components, isOrdered: false)
  }

  /// A run to a spurious maximum is none. With a covariance floor the likelihood is bounded, and there are none.
  func withoutSpurious(_ outcome: StartOutcome) -> StartOutcome {
    guard let run = outcome.run, familyOfAll.covarianceFloor == 0,
      let k = run.em.mixture.spuriousComponent(of: familyOfAll.structure, in: summary)
    else { return outcome }
    let count = run.em.mixture.weights[k] * summary.pointCount
    var rejected = outcome
    rejected.run = nil
    rejected.end = DegenerateRun(
      degeneracy: Degeneracy(component: k, effectiveCount: count, cause: .spurious),
      iteration: run.em.iterations)
    return rejected
  }

  /// The short runs, and what is wrong with the data where that keeps one from starting.
  private func heats(
    _ components: Int, _ candidates: [Candidate], _ attempt: Int, _ options: FitOptions
  ) throws -> (outcomes: [StartOutcome], error: DataError?) {
    var short = options.forHeats
    short.acceleration = .off
    short.stopping = .when(
      .gain, below: short.stopping.tolerance,
      limit: min(Self.heatIterations, options.stopping.iterationLimit))
    var outcomes: [StartOutcome] = []
    var first: DataError?
    for (index, candidate) in candidates.enumerated() {
      if index > 0, isCancelled() { break }
      do {
        outcomes.append(
          try outcome(index, components, attempt: attempt, short) { try candidate.start(self) })
      } catch let error as DataError {
        outcomes.append(StartOutcome(attempts: 1))
        first = first ?? error
      }
    }
    return (outcomes, first)
  }

  /// A short run goes on over all points. An exact number of iterations begins where the short run began.
  private func final(
    _ heat: StartOutcome.Run, _ index: Int, _ components: Int, _ candidate: Candidate,
    _ arena: (any PointSource)?, _ options: FitOptions
  ) throws -> StartOutcome {
    guard options.stopping.criterion != nil else {
      var final = try outcome(index, components, options) {
        try candidate.start(arena.map(onSample) ?? self)
      }
      final.run?.start?.isDerived = candidate.isDerived
      return final
    }
    var final =
      if arena == nil {
        try outcome(index, components, options, continuing: heat.em)
      } else {
        try outcome(index, components, options) { heat.em.mixture }
      }
    final.run?.start = heat.start
    final.run?.start?.isDerived = candidate.isDerived
    return final
  }
}
