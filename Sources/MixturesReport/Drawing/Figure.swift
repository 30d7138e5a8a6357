/// A drawing, with what a reader who cannot see it needs.
///
/// It is drawn once, on light paper and on dark: who shows it decides by style sheets. Numbers are rounded to tenths of a pixel
/// and written the same on every machine, so that equal figures are equal texts.
public struct Figure: Sendable, Equatable {
  /// What it is, in a few words.
  public let title: String

  /// What is to be seen, in a sentence or two.
  public let description: String

  /// What is drawn and how, and what was left out; may be empty.
  public let caption: String

  /// The data of the figure.
  public let table: FigureTable

  package let size: FigureSize

  package var width: Double { size.width }
  package var height: Double { size.height }

  private let content: Markup

  package static let fonts = "Helvetica, Arial, 'Liberation Sans', sans-serif"

  package init(
    title: String, description: String, caption: String = "", table: FigureTable,
    size: FigureSize, content: [Markup]
  ) {
    self.title = title
    self.description = description
    self.caption = caption
    self.table = table
    self.size = size
    self.content = .group(content)
  }

  /// The drawing as an element of a page, whose style sheet gives the classes of ``MarkClass`` their colours.
  ///
  /// - Parameter id: unique in the page; begins every identifier inside.
  package func markup(id: String) -> Markup {
    element(id: id, namespace: [:], height: height, children: [content.identified(by: id + "-")])
  }

  private func element(
    id: String, namespace: Markup.Attributes, height: Double, children: [Markup]
  ) -> Markup {
    .element(
      "svg",
      namespace + [
        "id": id, "viewBox": "0 0 \(width.pixels) \(height.pixels)", "width": width.pixels,
        "height": height.pixels, "role": "img",
        "aria-labelledby": "\(id)-title \(id)-desc", "font-family": Self.fonts,
      ],
      [
        .element("title", ["id": "\(id)-title"], text: title),
        .element("desc", ["id": "\(id)-desc"], text: description),
      ] + children)
  }
}

extension Figure {
  /// A whole SVG document: the drawing between its title and its caption.
  ///
  /// Colours follow the reader's scheme where style sheets are understood, and are those of light paper elsewhere.
  public var svg: String {
    let titleStyle = TextStyle(size: 15, isBold: true)
    let captionStyle = TextStyle(size: 11, isMuted: true)
    let margin = 14.0
    let top = 38.0
    // Who draws the document may lack Helvetica, and no letter may be cut off.
    let room = (width - 2 * margin) / TextMetrics.widestFace
    let lines = TextMetrics.lines(of: caption, width: room, size: captionStyle.size)
    let shown = TextMetrics.shortened(title, to: room, size: titleStyle.size * 1.07)
    let heading = Markup.label(shown, at: Place(x: margin, y: 25), titleStyle)
    let notes = lines.enumerated().map { index, line in
      Markup.label(
        line, at: Place(x: margin, y: top + height + 14 + 15 * Double(index)), captionStyle)
    }
    let total = top + height + (lines.isEmpty ? 8 : 10 + 15 * Double(lines.count))
    let paper = Markup.element(
      "rect",
      ["width": width.pixels, "height": total.pixels] + MarkClass.paper.attributes, [])
    let id = "figure"
    let document = element(
      id: id, namespace: ["xmlns": "http://www.w3.org/2000/svg"], height: total,
      children: [
        .element("style", [:], [.verbatim(MarkClass.styleSheet)]), paper, heading,
        .group(
          ["transform": "translate(0 \(top.pixels))"], [content.identified(by: id + "-")]),
      ] + notes)
    return document.description + "\n"
  }
}

/// The data of a figure as cells of text.
public struct FigureTable: Sendable, Equatable {
  /// The name of each column.
  public var columns: [String]

  /// As many cells as there are columns.
  public var rows: [[String]]

  /// A table of texts.
  public init(columns: [String], rows: [[String]] = []) {
    self.columns = columns
    self.rows = rows
  }
}
