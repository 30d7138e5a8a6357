import MixtureKernels

/// A colour, in linear light: where mixing is what light does.
package struct Colour: Sendable, Equatable {
  /// From zero to one.
  package var red: Double
  package var green: Double
  package var blue: Double

  /// From sRGB, as in `0x0072B2`.
  package init(hex: Int) {
    func channel(_ shift: Int) -> Double { Self.linear(Double((hex >> shift) & 255) / 255) }
    self.init(red: channel(16), green: channel(8), blue: channel(0))
  }

  package init(red: Double, green: Double, blue: Double) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// As in `#0072b2`.
  package var hex: String {
    "#"
      + [red, green, blue].map { value in
        let byte = Int((Self.encoded(min(max(value, 0), 1)) * 255).rounded())
        let digits = String(byte, radix: 16)
        return digits.count < 2 ? "0" + digits : digits
      }.joined()
  }

  /// The relative luminance, from zero to one.
  ///
  /// Source: W3C (2023), Web Content Accessibility Guidelines 2.2.
  package var luminance: Double { 0.2126 * red + 0.7152 * green + 0.0722 * blue }

  /// From one to 21.
  package func contrast(with other: Colour) -> Double {
    let (bright, dark) = (max(luminance, other.luminance), min(luminance, other.luminance))
    return (bright + 0.05) / (dark + 0.05)
  }

  /// The same hue with so much light: brightened towards white where a channel is full.
  package func withLuminance(_ wanted: Double) -> Colour {
    guard luminance > 0 else { return Colour(red: wanted, green: wanted, blue: wanted) }
    let factor = wanted / luminance
    var scaled = Colour(red: red * factor, green: green * factor, blue: blue * factor)
    let largest = max(scaled.red, scaled.green, scaled.blue)
    guard largest > 1 else { return scaled }
    scaled = Colour(
      red: scaled.red / largest, green: scaled.green / largest, blue: scaled.blue / largest)
    let share = (wanted - scaled.luminance) / (1 - scaled.luminance)
    return Colour.mixture([(scaled, 1 - share), (Colour(red: 1, green: 1, blue: 1), share)])
  }

  /// The sum of the lights, each times its share.
  package static func mixture(_ parts: [(colour: Colour, share: Double)]) -> Colour {
    parts.reduce(into: Colour(red: 0, green: 0, blue: 0)) { sum, part in
      sum.red += part.share * part.colour.red
      sum.green += part.share * part.colour.green
      sum.blue += part.share * part.colour.blue
    }
  }

  /// The transfer function of sRGB (IEC 61966-2-1).
  private static func linear(_ value: Double) -> Double {
    value <= 0.04045 ? value / 12.92 : exponential(2.4 * naturalLog((value + 0.055) / 1.055))
  }

  private static func encoded(_ value: Double) -> Double {
    value <= 0.003_130_8 ? 12.92 * value : 1.055 * exponential(naturalLog(value) / 2.4) - 0.055
  }
}
