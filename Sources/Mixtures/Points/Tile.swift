/// Some hundred consecutive points with their weights: what the kernels work on while it
/// is in cache.
///
/// Coordinates are stored dimension by dimension, so that a loop over points reads
/// consecutive memory. Lanes beyond ``count`` hold zeros and have weight zero: a kernel
/// may work on whole vectors and never asks where the points end.
public struct Tile: Sendable {
  /// The largest number of points; a multiple of ``laneMultiple``.
  public let capacity: Int

  /// The length *d* of each point.
  public let dimension: Int

  /// The row of the first point in its source.
  public private(set) var firstRow = 0

  /// The number of points in the tile.
  public private(set) var count = 0

  /// *d* runs of `capacity` values.
  package private(set) var coordinates: [Double]

  /// The point weight wᵢ of each point: how often it counts. One unless a source says otherwise.
  package private(set) var weights: [Double]

  /// Every capacity is a multiple of this, the widest vector a kernel uses.
  public static let laneMultiple = 16

  /// An empty tile.
  ///
  /// - Parameters:
  ///   - capacity: rounded up to a multiple of ``laneMultiple``.
  ///   - dimension: the length of each point, at least 1.
  public init(capacity: Int, dimension: Int) {
    precondition(capacity > 0 && dimension > 0, "a tile holds at least one point of one coordinate")
    let lanes = Self.laneMultiple
    self.capacity = (capacity + lanes - 1) / lanes * lanes
    self.dimension = dimension
    self.coordinates = Array(repeating: 0, count: self.capacity * dimension)
    self.weights = Array(repeating: 0, count: self.capacity)
  }

  /// The rows of the source that the tile holds.
  public var rows: Range<Int> { firstRow..<(firstRow + count) }

  /// Coordinate `column` of the point at `index` within the tile.
  public subscript(index: Int, column: Int) -> Double {
    precondition(index < count && column < dimension, "no such point or coordinate in the tile")
    return coordinates[column * capacity + index]
  }

  /// Takes the given rows of a source: `value(row, column)` is asked for each coordinate.
  ///
  /// Every weight becomes one.
  @inlinable
  public mutating func load(_ rows: Range<Int>, _ value: (_ row: Int, _ column: Int) -> Double) {
    load(rows) { column, coordinates in
      for index in 0..<coordinates.count {
        coordinates[index] = value(rows.lowerBound + index, column)
      }
    }
  }

  /// Takes the given rows of a source: `fill(column, coordinates)` writes one column at a time.
  ///
  /// Every weight becomes one.
  public mutating func load(
    _ rows: Range<Int>,
    columns fill: (_ column: Int, _ coordinates: UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    begin(rows)
    let (capacity, count, dimension) = (capacity, count, dimension)
    coordinates.withUnsafeMutableBufferPointer { all in
      for column in 0..<dimension {
        let start = column * capacity
        fill(column, UnsafeMutableBufferPointer(rebasing: all[start..<(start + count)]))
        all[(start + count)..<(start + capacity)].update(repeating: 0)
      }
    }
  }

  /// Multiplies the weight of each point of the tile by its entry of `factors`, which is
  /// indexed by row of the source.
  public mutating func scaleWeights(by factors: [Double]) {
    for index in 0..<count { weights[index] *= factors[firstRow + index] }
  }

  private mutating func begin(_ rows: Range<Int>) {
    precondition(rows.count <= capacity, "a tile of \(capacity) points cannot hold \(rows.count)")
    firstRow = rows.lowerBound
    count = rows.count
    for index in 0..<capacity { weights[index] = index < count ? 1 : 0 }
  }
}
