/// A place on the paper, in pixels from its upper left corner.
struct Place: Sendable, Equatable {
  var x: Double
  var y: Double
}

/// An upright rectangle on the paper, in pixels.
struct Rectangle: Sendable, Equatable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var right: Double { x + width }
  var bottom: Double { y + height }
  var centre: Place { Place(x: x + width / 2, y: y + height / 2) }

  func contains(_ place: Place) -> Bool {
    place.x >= x && place.x <= right && place.y >= y && place.y <= bottom
  }

  func contains(_ other: Rectangle) -> Bool {
    other.x >= x && other.right <= right && other.y >= y && other.bottom <= bottom
  }

  func intersects(_ other: Rectangle) -> Bool {
    x < other.right && other.x < right && y < other.bottom && other.y < bottom
  }

  /// Smaller by so much on every side.
  func inset(by distance: Double) -> Rectangle {
    inset(left: distance, top: distance, right: distance, bottom: distance)
  }

  func inset(
    left: Double = 0, top: Double = 0, right: Double = 0, bottom: Double = 0
  ) -> Rectangle {
    Rectangle(
      x: x + left, y: y + top, width: max(1, width - left - right),
      height: max(1, height - top - bottom))
  }

  var attributes: Markup.Attributes {
    ["x": x.pixels, "y": y.pixels, "width": width.pixels, "height": height.pixels]
  }
}
