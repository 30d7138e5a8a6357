import MixtureTestSupport
import Mixtures
import Testing

@Suite struct FrozenPartsTests {
  private let problem = Problem(seed: 17, count: 200, dimension: 2, components: 2, separation: 2)

  private func fit(
    _ frozen: FrozenParts, _ structure: CovarianceStructure = .vvv, _ iterations: Int = 25
  ) throws -> Fit {
    // A start that obeys the structure, and is none of its maxima.
    let start = try GaussianMixture.fit(
      problem.points, components: 2, structure: structure,
      from: ResponsibilitiesStart(randomResponsibilities(200, 2, seed: 3)), options: .exactly(2)
    ).mixture
    return try GaussianMixture.fit(
      problem.points, components: 2, structure: structure, from: MixtureStart(start),
      options: .with {
        $0.frozen = frozen
        $0.stopping = .exactly(iterations)
      })
  }

  @Test func nothingFrozenIsThePlainFit() throws {
    var none = FrozenParts()
    none.means = .only([])
    let (plain, other) = (try fit(FrozenParts()), try fit(none))
    #expect(relativeDifference(plain.logLikelihood, other.logLikelihood) <= 1e-12)
  }

  /// ℓ rises over the rest, and what is frozen stays to the bit.
  @Test(arguments: structures, 1..<8)
  func whatIsFrozenStays(structure: CovarianceStructure, parts: Int) throws {
    var frozen = FrozenParts()
    if parts & 1 > 0 { frozen.means = .all }
    if parts & 2 > 0 { frozen.weights = .all }
    if parts & 4 > 0 { frozen.covariances = .all }
    let (start, end) = (try fit(frozen, structure, 0), try fit(frozen, structure))
    for (old, new) in zip(start.mixture.components, end.mixture.components) {
      if parts & 1 > 0 { #expect(new.mean == old.mean) }
      if parts & 4 > 0 { #expect(new.covariance == old.covariance) }
    }
    if parts & 2 > 0 { #expect(end.mixture.weights == start.mixture.weights) }
    for (before, after) in zip(end.trace, end.trace.dropFirst()) {
      #expect(after >= before - 1e-9 * abs(before))
    }
    if parts < 7 { #expect(end.logLikelihood > start.logLikelihood) }
    let full = structure.parameterCount(dimension: 2, components: 2)
    let fixed =
      (parts & 1 > 0 ? 4 : 0) + (parts & 2 > 0 ? 1 : 0)
      + (parts & 4 > 0 ? structure.covarianceParameterCount(2, 2) : 0)
    #expect(end.parameterCount == full - fixed)
  }

  @Test func singleComponents() throws {
    var frozen = FrozenParts()
    (frozen.means, frozen.weights, frozen.covariances) = (.only([0]), .only([0]), .only([0]))
    let (start, end) = (try fit(frozen, .vvv, 0), try fit(frozen))
    #expect(start.mixture.components[0] == end.mixture.components[0])
    #expect(start.mixture.components[1] != end.mixture.components[1])
    #expect(start.mixture.weights[0] == end.mixture.weights[0])
    #expect(throws: ParameterError.tiedToFrozen(structure: "EEE")) { try fit(frozen, .eee) }
  }
}
