import MixturesReport
import Testing

@Suite struct MarkupTests {
  @Test func textsAndValuesAreEscaped() {
    let markup = Markup.element("text", ["a": "\"<&'"], text: "<script>&amp;\u{0}\u{1B}é😀")
    #expect(
      markup.description
        == "<text a=\"&quot;&lt;&amp;&#39;\">&lt;script&gt;&amp;amp;\u{FFFD}\u{FFFD}é😀</text>")
  }

  @Test func emptyElementsCloseAsBothSVGAndHTMLUnderstand() {
    #expect(Markup.element("path", ["d": "M0 0"], []).description == "<path d=\"M0 0\"/>")
    #expect(Markup.element("div", [:], []).description == "<div></div>")
  }

  @Test func identifiersGetAPrefixWithTheirReferences() {
    let markup = Markup.group([
      .element("clipPath", ["id": "panel"], []),
      .element("g", ["clip-path": "url(#panel)", "class": "panel"], [.text("url(#panel)")]),
    ]).identified(by: "a-")
    #expect(
      markup.description
        == "<clipPath id=\"a-panel\"></clipPath><g clip-path=\"url(#a-panel)\" class=\"panel\">url(#panel)</g>"
    )
  }

  @Test func dotsAreWhereTheyAreWhateverTheirOrder() {
    let places = [
      Place(x: 3, y: 7), Place(x: 14, y: 2), Place(x: 0.5, y: 1), Place(x: 12, y: 9),
      Place(x: 3, y: 7),
    ]
    var data = PathData()
    data.dots(at: places)
    #expect(data.text == "M.5 1h0m2.5 6h0m0 0h0m9 2h0m2-7h0")
    var other = PathData()
    other.dots(at: places.reversed())
    #expect(other.text == data.text)
  }

  @Test func stepsOfAPathAddUpToItsPlaces() {
    var data = PathData()
    data.polyline(
      [Place(x: 0.04, y: 1), Place(x: 0.06, y: 1), Place(x: 3.14, y: -2.5)], isClosed: true)
    #expect(data.text == "M0 1h.1l3-3.5z")
  }
}
