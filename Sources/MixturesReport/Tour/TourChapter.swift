/// A chapter of the tour: what is said, with the figures that show it.
struct TourChapter {
  /// From which links find it; unique in the page.
  let id: String
  let title: String
  let content: Markup

  /// - Parameters:
  ///   - number: from 1.
  ///   - next: the chapter that follows, if one does.
  func markup(number: Int, next: TourChapter?) -> Markup {
    .element(
      "section", ["aria-labelledby": id, "class": "chapter"],
      [
        .element(
          "h2", ["id": id],
          [.element("span", ["class": "number"], text: "\(number)"), .text(" " + title)]),
        content,
        .element("p", ["class": "next"], Self.links(to: next, number: number + 1)),
      ])
  }

  private static func links(to next: TourChapter?, number: Int) -> [Markup] {
    let contents = Markup.element("a", ["href": "#contents"], text: "Contents")
    guard let next else { return [contents] }
    return [
      .text("Next: "),
      .element("a", ["href": "#\(next.id)"], text: "\(number) \(next.title)"), .text(" · "),
      contents,
    ]
  }
}
