import Foundation
import MixturesIO
import MixturesReport
import Testing

@Suite struct PageTests {
  @Test func placesAreFilledOnceEach() {
    let template = PageTemplate("<a>{{one}}</a>{{two}} {not} {{one}}")
    #expect(template.filled(with: ["one": "1", "two": "{{one}}"]) == "<a>1</a>{{one}} {not} 1")
    #expect(PageTemplate("{{").filled(with: [:]) == "{{")
    #expect(PageTemplate("é{{a}}ü").filled(with: ["a": "ß"]) == "éßü")
    #expect(PageTemplate("").filled(with: [:]).isEmpty)
  }

  @Test func aPageStandsAlone() {
    let page = Page(
      title: "a < b & \"c\"", generator: "this", body: .paragraph("</body><script>"),
      scripts: [.em, .film])
    let html = page.html
    #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    #expect(html.contains("<title>a &lt; b &amp; &quot;c&quot;</title>"))
    #expect(html.contains("<p>&lt;/body&gt;&lt;script&gt;</p>"))
    #expect(html.contains("default-src 'none'"))
    #expect(html.contains("const mixtures =") && html.contains("class Player"))
    #expect(!html.contains("{{") && !html.contains("}}\n{{"))
    for address in ["http:", "https:", "src=", "@import", "url("] {
      // The namespace of SVG is a name, not an address.
      let text = html.split(separator: "http://www.w3.org/2000/svg").joined()
      #expect(!text.contains(address), "\(address)")
    }
  }

  /// Paper out of a printer is light, whatever the reader's scheme; every class of a figure has its dark colour.
  @Test func figuresHaveTheirColours() {
    let style = MarkClass.pageStyle
    #expect(style.hasPrefix("@media screen and (prefers-color-scheme:dark)"))
    for mark in MarkClass.all {
      #expect(style.contains(".\(mark.name){\(mark.property):\(mark.dark)}"))
    }
  }

  @Test func dataCannotEndTheirElement() throws {
    let hostile = "</script><script>alert(1)</script><!--\"\\\u{2028}"
    let value: JSONValue = ["a": .string(hostile), "b": .array([1, .number(0.5), nil])]
    let text = "\(Markup.data(value))"
    #expect(text.hasPrefix("<script type=\"application/json\">"))
    let inner = text.dropFirst("<script type=\"application/json\">".count)
      .dropLast("</script>".count)
    #expect(!inner.contains("<"))
    let read = try #require(
      JSONSerialization.jsonObject(with: Data(inner.utf8)) as? [String: Any])
    #expect(read["a"] as? String == hostile)
    #expect((read["b"] as? [Any])?.count == 3)
  }

  @Test func tablesHaveHeadersAndCaptions() {
    var table = PageTable(caption: "c", columns: ["a", "b"])
    table.rows = [["r", PageTable.Cell("1").named("key").marked("none").marked("best")]]
    let text = "\(table.markup)"
    #expect(text.contains("<th scope=\"col\">b</th>"))
    #expect(text.contains("<th scope=\"row\">r</th>"))
    #expect(text.contains("<td class=\"best\" data-value=\"key\">1</td>"))
    #expect(text.contains("<p class=\"caption\" aria-hidden=\"true\">c</p>"))
    #expect(text.contains("<caption class=\"visually-hidden\">c</caption>"))
    table.showsCaption = false
    #expect(!"\(table.markup)".contains("<p"))
  }
}
