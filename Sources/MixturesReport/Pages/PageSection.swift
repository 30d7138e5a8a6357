/// A part of a page under a heading.
struct PageSection {
  let title: String

  /// From which links find it; unique in the page.
  let id: String

  var content: [Markup]

  var markup: Markup {
    .element(
      "section", ["aria-labelledby": id],
      [.element("h2", ["id": id], text: title)] + content)
  }
}

extension Markup {
  /// A paragraph of text.
  package static func paragraph(_ text: String, style: String? = nil) -> Markup {
    .element("p", style.map { ["class": $0] } ?? [:], text: text)
  }

  /// A list of texts.
  static func list(_ items: [String], style: String? = nil) -> Markup {
    .element(
      "ul", style.map { ["class": $0] } ?? [:], items.map { .element("li", [:], text: $0) })
  }
}
