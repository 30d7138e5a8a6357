import Testing

@testable import MixturesReport

@Suite struct NumberTextTests {
  @Test(arguments: [
    (0, "0"), (0.04, "0"), (-0.04, "0"), (0.05, "0.1"), (12.34, "12.3"), (-7.96, "-8"),
    (-0.5, "-0.5"),
    (.nan, "0"), (.infinity, "100000"), (-.infinity, "-100000"),
  ])
  func pixelsHaveOneDecimal(length: Double, text: String) {
    #expect(length.pixels == text)
  }
}
