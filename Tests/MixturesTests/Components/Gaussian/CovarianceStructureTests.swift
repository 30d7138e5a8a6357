import Foundation
import MixtureTestSupport
import Mixtures
import Testing

@Suite struct CovarianceStructureTests {
  /// Free parameters by counting: mclust's nMclustParams agrees.
  @Test(arguments: [
    ("EII", 1), ("VII", 3), ("EEI", 4), ("VVI", 12), ("EEE", 10), ("VVV", 30),
  ])
  func parameterCounts(name: String, count: Int) throws {
    let structure = try #require(CovarianceStructure(named: name))
    #expect(structure.covarianceParameterCount(4, 3) == count)
    #expect(structure.parameterCount(dimension: 4, components: 3) == 2 + 12 + count)
    let fit = try GaussianMixture.fit(
      Problem(seed: 1, dimension: 4, components: 3).points, components: 3, structure: structure,
      options: .exactly(1))
    #expect(fit.parameterCount == 2 + 12 + count)
  }

  @Test func names() throws {
    #expect(CovarianceStructure(named: "vvv") == .vvv)
    #expect(CovarianceStructure(named: "Eei") == .eei)
    #expect(CovarianceStructure(named: "VVX") == nil && CovarianceStructure(named: "") == nil)
    #expect(CovarianceStructure.all(inDimension: 1) == [.e, .v])
    #expect(CovarianceStructure.all(inDimension: 2) == structures)
    #expect(CovarianceStructure.all(inDimension: 100) == structures)
    #expect(Set(CovarianceStructure.all).count == CovarianceStructure.all.count)
    for structure in CovarianceStructure.all {
      #expect(CovarianceStructure(named: structure.name) == structure)
      #expect(structure.description == structure.name)
      let coded = try JSONEncoder().encode([structure])
      #expect(try JSONDecoder().decode([CovarianceStructure].self, from: coded) == [structure])
    }
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([CovarianceStructure].self, from: Data("[\"VVX\"]".utf8))
    }
  }

  @Test func oneDimension() throws {
    for structure in [CovarianceStructure.eii, .eei, .eee, .e] {
      #expect(try structure.inDimension(1) == .e)
    }
    for structure in [CovarianceStructure.vii, .vvi, .vvv, .v] {
      #expect(try structure.inDimension(1) == .v)
    }
    #expect(try CovarianceStructure.vvv.inDimension(3) == .vvv)
    let error = #expect(throws: ParameterError.self) { try CovarianceStructure.e.inDimension(2) }
    #expect(error == .structureNotForDimension(structure: "E", dimension: 2))
    #expect(
      error?.description == "Structure E is for one dimension, the data have 2. "
        + "Use one of EII, VII, EEI, VVI, EEE, VVV.")
  }

  /// The M-step of any responsibilities is the textbook's.
  @Test(arguments: UInt64(1)...10, structures)
  func theEstimateIsTheTextbooks(seed: UInt64, structure: CovarianceStructure) throws {
    let problem = Problem(seed: seed, dimension: 1 + Int(seed % 5), components: 3)
    let structure = try structure.inDimension(problem.dimension)
    let responsibilities = randomResponsibilities(200, 3, seed: seed)
    let expected = try textbookMaximization(
      problem.points, responsibilities: responsibilities, structure: structure)
    let found = try GaussianMixture.maximizing(problem.points, responsibilities, structure)
    #expect(
      MixtureDifference(found, expected).largest <= momentRounding(problem.points, expected))
  }

  /// Every mixture of the inner structure is one of the outer, so that its maximum is no larger.
  @Test(
    arguments: [
      ("EII", "VII"), ("EII", "EEI"), ("VII", "VVI"), ("EEI", "VVI"), ("EEI", "EEE"),
      ("VVI", "VVV"), ("EEE", "VVV"), ("EII", "VVV"),
    ], UInt64(1)...6)
  func aNestedStructureNeverHasTheLargerMaximum(pair: (String, String), seed: UInt64) throws {
    let inner = try #require(CovarianceStructure(named: pair.0))
    let outer = try #require(CovarianceStructure(named: pair.1))
    let problem = Problem(seed: seed, dimension: 2 + Int(seed % 4), components: 3)
    let q = randomResponsibilities(200, 3, seed: seed)
    let mixtures = try [inner, outer].map { try GaussianMixture.maximizing(problem.points, q, $0) }
    let bounds = try mixtures.map { try $0.lowerBound(of: problem.points, responsibilities: q) }
    let rounding = try logLikelihoodRounding(of: mixtures[1], over: problem.points)
    #expect(bounds[0] <= bounds[1] + rounding)
    #expect(bounds[1] - bounds[0] > 0.01)  // and the structures do differ
  }

  /// Any move away from an M-step's result, within the structure, lowers the bound that it maximises.
  @Test(arguments: UInt64(1)...8, structures)
  func anMStepCannotBeImproved(seed: UInt64, structure: CovarianceStructure) throws {
    let problem = Problem(seed: seed, dimension: 2 + Int(seed % 3), components: 3)
    let q = randomResponsibilities(200, 3, seed: seed)
    let best = try GaussianMixture.maximizing(problem.points, q, structure)
    let bound = try best.lowerBound(of: problem.points, responsibilities: q)
    let rounding = try logLikelihoodRounding(of: best, over: problem.points)
    for move in try moves(best, structure, seed: seed) {
      let moved = try move.mixture.lowerBound(of: problem.points, responsibilities: q)
      // a move of ε costs some n ε² / 4 = 5·10⁻⁵, and first-order terms would cost or win n ε = 0.2
      #expect(moved < bound - 10 * rounding, "\(move.name)")
      #expect(moved > bound - 0.1, "\(move.name)")
    }
  }

  private func moves(
    _ best: GaussianMixture, _ structure: CovarianceStructure, seed: UInt64
  ) throws -> [(name: String, mixture: GaussianMixture)] {
    var generator = SplitMix64(seed: seed)
    var found: [(String, GaussianMixture)] = []
    let d = best.dimension
    for (sign, step) in [("+", 1e-3), ("−", -1e-3)] {
      var weights = best.weights
      weights[0] += step * weights[0]
      weights[1] -= step * best.weights[0]
      found.append(
        (sign + "weights", try GaussianMixture(weights: weights, components: best.components)))
      for k in 0..<best.componentCount {
        var components = best.components
        let own = components[k]
        components[k] = try Gaussian(
          mean: (0..<d).map {
            own.mean[$0] + step * Double($0 + 1) * own.covariance[$0, $0].squareRoot()
          }, covariance: own.covariance)
        found.append(
          (sign + "mean", try GaussianMixture(weights: best.weights, components: components)))
      }
      let isCommon = structure.name.hasPrefix("E")
      for k in 0..<(isCommon ? 1 : best.componentCount) {
        let factors = (0..<d).map { _ in Double.random(in: 0.5...1.5, using: &generator) }
        let shears = (0..<(d * d)).map { _ in Double.random(in: -0.5...0.5, using: &generator) }
        func changed(_ covariance: Covariance) -> Covariance {
          switch structure.scatterShape {
          case .trace:
            .spherical(variance: covariance[0, 0] * (1 + step), dimension: d)
          case .diagonal:
            .diagonal(variances: (0..<d).map { covariance[$0, $0] * (1 + step * factors[$0]) })
          case .full:
            .full(
              rows: sheared(
                covariance.rows, by: shears.map { step * $0 }, factors.map { step * $0 }))
          }
        }
        let components = try best.components.enumerated().map { index, own in
          index == k || isCommon
            ? try Gaussian(mean: own.mean, covariance: changed(own.covariance)) : own
        }
        found.append(
          (sign + "covariance", try GaussianMixture(weights: best.weights, components: components)))
      }
    }
    return found
  }

  /// (I + B) Σ (I + B)ᵀ with B the shears, and the factors on its diagonal.
  private func sheared(_ rows: [[Double]], by shears: [Double], _ factors: [Double]) -> [[Double]] {
    let d = rows.count
    let b = (0..<d).map { i in
      (0..<d).map { j in i == j ? 1 + factors[i] / 2 : shears[i * d + j] }
    }
    func product(_ x: [[Double]], _ y: [[Double]]) -> [[Double]] {
      (0..<d).map { i in
        (0..<d).map { j in (0..<d).reduce(0.0) { $0 + x[i][$1] * y[$1][j] } }
      }
    }
    let transposed = (0..<d).map { i in (0..<d).map { b[$0][i] } }
    return product(product(b, rows), transposed)
  }

  /// What a structure makes of a mixture, it accepts; what another makes, it rejects where it cannot hold it.
  @Test(arguments: structures)
  func whichMixturesObeyAStructure(structure: CovarianceStructure) throws {
    let problem = Problem(seed: 4, dimension: 3, components: 3)
    let own = try GaussianMixture.labelled(
      problem.points, labels: problem.labels, structure: structure)
    #expect(throws: Never.self) { try structure.check(own) }
    #expect(throws: Never.self) { try CovarianceStructure.vvv.check(own) }
    let full = try GaussianMixture.labelled(problem.points, labels: problem.labels)
    guard structure != .vvv else { return }
    let error = #expect(throws: ParameterError.self) { try structure.check(full) }
    #expect(error == .covarianceNotOfStructure(component: 0, structure: structure.name))
    #expect(
      error?.description
        == "The covariance of component 1 is not one that structure \(structure) allows. "
        + "Correct it, or name a structure that allows it.")
  }
}
