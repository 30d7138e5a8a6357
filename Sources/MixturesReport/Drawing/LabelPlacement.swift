/// Puts labels where they cover neither points nor each other, and beside nothing else than what they tell of.
package struct LabelPlacement {
  /// What labels may tell of.
  package struct Anchor: Sendable {
    package let centre: Place
    /// How far it reaches along each axis.
    package let reach: (x: Double, y: Double)

    package init(centre: Place, reach: (x: Double, y: Double)) {
      self.centre = centre
      self.reach = reach
    }

    /// How far a rectangle lies beyond its edge, about; negative inside.
    package func distance(to rectangle: Rectangle) -> Double {
      let x = max(rectangle.x, min(centre.x, rectangle.right)) - centre.x
      let y = max(rectangle.y, min(centre.y, rectangle.bottom)) - centre.y
      let (a, b) = (x / max(reach.x, 1), y / max(reach.y, 1))
      let radii = (a * a + b * b).squareRoot()
      let length = (x * x + y * y).squareRoot()
      return radii > 0 ? length * (1 - 1 / radii) : -min(reach.x, reach.y)
    }
  }

  package struct Request {
    let width: Double
    let height: Double
    /// What is labelled. The label begins beyond its reach.
    let anchor: Anchor

    package init(
      width: Double, height: Double, anchor: Place, reach: (x: Double, y: Double)
    ) {
      self.width = width
      self.height = height
      self.anchor = Anchor(centre: anchor, reach: reach)
    }
  }

  package let frame: Rectangle

  /// What should stay visible, with how much it counts.
  private var obstacles: ObstacleGrid
  private var taken: [Rectangle] = []
  private let others: [Anchor]

  /// What it costs to stand nearer to something else; as much as covering so many points.
  private static let costOfMisleading = 40.0

  /// - Parameter others: what a label might be mistaken to tell of.
  package init(in frame: Rectangle, avoiding points: [Place], besides others: [Anchor] = []) {
    self.frame = frame
    self.others = others
    obstacles = ObstacleGrid(points, in: frame)
  }

  /// The place that covers least, and of those nearly as good the nearest; it is then taken.
  package mutating func place(_ request: Request) -> Rectangle {
    var best: (rectangle: Rectangle, cost: Double)?
    for candidate in candidates(request) {
      let cost =
        cost(candidate.rectangle, request.anchor) + candidate.distance / 30
      if cost < best?.cost ?? .infinity { best = (candidate.rectangle, cost) }
    }
    let found =
      best?.rectangle
      ?? Rectangle(
        x: request.anchor.centre.x, y: request.anchor.centre.y, width: request.width,
        height: request.height)
    taken.append(found)
    return found
  }

  /// Rectangles around the anchor, in rings from near to far.
  private func candidates(
    _ request: Request
  ) -> [(rectangle: Rectangle, distance: Double)] {
    var found: [(Rectangle, Double)] = []
    let (centre, reach) = (request.anchor.centre, request.anchor.reach)
    let directions: [(Double, Double)] = [
      (0, -1), (1, -1), (1, 0), (-1, -1), (-1, 0), (0, 1), (1, 1), (-1, 1), (0.5, -1), (-0.5, -1),
      (1, -0.5), (-1, -0.5), (1, 0.5), (-1, 0.5), (0.5, 1), (-0.5, 1),
    ]
    for ring in 0..<8 {
      for (dx, dy) in directions {
        // Around an ellipse corners lie nearer.
        let shrink = dx != 0 && dy != 0 ? 0.75 : 1
        let gap = 6 + Double(ring) * 9
        let x = centre.x + dx * (reach.x * shrink + gap + request.width / 2)
        let y = centre.y + dy * (reach.y * shrink + gap + request.height / 2)
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

  private func cost(_ rectangle: Rectangle, _ anchor: Anchor) -> Double {
    let overlaps = taken.count { $0.intersects(rectangle.inset(by: -2)) }
    let own = anchor.distance(to: rectangle)
    let misleads = others.contains {
      $0.centre != anchor.centre && $0.distance(to: rectangle) < own - 1
    }
    return Double(overlaps) * 1000 + obstacles.count(in: rectangle)
      + (misleads ? Self.costOfMisleading : 0)
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
