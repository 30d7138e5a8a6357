/// Where points come from: memory, a mapped file, later a stream.
///
/// A source hands out consecutive rows by filling a ``Tile``. That is all an algorithm
/// of this package ever asks of the data, so a new storage format is one new conformance.
///
/// Reading the same rows twice must give the same values, and several threads may
/// read at once.
public protocol PointSource: Sendable {
  /// The number of points *n*.
  var count: Int { get }

  /// The length *d* of each point.
  var dimension: Int { get }

  /// One name per coordinate, for messages and models.
  var featureNames: [String] { get }

  /// Fills `tile` with the points of the given rows.
  ///
  /// A source without weights leaves those of the tile at one.
  ///
  /// - Precondition: `rows` lies in `0..<count` and holds at most `tile.capacity` rows.
  func read(_ rows: Range<Int>, into tile: inout Tile)
}

extension PointSource {
  /// `x1`, `x2`, … `xd`.
  public var featureNames: [String] { (0..<dimension).map { "x\($0 + 1)" } }
}
