import MixtureTestSupport
import Mixtures
import Testing

@Suite struct TileTests {
  @Test func lanesBeyondTheLastPointAreZero() {
    var tile = Tile(capacity: 20, dimension: 2)
    #expect(tile.capacity == 32 && tile.count == 0)
    tile.load(100..<120) { Double($0 * 10 + $1) }
    tile.load(7..<12) { Double($0 * 10 + $1) }
    #expect(tile.rows == 7..<12 && tile.firstRow == 7 && tile.count == 5)
    #expect(tile[0, 0] == 70 && tile[4, 1] == 111)
    #expect(tile.weights == Array(repeating: 1, count: 5) + Array(repeating: 0, count: 27))
    #expect((5..<32).map { tile.coordinates[$0] }.allSatisfy { $0 == 0 })
    #expect((37..<64).map { tile.coordinates[$0] }.allSatisfy { $0 == 0 })
  }

  @Test func weightsAreIndexedByRowOfTheSource() throws {
    let points = Matrix(rows: [[1], [2], [3], [4]])
    let once = try WeightedPoints(points, weights: [1, 2, 0, 4])
    let twice = try WeightedPoints(once, weights: [3, 3, 3, 0.5])
    var tile = Tile(capacity: 16, dimension: 1)
    twice.read(1..<4, into: &tile)
    #expect(Array(tile.weights[0..<4]) == [6, 0, 2, 0])
    #expect(tile[0, 0] == 2)
  }

  @Test func factorsAreIndexedByRowOfTheSource() {
    var tile = Tile(capacity: 32, dimension: 1)
    tile.load(1..<3) { row, _ in Double(row) }
    tile.scaleWeights(by: [9, 2, 0.5, 9])
    #expect(tile.weights[..<3] == [2, 0.5, 0])
    #expect(!tile.hasUnitWeights && tile.smallestWeight == 0.5)
  }

  @Test func aMatrixReadsItsRows() {
    let matrix = Matrix(rows: [[1, 2, 3], [4, 5, 6]], columnNames: ["a", "b", "c"])
    var tile = Tile(capacity: 16, dimension: 3)
    matrix.read(1..<2, into: &tile)
    #expect((0..<3).map { tile[0, $0] } == [4, 5, 6])
    #expect(matrix.row(0) == [1, 2, 3] && matrix.rows.count == 2)
    #expect(matrix[1, 2] == 6)
    #expect(matrix.featureNames == ["a", "b", "c"])
    #expect(Matrix(zerosOf: 1, by: 2).columnNames == ["x1", "x2"])
    #expect(Matrix(rows: [], columnNames: ["a", "b"]).dimension == 2)
  }

  @Test func indicators() {
    let matrix = Matrix(indicatorsOf: [0, 2, 1], components: 3)
    #expect(matrix.rows == [[1, 0, 0], [0, 0, 1], [0, 1, 0]])
  }
}
