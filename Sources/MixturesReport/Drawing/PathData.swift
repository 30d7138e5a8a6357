/// The data of a path, in tenths of a pixel: each step is the difference of rounded places, so that rounding does not add up.
package struct PathData: Sendable {
  package private(set) var text = ""
  private var last = (x: 0, y: 0)

  package init() {}

  package var isEmpty: Bool { text.isEmpty }

  package mutating func move(to place: Place) {
    let next = (x: Double.tenths(place.x), y: Double.tenths(place.y))
    text += "M\(next.x.asTenths)" + Self.following(next.y)
    last = next
  }

  package mutating func line(to place: Place) {
    let next = (x: Double.tenths(place.x), y: Double.tenths(place.y))
    let step = (x: next.x - last.x, y: next.y - last.y)
    guard step != (0, 0) else { return }
    switch step {
    case (_, 0): text += "h\(step.x.asTenths)"
    case (0, _): text += "v\(step.y.asTenths)"
    default: text += "l\(step.x.asTenths)" + Self.following(step.y)
    }
    last = next
  }

  package mutating func close() { text += "z" }

  /// A dot, where the path is drawn with round ends.
  package mutating func dot(at place: Place) {
    move(to: place)
    text += "h0"
  }

  package mutating func polyline(_ places: [Place], isClosed: Bool = false) {
    guard let first = places.first else { return }
    move(to: first)
    for place in places.dropFirst() { line(to: place) }
    if isClosed { close() }
  }

  private static func following(_ tenths: Int) -> String {
    tenths < 0 ? tenths.asTenths : " " + tenths.asTenths
  }
}
