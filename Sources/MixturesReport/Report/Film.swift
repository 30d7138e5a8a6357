import Mixtures

/// Expectation–maximisation from its start to its end, frame by frame: plain EM, one frame an iteration.
///
/// Beyond 5,000 points it runs on a seeded sample of them.
public struct Film: Sendable {
  /// EM after some iterations.
  public struct Frame: Sendable {
    /// How many iterations were made.
    public let iteration: Int

    /// ℓ of ``mixture`` on the points of the film, with the logarithm of the prior if there is one.
    public let logLikelihood: Double

    /// The parameters.
    public let mixture: GaussianMixture
  }

  /// Why the film ends.
  public enum Ending: Sendable, Equatable {
    /// The gain fell below the tolerance.
    case converged
    /// As many iterations as were allowed were made.
    case iterationLimit
    /// A component degenerated, as told.
    case degenerate(String)
  }

  /// The start first, the end last; between them every iteration or, of a long run, the first half of the frames and then
  /// evenly spaced ones.
  public private(set) var frames: [Frame]

  /// The log-likelihood after 0, 1, … iterations, of those too that have no frame.
  package let trace: [Double]

  /// The points that EM saw; NaN where a cell is missing.
  public let points: Matrix

  /// The weight of each point; `nil` if all are one.
  public let weights: [Double]?

  /// How many points there were to choose from.
  public let totalCount: Int

  /// What the covariances have in common.
  public let structure: CovarianceStructure

  /// Why it ends.
  public let ending: Ending

  /// The start.
  package var first: Frame { frames[0] }

  /// The end.
  package var last: Frame { frames[frames.count - 1] }

  /// Whether every iteration has its frame.
  package var isComplete: Bool { frames.count == trace.count }

  /// The rows whose weight is not zero.
  var countingRows: [Int] {
    (0..<points.rowCount).filter { (weights?[$0] ?? 1) > 0 }
  }

  /// Whether EM saw a sample of the points.
  public var isSample: Bool { points.rowCount < totalCount }

  /// How many points a film shows.
  public static let pointLimit = 5_000

  /// Runs EM from a given mixture.
  ///
  /// - Parameters:
  ///   - points: *n* points, with weights and labels if there are such.
  ///   - start: what the first E-step uses.
  ///   - structure: what the covariances have in common.
  ///   - options: the prior, what is frozen, the floor, the gain per point below which the film ends, by default 10⁻⁸, and
  ///     the seed of the sample.
  ///   - iterationLimit: at least zero.
  ///   - frameLimit: how many frames are kept, at least two.
  /// - Throws: ``DataError`` or ``ParameterError`` where EM cannot begin.
  /// - Complexity: that of the iterations on at most ``pointLimit`` points.
  public init(
    of points: any PointSource, from start: GaussianMixture,
    structure: CovarianceStructure = .vvv, options: FitOptions = FitOptions(),
    iterationLimit: Int = 1000, frameLimit: Int = 200
  ) throws {
    guard start.dimension == points.dimension else {
      throw DataError.dimensionMismatch(found: points.dimension, expected: start.dimension)
    }
    let (sample, seen) = try Self.shown(points, seed: options.seed)
    let problem = try FitProblem(
      seen, summary: DataSummary(of: seen), structure: structure, options: options)
    let run = Self.run(
      EM(problem.family, from: start, over: seen, threads: options.threads), over: seen,
      tolerance: Self.tolerance(options.stopping), limit: iterationLimit, threads: options.threads)
    frames = Self.chosen(run.frames, limit: max(2, frameLimit))
    trace = run.frames.map(\.logLikelihood)
    ending = run.ending
    self.points = sample.points
    weights = sample.weights
    totalCount = points.count
    self.structure = problem.family.structure
  }

  /// Runs EM from the start that a method makes of the points of the film.
  ///
  /// - Throws: as ``init(of:from:structure:options:iterationLimit:frameLimit:)``, and where the method finds no start.
  public init(
    of points: any PointSource, components: Int, structure: CovarianceStructure = .vvv,
    from method: any StartingMethod = KMeansStart(), options: FitOptions = FitOptions(),
    iterationLimit: Int = 1000, frameLimit: Int = 200
  ) throws {
    let (_, seen) = try Self.shown(points, seed: options.seed)
    var startOptions = options
    startOptions.stopping = .exactly(0)
    startOptions.restarts = 1
    let start = try GaussianMixture.fit(
      seen, components: components, structure: structure,
      from: method, options: startOptions)
    try self.init(
      of: points, from: start.mixture, structure: structure, options: options,
      iterationLimit: iterationLimit, frameLimit: frameLimit)
  }

  /// The points of the film, for drawing and for EM.
  private static func shown(
    _ points: any PointSource, seed: UInt64
  ) throws -> (sample: PointSample, seen: any PointSource) {
    // A sample knows no labels, which EM must go by: then rows are evenly spread.
    let isLabelled = points.labelCount > 0 && points.count > pointLimit
    let source =
      isLabelled
      ? RowSample(of: points, rows: pointLimit, blockRows: 1)?.points ?? points : points
    let sample = try PointSample(of: source, limit: pointLimit, seed: seed)
    return (sample, sample.isPartial ? sample.source : source)
  }

  /// The same film with its components in another order.
  ///
  /// - Precondition: `order` is a permutation of the component numbers.
  func permuted(_ order: [Int]) -> Film {
    var film = self
    film.frames = frames.map {
      Frame(
        iteration: $0.iteration, logLikelihood: $0.logLikelihood,
        mixture: $0.mixture.permuted(order))
    }
    return film
  }

  /// What a rule allows that asks for gains; that of the standard rule where it asks for something else.
  private static func tolerance(_ rule: StoppingRule) -> Double {
    (rule.criterion == .gain ? rule : .standard).tolerance
  }

  private static func run(
    _ start: EM<GaussianFamily>, over points: any PointSource, tolerance: Double, limit: Int,
    threads: Int
  ) -> (frames: [Frame], ending: Ending) {
    var em = start
    var frames: [Frame] = []
    func note() {
      frames.append(
        Frame(
          iteration: em.iterations, logLikelihood: em.trace[em.iterations], mixture: em.mixture))
    }
    note()
    while em.iterations < limit {
      do throws(Degeneracy) {
        try em.step(over: points, threads: threads)
      } catch {
        return (frames, .degenerate(description(of: error, after: em.iterations)))
      }
      note()
      if abs(em.gain) < tolerance * em.expectation.pointCount { return (frames, .converged) }
    }
    return (frames, .iterationLimit)
  }

  private static func description(of degeneracy: Degeneracy, after iterations: Int) -> String {
    "Component \(degeneracy.component + 1) degenerated after \(counted(iterations, "iteration")), with "
      + "\(degeneracy.effectiveCount.shown(significant: 3)) effective points."
  }

  private static func chosen(_ frames: [Frame], limit: Int) -> [Frame] {
    guard frames.count > limit else { return frames }
    let first = limit / 2
    let later = limit - first
    let rest = frames.count - first
    return Array(frames[..<first])
      + (1...later).map { frames[first - 1 + $0 * rest / later] }
  }
}
