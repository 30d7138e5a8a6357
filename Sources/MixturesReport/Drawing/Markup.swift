/// A tree of elements, for SVG and for HTML. Texts and values are escaped where they are written, and nowhere else.
package indirect enum Markup: Sendable, Equatable {
  case element(String, Attributes, [Markup])

  /// What a reader sees, whatever it contains.
  case text(String)

  /// Written as it is, as style sheets and scripts are: of what comes from data only what cannot end its element.
  case verbatim(String)

  /// Several without an element around them.
  case group([Markup])

  /// The attributes of an element, in order.
  package struct Attributes: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    package private(set) var names: [String] = []
    package private(set) var values: [String] = []

    package init(dictionaryLiteral pairs: (String, String)...) {
      for (name, value) in pairs { append(name, value) }
    }

    package mutating func append(_ name: String, _ value: String) {
      names.append(name)
      values.append(value)
    }

    package static func + (left: Attributes, right: Attributes) -> Attributes {
      var sum = left
      for (name, value) in zip(right.names, right.values) { sum.append(name, value) }
      return sum
    }

    package func mapValues(_ change: (_ name: String, _ value: String) -> String) -> Attributes {
      var changed = self
      changed.values = zip(names, values).map(change)
      return changed
    }
  }

  /// An element with a text in it.
  package static func element(_ name: String, _ attributes: Attributes, text: String) -> Markup {
    .element(name, attributes, [.text(text)])
  }

  package static let nothing = Markup.group([])
}

extension Markup: CustomStringConvertible {
  /// The text of the tree.
  package var description: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .text(let content): Self.writeEscaped(content, to: &text)
    case .verbatim(let content): text += content
    case .group(let children): for child in children { child.write(to: &text) }
    case .element(let name, let attributes, let children):
      text += "<\(name)"
      for (name, value) in zip(attributes.names, attributes.values) {
        text += " \(name)=\""
        Self.writeEscaped(value, to: &text)
        text += "\""
      }
      if children.isEmpty, Self.isClosedAtOnce(name) {
        text += "/>"
        return
      }
      text += ">"
      for child in children { child.write(to: &text) }
      text += "</\(name)>"
    }
  }

  /// Whether an element without content is written `<name/>`, which HTML takes for an opening tag elsewhere.
  private static func isClosedAtOnce(_ name: String) -> Bool {
    switch name {
    case "path", "circle", "ellipse", "rect", "line", "input", "mspace": true
    default: false
    }
  }

  /// What XML forbids even when escaped becomes U+FFFD.
  private static func writeEscaped(_ content: String, to text: inout String) {
    for scalar in content.unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      case "\t", "\n", "\r": text += " "
      case _
      where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        || scalar.value & 0xFFFE == 0xFFFE:
        text += "\u{FFFD}"
      default: text.unicodeScalars.append(scalar)
      }
    }
  }
}

extension Markup {
  /// The same tree with `prefix` before every identifier and every reference to one, so that several drawings can stand in one page.
  package func identified(by prefix: String) -> Markup {
    switch self {
    case .text, .verbatim: return self
    case .group(let children): return .group(children.map { $0.identified(by: prefix) })
    case .element(let name, let attributes, let children):
      let changed = attributes.mapValues { name, value in
        if name == "id" { return prefix + value }
        guard value.hasPrefix("url(#") else { return value }
        return "url(#" + prefix + value.dropFirst("url(#".count)
      }
      return .element(name, changed, children.map { $0.identified(by: prefix) })
    }
  }
}
