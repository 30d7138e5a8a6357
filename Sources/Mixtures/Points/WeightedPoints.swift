/// Points of which each counts as often as its weight says.
///
/// An integer weight is a repeated point, weight zero an absent one.
public struct WeightedPoints: PointSource {
  /// The points.
  public let points: any PointSource

  /// One weight per point: a source of one coordinate.
  public let weights: any PointSource

  /// Gives each point its weight.
  ///
  /// - Parameters:
  ///   - points: any source.
  ///   - weights: one per point, from 0 to 10¹⁵, at least one positive.
  /// - Throws: ``DataError`` naming the first weight that is none.
  public init(_ points: any PointSource, weights: [Double]) throws(DataError) {
    try self.init(
      points, weights: Matrix(rowCount: weights.count, columnCount: 1, elements: weights))
  }

  /// Gives each point its weight, wherever the weights are kept.
  ///
  /// - Parameters:
  ///   - points: any source.
  ///   - weights: one coordinate per point, from 0 to 10¹⁵, at least one positive.
  /// - Throws: ``DataError`` naming the first weight that is none.
  /// - Precondition: `weights.dimension == 1`.
  /// - Complexity: one pass over the weights.
  public init(_ points: any PointSource, weights: any PointSource) throws(DataError) {
    precondition(weights.dimension == 1, "one weight per point")
    guard weights.count == points.count else {
      throw .countMismatch(what: "weights", found: weights.count, points: points.count)
    }
    let extent = PointPass(weights, threads: 1).fold(into: WeightExtent()) { $0.add($1) }
    try weights.checkReading()
    if let found = extent.firstInvalid {
      throw .invalidWeight(row: found.row, value: found.value)
    }
    guard extent.hasPositive else { throw .noWeight }
    self.init(checked: points, weights)
  }

  /// Weights in memory, at hand without asking what they are for each tile.
  private let factors: [Double]?

  /// Weights that are known to be in order.
  private init(checked points: any PointSource, _ weights: any PointSource) {
    self.points = points
    self.weights = weights
    factors = (weights as? Matrix)?.elements
    guard let groups = points.patternGroups else {
      patternGroups = nil
      return
    }
    let all = Matrix(copying: weights).elements
    patternGroups = groups.map { group in
      group.with { points, rows in
        WeightedPoints(
          checked: points,
          Matrix(rowCount: rows.count, columnCount: 1, elements: rows.map { all[$0] }))
      }
    }
  }

  public let patternGroups: [PatternGroup]?

  public var count: Int { points.count }
  public var dimension: Int { points.dimension }
  public var featureNames: [String] { points.featureNames }
  public var labelCount: Int { points.labelCount }

  public func read(_ rows: Range<Int>, into tile: inout Tile) {
    points.read(rows, into: &tile)
    if let factors { return tile.scaleWeights(by: factors, from: rows.lowerBound) }
    var factors = Tile(capacity: tile.capacity, dimension: 1)
    weights.read(rows, into: &factors)
    tile.scaleWeights(by: factors)
  }

  public func willRead(_ rows: Range<Int>) {
    points.willRead(rows)
    weights.willRead(rows)
  }

  public func checkReading() throws(DataError) {
    try points.checkReading()
    try weights.checkReading()
  }
}

/// What weights there are.
private struct WeightExtent: Mergeable {
  var firstInvalid: (row: Int, value: Double)?
  var hasPositive = false

  /// Sums of such weights, and their products with squares of the data, stay within Float64.
  private static let largest = 1e15

  /// Adds weights that follow those before.
  mutating func add(_ tile: Tile) {
    for index in 0..<tile.count {
      let weight = tile[index, 0]
      hasPositive = hasPositive || weight > 0
      if !(weight >= 0 && weight <= Self.largest), firstInvalid == nil {
        firstInvalid = (tile.firstRow + index, weight)
      }
    }
  }

  mutating func merge(_ other: WeightExtent) {
    hasPositive = hasPositive || other.hasPositive
    firstInvalid = firstInvalid ?? other.firstInvalid
  }
}

extension PointSource {
  /// How many rows have a weight.
  var countingRowCount: Int { weightsOfRows?.count { $0 > 0 } ?? count }

  /// The weight of each row; `nil` where all are one.
  package var weightsOfRows: [Double]? {
    guard let patternGroups else { return ownWeightsOfRows }
    // Of the points themselves, rows without any cell are absent.
    var weights = Array(repeating: 1.0, count: count)
    var areUnits = true
    for group in patternGroups {
      guard let own = group.points.ownWeightsOfRows else { continue }
      areUnits = false
      for (row, weight) in zip(group.rows, own) { weights[row] = weight }
    }
    return areUnits ? nil : weights
  }

  private var ownWeightsOfRows: [Double]? {
    PointPass(self, threads: 1).fold(into: RowWeights()) { $0.add($1) }.known
  }
}

/// Weights row by row, which take no room as long as all are one.
private struct RowWeights: Mergeable {
  private(set) var known: [Double]?
  private var count = 0

  mutating func add(_ tile: Tile) {
    append(tile.hasUnitWeights ? nil : tile.weights[..<tile.count], count: tile.count)
  }

  mutating func merge(_ other: RowWeights) { append(other.known?[...], count: other.count) }

  private mutating func append(_ weights: ArraySlice<Double>?, count more: Int) {
    if known == nil, weights != nil { known = Array(repeating: 1, count: count) }
    known?.append(contentsOf: weights ?? Array(repeating: 1, count: more)[...])
    count += more
  }
}
