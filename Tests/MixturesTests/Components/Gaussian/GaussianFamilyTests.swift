import Foundation
import MixtureTestSupport
import Mixtures
import Testing

/// Degenerate components, and the floor against them.
@Suite struct GaussianFamilyTests {
  /// Component 0 is regular; component 1 consists of the given points.
  private static func points(_ second: [[Double]]) -> (points: Matrix, labels: [Int]) {
    let regular = Problem(seed: 1, count: 30, dimension: 2, components: 1).points.rows
    return (
      Matrix(rows: regular + second, columnNames: ["length", "width"]),
      Array(repeating: 0, count: 30) + Array(repeating: 1, count: second.count)
    )
  }

  private static func fit(
    _ data: (points: Matrix, labels: [Int]), _ structure: CovarianceStructure, floor: Double = 0,
    iterations: Int = 0
  ) throws -> Fit {
    try GaussianMixture.fit(
      data.points, components: 2, structure: structure,
      from: LabelsStart(data.labels, components: 2),
      options: .with {
        $0.stopping = .exactly(iterations)
        $0.covarianceFloor = floor
      })
  }

  private static let copies = points(Array(repeating: [9, 8], count: 5))
  private static let line = points((0..<5).map { [Double($0), 2 * Double($0) + 7] })
  private static let flat = points((0..<5).map { [Double($0), 7] })

  /// What fell to a point, and the structures with fewer parameters for two components in two dimensions.
  @Test(arguments: [
    (CovarianceStructure.vii, "collapsed to a point", "EII"),
    (.vvi, "collapsed along length", "EII, VII, EEI, VEI, EVI, EEE"),
    (
      .vvv, "collapsed along length",
      "EII, VII, EEI, VEI, EVI, VVI, EEE, VEE, EVE, VVE, EEV, VEV, EVV"
    ),
  ])
  func aComponentOfCopiesCollapses(structure: CovarianceStructure, what: String, remedies: String) {
    let error = #expect(throws: DegenerateFitError.self) { try Self.fit(Self.copies, structure) }
    #expect(error?.degeneracy == Degeneracy.collapsed(component: 1, count: 5, column: 0))
    #expect(error?.iteration == 0 && error?.attempts == 1)
    #expect(
      error?.description
        == "Component 2 of 2 \(what) at the start: 5.0 effective points in 2 dimensions. "
        + "Use fewer components, a structure with fewer parameters (\(remedies)), "
        + "or a covariance floor (--floor 1e-6).")
  }

  @Test func aComponentOnALineIsSingular() {
    let error = #expect(throws: DegenerateFitError.self) { try Self.fit(Self.line, .vvv) }
    #expect(error?.degeneracy == Degeneracy.collinear(component: 1, count: 5, column: 1))
    #expect(
      error?.description.hasPrefix(
        "Component 2 of 2 became singular in width at the start: 5.0 effective points in 2 dimensions. "
      )
        == true)
    #expect(throws: Never.self) { try Self.fit(Self.line, .vvi, iterations: 3) }
    #expect(throws: Never.self) { try Self.fit(Self.line, .eee, iterations: 3) }
  }

  @Test(arguments: [CovarianceStructure.vvi, .vvv])
  func aFlatComponentCollapsesAlongItsColumn(structure: CovarianceStructure) {
    let error = #expect(throws: DegenerateFitError.self) { try Self.fit(Self.flat, structure) }
    #expect(error?.degeneracy == Degeneracy.collapsed(component: 1, count: 5, column: 1))
    #expect(error?.description.contains("collapsed along width") == true)
    #expect(throws: Never.self) { try Self.fit(Self.flat, .vii, iterations: 3) }
  }

  @Test(arguments: structures)
  func aComponentWithoutPointsIsNoticed(structure: CovarianceStructure) throws {
    let problem = Problem(seed: 2, dimension: 2, components: 1)
    let near = problem.truth.components[0]
    let far = try Gaussian(mean: [1e6, 1e6], covariance: .spherical(variance: 1, dimension: 2))
    let start = MixtureStart(
      try GaussianMixture(weights: [0.25, 0.5, 0.25], components: [near, far, near]))
    let error = #expect(throws: DegenerateFitError.self) {
      try GaussianMixture.fit(problem.points, components: 3, structure: structure, from: start)
    }
    #expect(error?.degeneracy == Degeneracy.noPoints(component: 1))
    #expect(error?.iteration == 1)
    #expect(
      error?.description.hasPrefix(
        "Component 2 of 3 lost its points at iteration 1: 0.0 effective points in 2 dimensions. ")
        == true)
    #expect(throws: Never.self) {
      try GaussianMixture.fit(
        problem.points, components: 3, structure: structure, from: start, options: .exactly(0))
    }
  }

  /// What a floor does to each shape of covariance: for full ones, eigenvalues in units of the columns'
  /// standard deviations.
  @Test(arguments: [CovarianceStructure.vii, .vvi, .vvv], [1e-6, 1e-2])
  func theFloorHoldsVariances(structure: CovarianceStructure, floor: Double) throws {
    let fit = try Self.fit(Self.copies, structure, floor: floor, iterations: 1)
    let deviations = Self.copies.points.standardDeviations
    let covariance = fit.mixture.components[1].covariance
    let mean = deviations.reduce(0) { $0 + $1 * $1 } / 2
    for j in 0..<2 {
      let unit = structure == .vii ? mean : deviations[j] * deviations[j]
      #expect(relativeDifference(covariance[j, j], floor * unit) <= 1e-9)
    }
    #expect(abs(covariance[0, 1]) <= 1e-9 * floor * deviations[0] * deviations[1])
    #expect(fit.certificate.safeguards.covarianceFloor == 1)
    #expect(fit.certificate.safeguards.counts["covarianceFloor"] == 1)
    #expect(fit.warnings.contains(.floorActed(1)))
    let twice = try Self.fit(Self.copies, structure, floor: floor, iterations: 3)
    #expect(twice.certificate.safeguards.covarianceFloor == 3)
  }

  /// Only the direction that needs it: across the line, not along it.
  @Test func theFloorActsAcrossALine() throws {
    let fit = try Self.fit(Self.line, .vvv, floor: 1e-4)
    let covariance = fit.mixture.components[1].covariance
    let s = Self.line.points.standardDeviations
    // in units of s: 2 (1/s₁, 2/s₂)(1/s₁, 2/s₂)ᵀ + 10⁻⁴ times the projection across it
    let u = [1 / s[0], 2 / s[1]]
    let square = u[0] * u[0] + u[1] * u[1]
    for i in 0..<2 {
      for j in 0..<2 {
        let across = (i == j ? 1 : 0) - u[i] * u[j] / square
        let expected = 2 * u[i] * u[j] + 1e-4 * across
        #expect(abs(covariance[i, j] / s[i] / s[j] - expected) <= 1e-12)
      }
    }
  }

  /// Whatever steps lead there, accelerated ones too, no eigenvalue in units of standard deviations is below the floor.
  @Test(arguments: UInt64(1)...10)
  func noResultIsBelowTheFloor(seed: UInt64) throws {
    let problem = Problem(seed: seed, count: 150, dimension: 2, components: 3, separation: 3)
    let deviations = problem.points.standardDeviations
    for floor in [0.03, 0.1, 0.3] {
      let fit = try GaussianMixture.fit(
        problem.points, components: 3, options: .with { $0.covarianceFloor = floor })
      for component in fit.mixture.components {
        let c = component.covariance
        let (a, b, d) = (
          c[0, 0] / deviations[0] / deviations[0], c[0, 1] / deviations[0] / deviations[1],
          c[1, 1] / deviations[1] / deviations[1]
        )
        let smallest = (a + d) / 2 - (((a - d) / 2) * ((a - d) / 2) + b * b).squareRoot()
        #expect(smallest >= floor * (1 - 1e-9))
      }
    }
  }

  /// Points on a line have no start from random points of one covariance without a floor; with one the search fits them, and
  /// without, it says what is wrong with the data.
  @Test func theFloorHoldsInASearch() throws {
    let x = (0..<60).map { Double($0 % 7) + ($0 < 30 ? 0 : 40) }
    let line = Matrix(rows: x.map { [$0, 3 * $0 - 1] })
    var search = ModelSearch(components: 1...3, structures: [.vvv])
    #expect(throws: DataError.self) { try search.run(line) }
    search.options.covarianceFloor = 1e-4
    let result = try search.run(line)
    #expect(result.cells.allSatisfy { (try? $0.fit.get()) != nil })
  }

  /// Off unless asked for, and then idle where nothing degenerates: the same bits.
  @Test(arguments: structures)
  func theFloorIsOffByDefaultAndIdleOnRegularData(structure: CovarianceStructure) throws {
    #expect(FitOptions().covarianceFloor == 0)
    let problem = Problem(seed: 3, dimension: 2, components: 2)
    let fits = try [0, 1e-8].map { floor in
      try GaussianMixture.fit(
        problem.points, components: 2, structure: structure,
        options: .with { $0.covarianceFloor = floor })
    }
    #expect(fits[1].mixture == fits[0].mixture && fits[1].trace == fits[0].trace)
    #expect(fits[1].certificate.safeguards.counts == [:])
    #expect(!fits[1].warnings.contains { if case .floorActed = $0 { true } else { false } })
  }

  /// A start that rests on the floor is the same in any units.
  @Test(arguments: [CovarianceStructure.vii, .vvi, .vvv], [1e-8, 1e8])
  func theFloorIsEquivariant(structure: CovarianceStructure, scale: Double) throws {
    let plain = try Self.fit(Self.copies, structure, floor: 1e-6, iterations: 5)
    let scaled = (points: Self.copies.points.mapping { $1 * scale }, labels: Self.copies.labels)
    let other = try Self.fit(scaled, structure, floor: 1e-6, iterations: 5)
    let expected = plain.logLikelihood - 35 * 2 * log(scale)
    #expect(abs(other.logLikelihood - expected) <= 1e-9 * abs(plain.logLikelihood))
    #expect(
      other.certificate.safeguards.covarianceFloor == plain.certificate.safeguards.covarianceFloor)
    #expect(plain.certificate.safeguards.covarianceFloor == 5)
  }

  /// Every second start puts a component where no point is; each of those is replaced.
  @Test func startsThatDegenerateAreReplacedAndCounted() throws {
    let problem = Problem(seed: 4, dimension: 2, components: 2)
    let tried = Log<Bool>()
    let start = UnreliableStart(good: problem.truth, tried: tried) { $0 % 2 == 0 }
    let fit = try GaussianMixture.fit(
      problem.points, components: 2, from: start,
      options: .with {
        $0.restarts = 12
        $0.stopping = .exactly(2)
      })
    let failures = tried.entries.filter { !$0 }.count
    #expect(failures > 0)
    #expect(fit.certificate.safeguards.replacedStarts == failures)
    #expect(fit.certificate.starts == tried.entries.count - failures)
  }

  @Test func whereEveryStartDegeneratesTheErrorSaysSo() throws {
    let problem = Problem(seed: 4, dimension: 2, components: 2)
    let tried = Log<Bool>()
    let start = UnreliableStart(good: problem.truth, tried: tried) { _ in false }
    let error = #expect(throws: DegenerateFitError.self) {
      try GaussianMixture.fit(
        problem.points, components: 2, from: start, options: .with { $0.restarts = 3 })
    }
    #expect(error?.attempts == tried.entries.count)
    #expect(tried.entries.count == 15)
    #expect(error?.description.contains("; none of 15 starts led to a fit. ") == true)
  }

  @Test func theSearchGoesOnPastADegenerateCell() throws {
    let result = try ModelSearch(
      components: [2], structures: [.vvv, .eee],
      start: LabelsStart(Self.copies.labels, components: 2)
    ).run(Self.copies.points)
    #expect(result.cells.count == 2)
    #expect(result.cells[0].error is DegenerateFitError)
    #expect(result.best.structure == .eee)
  }
}

/// A given mixture, or one with its last component where no point is: as the seed says.
private struct UnreliableStart: StartingMethod {
  let good: GaussianMixture
  let tried: Log<Bool>
  let isGood: @Sendable (UInt64) -> Bool

  var isRandom: Bool { true }

  func start(_ problem: FitProblem, components: Int, seed: UInt64) throws -> GaussianMixture {
    tried.append(isGood(seed))
    guard !isGood(seed) else { return good }
    let far = good.components[0].mean.map { $0 + 1e9 }
    return try GaussianMixture(
      weights: good.weights,
      components: Array(good.components.dropLast()) + [
        Gaussian(mean: far, covariance: good.components[0].covariance)
      ])
  }
}

extension Degeneracy {
  /// Compared by what they say: a value of this type comes from a fit alone.
  fileprivate struct Expected {
    let component: Int
    let count: Double
    let cause: Cause
  }

  fileprivate static func collapsed(component: Int, count: Double, column: Int) -> Expected {
    Expected(component: component, count: count, cause: .collapsed(column: column))
  }

  fileprivate static func collinear(component: Int, count: Double, column: Int) -> Expected {
    Expected(component: component, count: count, cause: .collinear(column: column))
  }

  fileprivate static func noPoints(component: Int) -> Expected {
    Expected(component: component, count: 0, cause: .noPoints)
  }
}

private func == (found: Degeneracy?, expected: Degeneracy.Expected) -> Bool {
  found?.component == expected.component && found?.effectiveCount == expected.count
    && found?.cause == expected.cause
}
