/// A chapter of the tour: what is said, with the figures that show it.
struct TourChapter {
  /// From which links find it; unique in the page.
  let id: String
  let title: String
  let content: Markup

  /// - Parameter number: from 1.
  func markup(number: Int) -> Markup {
    .element(
      "section", ["aria-labelledby": id, "class": "chapter"],
      [
        .element(
          "h2", ["id": id],
          [.element("span", ["class": "number"], text: "\(number)"), .text(" " + title)]),
        content,
      ])
  }
}
