/// Weight one for some rows of a source, zero for the others.
struct RowMask: PointSource {
  let count: Int
  let includes: @Sendable (_ row: Int) -> Bool

  var dimension: Int { 1 }

  func read(_ rows: Range<Int>, into tile: inout Tile) {
    tile.load(rows) { row, _ in includes(row) ? 1 : 0 }
  }
}

extension PointSource {
  /// The points of some rows: all others have weight zero, and every row keeps its place.
  ///
  /// - Throws: ``DataError/noWeight`` where none is left.
  func restricted(
    to includes: @escaping @Sendable (_ row: Int) -> Bool
  ) throws(DataError) -> any PointSource {
    try WeightedPoints(self, weights: RowMask(count: count, includes: includes))
  }
}
