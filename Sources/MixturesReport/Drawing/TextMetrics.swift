/// How wide texts are in Helvetica and what is drawn in its place.
package enum TextMetrics {
  /// Thousandths of the font size of the characters from space to tilde.
  private static let widths: [Int] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
  ]

  /// How much wider than in Helvetica texts are in DejaVu Sans, which is drawn in its place where there is nothing else.
  package static let widestFace = 1.17

  /// The width of a text in pixels.
  package static func width(of text: String, size: Double, isBold: Bool = false) -> Double {
    let thousandths = text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
    return Double(thousandths) / 1000 * size * (isBold ? 1.07 : 1)
  }

  private static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x20...0x7E: widths[Int(scalar.value) - 0x20]
    case 0xA0, 0xB7: 278
    case 0x202F, 0x2009: 200
    case 0x2070...0x209F, 0xB2, 0xB3, 0xB9: 350
    case 0x0300...0x036F, 0x200B...0x200F, 0xFE00...0xFE0F: 0
    case 0x2026, 0x2014: 1000
    // Scripts of square characters, and pictures.
    case 0x1100...0x11FF, 0x2E80...0xA4CF, 0xAC00...0xD7AF, 0xF900...0xFAFF, 0xFF00...0xFF60,
      0x1F000...0x3FFFF:
      1000
    default: 600
    }
  }

  /// The text itself or, where it is wider, its beginning with an ellipsis.
  package static func shortened(_ text: String, to width: Double, size: Double) -> String {
    guard Self.width(of: text, size: size) > width else { return text }
    var left = text
    while !left.isEmpty, Self.width(of: left + "…", size: size) > width { left.removeLast() }
    return left + "…"
  }

  /// The texts, each shortened where it is wider: to its end if the beginnings would not tell them apart.
  package static func shortened(_ texts: [String], to width: Double, size: Double) -> [String] {
    let beginnings = texts.map { shortened($0, to: width, size: size) }
    guard Set(beginnings).count < Set(texts).count else { return beginnings }
    let ends = texts.map { text in
      String(String(shortened(String(text.reversed()), to: width, size: size)).reversed())
    }
    return Set(ends).count > Set(beginnings).count ? ends : beginnings
  }

  /// The text in lines that are no wider, broken at spaces.
  package static func lines(of text: String, width: Double, size: Double) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      let longer = (lines.last.map { $0 + " " } ?? "") + word
      if lines.isEmpty || Self.width(of: longer, size: size) > width {
        lines.append(shortened(String(word), to: width, size: size))
      } else {
        lines[lines.count - 1] = longer
      }
    }
    return lines
  }
}
