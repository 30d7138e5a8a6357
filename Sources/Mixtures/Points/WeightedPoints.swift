/// Points of which each counts as often as its weight says.
///
/// An integer weight is a repeated point, weight zero an absent one.
public struct WeightedPoints: PointSource {
  /// The points.
  public let points: any PointSource

  /// One weight per point.
  public let weights: [Double]

  /// Sums of such weights, and their products with squares of the data, stay within Float64.
  private static let largestWeight = 1e15

  /// Gives each point its weight.
  ///
  /// - Parameters:
  ///   - points: any source.
  ///   - weights: one per point, from 0 to 10¹⁵, at least one positive.
  /// - Throws: ``DataError`` naming the first weight that is none.
  public init(_ points: any PointSource, weights: [Double]) throws(DataError) {
    guard weights.count == points.count else {
      throw .countMismatch(what: "weights", found: weights.count, points: points.count)
    }
    if let row = weights.firstIndex(where: { !($0 >= 0 && $0 <= Self.largestWeight) }) {
      throw .invalidWeight(row: row, value: weights[row])
    }
    guard weights.contains(where: { $0 > 0 }) else { throw .noWeight }
    self.points = points
    self.weights = weights
  }

  public var count: Int { points.count }
  public var dimension: Int { points.dimension }
  public var featureNames: [String] { points.featureNames }

  public func read(_ rows: Range<Int>, into tile: inout Tile) {
    points.read(rows, into: &tile)
    tile.scaleWeights(by: weights)
  }
}
