import MixtureKernels

/// How a fit is made: a plain value.
public struct FitOptions: Sendable {
  /// When EM has done enough.
  public var stopping = StoppingRule.standard

  /// How many starts are made, of which the best is kept. `nil`: ten; one for a single component. On large
  /// data they race on a sample of the rows, and the best goes on over all points.
  public var restarts: Int?

  /// Whether EM extrapolates its path. An exact number of iterations is always made of plain steps.
  public var acceleration = Acceleration.automatic

  /// From which the seed of every start is derived.
  public var seed: UInt64 = 1

  /// The smallest variance in any direction, relative to that of the data along each column: from 0, for none, to below 1, which is a
  /// precondition.
  public var covarianceFloor = 0.0

  /// What is believed of the parameters before any point is seen; `nil` for nothing: maximum likelihood. With a prior, steps are
  /// plain.
  public var prior: ConjugatePrior?

  /// What stays as it is in the start. Steps are plain then.
  public var frozen = FrozenParts()

  /// Whether a component of constant density takes the points that no other describes. Steps are plain while its weight is positive.
  public var background = BackgroundChoice.none

  /// Whether what is lost in rounding is left out: components that have no share of a point worth mentioning. It saves time
  /// where components are well separated, and none where they overlap.
  public var skipsNegligible = true

  /// How many threads work; changes no bit of the result.
  public var threads = processorCount

  /// Asked between iterations; once true, the fit returns the best so far.
  public var isCancelled: @Sendable () -> Bool = { false }

  /// Told after every iteration, from any thread.
  public var report: @Sendable (FitProgress) -> Void = { _ in }

  /// Where every run is written down after each iteration, and taken up again; `nil` for nowhere.
  public var journal: (any RunJournal)?

  /// The defaults.
  public init() {}

  /// Whether steps are accelerated; an exact number of iterations is one of M-steps.
  var accelerates: Bool {
    acceleration == .automatic && stopping.criterion != nil && prior == nil && frozen.isEmpty
  }

  func startCount(components: Int, start: any StartingMethod) -> Int {
    guard start.isRandom else { return 1 }
    precondition(restarts ?? 1 >= 1, "at least one start")
    return restarts ?? (components > 1 ? 10 : 1)
  }
}

/// Which background a mixture is fitted with. Its weight is estimated.
public enum BackgroundChoice: Sendable, Equatable {
  /// No background.
  case none
  /// One over the volume in which the data lie: that of the smaller of two boxes, along the columns and along the principal
  /// axes. Missing cells stand at their conditional means under one Gaussian.
  case overData
  /// One of the given density, in reciprocal units of the columns.
  case density(Double)
}

extension FitOptions {
  /// Those of runs on a sample: they tell nobody, and run to where a longer one would gain next to nothing.
  var forHeats: FitOptions {
    var options = self
    options.report = { _ in }
    let standard = StoppingRule.standard
    let tolerance = stopping.criterion == .gain ? stopping.tolerance : 0
    options.stopping = .when(
      .gain, below: max(standard.tolerance, tolerance), limit: standard.iterationLimit)
    return options
  }
}

/// Where a fit is.
public struct FitProgress: Sendable {
  /// What is fitted.
  public let structure: CovarianceStructure

  /// K.
  public let components: Int

  /// Which start, counting from zero.
  public let start: Int

  /// How many iterations are made.
  public let iteration: Int

  /// ℓ now, with the logarithm of the prior if there is one: what rises.
  public let logLikelihood: Double

  /// That of the last iteration, infinite at the start.
  public let gain: Double
}
