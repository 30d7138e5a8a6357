/// Puts labels where they cover neither points nor each other.
package struct LabelPlacement {
  package struct Request {
    let width: Double
    let height: Double
    /// What is labelled.
    let anchor: Place
    /// How far from it the label may begin, along each axis.
    let reach: (x: Double, y: Double)

    package init(
      width: Double, height: Double, anchor: Place, reach: (x: Double, y: Double)
    ) {
      self.width = width
      self.height = height
      self.anchor = anchor
      self.reach = reach
    }
  }

  package let frame: Rectangle

  /// What should stay visible, with how much it counts.
  private var obstacles: ObstacleGrid
  private var taken: [Rectangle] = []

  package init(in frame: Rectangle, avoiding points: [Place]) {
    self.frame = frame
    obstacles = ObstacleGrid(points, in: frame)
  }

  /// The place that covers least, and of those nearly as good the nearest; it is then taken.
  package mutating func place(_ request: Request) -> Rectangle {
    var best: (rectangle: Rectangle, cost: Double)?
    for candidate in candidates(request) {
      let cost = cost(candidate.rectangle) + candidate.distance / 30
      if cost < best?.cost ?? .infinity { best = (candidate.rectangle, cost) }
    }
    let found =
      best?.rectangle
      ?? Rectangle(
        x: request.anchor.x, y: request.anchor.y, width: request.width, height: request.height)
    taken.append(found)
    return found
  }

  /// Rectangles around the anchor, in rings from near to far.
  private func candidates(
    _ request: Request
  ) -> [(rectangle: Rectangle, distance: Double)] {
    var found: [(Rectangle, Double)] = []
    let directions: [(Double, Double)] = [
      (0, -1), (1, -1), (1, 0), (-1, -1), (-1, 0), (0, 1), (1, 1), (-1, 1), (0.5, -1), (-0.5, -1),
      (1, -0.5), (-1, -0.5), (1, 0.5), (-1, 0.5), (0.5, 1), (-0.5, 1),
    ]
    for ring in 0..<8 {
      for (dx, dy) in directions {
        // Around an ellipse corners lie nearer.
        let shrink = dx != 0 && dy != 0 ? 0.75 : 1
        let gap = 6 + Double(ring) * 9
        let x = request.anchor.x + dx * (request.reach.x * shrink + gap + request.width / 2)
        let y = request.anchor.y + dy * (request.reach.y * shrink + gap + request.height / 2)
        let rectangle = inside(
          Rectangle(
            x: x - request.width / 2, y: y - request.height / 2, width: request.width,
            height: request.height))
        let away = abs(rectangle.centre.x - x) + abs(rectangle.centre.y - y)
        found.append((rectangle, Double(ring) * 9 + away))
      }
    }
    return found
  }

  /// Moved into the frame, if it is not.
  private func inside(_ rectangle: Rectangle) -> Rectangle {
    var moved = rectangle
    moved.x = max(frame.x + 3, min(moved.x, frame.right - moved.width - 3))
    moved.y = max(frame.y + 3, min(moved.y, frame.bottom - moved.height - 3))
    return moved
  }

  private func cost(_ rectangle: Rectangle) -> Double {
    let overlaps = taken.count { $0.intersects(rectangle.inset(by: -2)) }
    return Double(overlaps) * 1000 + obstacles.count(in: rectangle)
  }
}

/// Points by cells, so that counting those in a rectangle looks at few.
private struct ObstacleGrid {
  private let frame: Rectangle
  private let size = 12.0
  private let columns: Int
  private let rows: Int
  private var cells: [Double]

  init(_ points: [Place], in frame: Rectangle) {
    self.frame = frame
    columns = max(1, Int(frame.width / size) + 1)
    rows = max(1, Int(frame.height / size) + 1)
    cells = Array(repeating: 0, count: columns * rows)
    for point in points where frame.contains(point) {
      cells[row(point.y) * columns + column(point.x)] += 1
    }
  }

  private func column(_ x: Double) -> Int {
    min(columns - 1, max(0, Int((x - frame.x) / size)))
  }

  private func row(_ y: Double) -> Int { min(rows - 1, max(0, Int((y - frame.y) / size))) }

  func count(in rectangle: Rectangle) -> Double {
    var sum = 0.0
    for row in row(rectangle.y)...row(rectangle.bottom) {
      for column in column(rectangle.x)...column(rectangle.right) {
        sum += cells[row * columns + column]
      }
    }
    return sum
  }
}

/// Moves places along a line apart until they are `distance` away from each other, in their order, within bounds as long as there is
/// room.
package func spread(_ places: [Double], distance: Double, within bounds: ClosedRange<Double>)
  -> [Double]
{
  let order = places.indices.sorted { (places[$0], $0) < (places[$1], $1) }
  var found = places
  // Groups of places that touch, each with its mean; a place that touches a group joins it.
  var groups: [(first: Int, count: Int, sum: Double)] = []
  for (rank, index) in order.enumerated() {
    groups.append((rank, 1, places[index]))
    while groups.count > 1 {
      let (last, before) = (groups[groups.count - 1], groups[groups.count - 2])
      let gap = last.sum / Double(last.count) - before.sum / Double(before.count)
      guard gap < distance * Double(last.count + before.count) / 2 else { break }
      groups.removeLast(2)
      groups.append((before.first, before.count + last.count, before.sum + last.sum))
    }
  }
  for group in groups {
    let length = distance * Double(group.count - 1)
    let middle = group.sum / Double(group.count)
    let start = max(bounds.lowerBound, min(middle - length / 2, bounds.upperBound - length))
    for rank in 0..<group.count {
      found[order[group.first + rank]] = start + Double(rank) * distance
    }
  }
  // Groups that were moved into the bounds may touch others again.
  for (rank, index) in order.enumerated().dropFirst() {
    found[index] = max(found[index], found[order[rank - 1]] + distance)
  }
  if let last = order.last, found[last] > bounds.upperBound {
    var limit = bounds.upperBound
    for index in order.reversed() {
      found[index] = min(found[index], limit)
      limit = found[index] - distance
    }
  }
  return found
}
