import Mixtures
import MixturesReport
import Testing

@Suite struct FindingTests {
  private func mixture(
    _ components: [(weight: Double, mean: [Double], variance: Double)],
    background: Double = 0
  ) throws -> GaussianMixture {
    try Mixture(
      weights: components.map(\.weight),
      components: components.map {
        try Gaussian(
          mean: $0.mean,
          covariance: .spherical(variance: $0.variance, dimension: $0.mean.count))
      },
      background: background > 0 ? Background(weight: background, logDensity: -3) : nil)
  }

  private func characters(
    _ components: [(weight: Double, mean: [Double], variance: Double)], _ features: [String]
  ) throws -> [String] {
    try ComponentCharacters(mixture(components), features: features).texts
  }

  @Test func highAndLow() throws {
    let found = try characters(
      [(0.4, [0, 10], 1), (0.5, [9, 20], 1), (0.1, [9, 10], 1)], ["a", "b"])
    // Column a tells the first from the others, b the second, and more.
    #expect(found == ["low in b and a", "high in b and a", "low in b, high in a"])
  }

  @Test func aColumnThatTellsNothingIsNotNamed() throws {
    let found = try characters([(0.5, [0, 5], 1), (0.5, [9, 5.2], 1)], ["a", "b"])
    #expect(found == ["low in a", "high in a"])
  }

  @Test func componentsThatReadAlikeAreToldByTheirMeans() throws {
    let found = try characters(
      [(0.3, [0, 0], 0.01), (0.3, [1, 0], 0.01), (0.4, [9, 0], 0.01)], ["a", "b"])
    #expect(found == ["with a around 0", "with a around 1", "high in a"])
  }

  @Test func oneInAnother() throws {
    #expect(
      try characters([(0.5, [1, 1], 1), (0.5, [1, 1], 25)], ["a", "b"]) == ["narrow", "wide"])
    #expect(
      try characters([(0.5, [1, 1], 1), (0.5, [1, 1], 1)], ["a", "b"])
        == ["with a around 1", "with a around 1"])
  }

  @Test func oneColumnAndOneComponent() throws {
    #expect(
      try characters([(0.5, [-2], 1), (0.5, [7.125], 1)], ["x"]) == ["around −2", "around 7.13"])
    #expect(try characters([(1, [3, 4], 1)], ["a", "b"]) == ["with a around 3"])
  }

  /// What distinguishes components does not depend on where the data lie.
  @Test(arguments: [0, 1e8, -1e12])
  func anOffsetChangesNothing(offset: Double) throws {
    let found = try mixture([(0.5, [offset, offset], 1), (0.5, [offset + 4, offset], 1)])
    #expect(found.shareBetween(column: 0) == 0.8)
    #expect(found.shareBetween(column: 1) == 0)
  }

  @Test func headlines() throws {
    let rows = (0..<40).map { row -> [Double] in
      let centre = Double(row % 4) * 20
      return [centre + Double(row % 7) / 5, -centre + Double(row % 5) / 4]
    }
    let points = Matrix(rows: rows, columnNames: ["<i>", "b"])
    func headline(_ components: Int, labels: [String] = []) throws -> String {
      let fit = try GaussianMixture.fit(points, components: components, structure: .eii)
      return Finding(fit, labels: labels).headline
    }
    let percent = "25\u{A0}%"
    #expect(try headline(1) == "1 component, EII: 100\u{A0}% with <i> around 30.6")
    #expect(
      try headline(2, labels: ["one", "two"])
        == "2 components, EII: 50\u{A0}% one; 50\u{A0}% two")
    #expect(try headline(4).split(separator: percent).count == 5)
    #expect(try headline(6).contains("in 3 smaller ones"))
  }
}
