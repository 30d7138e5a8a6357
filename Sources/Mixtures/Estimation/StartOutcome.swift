/// What became of one start.
struct StartOutcome: Sendable {
  /// A run of EM that came to an end.
  struct Run: Sendable {
    let em: EM<GaussianFamily>
    let stopped: StopReason

    /// What it began with; `nil` where a journal took it up further on.
    var start: FitStart?

    /// ℓ, with the logarithm of the prior if there is one.
    var logLikelihood: Double { em.trace[em.iterations] }

    /// By more than rounding, so that the first of equals is kept.
    func exceeds(_ other: Run) -> Bool {
      logLikelihood - other.logLikelihood > roundingOfGain(other.em.trace)
    }
  }

  /// How many mixtures were tried as its first.
  var attempts = 0

  /// `nil` where all attempts degenerated.
  var run: Run?

  /// Where the last attempt ended that degenerated.
  var end: DegenerateRun?

  var logLikelihood: Double { run?.logLikelihood ?? -.infinity }
}

extension [StartOutcome] {
  /// The run with the highest log-likelihood, the first of equals.
  var best: StartOutcome.Run? {
    let runs = compactMap(\.run)
    guard var best = runs.first else { return nil }
    for run in runs.dropFirst() where run.exceeds(best) { best = run }
    return best
  }
}

extension FitProblem {
  /// Runs EM from what `start` gives, at most `attempts` times, until one does not degenerate.
  ///
  /// - Throws: what `start` throws, other than ``Degeneracy``.
  func outcome(
    _ index: Int, _ components: Int, attempts: Int, _ options: FitOptions,
    from start: (_ attempt: Int) throws -> GaussianMixture
  ) throws -> StartOutcome {
    var outcome = StartOutcome()
    for attempt in 0..<attempts where outcome.run == nil {
      outcome.attempts += 1
      let last = try self.outcome(index, components, attempt: attempt, options) {
        try start(attempt)
      }
      (outcome.run, outcome.end) = (last.run, last.end ?? outcome.end)
    }
    return outcome
  }

  /// Runs EM once from what `start` gives.
  func outcome(
    _ index: Int, _ components: Int, attempt: Int = 0, _ options: FitOptions,
    from start: () throws -> GaussianMixture
  ) throws -> StartOutcome {
    try outcome(index, components, attempt, options) {
      EM(familyOfAll, from: try start(), over: points, threads: threads)
    }
  }

  /// Runs EM on from where it stands.
  func outcome(
    _ index: Int, _ components: Int, _ options: FitOptions, continuing em: EM<GaussianFamily>
  ) throws -> StartOutcome {
    try outcome(index, components, 0, options) { em.goingOn(isAccelerated: options.accelerates) }
  }

  private func outcome(
    _ index: Int, _ components: Int, _ attempt: Int, _ options: FitOptions,
    begin: () throws -> EM<GaussianFamily>
  ) throws -> StartOutcome {
    let name = RunName(
      structure: familyOfAll.structure, components: components, start: index, attempt: attempt,
      stage: stage)
    var outcome = StartOutcome(attempts: 1)
    do {
      outcome.run = try run(name, options, begin: begin)
    } catch let end as DegenerateRun {
      // A start that was interrupted is not the start.
      if !isCancelled() { options.journal?.record(.degenerate(end), of: name) }
      outcome.end = end
    }
    return outcome
  }

  /// EM until the options stop it, from where the journal left it if there is one that knows it.
  ///
  /// - Throws: ``DegenerateRun``, and what `begin` throws.
  private func run(
    _ name: RunName, _ options: FitOptions, begin: () throws -> EM<GaussianFamily>
  ) throws -> StartOutcome.Run {
    let entry = options.journal?.entry(of: name)
    var em = try begun(entry, isAccelerated: options.accelerates, begin: begin)
    let start = em.iterations == 0 ? FitStart(mixture: em.mixture) : nil
    // A start that was interrupted is not the start.
    if entry == nil, !isCancelled() { options.journal?.record(.reached(em.state), of: name) }
    while true {
      options.report(
        FitProgress(
          structure: name.structure, components: name.components, start: name.start,
          iteration: em.iterations, logLikelihood: em.trace[em.iterations], gain: em.gain))
      if let stopped = isCancelled() ? .cancelled : options.stopping.reason(em) {
        return StartOutcome.Run(em: em, stopped: stopped, start: start)
      }
      do throws(Degeneracy) {
        if options.accelerates {
          try em.acceleratedStep(over: points, threads: threads)
        } else {
          try em.step(over: points, threads: threads)
        }
      } catch {
        throw DegenerateRun(degeneracy: error, iteration: em.iterations + 1)
      }
      options.journal?.record(.reached(em.state), of: name)
    }
  }

  private func begun(
    _ entry: RunEntry?, isAccelerated: Bool, begin: () throws -> EM<GaussianFamily>
  ) throws -> EM<GaussianFamily> {
    switch entry {
    case .reached(let state):
      return EM(
        familyOfAll, resuming: state, isAccelerated: isAccelerated, over: points, threads: threads)
    case .degenerate(let end): throw end
    case nil: break
    }
    do {
      return try begin()
    } catch let degeneracy as Degeneracy {
      throw DegenerateRun(degeneracy: degeneracy, iteration: 0)
    }
  }
}
