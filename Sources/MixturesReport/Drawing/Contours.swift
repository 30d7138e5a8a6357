/// Values of a function of two variables on a grid of lines, which need not be evenly spaced.
package struct ValueGrid: Sendable {
  /// Ascending, at least two.
  package let x: [Double]
  package let y: [Double]

  /// Row by row, a row for each `y`.
  private var values: [Double]

  package init(x: [Double], y: [Double], _ value: (_ x: Double, _ y: Double) -> Double) {
    self.x = x
    self.y = y
    values = []
    values.reserveCapacity(x.count * y.count)
    for yValue in y {
      for xValue in x {
        let found = value(xValue, yValue)
        values.append(found.isNaN ? -.infinity : found)
      }
    }
  }

  /// The value at grid lines; −∞ beyond the grid, so that every contour closes.
  fileprivate func callAsFunction(_ column: Int, _ row: Int) -> Double {
    guard x.indices.contains(column), y.indices.contains(row) else { return -.infinity }
    return values[row * x.count + column]
  }
}

/// The lines on which a function has a value: closed, with what is above the level on one side.
///
/// Source: Lorensen & Cline (1987), "Marching cubes: a high resolution 3D surface construction algorithm", in two
/// dimensions.
package struct Contours {
  /// Closed lines; the last point is joined to the first.
  package private(set) var lines: [[Place]] = []

  private let grid: ValueGrid
  private let level: Double

  /// - Complexity: O(number of grid cells).
  package init(of grid: ValueGrid, at level: Double) {
    self.grid = grid
    self.level = level
    join(segments())
  }

  /// An edge of the grid: from grid point (column, row) to the right, or upwards.
  private struct Edge: Hashable {
    let column: Int
    let row: Int
    let isUpwards: Bool
  }

  /// From edge to edge, walking with what is above the level on the left.
  private func segments() -> [Edge: Edge] {
    var next: [Edge: Edge] = [:]
    for row in -1..<grid.y.count {
      for column in -1..<grid.x.count {
        for (start, end) in segments(ofCell: column, row) { next[start] = end }
      }
    }
    return next
  }

  private func isAbove(_ column: Int, _ row: Int) -> Bool { grid(column, row) > level }

  private func segments(ofCell column: Int, _ row: Int) -> [(Edge, Edge)] {
    let corners = [
      isAbove(column, row), isAbove(column + 1, row), isAbove(column + 1, row + 1),
      isAbove(column, row + 1),
    ]
    let pattern = corners.enumerated().reduce(0) { $0 + ($1.element ? 1 << $1.offset : 0) }
    guard pattern != 0, pattern != 15 else { return [] }
    let bottom = Edge(column: column, row: row, isUpwards: false)
    let right = Edge(column: column + 1, row: row, isUpwards: true)
    let top = Edge(column: column, row: row + 1, isUpwards: false)
    let left = Edge(column: column, row: row, isUpwards: true)
    switch pattern {
    case 1: return [(bottom, left)]
    case 2: return [(right, bottom)]
    case 3: return [(right, left)]
    case 4: return [(top, right)]
    case 6: return [(top, bottom)]
    case 7: return [(top, left)]
    case 8: return [(left, top)]
    case 9: return [(bottom, top)]
    case 11: return [(right, top)]
    case 12: return [(left, right)]
    case 13: return [(bottom, right)]
    case 14: return [(left, bottom)]
    case 5:
      return middleIsAbove(column, row)
        ? [(bottom, right), (top, left)] : [(bottom, left), (top, right)]
    default:
      return middleIsAbove(column, row)
        ? [(left, bottom), (right, top)] : [(right, bottom), (left, top)]
    }
  }

  /// Which of the two ways through a saddle.
  private func middleIsAbove(_ column: Int, _ row: Int) -> Bool {
    let sum =
      grid(column, row) + grid(column + 1, row) + grid(column, row + 1)
      + grid(column + 1, row + 1)
    return sum / 4 > level
  }

  private mutating func join(_ segments: [Edge: Edge]) {
    var left = segments
    // In the order of the grid, so that the drawing is always the same.
    let starts = segments.keys.sorted {
      ($0.row, $0.column, $0.isUpwards ? 1 : 0) < ($1.row, $1.column, $1.isUpwards ? 1 : 0)
    }
    for start in starts where left[start] != nil {
      var line: [Place] = []
      var edge = start
      while let next = left.removeValue(forKey: edge) {
        line.append(crossing(edge))
        edge = next
      }
      lines.append(line)
    }
  }

  /// Where an edge has the level, between its ends.
  private func crossing(_ edge: Edge) -> Place {
    let end = (
      column: edge.column + (edge.isUpwards ? 0 : 1), row: edge.row + (edge.isUpwards ? 1 : 0)
    )
    let (from, to) = (grid(edge.column, edge.row), grid(end.column, end.row))
    let share: Double
    if from == -.infinity {
      share = 1
    } else if to == -.infinity {
      share = 0
    } else {
      share = (level - from) / (to - from)
    }
    func clamped(_ values: [Double], _ index: Int) -> Double {
      values[min(max(index, 0), values.count - 1)]
    }
    let start = Place(x: clamped(grid.x, edge.column), y: clamped(grid.y, edge.row))
    let stop = Place(x: clamped(grid.x, end.column), y: clamped(grid.y, end.row))
    return Place(
      x: start.x + share * (stop.x - start.x), y: start.y + share * (stop.y - start.y))
  }
}

/// A line, closed or not, with some of its places: its first, middle and last, and as many more as it takes to pass no farther than
/// `tolerance` from any.
///
/// Source: Douglas & Peucker (1973), "Algorithms for the reduction of the number of points required to represent a digitized line or
/// its caricature".
package func simplified(_ line: [Place], tolerance: Double) -> [Place] {
  guard line.count > 3 else { return line }
  var kept = Array(repeating: false, count: line.count)
  (kept[0], kept[line.count / 2], kept[line.count - 1]) = (true, true, true)
  var pending = [(0, line.count / 2), (line.count / 2, line.count - 1)]
  while let (first, last) = pending.popLast() {
    var farthest = (index: first, distance: tolerance)
    for index in (first + 1)..<last {
      let distance = distance(of: line[index], from: line[first], line[last])
      if distance > farthest.distance { farthest = (index, distance) }
    }
    guard farthest.index > first else { continue }
    kept[farthest.index] = true
    pending += [(first, farthest.index), (farthest.index, last)]
  }
  return zip(line, kept).filter(\.1).map(\.0)
}

private func distance(of place: Place, from start: Place, _ end: Place) -> Double {
  let (dx, dy) = (end.x - start.x, end.y - start.y)
  let (x, y) = (place.x - start.x, place.y - start.y)
  let square = dx * dx + dy * dy
  guard square > 0 else { return (x * x + y * y).squareRoot() }
  let share = min(max((x * dx + y * dy) / square, 0), 1)
  let (restX, restY) = (x - share * dx, y - share * dy)
  return (restX * restX + restY * restY).squareRoot()
}
