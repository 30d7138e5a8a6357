extension Figure {
  /// The figure as a part of a page: the drawing, its caption, and its data as a table to be unfolded.
  ///
  /// - Parameter id: unique in the page.
  func pageMarkup(id: String) -> Markup {
    .element(
      "figure", [:],
      [
        markup(id: id),
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
