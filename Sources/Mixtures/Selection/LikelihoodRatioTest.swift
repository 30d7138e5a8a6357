import MixtureKernels

/// Whether points call for a richer mixture: the bootstrap likelihood-ratio test.
///
/// The statistic 2(ℓ₁ − ℓ₀) of two nested mixtures with different numbers of components has no χ² distribution, since the
/// simpler one lies on the edge of the richer. So its distribution is found by sampling: as many points as there are in the
/// data are drawn from the simpler mixture, both are fitted to them, and the statistic is noted, many times over. The
/// share of those that are as large as that of the data is the p-value,
/// ```
/// p = (1 + #{T* ≥ T}) / (1 + B).
/// ```
///
/// Source: McLachlan (1987), "On bootstrapping the likelihood ratio test statistic for the number of components in a normal
/// mixture", *Applied Statistics* 36, 318–324; Davison & Hinkley (1997), *Bootstrap Methods and their Application*,
/// eq. 4.11.
public struct LikelihoodRatioTest: Sendable {
  /// A mixture with what its covariances have in common.
  public struct Model: Sendable {
    /// Where its fits begin.
    public let mixture: GaussianMixture
    /// What its covariances have in common.
    public let structure: CovarianceStructure

    /// A mixture that has been fitted.
    public init(_ mixture: GaussianMixture, _ structure: CovarianceStructure) {
      self.mixture = mixture
      self.structure = structure
    }

    /// Free mixing weights, means and covariance parameters.
    public var parameterCount: Int {
      structure.parameterCount(dimension: mixture.dimension, components: components)
        + (mixture.background == nil ? 0 : Background.parameterCount)
    }

    fileprivate var components: Int { mixture.componentCount }
  }

  /// The simpler model.
  public let null: Model

  /// The richer model.
  public let alternative: Model

  /// B, how many samples are drawn.
  public var replicates = 999

  /// How fits are made: stopping, floor, seed, threads, cancellation.
  public var options = FitOptions()

  /// Told after each sample how many are done, from any thread.
  public var report: @Sendable (_ done: Int) -> Void = { _ in }

  /// A test of one model against another that contains it.
  ///
  /// - Throws: ``ParameterError/notNested(null:alternative:)`` unless the alternative has at least as many components of the same
  ///   structure or one that contains it; ``ParameterError/backgroundInTest`` where one of them has a background.
  public init(_ null: Model, against alternative: Model) throws(ParameterError) {
    guard null.mixture.background == nil, alternative.mixture.background == nil else {
      throw .backgroundInTest
    }
    let isNested =
      null.components <= alternative.components
      && alternative.structure.contains(null.structure)
      && (null.components, null.structure) != (alternative.components, alternative.structure)
      && null.mixture.dimension == alternative.mixture.dimension
    guard isNested else {
      throw .notNested(null: null.name, alternative: alternative.name)
    }
    self.null = null
    self.alternative = alternative
  }

  /// Fits both models to the points, and to every sample.
  ///
  /// - Parameter points: those that the models describe.
  /// - Throws: ``DataError`` for data that cannot be fitted, ``DegenerateFitError`` where a model has no fit.
  /// - Complexity: that of 2(B + 1) fits, each from a handful of starts; memory for a sample per thread.
  public func run(_ points: any PointSource) throws -> LikelihoodRatio {
    guard points.patternGroups == nil else { throw DataError.incompleteForBootstrap }
    guard points.labelCount == 0 else { throw DataError.labelledForBootstrap }
    let isSideBySide = !BlockGrid(of: points).occupies(options.threads)
    let observed = try statistic(points, from: null.mixture, threads: options.threads)
    guard (2...1e9).contains(observed.pointCount) else {
      throw DataError.weightsAreNoCounts(sum: observed.pointCount)
    }
    let count = Int(observed.pointCount.rounded())
    let done = Tally()
    let found = try concurrentMap(
      count: replicates, threads: isSideBySide ? options.threads : 1,
      throwing: { replicate -> Replicate? in
        if options.isCancelled() { return nil }
        let found = try self.replicate(
          replicate, of: observed.null, count, threads: isSideBySide ? 1 : options.threads)
        if found != nil { report(done.increment()) }
        return found
      }
    ).compactMap(\.self)
    return LikelihoodRatio(
      statistic: observed.ratio, replicates: found.map(\.ratio),
      redrawn: found.reduce(0) { $0 + $1.redrawn }, planned: replicates)
  }

  private struct Replicate: Sendable {
    let ratio: Double
    let redrawn: Int
  }

  /// A sample that cannot be fitted is drawn anew, at most this often.
  private static let attempts = 10

  /// - Returns: `nil` where the test is cancelled meanwhile.
  private func replicate(
    _ index: Int, of mixture: GaussianMixture, _ count: Int, threads: Int
  ) throws -> Replicate? {
    let seed = SplitMix64.seed(options.seed, stream: index)
    for attempt in 0... {
      var generator = SplitMix64(seed: SplitMix64.seed(seed, stream: attempt))
      let sample = mixture.sample(count, using: &generator).points
      do {
        let ratio = try statistic(sample, from: mixture, threads: threads).ratio
        return options.isCancelled() ? nil : Replicate(ratio: ratio, redrawn: attempt)
      } catch let error where error is DegenerateFitError || error is DataError {
        if attempt + 1 == Self.attempts { throw error }
      }
    }
    return nil
  }

  /// 2(ℓ₁ − ℓ₀) at the maxima that starts of the same kinds lead to, whatever the points: the given mixtures, k-means, and for the
  /// richer model the simpler one's maximum, with components split until there are enough.
  private func statistic(
    _ points: any PointSource, from start: GaussianMixture, threads: Int
  ) throws -> (ratio: Double, null: GaussianMixture, pointCount: Double) {
    var options = options
    (options.threads, options.journal, options.report) = (threads, nil, { _ in })
    let summary = try DataSummary(of: points, threads: threads)
    func fit(_ model: Model, _ candidates: [Candidate]) throws -> Fit {
      let problem = try FitProblem(
        points, summary: summary, structure: model.structure, options: options)
      let drawn = model.components > 1 ? Self.kMeansStarts : 0
      return try problem.fit(
        components: model.components,
        racing: candidates + (0..<drawn).map { kMeans(model.components, $0) }, in: nil,
        options: options)
    }
    let simple = try fit(null, [Candidate(runsToEnd: true) { _ in start }])
    let rich = try fit(
      alternative,
      [Candidate(runsToEnd: true) { _ in alternative.mixture }]
        + Self.enlarged(simple.mixture, to: alternative.components, in: summary.scale)
        .map { mixture in Candidate(runsToEnd: true) { _ in mixture } })
    return (
      max(0, 2 * (rich.logLikelihood - simple.logLikelihood)), simple.mixture,
      summary.pointCount
    )
  }

  private static let kMeansStarts = 2

  private func kMeans(_ components: Int, _ index: Int) -> Candidate {
    let seed = SplitMix64.seed(options.seed, stream: index)
    return Candidate { try KMeansStart().start($0, components: components, seed: seed) }
  }

  private static func enlarged(
    _ mixture: GaussianMixture, to components: Int, in scale: DataScale
  ) -> [GaussianMixture] {
    var found = [mixture]
    while let first = found.first, first.componentCount < components {
      found = Array(found.flatMap { $0.splits(in: scale) }.prefix(4))
    }
    return found
  }
}

extension LikelihoodRatioTest.Model {
  fileprivate var name: String {
    "\(structure) with \(components) component\(components == 1 ? "" : "s")"
  }
}

/// What a bootstrap likelihood-ratio test found.
public struct LikelihoodRatio: Sendable, Equatable {
  /// T = 2(ℓ₁ − ℓ₀) of the points.
  public let statistic: Double

  /// T* of each sample.
  public let replicates: [Double]

  /// How many samples were drawn anew because a model had no fit to them.
  public let redrawn: Int

  /// How many samples were asked for: more than there are if the test was cancelled.
  public let planned: Int

  /// (1 + #{T* ≥ T}) / (1 + B); `nil` without any sample.
  public var pValue: Double? {
    guard !replicates.isEmpty else { return nil }
    return Double(1 + replicates.count { $0 >= statistic }) / Double(1 + replicates.count)
  }
}
