/// A page that stands alone: style, figures and scripts are in it, and it asks for nothing.
package struct Page {
  /// What a browser shows in its tab.
  package let title: String

  /// What made it.
  package let generator: String

  /// What is to be seen.
  package let body: Markup

  /// Scripts in the order in which they run.
  package var scripts: [PageScript] = []

  package init(title: String, generator: String, body: Markup, scripts: [PageScript] = []) {
    self.title = title
    self.generator = generator
    self.body = body
    self.scripts = scripts
  }

  /// Rules of a style sheet that only this page needs.
  var extraStyle = ""

  /// The whole document.
  package var html: String {
    let values = [
      "title": Markup.text(title).description, "generator": Markup.text(generator).description,
      "style": PageResource.style + extraStyle + MarkClass.pageStyle,
      "body": body.description,
      "scripts": scripts.map { "<script>\n\($0.source)</script>\n" }.joined(),
    ]
    return PageTemplate(PageResource.page).filled(with: values)
  }
}

/// A script of a page.
package enum PageScript: Sendable {
  /// EM for pages.
  case em
  /// What plays films.
  case film
  /// What gives a film with other frames its axes, words and table.
  case retell
  /// What lets the readers of the tour move a start.
  case tour

  var source: String {
    switch self {
    case .em: PageResource.em
    case .film: PageResource.film
    case .retell: PageResource.retell
    case .tour: PageResource.tour
    }
  }

  /// The rules that only the tour needs.
  static var tourStyle: String { PageResource.tourStyle }
}

/// The files that are embedded in this library.
private enum PageResource {
  static let page = text(PackageResources.page_html)
  static let style = text(PackageResources.page_css)
  static let em = script(PackageResources.em_js)
  static let film = script(PackageResources.film_js)
  static let retell = script(PackageResources.retell_js)
  static let tour = script(PackageResources.tour_js)
  static let tourStyle = text(PackageResources.tour_css)

  /// Without indentation, of which a page would carry thousands of bytes; no text of a script reaches over lines.
  private static func script(_ bytes: [UInt8]) -> String {
    text(bytes).split(separator: "\n").map { $0.drop { $0 == " " } + "\n" }.joined()
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// Text with places `{{name}}` to be filled.
package struct PageTemplate {
  private let text: String

  package init(_ text: String) { self.text = text }

  /// The text with each place filled, and left empty where there is no value. What is put in is not looked at again: a value may
  /// hold braces.
  package func filled(with values: [String: String]) -> String {
    var filled = ""
    var rest = text[...]
    while let place = PageTemplate.firstPlace(in: rest) {
      filled += rest[..<place.range.lowerBound]
      filled += values[place.name] ?? ""
      rest = rest[place.range.upperBound...]
    }
    return filled + rest
  }

  private static func firstPlace(
    in text: Substring
  ) -> (name: String, range: Range<String.Index>)? {
    let bytes = text.utf8
    guard let open = firstPair(of: "{", in: bytes[...]) else { return nil }
    let start = bytes.index(open, offsetBy: 2)
    guard let close = firstPair(of: "}", in: bytes[start...]) else { return nil }
    return (String(text[start..<close]), open..<bytes.index(close, offsetBy: 2))
  }

  private static func firstPair(
    of character: Unicode.Scalar, in bytes: Substring.UTF8View
  ) -> String.Index? {
    let wanted = UInt8(ascii: character)
    return zip(bytes.indices, zip(bytes, bytes.dropFirst()))
      .first { $0.1.0 == wanted && $0.1.1 == wanted }?.0
  }
}
