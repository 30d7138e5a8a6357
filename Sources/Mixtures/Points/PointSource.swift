/// Where points come from: memory, a mapped file, a stream.
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

  /// How many components the labels of points speak of; by default zero: there are no labels. See ``LabelledPoints``.
  var labelCount: Int { get }

  /// The rows by which of their cells are observed; by default `nil`: no cell is missing. See ``IncompletePoints``.
  var patternGroups: [PatternGroup]? { get }

  /// Fills `tile` with the points of the given rows.
  ///
  /// A source without weights leaves those of the tile at one.
  ///
  /// - Precondition: `rows` lies in `0..<count` and holds at most `tile.capacity` rows.
  func read(_ rows: Range<Int>, into tile: inout Tile)

  /// Says that the given rows are about to be read, in order: a source on a disk may fetch
  /// what follows them meanwhile.
  ///
  /// Changes nothing that is read. By default it does nothing.
  func willRead(_ rows: Range<Int>)

  /// Throws if points could not be read since the source was made.
  ///
  /// Reading itself does not throw: it happens in the innermost loops of many threads. A source that
  /// fails notes the first row that it could not read and fills tiles with values of no meaning.
  /// So ask before using what was computed. A fit and a search ask by themselves.
  ///
  /// - Throws: ``DataError/unreadable(row:reason:)``; by default nothing.
  func checkReading() throws(DataError)
}

extension PointSource {
  /// `x1`, `x2`, … `xd`.
  public var featureNames: [String] { (0..<dimension).map { "x\($0 + 1)" } }

  public var labelCount: Int { 0 }

  public var patternGroups: [PatternGroup]? { nil }

  public func willRead(_ rows: Range<Int>) {}

  public func checkReading() throws(DataError) {}
}
