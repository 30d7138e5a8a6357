/// A place on the paper, in pixels from its upper left corner.
package struct Place: Sendable, Equatable {
  package var x: Double
  package var y: Double

  package init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

/// An upright rectangle on the paper, in pixels.
package struct Rectangle: Sendable, Equatable {
  package var x: Double
  package var y: Double
  package var width: Double
  package var height: Double

  package init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  package var right: Double { x + width }
  package var bottom: Double { y + height }
  package var centre: Place { Place(x: x + width / 2, y: y + height / 2) }

  package func contains(_ place: Place) -> Bool {
    place.x >= x && place.x <= right && place.y >= y && place.y <= bottom
  }

  package func intersects(_ other: Rectangle) -> Bool {
    x < other.right && other.x < right && y < other.bottom && other.y < bottom
  }

  /// Smaller by so much on every side.
  package func inset(by distance: Double) -> Rectangle {
    inset(left: distance, top: distance, right: distance, bottom: distance)
  }

  package func inset(
    left: Double = 0, top: Double = 0, right: Double = 0, bottom: Double = 0
  ) -> Rectangle {
    Rectangle(
      x: x + left, y: y + top, width: max(1, width - left - right),
      height: max(1, height - top - bottom))
  }

  package var attributes: Markup.Attributes {
    ["x": x.pixels, "y": y.pixels, "width": width.pixels, "height": height.pixels]
  }
}
