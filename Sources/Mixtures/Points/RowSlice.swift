/// Consecutive rows of a source, as a source.
struct RowSlice: PointSource {
  let points: any PointSource
  let rows: Range<Int>

  var count: Int { rows.count }
  var dimension: Int { points.dimension }
  var featureNames: [String] { points.featureNames }
  var labelCount: Int { points.labelCount }

  func read(_ rows: Range<Int>, into tile: inout Tile) {
    let start = self.rows.lowerBound
    points.read((start + rows.lowerBound)..<(start + rows.upperBound), into: &tile)
  }

  func willRead(_ rows: Range<Int>) {
    let start = self.rows.lowerBound
    points.willRead((start + rows.lowerBound)..<(start + rows.upperBound))
  }

  func checkReading() throws(DataError) { try points.checkReading() }
}
