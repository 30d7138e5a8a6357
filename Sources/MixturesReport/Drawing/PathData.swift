/// The data of a path, in tenths of a pixel: each step is the difference of rounded places, so that rounding does not add up.
package struct PathData: Sendable {
  package private(set) var text = ""
  private var last = (x: 0, y: 0)

  package init() {}

  package var isEmpty: Bool { text.isEmpty }

  package mutating func move(to place: Place) {
    let next = (x: Double.tenths(place.x), y: Double.tenths(place.y))
    text += "M" + Self.first(next.x) + Self.following(next.y)
    last = next
  }

  package mutating func line(to place: Place) {
    let next = (x: Double.tenths(place.x), y: Double.tenths(place.y))
    let step = (x: next.x - last.x, y: next.y - last.y)
    guard step != (0, 0) else { return }
    switch step {
    case (_, 0): text += "h" + Self.first(step.x)
    case (0, _): text += "v" + Self.first(step.y)
    default: text += "l" + Self.first(step.x) + Self.following(step.y)
    }
    last = next
  }

  package mutating func close() { text += "z" }

  /// Dots, where the path is drawn with round ends; each near the one before it, so that the way there takes few digits.
  package mutating func dots(at places: [Place]) {
    let rounded = places.map { (x: Double.tenths($0.x), y: Double.tenths($0.y)) }
    for next in rounded.sorted(by: { Self.order($0) < Self.order($1) }) {
      text +=
        isEmpty
        ? "M" + Self.first(next.x) + Self.following(next.y)
        : "m" + Self.first(next.x - last.x) + Self.following(next.y - last.y)
      text += "h0"
      last = next
    }
  }

  /// Down and up by turns, in strips ten pixels wide.
  private static func order(_ place: (x: Int, y: Int)) -> (Int, Int, Int) {
    let strip = place.x / 100
    return (strip, strip % 2 == 0 ? place.y : -place.y, place.x)
  }

  package mutating func polyline(_ places: [Place], isClosed: Bool = false) {
    guard let first = places.first else { return }
    move(to: first)
    for place in places.dropFirst() { line(to: place) }
    if isClosed { close() }
  }

  /// Without a zero before the point, which paths do without.
  private static func first(_ tenths: Int) -> String {
    guard tenths != 0, tenths.magnitude < 10 else { return tenths.asTenths }
    return (tenths < 0 ? "-." : ".") + "\(tenths.magnitude)"
  }

  private static func following(_ tenths: Int) -> String {
    tenths < 0 ? first(tenths) : " " + first(tenths)
  }
}
