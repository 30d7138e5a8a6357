/// How well a classification agrees with known classes.
public struct Agreement: Sendable, Equatable {
  /// 1 for identical partitions, about 0 for independent ones.
  ///
  /// Source: Hubert & Arabie (1985), "Comparing partitions", *J. Classification* 2, 193–218.
  public let adjustedRandIndex: Double

  /// The share of points outside their class under the matching of components to classes that
  /// makes it smallest. A component matches at most one class, and a class at most one component.
  public let errorRate: Double

  /// Compares two labellings of the same points.
  ///
  /// - Parameters:
  ///   - classification: one component per point, counting from zero; −1 for the background.
  ///   - truth: one class per point.
  ///   - weights: how often each point counts; once unless given.
  /// - Precondition: all have the same length, at least 1.
  /// - Complexity: O(*n* + m³) for m components or classes.
  public init(
    of classification: [Int], with truth: [some Hashable], weights: [Double]? = nil
  ) {
    precondition(classification.count == truth.count && !truth.isEmpty, "one class per point")
    var columnOf: [AnyHashable: Int] = [:]
    for name in truth where columnOf[name] == nil { columnOf[name] = columnOf.count }
    let first = min(0, classification.min() ?? 0)
    let rowCount = (classification.max() ?? 0) - first + 1
    var table = Array(repeating: Array(repeating: 0.0, count: columnOf.count), count: rowCount)
    for (index, name) in truth.enumerated() {
      guard let column = columnOf[name] else { continue }
      table[classification[index] - first][column] += weights?[index] ?? 1
    }
    let total = table.reduce(0) { $0 + $1.reduce(0, +) }
    adjustedRandIndex = Self.adjustedRandIndex(Self.counts(table, total, weights))
    errorRate = 1 - Self.largestMatch(table) / total
  }

  /// How many points there are of each kind, of which pairs can be made. Weights that are not whole are no numbers of points: then
  /// only their ratios count, and together they make as many points as have a weight.
  private static func counts(
    _ table: [[Double]], _ total: Double, _ weights: [Double]?
  ) -> [[Double]] {
    guard let weights, !weights.allSatisfy({ $0 == $0.rounded() }) else { return table }
    let factor = Double(weights.count { $0 > 0 }) / total
    return table.map { $0.map { $0 * factor } }
  }

  private static func adjustedRandIndex(_ table: [[Double]]) -> Double {
    func pairs(_ count: Double) -> Double { count * (count - 1) / 2 }
    let rows = table.map { $0.reduce(0, +) }
    let columns = table[0].indices.map { j in table.reduce(0) { $0 + $1[j] } }
    let joint = table.reduce(0) { $0 + $1.reduce(0) { $0 + pairs($1) } }
    let inRows = rows.reduce(0) { $0 + pairs($1) }
    let inColumns = columns.reduce(0) { $0 + pairs($1) }
    let all = pairs(rows.reduce(0, +))
    let expected = all > 0 ? inRows * inColumns / all : 0
    let largest = (inRows + inColumns) / 2
    return largest == expected ? 1 : (joint - expected) / (largest - expected)
  }

  /// The largest sum of entries of which no two share a row or a column.
  ///
  /// Shortest augmenting paths with potentials: row by row, the cheapest way to free a column.
  ///
  /// Source: Kuhn (1955), "The Hungarian method for the assignment problem"; Jonker & Volgenant (1987).
  private static func largestMatch(_ table: [[Double]]) -> Double {
    let size = max(table.count, table[0].count)
    func cost(_ row: Int, _ column: Int) -> Double {
      row < table.count && column < table[0].count ? -table[row][column] : 0
    }
    var rowPotential = Array(repeating: 0.0, count: size + 1)
    var columnPotential = Array(repeating: 0.0, count: size + 1)
    // Column `size` is where a path starts.
    var rowOfColumn = Array(repeating: size, count: size + 1)
    for row in 0..<size {
      rowOfColumn[size] = row
      var column = size
      var distance = Array(repeating: Double.infinity, count: size)
      var previous = Array(repeating: size, count: size)
      var visited = Array(repeating: false, count: size + 1)
      repeat {
        visited[column] = true
        let current = rowOfColumn[column]
        var (step, next) = (Double.infinity, size)
        for j in 0..<size where !visited[j] {
          let reduced = cost(current, j) - rowPotential[current] - columnPotential[j]
          if reduced < distance[j] { (distance[j], previous[j]) = (reduced, column) }
          if distance[j] < step { (step, next) = (distance[j], j) }
        }
        for j in 0...size {
          if visited[j] {
            rowPotential[rowOfColumn[j]] += step
            columnPotential[j] -= step
          } else if j < size {
            distance[j] -= step
          }
        }
        column = next
      } while rowOfColumn[column] != size
      while column != size {
        rowOfColumn[column] = rowOfColumn[previous[column]]
        column = previous[column]
      }
    }
    return (0..<size).reduce(0) { $0 - cost(rowOfColumn[$1], $1) }
  }
}
