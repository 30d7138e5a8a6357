import Foundation
import MixturesReport
import Testing

@Suite struct PaletteTests {
  /// WCAG 2.2, 1.4.11: graphics need 3 : 1.
  @Test(arguments: 0..<40)
  func componentsReadOnBothPapers(index: Int) {
    for paper in [Palette.lightPaper, Palette.darkPaper] {
      #expect(
        Palette.component(index).contrast(with: paper) >= 3, "\(Palette.component(index).hex)")
    }
  }

  /// WCAG 2.2, 1.4.3: texts need 4.5 : 1, also on the areas that lie under them.
  @Test func textsReadOnBothPapers() throws {
    for text in [MarkClass.ink, .muted] {
      #expect(try colour(text.light).contrast(with: Palette.lightPaper) >= 4.5)
      #expect(try colour(text.dark).contrast(with: Palette.darkPaper) >= 4.5)
    }
    for area in [MarkClass.area, .paleArea] {
      #expect(try colour(MarkClass.ink.light).contrast(with: colour(area.light)) >= 4.5)
      #expect(try colour(MarkClass.ink.dark).contrast(with: colour(area.dark)) >= 4.5)
    }
  }

  @Test func papersAreThoseOfTheClasses() throws {
    #expect(try colour(MarkClass.paper.light) == Palette.lightPaper)
    #expect(try colour(MarkClass.paper.dark) == Palette.darkPaper)
  }

  /// No two of the first sixteen look alike: they lie three just noticeable differences, of about 0.02 in Oklab, from each other.
  ///
  /// Source: Ottosson (2020), "A perceptual color space for image processing".
  @Test func coloursDiffer() {
    for i in 0..<16 {
      for j in 0..<i {
        let (a, b) = (Palette.component(i), Palette.component(j))
        let distance = zip(oklab(a), oklab(b)).reduce(0) {
          $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
        }.squareRoot()
        #expect(distance > 0.06, "\(i) \(a.hex), \(j) \(b.hex)")
      }
    }
  }

  private func oklab(_ colour: Colour) -> [Double] {
    func product(_ rows: [[Double]], _ vector: [Double]) -> [Double] {
      rows.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    let cones = product(
      [
        [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
        [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
        [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
      ], [colour.red, colour.green, colour.blue])
    return product(
      [
        [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
        [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
        [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
      ], cones.map(cbrt))
  }

  @Test func coloursMixInLinearLight() {
    let half = Palette.mixed([0.5, 0.5])
    let (first, second) = (Palette.component(0), Palette.component(1))
    #expect(half.red == 0.5 * first.red + 0.5 * second.red)
    #expect(Palette.mixed([1, 0]) == first)
    #expect(Palette.roundlyMixed([0.97, 0.03]) == first)
    #expect(Palette.mixed([0, 0], background: 1) == Palette.background)
  }

  /// Of a hundred equal shares none rounds to an eighth.
  @Test func manySmallSharesHaveAColour() {
    let colour = Palette.roundlyMixed(Array(repeating: 0.01, count: 100))
    #expect(colour.luminance > 0)
  }

  @Test(arguments: ["#0072b2", "#000000", "#ffffff", "#7d8287"])
  func hexReadsBack(text: String) throws {
    #expect(try colour(text).hex == text)
  }

  private func colour(_ hex: String) throws -> Colour {
    Colour(hex: try #require(Int(hex.dropFirst(), radix: 16)))
  }
}
