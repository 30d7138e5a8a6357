import Foundation
import Mixtures
import MixturesIO
import Testing

@Suite struct CheckpointTests {
  private let folder = TemporaryFolder()

  /// What is written through a link is removed through it.
  @Test func aLinkToACheckpointStays() throws {
    let link = "\(folder.path)/link"
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: "run.ckpt")
    let checkpoint = try Checkpoint(creating: link, identity: [])
    try checkpoint.save()
    #expect(folder.names == ["link", "run.ckpt"])
    checkpoint.remove()
    #expect(folder.names == ["link"])
    #expect(throws: Never.self) { try Checkpoint(creating: link, identity: []) }
  }
}

@Suite struct CheckpointFileTests {
  private let folder = TemporaryFolder()
  private let identity: Checkpoint.Identity = [
    .init("--k", "2"), .init("the data digest", "fnv1a64:0123456789abcdef"),
  ]

  private func mixture(_ covariances: [Covariance]) throws -> GaussianMixture {
    try GaussianMixture(
      weights: [0.1, 0.9],
      components: covariances.enumerated().map {
        try Gaussian(mean: [Double($0) / 3, -1e-300], covariance: $1)
      })
  }

  /// All shapes of covariances, numbers that JSON does not know, and every way to degenerate.
  private func entries() throws -> [RunName: RunEntry] {
    let full = Covariance.full(lowerTriangle: [1, 0.1, 2.0.nextUp], dimension: 2)
    var state = EMState(
      mixture: try mixture([full, full]),
      trace: [-.infinity, -0.0, -1e17 / 3, .leastNonzeroMagnitude])
    state.previous = try mixture([
      .diagonal(variances: [0.1, 1e-200]), .spherical(variance: 1 / 3, dimension: 2),
    ])
    let isKnown = state.safeguards.set(3, named: "recentredMoments")
    #expect(isKnown)
    var entries: [RunName: RunEntry] = [:]
    func add(_ structure: CovarianceStructure, _ start: Int, _ entry: RunEntry) {
      let name = RunName(structure: structure, components: 2, start: start, attempt: start % 2)
      entries[name] = entry
    }
    add(.vvv, 0, .reached(state))
    for (index, cause) in [
      Degeneracy.Cause.noPoints, .collapsed(column: 1), .collinear(column: 0),
    ].enumerated() {
      let degeneracy = Degeneracy(component: 1, effectiveCount: 1e-11 / 3, cause: cause)
      add(.eee, index, .degenerate(DegenerateRun(degeneracy: degeneracy, iteration: index)))
    }
    return entries
  }

  private func written() throws -> String {
    CheckpointFile(identity: identity, entries: try entries()).json.description
  }

  private func read(
    _ text: String, of fit: Checkpoint.Identity? = nil
  ) throws(CheckpointError) -> CheckpointFile {
    try CheckpointFile(
      contentsOf: folder.write(text.utf8, to: "run.ckpt"), of: fit ?? identity, dimension: 2)
  }

  @Test func itReadsBackEqual() throws {
    let file = try read(written())
    let expected = try entries()
    #expect(file.entries == expected)
    #expect(try read(file.json.description).json.description == written())
  }

  @Test func anotherFitIsRefused() throws {
    let text = try written()
    for other in [identity + [.init("--seed", "3")], [identity[0]], [identity[0], identity[0]]] {
      let error = #expect(throws: CheckpointError.self) { try read(text, of: other) }
      #expect(error?.kind == .otherFit)
    }
  }

  @Test func aPartOfAFileIsRefused() throws {
    let text = try written()
    for length in stride(from: 0, to: text.utf8.count - 1, by: 7) {
      #expect(throws: CheckpointError.self) { try read(String(text.prefix(length))) }
    }
  }

  @Test(arguments: [
    ("\"version\": 1", "\"version\": 2"), ("\"components\": 2", "\"components\": 0"),
    ("\"components\": 2", "\"components\": 3"), ("\"start\": 0", "\"start\": -1"),
    ("\"column\": 1", "\"column\": 2"), ("\"column\": 1", "\"column\": null"),
    ("\"component\": 1", "\"component\": 2"), ("\"cause\": \"noPoints\"", "\"cause\": \"x\""),
    ("\"VVV\"", "\"VXV\""), ("recentredMoments", "recentredMoment"), ("-inf", "minus"),
    ("[0.1, 0.9]", "[0.1, 0.8]"), ("[1.0, 0.1, ", "[1.0, "), ("[1.0, 0.1, ", "[1.0, 7.0, "),
    ("\"mean\": [0.0, ", "\"mean\": ["), ("\"trace\": [", "\"trace\": [null, "),
    ("\"innerIterations\": 0", "\"innerIterations\": 9223372036854775807"),
    ("\"recentredMoments\": 3", "\"recentredMoments\": 9223372036854775807"),
    ("\"iteration\": 0", "\"iteration\": 9223372036854775807"),
  ])
  func whatCannotBeIsRefused(text: String, replacement: String) throws {
    let original = try written()
    let changed = original.replacingOccurrences(of: text, with: replacement)
    try #require(changed != original, "\(original)")
    #expect(throws: CheckpointError.self) { try read(changed) }
  }

  /// What was found, and what to do.
  @Test(arguments: [
    ("recentredMoments", "moments", "expected the name of a safeguard, found \"moments\"."),
    ("\"noPoints\"", "\"hunger\"", "expected the name of a cause, found \"hunger\"."),
    ("\"stage\": \"alone\"", "\"stage\": \"x\"", "expected the name of a stage, found \"x\"."),
    ("\"fit\": {", "\"fit\": 3, \"more\": {", "unknown key \"more\"."),
    ("\"mean\": [0.0, ", "\"mean\": [", "of dimension 2, found 1 and 2."),
  ])
  func defectsAreToldWithAdvice(text: String, replacement: String, message: String) throws {
    let changed = try written().replacingOccurrences(of: text, with: replacement)
    let error = #expect(throws: CheckpointError.self) { try read(changed) }
    let found = error?.description ?? ""
    #expect(found.contains(message), "\(found)")
    if !message.hasPrefix("unknown") {
      #expect(found.hasSuffix("leave out --resume."), "\(found)")
    }
  }
}
