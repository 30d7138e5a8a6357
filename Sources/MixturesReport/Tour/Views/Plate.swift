/// Figures side by side, one below the other where the page is narrow, under one caption, with their data and how to
/// make them.
struct Plate {
  /// Unique in the page.
  let id: String
  let figures: [Figure]
  let caption: String
  let table: FigureTable
  let recipe: Recipe

  /// As wide as the figures of a plate are at least, in style sheets.
  enum Size: String {
    case large, small
  }
  var size = Size.large

  var markup: Markup {
    let drawings = figures.enumerated().map { index, figure in
      let drawing = figure.markup(id: figures.count == 1 ? id : "\(id)-\(index + 1)")
      guard figures.count > 1 else { return drawing }
      return Markup.element(
        "div", [:], [.element("p", ["class": "panel-title"], text: figure.title), drawing])
    }
    let panels =
      figures.count == 1
      ? drawings : [.element("div", ["class": "panels \(size.rawValue)"], drawings)]
    return .element(
      "figure", [:],
      panels + [
        .element("figcaption", [:], Prose.inline(caption[...])),
        table.pageMarkup(
          caption: "The data of the figure: \(figures.map(\.title).joined(separator: "; "))"),
        recipe.markup,
      ])
  }
}

/// How a reader gets the numbers of a figure.
struct Recipe {
  /// The seed and the call of the library, as ``Prose``.
  let made: String

  /// What to type, one command in a line; commands of earlier chapters have been typed before.
  var commands: [String] = []

  /// The same in Swift.
  var swift: [String] = []

  var markup: Markup {
    .element(
      "details", ["class": "recipe"],
      [
        .element("summary", [:], text: "Make it yourself"),
        .element("p", [:], Prose.inline(made[...])),
        block(commands, style: "shell", label: "Commands"),
        block(swift, style: "swift", label: "Swift"),
      ])
  }

  private func block(_ lines: [String], style: String, label: String) -> Markup {
    guard !lines.isEmpty else { return .nothing }
    let text = lines.enumerated().flatMap { index, line -> [Markup] in
      (index > 0 ? [.verbatim("\n")] : []) + [.text(line)]
    }
    return .element(
      "pre", ["class": style, "tabindex": "0", "role": "group", "aria-label": label],
      [.element("code", [:], text)])
  }
}
