import MixtureKernels

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
  package private(set) var coordinates: AlignedArray

  /// The point weight wᵢ of each point: how often it counts. One unless a source says otherwise.
  package private(set) var weights: [Double]

  /// What is known of the components of points; `nil` where nothing is.
  private(set) var labels: TileLabels?

  /// Whether every weight is one.
  package private(set) var hasUnitWeights = true

  /// Whether every weight is zero or one, so that points count or don't.
  package private(set) var countsWholePoints = true

  /// The smallest weight that is not zero, or a smaller one.
  package private(set) var smallestWeight = 1.0

  /// Σᵢ wᵢ.
  package private(set) var totalWeight = 0.0

  /// Memory that the next tile will come from, if that is known.
  private(set) var upcoming: UpcomingMemory?

  /// Room for the kernels, of a tile that one thread alone works on.
  private var scratch: Scratch?

  /// Every capacity is a multiple of this: whole vectors, whatever the instruction set.
  public static let laneMultiple = TileView.laneMultiple

  /// An empty tile.
  ///
  /// - Parameters:
  ///   - capacity: rounded up to a multiple of ``laneMultiple``.
  ///   - dimension: the length of each point, at least 1.
  public init(capacity: Int, dimension: Int) {
    precondition(capacity > 0 && dimension > 0, "a tile holds at least one point of one coordinate")
    self.capacity = Self.wholeLanes(capacity)
    self.dimension = dimension
    self.coordinates = AlignedArray(zeros: self.capacity * dimension)
    self.weights = Array(repeating: 0, count: self.capacity)
  }

  /// The same with room for the kernels to keep: neither it nor a copy may be worked on by two threads at once.
  func withScratch() -> Tile {
    var tile = self
    tile.scratch = Scratch(count: TileView.scratchCount(dimension: dimension, stride: capacity))
    return tile
  }

  /// The lanes that kernels work on: the points, rounded up to whole vectors.
  package var lanes: Int { Self.wholeLanes(count) }

  private static func wholeLanes(_ count: Int) -> Int {
    (count + laneMultiple - 1) / laneMultiple * laneMultiple
  }

  /// Calls `body` with the tile as the kernels see it.
  package func withView<Result>(_ body: (TileView) -> Result) -> Result {
    coordinates.withUnsafeBufferPointer { buffer in
      // A tile has at least one lane and one dimension.
      body(
        TileView(
          buffer.baseAddress!, stride: capacity, lanes: lanes, dimension: dimension,
          scratch: scratch?.start))
    }
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
    rewrite(columns: fill)
  }

  /// Writes the coordinates of all points anew, one column at a time; weights and labels stay.
  mutating func rewrite(
    columns fill: (_ column: Int, _ coordinates: UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    let (capacity, count, dimension) = (capacity, count, dimension)
    coordinates.withUnsafeMutableBufferPointer { all in
      for column in 0..<dimension {
        let start = column * capacity
        fill(column, UnsafeMutableBufferPointer(rebasing: all[start..<(start + count)]))
        all[(start + count)..<(start + capacity)].update(repeating: 0)
      }
    }
  }

  /// Takes the given rows of a source whose points lie row by row in memory.
  ///
  /// Every weight becomes one.
  ///
  /// - Parameters:
  ///   - start: the first coordinate of the first of the rows.
  ///   - rowStride: from one row to the next.
  ///   - following: how many rows come behind them.
  package mutating func load(
    _ rows: Range<Int>, rowMajor start: UnsafePointer<Double>, rowStride: Int, following: Int = 0
  ) {
    load(rows) { base, count, dimension, capacity in
      TileKernels.chosen.transposeRows(
        start, rowStride: rowStride, count: count, dimension: dimension, into: base,
        stride: capacity)
    }
    upcoming = UpcomingMemory(
      start + rows.count * rowStride, count: min(following, rows.count) * rowStride)
  }

  /// As above, of points in single precision.
  package mutating func load(
    _ rows: Range<Int>, rowMajor start: UnsafePointer<Float>, rowStride: Int, following: Int = 0
  ) {
    load(rows) { base, count, dimension, capacity in
      TileKernels.chosen.transposeRows(
        start, rowStride: rowStride, count: count, dimension: dimension, into: base,
        stride: capacity)
    }
    upcoming = UpcomingMemory(
      start + rows.count * rowStride, count: min(following, rows.count) * rowStride)
  }

  private mutating func load(
    _ rows: Range<Int>,
    transposing transpose: (
      _ base: UnsafeMutablePointer<Double>, _ count: Int, _ dimension: Int, _ capacity: Int
    ) -> Void
  ) {
    begin(rows)
    let (capacity, count, dimension) = (capacity, count, dimension)
    coordinates.withUnsafeMutableBufferPointer { all in
      guard let base = all.baseAddress else { return }
      transpose(base, count, dimension, capacity)
      guard count < capacity else { return }
      for column in 0..<dimension {
        all[(column * capacity + count)..<((column + 1) * capacity)].update(repeating: 0)
      }
    }
  }

  /// Gives each point its label.
  mutating func label(_ labels: TileLabels) {
    precondition(labels.numbers.count == count, "one label per point")
    self.labels = labels
  }

  /// The same, of which no memory is known that the next tile will come from.
  func leavingMemory() -> Tile {
    var tile = self
    tile.upcoming = nil
    return tile
  }

  /// Says which row of a source the first point is, where another source has filled the tile.
  mutating func place(at row: Int) { firstRow = row }

  /// Multiplies the weight of each point of the tile by its entry of `factors`, which is
  /// indexed by row of the source; each finite, at least 0.
  public mutating func scaleWeights(by factors: [Double]) {
    scaleWeights(by: factors, from: firstRow)
  }

  /// As above, for points of which the first stands at `start` of `factors`.
  package mutating func scaleWeights(by factors: [Double], from start: Int) {
    precondition(start >= 0 && start + count <= factors.count, "one factor per point")
    factors.withUnsafeBufferPointer { scaleWeights(by: $0.baseAddress.map { $0 + start }) }
  }

  /// Multiplies the weight of each point of the tile by the only coordinate of the point of `factors` at
  /// the same place.
  package mutating func scaleWeights(by factors: Tile) {
    precondition(factors.count == count && factors.dimension == 1, "one factor per point")
    factors.coordinates.withUnsafeBufferPointer { scaleWeights(by: $0.baseAddress) }
  }

  private mutating func scaleWeights(by factors: UnsafePointer<Double>?) {
    guard let factors else { return }
    let found = TileKernels.chosen.scaleWeights(&weights, by: factors, count: count)
    hasUnitWeights = found.areUnits
    countsWholePoints = found.areWhole
    smallestWeight = min(1, found.smallest)
    totalWeight = found.total
  }

  /// Turns responsibilities into wᵢrᵢₖ, zero in the lanes beyond the last point.
  ///
  /// - Parameter responsibilities: a run of `capacity` values for each component.
  package func multiplyByWeights(_ responsibilities: UnsafeMutableBufferPointer<Double>) {
    precondition(responsibilities.count % capacity == 0, "one value per lane")
    guard !hasUnitWeights || count < lanes, let values = responsibilities.baseAddress else {
      return
    }
    for start in stride(from: 0, to: responsibilities.count, by: capacity) {
      TileKernels.chosen.multiply(values + start, by: weights, lanes: lanes)
    }
  }

  private mutating func begin(_ rows: Range<Int>) {
    precondition(rows.count <= capacity, "a tile of \(capacity) points cannot hold \(rows.count)")
    firstRow = rows.lowerBound
    labels = nil
    upcoming = nil
    guard count != rows.count || !hasUnitWeights else { return }
    count = rows.count
    hasUnitWeights = true
    countsWholePoints = true
    smallestWeight = 1
    totalWeight = Double(count)
    weights.withUnsafeMutableBufferPointer {
      $0[..<count].update(repeating: 1)
      $0[count...].update(repeating: 0)
    }
  }
}
