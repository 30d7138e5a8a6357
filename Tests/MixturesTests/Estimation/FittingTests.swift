import MixtureTestSupport
import Mixtures
import Testing

/// Options, restarts, the certificate, warnings: what surrounds EM.
@Suite struct FittingTests {
  private static let problem = Problem(seed: 2, dimension: 2, components: 4, separation: 1.2)

  private func fit(_ components: Int = 4, _ change: (inout FitOptions) -> Void = { _ in }) throws
    -> Fit
  {
    try GaussianMixture.fit(
      Self.problem.points, components: components, structure: .vvi, options: .with(change))
  }

  @Test func anotherSeedIsAnotherStart() throws {
    let traces = try (1...5 as ClosedRange<UInt64>).map { seed in
      try fit {
        $0.seed = seed
        $0.restarts = 1
      }.trace
    }
    #expect(Set(traces.map { $0[0] }).count > 1)
    #expect(
      try fit {
        $0.seed = 3
        $0.restarts = 1
      }.trace == traces[2])
  }

  /// Each restart is another start, the best of them is kept, and more never end lower.
  @Test func restartsReallyRestart() throws {
    let log = Log<FitProgress>()
    let fits = try [1, 3, 10].map { restarts in
      try fit {
        $0.restarts = restarts
        $0.report = { if restarts == 10 { log.append($0) } }
      }
    }
    #expect(fits.map(\.certificate.starts) == [1, 3, 10])
    #expect(fits[0].logLikelihood <= fits[1].logLikelihood)
    #expect(fits[1].logLikelihood <= fits[2].logLikelihood)
    let starts = log.entries.filter { $0.iteration == 0 }
    #expect(Set(starts.map(\.start)) == Set(0..<10))
    #expect(Set(starts.map(\.logLikelihood)).count > 1)
  }

  /// Ten restarts; one where nothing is random.
  @Test func theDefaultNumberOfRestarts() throws {
    #expect(try fit().certificate.starts == 10)
    #expect(try fit(1).certificate.starts == 1)
    let given = try GaussianMixture.fit(
      Self.problem.points, components: 4, from: MixtureStart(Self.problem.truth),
      options: .with { $0.restarts = 7 })
    #expect(given.certificate.starts == 1)
  }

  /// Beyond 400 000 values the starts race on a sample: what comes back is as good as from ten fits on all
  /// points, with the same bits for any number of threads, and few passes over all of them.
  @Test func startsRaceOnASample() throws {
    let points = Problem(seed: 5, count: 210_000, dimension: 2, components: 3, separation: 2).points
    func fit(_ threads: Int, _ change: (inout FitOptions) -> Void = { _ in }) throws -> Fit {
      try GaussianMixture.fit(
        points, components: 3,
        options: .with {
          $0.threads = threads
          change(&$0)
        })
    }
    let fit1 = try fit(1)
    #expect(fit1.certificate.starts == 10)
    #expect(try fit(2).trace == fit1.trace)
    // Where the race began, not where the last run over all points did.
    let start = try #require(fit1.start).mixture
    #expect(try start.score(points).logLikelihood < fit1.trace[0])
    let seeds = try [UInt64(2), 3].map { seed in try fit(2) { $0.seed = seed }.logLikelihood }
    for value in seeds { #expect(abs(value - fit1.logLikelihood) <= 1e-6 * 210_000) }
    let exact = try fit(2) { $0.stopping = .exactly(3) }
    #expect(exact.iterations == 3 && exact.trace[0] < fit1.trace[0])
    let cancelled = try fit(2) { $0.isCancelled = { true } }
    #expect(cancelled.stopped == .cancelled && cancelled.iterations == 0)
  }

  /// From there EM comes to the fit again, with the components in the same places; rounding may differ, since their order does.
  @Test(arguments: [StoppingRule.standard, .exactly(0), .exactly(3)])
  func theStartOfTheFitLeadsToIt(rule: StoppingRule) throws {
    let fit = try fit { $0.stopping = rule }
    let start = try #require(fit.start)
    #expect(!start.isDerived)
    let again = try GaussianMixture.fit(
      Self.problem.points, components: 4, structure: .vvi, from: MixtureStart(start.mixture),
      options: .with { $0.stopping = rule })
    #expect(abs(again.trace[0] - fit.trace[0]) <= 1e-10 * abs(fit.trace[0]))
    #expect(abs(again.logLikelihood - fit.logLikelihood) <= 1e-6 * 200)
    for (one, other) in zip(again.mixture.components, fit.mixture.components) {
      for (a, b) in zip(one.mean, other.mean) { #expect(abs(a - b) <= 0.05) }
    }
  }

  /// Recomputed from what was reported: how many starts came within 10⁻⁶ per point, and the gap to the rest.
  @Test(arguments: UInt64(1)...5)
  func theCertificateCountsTheStarts(seed: UInt64) throws {
    let log = Log<FitProgress>()
    let fit = try fit {
      $0.restarts = 8
      $0.seed = seed
      $0.report = { log.append($0) }
    }
    let ends = Dictionary(grouping: log.entries, by: \.start).values.compactMap {
      $0.max { $0.iteration < $1.iteration }?.logLikelihood
    }
    #expect(ends.count == 8)
    let best = try #require(ends.max())
    // The result's components are in another order, hence its sums.
    #expect(abs(fit.logLikelihood - best) <= 64 * best.ulp)
    #expect(fit.certificate.reachedBest == ends.filter { best - $0 <= 1e-6 * 200 }.count)
    let next = ends.filter { best - $0 > 1e-6 * 200 }.max()
    #expect(fit.certificate.gapToNext == next.map { best - $0 })
    #expect(
      fit.warnings.contains(.bestReachedOnce(starts: 8)) == (fit.certificate.reachedBest == 1))
  }

  @Test func theCertificateOfTheMixture() throws {
    let fit = try fit()
    let responsibilities = try fit.mixture.responsibilities(of: Self.problem.points)
    let counts = (0..<4).map { k in (0..<200).reduce(0) { $0 + responsibilities[$1, k] } }
    let rounding = 400 * Double.ulpOfOne
    #expect(
      relativeDifference(fit.certificate.smallestEffectiveCount, counts.min() ?? 0) <= rounding)
    let s = Self.problem.points.standardDeviations
    let conditions = fit.mixture.components.map { component in
      let ratio =
        component.covariance[0, 0] / s[0] / s[0] / (component.covariance[1, 1] / s[1] / s[1])
      return max(ratio, 1 / ratio)
    }
    #expect(
      relativeDifference(fit.certificate.worstCondition, conditions.max() ?? 0) <= rounding)
    #expect(Set(fit.certificate.safeguards.counts.keys).isSubset(of: ["rejectedExtrapolations"]))
    #expect(fit.structure == .vvi && fit.featureNames == ["x1", "x2"])
  }

  /// In units of the columns' standard deviations, a condition number has no unit.
  @Test func theConditionOfAFullCovariance() throws {
    let points = Problem(seed: 3, dimension: 3, components: 1).points
    let conditions = try [1, 1e6].map { scale in
      try GaussianMixture.fit(points.mapping { $0 == 1 ? $1 * scale : $1 }, components: 1)
        .certificate.worstCondition
    }
    let fit = try GaussianMixture.fit(points, components: 1)
    let expected = fit.mixture.components[0].correlationCondition
    for condition in conditions { #expect(relativeDifference(condition, expected) <= 1e-9) }
  }

  /// Randomly started components are ordered by their means; given ones stay.
  @Test func theOrderOfComponents() throws {
    let fit = try fit()
    let means = fit.mixture.components.map(\.mean)
    #expect(zip(means, means.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })
    let reversed = fit.mixture.permuted([3, 2, 1, 0])
    let given = try GaussianMixture.fit(
      Self.problem.points, components: 4, structure: .vvi, from: MixtureStart(reversed))
    #expect(given.mixture.components[0].mean[0] > given.mixture.components[3].mean[0])
  }

  @Test func everyIterationIsReportedOnce() throws {
    let log = Log<FitProgress>()
    let fit = try fit {
      $0.restarts = 3
      $0.stopping = .exactly(5)
      $0.report = { log.append($0) }
    }
    let entries = log.entries
    #expect(entries.count == 18)
    for start in 0..<3 {
      let own = entries.filter { $0.start == start }
      #expect(own.map(\.iteration) == Array(0...5))
      #expect(own[0].gain == .infinity)
      for t in 1...5 {
        #expect(own[t].gain == own[t].logLikelihood - own[t - 1].logLikelihood)
      }
      #expect(own.allSatisfy { $0.components == 4 && $0.structure == .vvi })
    }
    let best = entries.filter { $0.iteration == 5 }.max { $0.logLikelihood < $1.logLikelihood }
    #expect(best?.logLikelihood == fit.logLikelihood)
    #expect(
      entries.filter { $0.start == best?.start }.map(\.logLikelihood) == fit.trace)
  }

  /// The best so far comes back, and says so.
  @Test(arguments: [1, 2])
  func aFitCanBeCancelled(threads: Int) throws {
    let log = Log<Int>()
    let fit = try fit {
      $0.restarts = 6
      $0.threads = threads
      $0.report = { log.append($0.iteration) }
      $0.isCancelled = { log.entries.contains(3) }
    }
    #expect(fit.stopped == .cancelled && !fit.stopped.isConvergence)
    #expect(fit.iterations <= 3)
    #expect(fit.certificate.starts <= threads)
    #expect(fit.warnings.contains(.cancelled(fit.iterations)))
    let atOnce = try self.fit { $0.isCancelled = { true } }
    #expect(atOnce.stopped == .cancelled && atOnce.iterations == 0)
    #expect(atOnce.certificate.starts == 1)
  }

  @Test func warningsHaveWords() throws {
    #expect(
      FitWarning.iterationLimit(7).description
        == "Not converged: stopped at the limit of 7 iterations. Allow more iterations.")
    #expect(
      FitWarning.cancelled(3).description
        == "Interrupted after 3 iterations: this is the best mixture so far.")
    #expect(
      FitWarning.bestReachedOnce(starts: 10).description
        == "Only 1 of 10 starts reached this log-likelihood: more restarts may find a better one.")
    #expect(
      FitWarning.fewPoints(component: 1, effectiveCount: 2.04, dimension: 3).description
        == "Component 2 rests on 2.0 effective points in 3 dimensions: it may be an artefact.")
    #expect(FitWarning.floorActed(2).description.contains("acted 2 times"))
  }

  /// Spherical covariances are not singular, and know nothing of it.
  @Test func constantColumnsAreWarnedOf() throws {
    let rows: [[Double]] = [[0, 5, 1], [1, 5, 1], [3, 5, 1], [9, 5, 1], [8, 5, 1], [7, 5, 1]]
    func warnings(_ columns: Int) throws -> [String] {
      let points = Matrix(
        rows: rows.map { Array($0[..<columns]) },
        columnNames: Array(["a", "b", "c"].prefix(columns)))
      return try GaussianMixture.fit(points, components: 1, structure: .eii).warnings
        .map(\.description)
    }
    let one = "Column 2 (b) is constant: it tells no components apart, and makes every variance"
    #expect(try warnings(2) == [one + " smaller. Exclude it."])
    #expect(try warnings(3)[0].hasPrefix("2 columns are constant, 2 (b), 3 (c): they tell"))
    #expect(try warnings(1).isEmpty)
  }

  /// Four components of two points each in two dimensions: one warning says it of all.
  @Test func manyComponentsOfFewPointsAreOneWarning() throws {
    let points = Matrix(
      rows: [[0, 0], [1, 1], [10, 0], [11, 1], [20, 0], [21, 1], [30, 0], [31, 1]])
    let fit = try GaussianMixture.fit(
      points, components: 4, structure: .eii,
      from: LabelsStart([0, 0, 1, 1, 2, 2, 3, 3], components: 4), options: .exactly(0))
    #expect(fit.warnings == [.manyWithFewPoints(4, dimension: 2)])
  }

  /// The second component is so far from the first that responsibilities are ones and zeros.
  @Test(arguments: [3, 4])
  func aComponentOfFewPointsIsWarnedOf(count: Int) throws {
    var points = Problem(seed: 4, count: 50, dimension: 3, components: 1).points
    for row in 0..<count { points[row, 0] += 1e4 }
    let fit = try GaussianMixture.fit(
      points, components: 2, structure: .vii,
      from: LabelsStart((0..<50).map { $0 < count ? 1 : 0 }, components: 2), options: .exactly(0))
    #expect(fit.effectiveCounts == [Double(50 - count), Double(count)])
    #expect(
      fit.warnings
        == (count > 3 ? [] : [.fewPoints(component: 1, effectiveCount: 3, dimension: 3)]))
  }

  @Test func startsThatDoNotMatch() throws {
    let start = MixtureStart(Self.problem.truth)
    #expect(throws: ParameterError.startMismatch(found: 4, expected: 3)) {
      try GaussianMixture.fit(Self.problem.points, components: 3, from: start)
    }
    #expect(throws: ParameterError.startMismatch(found: 2, expected: 3)) {
      try GaussianMixture.fit(
        Self.problem.points, components: 3,
        from: ResponsibilitiesStart(randomResponsibilities(200, 2, seed: 1)))
    }
    #expect(throws: ParameterError.structureNotForDimension(structure: "V", dimension: 2)) {
      try GaussianMixture.fit(Self.problem.points, components: 2, structure: .v)
    }
  }

  /// Weights say how points relate: tiny ones leave nothing out.
  @Test(arguments: [CovarianceStructure.vvi, .vvv, .eee], [1e-20, 1e-300])
  func tinyWeightsChangeNoEstimate(structure: CovarianceStructure, weight: Double) throws {
    let points = Problem(seed: 4, count: 300, dimension: 6, components: 2).points
    let light = try WeightedPoints(points, weights: Array(repeating: weight, count: 300))
    func fit(_ points: any PointSource) throws -> GaussianMixture {
      try GaussianMixture.fit(
        points, components: 2, structure: structure, options: .exactly(5)
      ).mixture
    }
    let (found, expected) = (try fit(light), try fit(points))
    for k in 0..<2 {
      #expect(abs(found.weights[k] - expected.weights[k]) < 1e-9)
      #expect(found.components[k].change(from: expected.components[k]) < 1e-9)
    }
  }

  /// Far-apart clusters make the scatter of all points much larger than that within: its rounding is no variance.
  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func aSumOfColumnsIsSingularHoweverFarApartClustersAre(seed: UInt64) throws {
    let rows = Problem(seed: seed, count: 600, dimension: 6, components: 1).points.rows
    let points = Matrix(
      rows: rows.enumerated().map { row, point in
        var point = point.map { $0 + 30 * Double(row % 3 - 1) }
        point[5] = point[0] + point[1] - point[2]
        return point
      })
    #expect(throws: DataError.collinearColumn(column: 5, name: "x6", structure: "EEE")) {
      try GaussianMixture.fit(points, components: 3, structure: .eee)
    }
  }

  /// The upper half of other points: a source that asks another for its rows.
  private struct UpperHalf: PointSource {
    let points: Matrix
    var count: Int { points.count / 2 }
    var dimension: Int { points.dimension }
    func read(_ rows: Range<Int>, into tile: inout Tile) {
      points.read((rows.lowerBound + count)..<(rows.upperBound + count), into: &tile)
    }
  }

  @Test func aSourceMayAskAnother() throws {
    let points = Problem(seed: 4, count: 600, dimension: 2, components: 2).points
    let half = Matrix(rows: Array(points.rows[300...]))
    let found = try GaussianMixture.fit(UpperHalf(points: points), components: 2)
    #expect(try found.mixture == GaussianMixture.fit(half, components: 2).mixture)
    let labels = (0..<300).map { $0 % 2 }
    #expect(
      try GaussianMixture.labelled(UpperHalf(points: points), labels: labels)
        == GaussianMixture.labelled(half, labels: labels))
  }
}
