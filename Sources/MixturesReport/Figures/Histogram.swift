import MixtureKernels
import Mixtures

/// How often values fall into bins of equal width, as a density.
package struct Histogram: Sendable {
  package let edges: ClosedRange<Double>
  package let binWidth: Double

  /// Shares of the whole per unit.
  package let densities: [Double]

  /// How many points lie in a bin or beyond; those that lack the cell are not among them.
  package let pointCount: Int

  package static let binLimit = 120

  /// No bars.
  package static let empty = Histogram(edges: 0...1, binWidth: 1, densities: [], pointCount: 0)

  private init(
    edges: ClosedRange<Double>, binWidth: Double, densities: [Double], pointCount: Int
  ) {
    self.edges = edges
    self.binWidth = binWidth
    self.densities = densities
    self.pointCount = pointCount
  }

  /// Counts all points of a column, in two passes.
  ///
  /// Bins are 2·IQR·n^(−1/3) wide, with the quartiles of the sample.
  ///
  /// Source: Freedman & Diaconis (1981), "On the histogram as a density estimator: L2 theory", *Z. Wahrscheinlichkeitstheorie* 57,
  /// 453–476.
  ///
  /// - Parameter binLimit: wider bins are taken where there would be more.
  /// - Throws: ``DataError`` where a value is infinite, in the sample or not.
  package init(
    _ points: any PointSource, column: Int, sample: PointSample,
    binLimit: Int = Histogram.binLimit
  ) throws(DataError) {
    let values = ColumnValues(points, column: column)
    var range = ValueRange()
    var (total, count) = (0.0, 0)
    var infinite: (row: Int, value: Double)?
    values.visit { row, value, weight in
      if value.isInfinite, infinite == nil { infinite = (row, value) }
      range.include(value)
      total += weight
      count += 1
    }
    try points.checkReading()
    if let infinite {
      throw .notFinite(
        row: infinite.row, column: column, name: points.featureNames[column],
        value: infinite.value)
    }
    pointCount = count
    let shown = range.padded(by: 0)
    let width = Self.width(sample, column: column, total: total, span: range.span)
    let (lower, length) = (shown.lowerBound, shown.upperBound - shown.lowerBound)
    // Where values differ by rounding alone, a width may be zero, and the quotient beyond any integer.
    let wanted = (length / width).rounded(.up)
    let bins = wanted >= 1 ? Int(min(wanted, Double(binLimit))) : 1
    var sums = Array(repeating: 0.0, count: bins)
    values.visit { _, value, weight in
      let share = (value - lower) / length
      guard share.isFinite else { return }
      sums[min(bins - 1, max(0, Int(share * Double(bins))))] += weight
    }
    let unit = length / Double(bins)
    edges = shown
    binWidth = unit
    densities = sums.map { total > 0 ? $0 / total / unit : 0 }
  }

  private static func width(
    _ sample: PointSample, column: Int, total: Double, span: Double
  ) -> Double {
    let sorted = sample.drawn(columns: [column])
      .map { (value: sample.points[$0, column], weight: sample.weight($0)) }
      .sorted { $0.value < $1.value }
    let whole = sorted.reduce(0) { $0 + $1.weight }
    func quantile(_ share: Double) -> Double {
      var below = 0.0
      for entry in sorted {
        below += entry.weight
        if below >= share * whole { return entry.value }
      }
      return sorted.last?.value ?? 0
    }
    guard span > 0, total > 0 else { return 1 }
    let cubeRoot = exponential(naturalLog(max(total, 1)) / 3)
    let width = 2 * (quantile(0.75) - quantile(0.25)) / cubeRoot
    // Quartiles far apart, between two groups, say little of either: at least as many bins as Sturges (1926) takes.
    let sturges = span / (1 + naturalLog(max(total, 1)) / naturalLog(2)).rounded(.up)
    return width > 0 ? max(min(width, sturges), span / Double(binLimit)) : sturges
  }
}

/// The values of one column, with their weights.
private struct ColumnValues {
  let points: any PointSource
  let column: Int

  /// Rows in which the cell is missing, and what a source reads in its place is made up.
  private let missing: Set<Int>

  init(_ points: any PointSource, column: Int) {
    self.points = points
    self.column = column
    missing = Set(
      (points.patternGroups ?? []).filter { !$0.observed.contains(column) }.flatMap(\.rows))
  }

  /// Values that count and are there.
  func visit(_ body: (_ row: Int, _ value: Double, _ weight: Double) -> Void) {
    var tile = Tile(capacity: 1024, dimension: points.dimension)
    points.willRead(0..<points.count)
    for start in stride(from: 0, to: points.count, by: tile.capacity) {
      points.read(start..<min(points.count, start + tile.capacity), into: &tile)
      for index in 0..<tile.count where tile.weights[index] > 0 {
        let value = tile[index, column]
        if !value.isNaN, missing.isEmpty || !missing.contains(start + index) {
          body(start + index, value, tile.weights[index])
        }
      }
    }
  }
}
