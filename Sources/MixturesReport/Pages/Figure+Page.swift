extension Figure {
  /// A drawing that could be nearly as narrow as the page of a phone is made to fit it.
  private static let phone = 400.0

  /// The figure as a part of a page: the drawing, its caption, and its data as a table to be unfolded.
  ///
  /// - Parameter id: unique in the page.
  func pageMarkup(id: String) -> Markup {
    // Letters are drawn at 11 pixels: not so wide that they shout, nor so narrow that they cannot be read. Where there is less
    // room the drawing scrolls, with the keyboard too.
    let narrowest = 0.62 * size.width
    let style =
      "--widest:\((1.3 * size.width).pixels)px"
      + (narrowest > Self.phone ? ";--narrowest:\(narrowest.pixels)px" : "")
    return .element(
      "figure", [:],
      [
        .element(
          "div",
          [
            "class": "drawing", "style": style, "tabindex": "0", "role": "group",
            "aria-label": title,
          ], [markup(id: id)]),
        caption.isEmpty ? .nothing : .element("figcaption", [:], text: caption),
        table.pageMarkup(caption: "The data of the figure: \(title)"),
      ])
  }
}

extension FigureTable {
  /// The table behind a summary that unfolds it; nothing where it has no rows.
  func pageMarkup(caption: String) -> Markup {
    guard !rows.isEmpty else { return .nothing }
    let table = PageTable(
      caption: caption, columns: columns.map { PageTable.Cell($0) },
      rows: rows.map { $0.map { PageTable.Cell($0) } }, showsCaption: false)
    return .element(
      "details", [:],
      [.element("summary", [:], text: "The data of this figure"), table.markup])
  }
}
