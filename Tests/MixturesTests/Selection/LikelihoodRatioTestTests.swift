import MixtureTestSupport
import Mixtures
import Testing

@Suite struct LikelihoodRatioTestTests {
  private func model(
    _ points: Matrix, _ components: Int, _ structure: CovarianceStructure
  ) throws -> LikelihoodRatioTest.Model {
    let result = try ModelSearch(components: [components], structures: [structure]).run(points)
    return .init(result.best.mixture, structure)
  }

  /// mclust has one start for each fit, so that ours is no lower than its statistic, to 0.05 of its loose tolerance. Where they
  /// agree, so do p-values: both are shares of 199 samples, and differ by at most four standard errors of a difference of two
  /// such, plus 0.02 where all are near zero.
  @Test(arguments: [("acidity", "V", 1), ("faithful", "VVV", 1), ("faithful", "VVV", 4)])
  func mclust(data: String, name: String, components: Int) throws {
    let reference = try Reference.json("mclust/lrt/\(data)_\(name).json")
    let points = try Reference.points("data/\(data).csv")
    let structure = try #require(CovarianceStructure(named: name))
    var test = try LikelihoodRatioTest(
      model(points, components, structure), against: model(points, components + 1, structure))
    test.replicates = 99
    let found = try test.run(points)
    #expect(found.replicates.count == 99 && found.planned == 99)
    let observed = try reference["observed"].numbers[components - 1]
    #expect(components > 1 || found.statistic >= observed - 0.05)
    guard abs(found.statistic - observed) <= 0.05 else { return }
    let values = try reference["runs"].array.map { try $0["p_values"].numbers[components - 1] }
    let p = values.reduce(0, +) / Double(values.count)
    let spread = (p * (1 - p) * (1 / 99.0 + 1 / 398.0)).squareRoot()
    #expect(abs(try #require(found.pValue) - p) <= 4 * spread + 0.02, "\(found) \(p)")
  }

  /// Where the simpler model is true, p-values are uniform: the mean of 30 lies within four standard errors of a half, 0.053 each, and
  /// the statistic of the data is one of the others.
  @Test func ofTrueModelsPValuesAreUniform() throws {
    var sum = 0.0
    for seed in 1...30 {
      var generator = SplitMix64(seed: UInt64(seed))
      let points = Matrix(rows: (0..<40).map { _ in [normal(using: &generator)] })
      var test = try LikelihoodRatioTest(model(points, 1, .e), against: model(points, 2, .e))
      test.replicates = 39
      sum += try #require(test.run(points).pValue)
    }
    #expect(abs(sum / 30 - 0.5) <= 4 * 0.053)
  }

  @Test func threadsAndSeeds() throws {
    let points = Problem(seed: 5, count: 80, dimension: 2, components: 2).points
    var test = try LikelihoodRatioTest(
      model(points, 1, .eee), against: model(points, 2, .eee))
    test.replicates = 12
    let log = Log<Int>()
    test.report = { log.append($0) }
    test.options.threads = 1
    let one = try test.run(points)
    #expect(log.entries.sorted() == Array(1...12))
    test.options.threads = 3
    #expect(try test.run(points) == one)
    test.options.seed = 2
    #expect(try test.run(points).replicates != one.replicates)
    #expect(one.replicates.allSatisfy { $0 >= 0 })
    #expect(one.pValue == Double(1 + one.replicates.count { $0 >= one.statistic }) / 13)
  }

  @Test func cancelledItHasWhatIsDone() throws {
    let points = Problem(seed: 5, count: 80, dimension: 2, components: 2).points
    var test = try LikelihoodRatioTest(
      model(points, 1, .eii), against: model(points, 1, .vvv))
    test.replicates = 500
    let log = Log<Int>()
    test.report = { log.append($0) }
    test.options.isCancelled = { log.entries.count >= 5 }
    let found = try test.run(points)
    #expect(found.replicates.count >= 5 && found.replicates.count < 500)
    #expect(found.planned == 500)
  }

  @Test func whatCannotBeSampled() throws {
    let points = Problem(seed: 5, count: 80, dimension: 2, components: 2).points
    let test = try LikelihoodRatioTest(model(points, 1, .eii), against: model(points, 2, .eii))
    let light = try WeightedPoints(points, weights: Array(repeating: 1.0 / 80, count: 80))
    #expect(throws: DataError.self) { try test.run(light) }
    var holes = points
    holes[3, 1] = .nan
    #expect(throws: DataError.incompleteForBootstrap) { try test.run(IncompletePoints(holes)) }
    let known = try Labels([0] + Array(repeating: nil, count: 79), count: 2)
    #expect(throws: DataError.labelledForBootstrap) {
      try test.run(LabelledPoints(points, labels: known))
    }
    var cancelled = test
    cancelled.options.isCancelled = { true }
    #expect(try cancelled.run(points).pValue == nil)
  }

  @Test func modelsHaveToBeNested() throws {
    let points = Problem(seed: 5, count: 80, dimension: 2, components: 2).points
    let (spheres, ellipses) = (try model(points, 2, .vii), try model(points, 2, .eee))
    #expect(
      throws: ParameterError.notNested(
        null: "VII with 2 components", alternative: "EEE with 2 components")
    ) { try LikelihoodRatioTest(spheres, against: ellipses) }
    #expect(throws: ParameterError.self) { try LikelihoodRatioTest(spheres, against: spheres) }
    #expect(throws: ParameterError.self) {
      try LikelihoodRatioTest(spheres, against: model(points, 1, .vii))
    }
  }
}
