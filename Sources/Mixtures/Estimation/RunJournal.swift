/// Where the runs of EM are written down, so that a fit that was ended from outside can go on.
///
/// A fit asks for the entry of every run before it makes its start, and goes on from there: with the
/// same points and options it ends with the same bits as if it had never been interrupted. Both
/// functions are called from several threads at a time, never for the same run.
public protocol RunJournal: Sendable {
  /// What was last recorded of a run; `nil` if nothing.
  func entry(of run: RunName) -> RunEntry?

  /// Called with the start of a run, after each of its iterations, and where it degenerates.
  func record(_ entry: RunEntry, of run: RunName)
}

/// Which run of EM it is, among those of a fit or a search.
public struct RunName: Sendable, Hashable {
  /// What is fitted.
  public let structure: CovarianceStructure

  /// K.
  public let components: Int

  /// Which start, counting from zero.
  public let start: Int

  /// How many starts it replaces that degenerated.
  public let attempt: Int

  /// Its part in a race.
  public let stage: RunStage

  /// The fold that its points are without, counting from zero; `nil` where they are all.
  public private(set) var fold: Int?

  package init(
    structure: CovarianceStructure, components: Int, start: Int, attempt: Int,
    stage: RunStage = .alone, fold: Int? = nil
  ) {
    self.stage = stage
    self.fold = fold
    self.structure = structure
    self.components = components
    self.start = start
    self.attempt = attempt
  }

  /// The same run without the points of a fold.
  func without(fold: Int) -> RunName {
    var name = self
    name.fold = fold
    return name
  }
}

/// What a run of EM is for.
public enum RunStage: String, Sendable, CaseIterable {
  /// There is no race: it runs on all points, to the end.
  case alone
  /// It races on a sample of the points.
  case heat
  /// It goes on over all points from where it won.
  case final
  /// As a heat, of starts that came to light when the rest of a search was done.
  case lateHeat = "late heat"
  /// As a final, after late heats.
  case lateFinal = "late final"
}

/// How far a run of EM has come. Whether it has stopped follows from its state.
public enum RunEntry: Sendable, Equatable {
  /// The state from which the next iteration is made.
  case reached(EMState<Gaussian>)

  /// It has no result.
  case degenerate(DegenerateRun)
}

/// Where a run of EM degenerated.
public struct DegenerateRun: Error, Sendable, Equatable {
  /// Which component, and how.
  public let degeneracy: Degeneracy

  /// After how many iterations; zero: in the start itself.
  public let iteration: Int

  package init(degeneracy: Degeneracy, iteration: Int) {
    self.degeneracy = degeneracy
    self.iteration = iteration
  }
}
