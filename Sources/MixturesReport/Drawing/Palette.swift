import MixtureKernels

/// The colours of figures. Those of components are the same on light and on dark paper, and reach a contrast of 3 : 1 on both where
/// nothing shines through them: on dark paper everywhere, on light paper all but points that may overlap.
package enum Palette {
  package static let lightPaper = Colour(hex: 0xFFFFFF)
  package static let darkPaper = Colour(hex: 0x15171A)

  /// What no component describes.
  package static let background = Colour(hex: 0x7D8287)

  /// The luminance at which a colour reads on both papers.
  package static let readableLuminance = 0.13...0.29

  /// Colours that people with any kind of colour vision tell apart; those that one of the papers would swallow are darkened, and
  /// in place of black there is a brown.
  ///
  /// Source: Okabe & Ito (2008), "Color universal design".
  private static let first: [Colour] = [
    0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0xF0E442, 0x8C564B,
  ].map { readable(Colour(hex: $0)) }

  /// The colour of component `index`, counting from zero; beyond eight, hues in golden steps.
  package static func component(_ index: Int) -> Colour {
    if first.indices.contains(index) { return first[index] }
    // From indigo on, dark and light by turns: so the next eight differ from the first and from each other as much as those do.
    let step = 0.65 + Double(index - first.count) * 0.618_033_988_75
    let luminance = index % 2 == 0 ? 0.14 : 0.29
    return hue(step - step.rounded(.down)).withLuminance(luminance)
  }

  /// What the lights of components mix to: Σ rₖcₖ in linear light.
  package static func mixed(_ responsibilities: [Double], background: Double? = nil) -> Colour {
    let parts = responsibilities.enumerated().map { (component($0.offset), $0.element) }
    return Colour.mixture(parts + (background.map { [(Self.background, $0)] } ?? []))
  }

  /// As ``mixed(_:background:)``, with shares rounded to eighths, of many components to quarters, which the eye cannot tell, so
  /// that points share few colours.
  package static func roundlyMixed(_ responsibilities: [Double], background: Double? = nil)
    -> Colour
  {
    let shares = responsibilities + (background.map { [$0] } ?? [])
    let steps = shares.count > 4 ? 4.0 : 8
    var rounded = shares.map { ($0 * steps).rounded() }
    // Among very many components all shares may be small.
    if rounded.allSatisfy({ $0 == 0 }) {
      let largest = shares.indices.max { shares[$0] < shares[$1] } ?? 0
      rounded[largest] = 1
    }
    let total = rounded.reduce(0, +)
    let exact = rounded.map { $0 / total }
    let count = responsibilities.count
    return mixed(Array(exact[..<count]), background: background == nil ? nil : exact[count])
  }

  private static func readable(_ colour: Colour) -> Colour {
    let wanted = min(
      max(colour.luminance, readableLuminance.lowerBound), readableLuminance.upperBound)
    return wanted == colour.luminance ? colour : colour.withLuminance(wanted)
  }

  /// A full colour on the circle of hues, from zero to one.
  private static func hue(_ turn: Double) -> Colour {
    func channel(_ offset: Double) -> Double {
      let place = turn + offset
      let distance = abs((place - place.rounded(.down)) * 6 - 3) - 1
      return min(max(distance, 0), 1)
    }
    return Colour(red: channel(0), green: channel(2.0 / 3), blue: channel(1.0 / 3))
  }
}
