/// A fitted Gaussian mixture, with how it was reached and how far it can be trusted.
public struct Fit: Sendable {
  /// The result: the best of all starts. Without a given start, its components are ordered by their
  /// means, first coordinate first.
  public let mixture: GaussianMixture

  /// What the run that led to it began with; `nil` where a journal took it up further on.
  public let start: FitStart?

  /// What its covariances have in common, as it reads in the dimension of the data.
  public let structure: CovarianceStructure

  /// One name per dimension.
  public let featureNames: [String]

  /// ℓ, with the logarithm of the prior if there is one, after 0, 1, … ``iterations`` iterations: the start's first, the result's
  /// last.
  public let trace: [Double]

  /// Why EM stopped.
  public let stopped: StopReason

  /// How far the result can be trusted.
  public let certificate: Certificate

  /// The log-likelihood and the sums behind the criteria.
  public let score: Score

  /// Nₖ = Σᵢ wᵢrᵢₖ of each component, over the points of which a cell is observed.
  public let effectiveCounts: [Double]

  /// N₀, the same of the background; zero without one.
  public let backgroundCount: Double

  /// Free mixing weights, means and covariance parameters.
  public let parameterCount: Int

  /// The columns, counting from zero, in which all points have the same value.
  let constantColumns: [Int]

  /// By component, the columns of which no point of it has a value.
  let unobserved: [Int: [Int]]

  /// ℓ of ``mixture``: natural logarithm, summed over points.
  public var logLikelihood: Double { score.logLikelihood }

  /// ℓ with the logarithm of the prior, up to a constant: what EM climbs; ℓ itself where there is no prior.
  public var logPosterior: Double { trace[trace.count - 1] }

  /// The number of passes over the points after the first: each the E-step of an M-step's mixture or of an
  /// extrapolation, which may have been given up.
  public var iterations: Int { trace.count - 1 }

  /// −2ℓ + p ln n, smaller is better.
  public var bic: Double { value(.bic) }

  /// The criterion of this fit, smaller is better.
  public func value(_ criterion: InformationCriterion) -> Double {
    criterion.value(score, parameterCount)
  }

  /// What a reader should know before trusting the result.
  public var warnings: [FitWarning] {
    var found: [FitWarning] = []
    switch stopped {
    case .iterationLimit: found.append(.iterationLimit(iterations))
    case .cancelled: found.append(.cancelled(iterations))
    default: break
    }
    if certificate.safeguards.covarianceFloor > 0 {
      found.append(.floorActed(certificate.safeguards.covarianceFloor))
    }
    if certificate.starts >= 5, certificate.reachedBest == 1 {
      found.append(.bestReachedOnce(starts: certificate.starts))
    }
    if !constantColumns.isEmpty {
      found.append(
        .constantColumns(numbers: constantColumns, names: constantColumns.map { featureNames[$0] }))
    }
    return found + unobservedColumns + thinComponents
  }

  private var unobservedColumns: [FitWarning] {
    unobserved.sorted { $0.key < $1.key }.map { component, columns in
      .unobserved(
        component: component, numbers: columns, names: columns.map { featureNames[$0] })
    }
  }

  /// A warning for each component that rests on fewer points than its covariance has directions; beyond
  /// three of them, one for all.
  private var thinComponents: [FitWarning] {
    let counts = effectiveCounts
    let thin = counts.indices.filter { counts[$0] < Double(mixture.dimension + 1) }
    guard thin.count <= 3 else {
      return [.manyWithFewPoints(thin.count, dimension: mixture.dimension)]
    }
    return thin.map {
      .fewPoints(component: $0, effectiveCount: counts[$0], dimension: mixture.dimension)
    }
  }
}

/// What a run of EM began with.
public struct FitStart: Sendable, Equatable {
  /// The mixture of the first E-step. Components have the numbers that they have in the fit.
  public let mixture: GaussianMixture

  /// Whether it was made of another fit of a search, and not of points.
  public internal(set) var isDerived = false

  func permuted(_ order: [Int]) -> FitStart {
    FitStart(mixture: mixture.permuted(order), isDerived: isDerived)
  }
}

/// How far a fit can be trusted.
public struct Certificate: Sendable, Equatable {
  /// How many starts ran to their end, on a sample where they raced on one.
  public let starts: Int

  /// How many of them came within 10⁻⁶ per point of the best log-likelihood.
  public let reachedBest: Int

  /// By how much the best log-likelihood exceeds the next lower one; `nil` if all starts reached it.
  public let gapToNext: Double?

  /// What Aitken's extrapolation, or after accelerated steps their model, predicts that more iterations would add to ℓ; `nil` where
  /// it predicts nothing.
  public let predictedRemainingGain: Double?

  /// The smallest Nₖ.
  public let smallestEffectiveCount: Double

  /// How many rounds the inner loops of M-steps made, for structures without a closed form.
  public let innerIterations: Int

  /// The largest ratio of eigenvalues of a covariance, in units of the columns' standard deviations.
  public let worstCondition: Double

  /// How often each safeguard acted.
  public let safeguards: Safeguards
}

/// Something a reader should know before trusting a fit.
public enum FitWarning: Sendable, Equatable, CustomStringConvertible {
  /// EM came to its limit of iterations.
  case iterationLimit(Int)
  /// EM was interrupted.
  case cancelled(Int)
  /// A search was interrupted.
  case searchCancelled(skipped: Int, planned: Int)
  /// A search was interrupted before its criterion had a value.
  case choiceCancelled(criterion: String)
  /// The best number of components is the largest or smallest that was tried.
  case edgeOfSearch(components: Int, isUpper: Bool)
  /// The covariance floor changed covariances, so often.
  case floorActed(Int)
  /// Only one start reached the best log-likelihood.
  case bestReachedOnce(starts: Int)
  /// A component rests on fewer points than its covariance has directions.
  case fewPoints(component: Int, effectiveCount: Double, dimension: Int)
  /// So many components do.
  case manyWithFewPoints(Int, dimension: Int)
  /// All points have the same value in these columns, counting from zero.
  case constantColumns(numbers: [Int], names: [String])
  /// No point of a component has a value in these columns, counting from zero.
  case unobserved(component: Int, numbers: [Int], names: [String])

  public var description: String {
    switch self {
    case .iterationLimit(let iterations):
      "Not converged: stopped at the limit of \(iterations) iterations. Allow more iterations."
    case .cancelled(let iterations):
      "Interrupted after \(iterations) iterations: this is the best mixture so far."
    case .searchCancelled(let skipped, let planned):
      "Interrupted before all was tried: \(skipped) of \(planned) fits were not begun."
    case .choiceCancelled(let criterion):
      "Interrupted before all was tried: chosen by BIC, not by the \(criterion.lowercased())."
    case .edgeOfSearch(let components, let isUpper):
      "The best fit has the \(isUpper ? "largest" : "smallest") number of components that was tried, \(components): "
        + "try \(isUpper ? "more" : "fewer") (-k)."
    case .floorActed(let times):
      "The covariance floor acted \(times == 1 ? "once" : "\(times) times"): the result depends on it."
    case .bestReachedOnce(let starts):
      "Only 1 of \(starts) starts reached this log-likelihood: more restarts may find a better one."
    case .manyWithFewPoints(let components, let dimension):
      "\(components) components rest on fewer than \(dimension + 1) effective points in "
        + "\(dimension) dimension\(dimension == 1 ? "" : "s"): they may be artefacts."
    case .fewPoints(let component, let count, let dimension):
      "Component \(component + 1) rests on \((count * 10).rounded() / 10) effective points in "
        + "\(dimension) dimension\(dimension == 1 ? "" : "s"): it may be an artefact."
    case .constantColumns(let numbers, let names):
      Self.description(constant: zip(numbers, names).map { "\($0 + 1) (\($1))" })
    case .unobserved(let component, let numbers, let names):
      "Component \(component + 1) rests on no value of column\(numbers.count == 1 ? "" : "s") "
        + Self.list(zip(numbers, names).map { "\($0 + 1) (\($1))" })
        + ": what it is there is what the start made of it."
    }
  }

  private static func list(_ columns: [String]) -> String {
    columns.prefix(5).joined(separator: ", ") + (columns.count > 5 ? ", …" : "")
  }

  private static func description(constant columns: [String]) -> String {
    let shown = list(columns)
    return columns.count == 1
      ? "Column \(shown) is constant: it tells no components apart, and makes every variance smaller. Exclude it."
      : "\(columns.count) columns are constant, \(shown): they tell no components apart, and make every variance smaller. Exclude them."
  }
}

/// Every start of a fit degenerated.
public struct DegenerateFitError: Error, Sendable, CustomStringConvertible {
  /// What was fitted.
  public let structure: CovarianceStructure

  /// K.
  public let components: Int

  /// One name per dimension.
  public let featureNames: [String]

  /// How many starts were tried.
  public let attempts: Int

  /// The last start's end.
  public let degeneracy: Degeneracy

  /// After how many iterations it ended; zero: in the start itself.
  public let iteration: Int

  public var description: String {
    let component = degeneracy.component + 1
    let count = (degeneracy.effectiveCount * 1000).rounded() / 1000
    let dimension = featureNames.count
    return "Component \(component) of \(components) \(what) "
      + (iteration == 0 ? "at the start" : "at iteration \(iteration)")
      + ": \(count) effective points in \(dimension) dimension\(dimension == 1 ? "" : "s")"
      + (attempts > 1 ? "; none of \(attempts) starts led to a fit" : "") + ". "
      + remedies
  }

  private var what: String {
    switch degeneracy.cause {
    case .noPoints: "lost its points"
    case .spurious: "is an artefact of a few points"
    case .collapsed where structure.scatterShape == .trace: "collapsed to a point"
    case .collapsed(let column): "collapsed along \(featureNames[column])"
    case .collinear(let column): "became singular in \(featureNames[column])"
    }
  }

  private var remedies: String {
    let dimension = featureNames.count
    func count(_ structure: CovarianceStructure) -> Int {
      structure.covarianceParameterCount(dimension, components)
    }
    let simpler = CovarianceStructure.all(inDimension: dimension)
      .filter { count($0) < count(structure) }.map(\.name)
    return "Use fewer components, "
      + (simpler.isEmpty
        ? "" : "a structure with fewer parameters (\(simpler.joined(separator: ", "))), ")
      + "or a covariance floor (--floor 1e-6)."
  }
}
