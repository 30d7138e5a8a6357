import Foundation
import MixtureTestSupport
import Mixtures
import Testing

@Suite struct CovarianceStructureTests {
  /// Free parameters by counting: mclust's nMclustParams agrees.
  @Test(arguments: [
    ("EII", 1), ("VII", 3), ("EEI", 4), ("VEI", 6), ("EVI", 10), ("VVI", 12), ("EEE", 10),
    ("VEE", 12), ("EVE", 16), ("VVE", 18), ("EEV", 22), ("VEV", 24), ("EVV", 28), ("VVV", 30),
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

  /// Without scatter a component has no volume, whatever it had before: its likelihood has no maximum. The others keep theirs.
  @Test(arguments: [CovarianceStructure.vei, .vee, .vev])
  func aComponentWithoutScatterHasNoVolume(structure: CovarianceStructure) throws {
    let problem = Problem(seed: 4, dimension: 3, components: 3)
    let family = try GaussianFamily(structure, scale: DataSummary(of: problem.points).scale)
    var components = problem.truth.expectation(over: problem.points, family: family)
      .statistics.scatters
    components[1].values = components[1].values.map { _ in 0 }
    for nearby in [nil, problem.truth.components] {
      let estimate = structure.estimate(Scatters(components, nearby: nearby))
      #expect(estimate.covariances[1].variances == [0, 0, 0])
      for k in [0, 2] {
        #expect(estimate.covariances[k].variances.allSatisfy { $0 > 0 && $0 < .infinity })
      }
    }
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
        + "Use one of EII, VII, EEI, VEI, EVI, VVI, EEE, VEE, EVE, VVE, EEV, VEV, EVV, VVV.")
  }

  /// The M-step of any responsibilities is the textbook's.
  @Test(arguments: UInt64(1)...10, textbookStructures)
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
  @Test(arguments: UInt64(1)...6)
  func aNestedStructureNeverHasTheLargerMaximum(seed: UInt64) throws {
    let problem = Problem(seed: seed, dimension: 2 + Int(seed % 4), components: 3)
    let q = randomResponsibilities(200, 3, seed: seed)
    var bounds: [CovarianceStructure: Double] = [:]
    for structure in structures {
      let mixture = try GaussianMixture.maximizing(problem.points, q, structure)
      bounds[structure] = try mixture.lowerBound(of: problem.points, responsibilities: q)
    }
    let full = try GaussianMixture.maximizing(problem.points, q, .vvv)
    let rounding = try logLikelihoodRounding(of: full, over: problem.points)
    var pairs = 0
    for inner in structures {
      for outer in structures where outer != inner && outer.contains(inner) {
        let (low, high) = (try #require(bounds[inner]), try #require(bounds[outer]))
        #expect(low <= high + rounding, "\(inner) in \(outer)")
        #expect(high - low > 0.001, "\(inner) and \(outer) differ")
        pairs += 1
      }
    }
    #expect(pairs == 61)
  }

  /// Any move away from an M-step's result, within the structure, lowers the bound that it maximises.
  @Test(arguments: UInt64(1)...8, structures)
  func anMStepCannotBeImproved(seed: UInt64, structure: CovarianceStructure) throws {
    let problem = Problem(seed: seed, dimension: 2 + Int(seed % 3), components: 3)
    let q = randomResponsibilities(200, 3, seed: seed)
    let best = try GaussianMixture.maximizing(problem.points, q, structure)
    let bound = try best.lowerBound(of: problem.points, responsibilities: q)
    let rounding = try logLikelihoodRounding(of: best, over: problem.points)
    let moves = try best.moves(within: structure, seed: seed)
    #expect(moves.count >= 8 + structure.name.count { $0 != "I" })
    for move in moves {
      let moved = try move.mixture.lowerBound(of: problem.points, responsibilities: q)
      // a move of ε costs some n ε² / 4 = 5·10⁻⁵, and first-order terms would cost or win n ε = 0.2
      #expect(moved < bound - 10 * rounding, "\(move.name)")
      #expect(moved > bound - 0.1, "\(move.name)")
    }
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
