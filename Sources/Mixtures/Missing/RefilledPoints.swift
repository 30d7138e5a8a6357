/// Incomplete points of which only some rows count, with missing cells filled by what these rows alone say of them.
///
/// Without it, what was held out would say where starts lie, by the cells of other rows that it helped to fill.
struct RefilledPoints: PointSource {
  private let points: any PointSource
  private let filled: IncompletePoints

  /// - Parameters:
  ///   - points: with weight zero for rows that do not count.
  ///   - groups: theirs.
  /// - Throws: ``DataError`` for a column without any value in rows that count.
  init(_ points: any PointSource, groups: [PatternGroup]) throws(DataError) {
    var cells = Matrix(copying: points)
    for group in groups where group.observed.count < points.dimension {
      let missing = Set(0..<points.dimension).subtracting(group.observed)
      for row in group.rows {
        for column in missing { cells[row, column] = .nan }
      }
    }
    self.points = points
    filled = try IncompletePoints(cells, weights: points.weightsOfRows)
  }

  var count: Int { points.count }
  var dimension: Int { points.dimension }
  var featureNames: [String] { points.featureNames }
  var labelCount: Int { points.labelCount }
  var patternGroups: [PatternGroup]? { points.patternGroups }

  func read(_ rows: Range<Int>, into tile: inout Tile) {
    points.read(rows, into: &tile)
    filled.rewrite(&tile)
  }

  func willRead(_ rows: Range<Int>) { points.willRead(rows) }
  func checkReading() throws(DataError) { try points.checkReading() }
}
