// What figures look like: classes, whose light colours stand in the attributes for those who read no style sheets.

/// A class of marks, with its colours on light and on dark paper.
///
/// Pages give the same classes their colours.
package struct MarkClass: Sendable {
  package let name: String
  package let property: String
  package let light: String
  package let dark: String

  package static let paper = MarkClass(
    name: "paper", property: "fill", light: "#ffffff", dark: "#15171a")
  package static let ink = MarkClass(
    name: "ink", property: "fill", light: "#1b1d20", dark: "#eceef0")
  package static let muted = MarkClass(
    name: "muted", property: "fill", light: "#5a6068", dark: "#a7aeb6")
  /// Areas behind other marks.
  package static let area = MarkClass(
    name: "area", property: "fill", light: "#dfe3e8", dark: "#33383f")
  package static let paleArea = MarkClass(
    name: "pale-area", property: "fill", light: "#eff1f4", dark: "#23272c")
  package static let grid = MarkClass(
    name: "grid", property: "stroke", light: "#e7e9ec", dark: "#2a2e33")
  package static let frame = MarkClass(
    name: "frame", property: "stroke", light: "#9aa1a9", dark: "#5d656e")
  package static let line = MarkClass(
    name: "line", property: "stroke", light: "#3b4148", dark: "#c8cdd3")
  /// Lines under other lines.
  package static let total = MarkClass(
    name: "total", property: "stroke", light: "#c3c9d0", dark: "#4b525a")
  package static let halo = MarkClass(
    name: "halo", property: "stroke", light: "#ffffff", dark: "#15171a")

  package static let all = [paper, ink, muted, area, paleArea, grid, frame, line, total, halo]

  /// The rules that drawings which stand alone carry with them.
  package static var styleSheet: String { "@media (prefers-color-scheme:dark){\(darkRules)}" }

  /// What the classes look like on dark paper.
  package static var darkRules: String {
    let colours = all.map { ".\($0.name){\($0.property):\($0.dark)}" }.joined()
    // On dark paper nothing may shine through points, which it would dim.
    return colours + ".points{opacity:1}"
  }

  package var attributes: Markup.Attributes {
    property == "fill"
      ? ["class": name, "fill": light] : ["class": name, "stroke": light, "fill": "none"]
  }
}

/// How a text is set.
package struct TextStyle: Sendable {
  package enum Anchor: String { case start, middle, end }

  package var size = 12.0
  package var anchor = Anchor.start
  package var isBold = false
  package var isMuted = false

  /// Whether the paper shines around the letters, so that they read on top of marks.
  package var hasHalo = false

  package static let tick = TextStyle(size: 11, isMuted: true)
  package static let title = TextStyle(size: 12)
  package static let label = TextStyle(size: 12, isBold: true, hasHalo: true)

  package func anchored(_ anchor: Anchor) -> TextStyle {
    var style = self
    style.anchor = anchor
    return style
  }

  package func width(of text: String) -> Double {
    TextMetrics.width(of: text, size: size, isBold: isBold)
  }

  /// What should be left free for a text, whatever face it is drawn in.
  package func widthInAnyFace(of text: String) -> Double {
    width(of: text) * TextMetrics.widestFace
  }
}

extension Markup {
  /// A text whose letters stand on a base line.
  package static func label(
    _ text: String, at place: Place, _ style: TextStyle, turned: Bool = false
  ) -> Markup {
    let classes = (style.isMuted ? MarkClass.muted : .ink)
    var attributes: Attributes = [
      "x": place.x.pixels, "y": place.y.pixels, "font-size": style.size.pixels,
    ]
    if turned {
      attributes.append("transform", "rotate(-90 \(place.x.pixels) \(place.y.pixels))")
    }
    if style.anchor != .start { attributes.append("text-anchor", style.anchor.rawValue) }
    if style.isBold { attributes.append("font-weight", "600") }
    guard style.hasHalo else {
      return .element("text", attributes + classes.attributes, text: text)
    }
    // A class each for the fill and for the halo, which is painted first.
    let halo: Attributes = [
      "class": "\(classes.name) halo", "fill": classes.light, "stroke": MarkClass.halo.light,
      "stroke-width": "3.5", "stroke-linejoin": "round", "paint-order": "stroke",
    ]
    return .element("text", attributes + halo, text: text)
  }

  package static func line(
    from start: Place, to end: Place, _ mark: MarkClass, width: Double = 1, dashes: String? = nil
  ) -> Markup {
    var attributes: Attributes = [
      "x1": start.x.pixels, "y1": start.y.pixels, "x2": end.x.pixels, "y2": end.y.pixels,
      "stroke-width": width.pixels,
    ]
    if let dashes { attributes.append("stroke-dasharray", dashes) }
    return .element("line", attributes + mark.attributes, [])
  }

  package static func ring(at centre: Place, radius: Double, width: Double) -> Markup {
    .element(
      "circle",
      [
        "cx": centre.x.pixels, "cy": centre.y.pixels, "r": radius.pixels,
        "stroke-width": width.pixels,
      ] + MarkClass.line.attributes, [])
  }

  package static func path(_ data: PathData, _ attributes: Attributes) -> Markup {
    data.isEmpty ? .nothing : .element("path", ["d": data.text] + attributes, [])
  }

  package static func group(_ attributes: Attributes, _ children: [Markup]) -> Markup {
    .element("g", attributes, children)
  }
}
