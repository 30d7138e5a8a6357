import MixtureKernels

/// Points with the tiles that passes over them see, made once: of few points, making tiles takes longer than working on them.
struct HeldTiles: PointSource {
  private let source: any PointSource
  private let tiles: [Tile]
  private let grid: BlockGrid

  /// So many coordinates take a megabyte.
  private static let largestCount = 1 << 17

  /// - Returns: `nil` where there are too many points, or where they are seen by pattern.
  fileprivate init?(_ source: any PointSource) {
    guard source.count > 0, source.dimension > 0, source.patternGroups == nil,
      source.count <= Self.largestCount / source.dimension
    else { return nil }
    self.source = source
    let grid = BlockGrid(of: source)
    self.grid = grid
    let rows = (0..<grid.blockCount).flatMap { Array(grid.tiles(of: $0)) }
    tiles = rows.map { rows in
      var tile = Tile(capacity: grid.tileCapacity(source.count), dimension: source.dimension)
      source.read(rows, into: &tile)
      tile.place(at: rows.lowerBound)
      return tile.leavingMemory()
    }
  }

  /// The tile of rows that the grid of blocks makes one of.
  func tile(of rows: Range<Int>) -> Tile { tiles[rows.lowerBound / grid.tileRows] }

  var count: Int { source.count }
  var dimension: Int { source.dimension }
  var featureNames: [String] { source.featureNames }
  var labelCount: Int { source.labelCount }

  func read(_ rows: Range<Int>, into tile: inout Tile) { source.read(rows, into: &tile) }
  func willRead(_ rows: Range<Int>) { source.willRead(rows) }
  func checkReading() throws(DataError) { try source.checkReading() }
}

extension PointSource {
  /// The same points, ready in tiles if they are few.
  package var held: any PointSource {
    if self is HeldTiles { return self }
    if let held = HeldTiles(self) { return held }
    return self
  }
}
