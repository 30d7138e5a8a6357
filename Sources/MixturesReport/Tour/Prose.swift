/// Text as a chapter writes it, which becomes elements of a page.
///
/// Paragraphs are separated by blank lines. In them `*word*` is emphasised, `` `code` `` is code, `[text](#place)` a link and
/// `$x_i$` a ``Formula``. A paragraph of one `$$…$$` is a displayed formula, with `//` between its lines, one that begins with `### ` a heading, and
/// `‹name›` is the value of that name: a text in a paragraph, an element where it stands alone.
struct Prose {
  private let text: String
  private let elements: [String: Markup]

  /// - Parameters:
  ///   - values: texts, such as numbers.
  ///   - elements: figures, tables and the like.
  init(_ text: String, values: [String: String] = [:], elements: [String: Markup] = [:]) {
    self.text = Self.filled(text, with: values)
    self.elements = elements
  }

  var markup: Markup {
    .group(paragraphs.map(Self.joined).map(block))
  }

  private static func filled(_ text: String, with values: [String: String]) -> String {
    var filled = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "‹") {
      filled += rest[..<open]
      let name = rest[open...].dropFirst().prefix { $0 != "›" }
      filled += values[String(name)] ?? "‹\(name)›"
      rest = rest[name.endIndex...].dropFirst()
    }
    return filled + rest
  }

  private var paragraphs: [[Substring]] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .split(whereSeparator: \.isEmpty).map(Array.init)
  }

  private static func joined(_ lines: [Substring]) -> String { lines.joined(separator: " ") }

  private func block(_ paragraph: String) -> Markup {
    if paragraph.hasPrefix("‹"), paragraph.hasSuffix("›"),
      let element = elements[String(paragraph.dropFirst().dropLast())]
    {
      return element
    }
    if paragraph.hasPrefix("$$"), paragraph.hasSuffix("$$"), paragraph.count > 4 {
      return Self.displayed(String(paragraph.dropFirst(2).dropLast(2)))
    }
    if paragraph.hasPrefix("### ") {
      return .element("h3", [:], Self.inline(paragraph.dropFirst(4)))
    }
    return .element("p", [:], Self.inline(paragraph[...]))
  }

  /// Formulas of their own, line by line, in a box that scrolls where they are too wide.
  private static func displayed(_ lines: String) -> Markup {
    .element(
      "div",
      ["class": "formula scroll", "tabindex": "0", "role": "group", "aria-label": "Formula"],
      lines.split(separator: "//").map { Formula(String($0), isDisplayed: true).markup })
  }

  /// Text with its marks. No line begins with a sign for per cent.
  static func inline(_ text: Substring) -> [Markup] {
    var parts: [Markup] = []
    var plain = ""
    var rest = text
    while let first = rest.first {
      if let (mark, after) = marked(rest, first) {
        if !plain.isEmpty { parts.append(.text(plain)) }
        plain = ""
        parts.append(mark)
        rest = after
      } else {
        plain.append(rest.hasPrefix(" %") ? "\u{A0}" : first)
        rest.removeFirst()
      }
    }
    return plain.isEmpty ? parts : parts + [.text(plain)]
  }

  /// A formula, with the sign behind it on the same line.
  private static func formula(
    _ source: String, before rest: Substring
  ) -> (mark: Markup, rest: Substring) {
    let formula = Formula(source).markup
    let sign = rest.prefix(1)
    guard let character = sign.first, ",.;:)".contains(character) else { return (formula, rest) }
    return (
      .element("span", ["class": "keep"], [formula, .text(String(sign))]), rest.dropFirst()
    )
  }

  /// The element that begins here, if one does, and what comes after it.
  private static func marked(
    _ text: Substring, _ first: Character
  ) -> (mark: Markup, rest: Substring)? {
    func enclosed(by end: Character) -> (inner: Substring, rest: Substring)? {
      let inner = text.dropFirst().prefix { $0 != end }
      guard !inner.isEmpty, inner.endIndex < text.endIndex else { return nil }
      return (inner, text[inner.endIndex...].dropFirst())
    }
    switch first {
    case "$": return enclosed(by: "$").map { formula(String($0.inner), before: $0.rest) }
    case "*": return enclosed(by: "*").map { (.element("em", [:], inline($0.inner)), $0.rest) }
    case "`":
      return enclosed(by: "`").map { (.element("code", [:], text: String($0.inner)), $0.rest) }
    case "[":
      guard let (inner, rest) = enclosed(by: "]"), rest.first == "(" else { return nil }
      let target = rest.dropFirst().prefix { $0 != ")" }
      guard target.endIndex < text.endIndex else { return nil }
      let link = Markup.element("a", ["href": String(target)], inline(inner))
      return (link, rest[target.endIndex...].dropFirst())
    default: return nil
    }
  }
}
