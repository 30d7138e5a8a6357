/// A table of a page: every column and every row has a header.
package struct PageTable {
  /// What stands in a place of a table.
  package struct Cell: ExpressibleByStringLiteral {
    var content: [Markup]
    private var style: String?
    private var key: String?

    package init(_ text: String) { content = [.text(text)] }
    package init(stringLiteral text: String) { self.init(text) }

    /// Nothing to be said.
    static let none = Cell("–").marked("none")

    /// A number that programs find by its name.
    package func named(_ key: String) -> Cell {
      var cell = self
      cell.key = key
      return cell
    }

    /// With a class of the page's style, in the place of another.
    package func marked(_ style: String) -> Cell {
      var cell = self
      cell.style = style
      return cell
    }

    /// With a dot in the colour of a component before it.
    func coloured(_ colour: Colour) -> Cell {
      var cell = self
      let style = "background:\(colour.hex)"
      cell.content.insert(.element("span", ["class": "swatch", "style": style], []), at: 0)
      return cell
    }

    var attributes: Markup.Attributes {
      var attributes: Markup.Attributes = [:]
      if let style { attributes.append("class", style) }
      if let key { attributes.append("data-value", key) }
      return attributes
    }
  }

  /// What the table holds.
  let caption: String

  /// The headers of the columns, that of the rows' headers first.
  package var columns: [Cell]

  /// Each with its header first.
  package var rows: [[Cell]]

  /// Whether readers see the caption, or only hear it.
  package var showsCaption: Bool

  package init(
    caption: String, columns: [Cell], rows: [[Cell]] = [], showsCaption: Bool = true
  ) {
    self.caption = caption
    self.columns = columns
    self.rows = rows
    self.showsCaption = showsCaption
  }

  /// The table in a box that scrolls by itself, with the keyboard too.
  package var markup: Markup {
    let head = Markup.element("tr", [:], columns.map { Self.header($0, "col") })
    let body = rows.map { row in
      Markup.element(
        "tr", [:],
        row.enumerated().map { index, cell in
          index == 0
            ? Self.header(cell, "row") : .element("td", cell.attributes, cell.content)
        })
    }
    let table = Markup.element(
      "table", [:],
      [
        .element("caption", ["class": "visually-hidden"], text: caption),
        .element("thead", [:], [head]), .element("tbody", [:], body),
      ])
    let box = Markup.element(
      "div", ["class": "scroll", "tabindex": "0", "role": "group", "aria-label": caption], [table])
    guard showsCaption else { return box }
    // A caption is no wider than its table: where it is seen, it stands before it.
    return .group([.element("p", ["class": "caption", "aria-hidden": "true"], text: caption), box])
  }

  /// A row of one number with four decimals, which programs find by its name.
  static func row(_ name: String, _ number: Double, _ key: String) -> [Cell] {
    [Cell(name), Cell(number.shown(4)).named(key)]
  }

  private static func header(_ cell: Cell, _ scope: String) -> Markup {
    .element("th", ["scope": scope] + cell.attributes, cell.content)
  }
}
