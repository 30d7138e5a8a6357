import Mixtures

/// Dots: one path for all of the same colour and size, so that thousands of points take few bytes.
struct PointMarks {
  /// The radius of a point of weight one.
  let radius: Double

  private var places: [Key: [Place]] = [:]
  private var order: [Key] = []

  struct Key: Hashable {
    let colour: String
    /// In halves of a pixel.
    let halves: Int
    var opacity = 10
  }

  /// - Parameter count: how many points there will be: the more, the smaller.
  init(count: Int, scale: Double = 1) {
    let radius: Double =
      switch count {
      case ..<60: 4.0
      case ..<200: 3.2
      case ..<600: 2.6
      case ..<2000: 2.0
      default: 1.5
      }
    self.radius = max(1, radius * scale)
  }

  /// - Parameter relativeArea: compared with a point of weight one.
  mutating func add(
    _ place: Place, colour: String, relativeArea: Double = 1, opacity: Double = 1
  ) {
    let halves = (radius * min(max(relativeArea, 0.15), 16).squareRoot() * 2).rounded()
    let key = Key(
      colour: colour, halves: max(1, Int(halves)), opacity: Int((opacity * 10).rounded()))
    if places[key] == nil { order.append(key) }
    places[key, default: []].append(place)
  }

  /// - Parameter opacity: of all of them; where many overlap, what is below shines through.
  func markup(opacity: Double = 0.8) -> Markup {
    let widths = Set(order.map(\.halves))
    let dots = order.map { key -> Markup in
      var attributes: Markup.Attributes = ["stroke": key.colour]
      if widths.count > 1 { attributes.append("stroke-width", "\(key.halves)") }
      if key.opacity < 10 {
        attributes.append("stroke-opacity", (Double(key.opacity) / 10).fixed(1))
      }
      var data = PathData()
      data.dots(at: places[key, default: []])
      return .path(data, attributes)
    }
    var common: Markup.Attributes = [
      "class": "points", "fill": "none", "stroke-linecap": "round",
      "opacity": opacity.significant(2),
    ]
    if widths.count == 1, let width = widths.first { common.append("stroke-width", "\(width)") }
    return .group(common, dots)
  }
}
