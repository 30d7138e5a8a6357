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

  /// Counts all points of a column, as ``all(of:columns:sample:binLimit:)`` does.
  package init(
    _ points: any PointSource, column: Int, sample: PointSample,
    under mixture: GaussianMixture? = nil, binLimit: Int = Histogram.binLimit
  ) throws(DataError) {
    self =
      try Self.all(
        of: points, columns: [column], sample: sample, under: mixture, binLimit: binLimit)[0]
  }

  /// Counts all points of some columns, in two passes for all of them.
  ///
  /// Bins are 2·IQR·n^(−1/3) wide, with the quartiles of the sample; narrower where that would hide a component of some points.
  ///
  /// Source: Freedman & Diaconis (1981), "On the histogram as a density estimator: L2 theory", *Z. Wahrscheinlichkeitstheorie* 57,
  /// 453–476.
  ///
  /// - Parameters:
  ///   - mixture: what is drawn over the bars.
  ///   - binLimit: wider bins are taken where there would be more.
  /// - Throws: ``DataError`` where a value is infinite, in the sample or not.
  package static func all(
    of points: any PointSource, columns: [Int], sample: PointSample,
    under mixture: GaussianMixture? = nil, binLimit: Int = Histogram.binLimit
  ) throws(DataError) -> [Histogram] {
    let values = ColumnValues(points, columns: columns)
    var extents = columns.map { _ in ColumnExtent() }
    values.visit { extents[$0].add($2, row: $1, weight: $3) }
    try points.checkReading()
    for (column, extent) in zip(columns, extents) {
      guard let infinite = extent.infinite else { continue }
      throw .notFinite(
        row: infinite.row, column: column, name: points.featureNames[column],
        value: infinite.value)
    }
    var bins = zip(columns, extents).map { column, extent in
      let width = width(sample, column: column, total: extent.total, span: extent.range.span)
      let widest = mixture?.widestBin(column: column, total: extent.total) ?? .infinity
      return Bins(of: extent, width: min(width, widest), limit: binLimit)
    }
    values.visit { bins[$0].add($2, weight: $3) }
    return bins.map(Histogram.init)
  }

  private init(_ bins: Bins) {
    let extent = bins.extent
    self.init(
      edges: bins.edges, binWidth: bins.unit,
      densities: bins.sums.map { extent.total > 0 ? $0 / extent.total / bins.unit : 0 },
      pointCount: extent.count)
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

extension GaussianMixture {
  /// Bins that are wider would hide that a component of at least ten points is one.
  fileprivate func widestBin(column: Int, total: Double) -> Double? {
    zip(weights, components).filter { $0.0 * total >= 10 }
      .map { 1.5 * $0.1.covariance[column, column].squareRoot() }.filter { $0 > 0 }.min()
  }
}

/// What a first pass tells of a column.
private struct ColumnExtent {
  private(set) var range = ValueRange()
  private(set) var total = 0.0
  private(set) var count = 0
  private(set) var infinite: (row: Int, value: Double)?

  mutating func add(_ value: Double, row: Int, weight: Double) {
    if value.isInfinite, infinite == nil { infinite = (row, value) }
    range.include(value)
    total += weight
    count += 1
  }
}

/// The weights in bins of equal width.
private struct Bins {
  let extent: ColumnExtent
  let edges: ClosedRange<Double>
  let unit: Double
  private(set) var sums: [Double]
  private let length: Double

  init(of extent: ColumnExtent, width: Double, limit: Int) {
    self.extent = extent
    edges = extent.range.padded(by: 0)
    length = edges.upperBound - edges.lowerBound
    // Where values differ by rounding alone, a width may be zero, and the quotient beyond any integer.
    let wanted = (length / width).rounded(.up)
    let count = wanted >= 1 ? Int(min(wanted, Double(limit))) : 1
    unit = length / Double(count)
    sums = Array(repeating: 0, count: count)
  }

  mutating func add(_ value: Double, weight: Double) {
    let share = (value - edges.lowerBound) / length
    guard share.isFinite else { return }
    sums[min(sums.count - 1, max(0, Int(share * Double(sums.count))))] += weight
  }
}

/// The values of some columns, with their weights.
private struct ColumnValues {
  let points: any PointSource
  let columns: [Int]

  /// For each column the rows in which the cell is missing, and what a source reads in its place is made up.
  private let missing: [Set<Int>]

  init(_ points: any PointSource, columns: [Int]) {
    self.points = points
    self.columns = columns
    let groups = points.patternGroups ?? []
    missing = columns.map { column in
      Set(groups.filter { !$0.observed.contains(column) }.flatMap(\.rows))
    }
  }

  /// Values that count and are there, with the place of their column among those asked for.
  func visit(_ body: (_ number: Int, _ row: Int, _ value: Double, _ weight: Double) -> Void) {
    var tile = Tile(capacity: 1024, dimension: points.dimension)
    points.willRead(0..<points.count)
    for start in stride(from: 0, to: points.count, by: tile.capacity) {
      points.read(start..<min(points.count, start + tile.capacity), into: &tile)
      let (weights, count, capacity) = (tile.weights, tile.count, tile.capacity)
      tile.coordinates.withUnsafeBufferPointer { coordinates in
        for (number, column) in columns.enumerated() {
          let holes = missing[number]
          for index in 0..<count where weights[index] > 0 {
            let value = coordinates[column * capacity + index]
            if !value.isNaN, holes.isEmpty || !holes.contains(start + index) {
              body(number, start + index, value, weights[index])
            }
          }
        }
      }
    }
  }
}
