import MixtureTestSupport
import Mixtures
import Testing

@Suite struct BlockFoldTests {
  /// Points that are nowhere: coordinate j of row i is i + j.
  private struct Rows: PointSource {
    let count: Int
    let dimension: Int

    func read(_ rows: Range<Int>, into tile: inout Tile) {
      tile.load(rows) { Double($0 + $1) }
    }
  }

  /// Remembers which rows it has seen, in which order, and how the parts were bracketed.
  private struct History: Mergeable {
    var text = ""
    var next = 0
    var first: Int?
    var isOrdered = true

    mutating func add(_ tile: Tile) {
      if first == nil {
        first = tile.firstRow
      } else {
        isOrdered = isOrdered && tile.firstRow == next
      }
      for index in 0..<tile.count {
        isOrdered = isOrdered && tile[index, 0] == Double(tile.firstRow + index)
      }
      next = tile.rows.upperBound
    }

    mutating func merge(_ other: History) {
      isOrdered = isOrdered && other.isOrdered && next == other.first
      text = "(\(text.isEmpty ? "." : text)\(other.text.isEmpty ? "." : other.text))"
      next = other.next
    }
  }

  private func history(_ count: Int, dimension: Int, threads: Int) -> History {
    PointPass(Rows(count: count, dimension: dimension), threads: threads).fold(into: History()) {
      $0.add($1)
    }
  }

  @Test(arguments: [1, 511, 512, 8191, 8192, 8193, 40_000, 100_001], [1, 6, 7])
  func everyRowIsSeenOnceAndInOrder(count: Int, dimension: Int) {
    let alone = history(count, dimension: dimension, threads: 1)
    #expect(alone.isOrdered)
    #expect(alone.first == 0 && alone.next == count)
    for threads in [2, 3, 7, 64] {
      let shared = history(count, dimension: dimension, threads: threads)
      #expect(shared.isOrdered && shared.first == 0 && shared.next == count)
      #expect(shared.text == alone.text, "\(threads) threads bracket differently")
    }
  }

  @Test func noRows() {
    #expect(history(0, dimension: 2, threads: 3).first == nil)
    #expect(history(0, dimension: 2, threads: 3).text == "")
  }

  /// Cut at the largest power of two below the number of blocks.
  @Test func theTreeIsTheDocumentedOne() {
    let blockRows = BlockGrid(of: Rows(count: 1, dimension: 1)).blockRows
    func brackets(_ blocks: Int) -> String {
      history(blocks * blockRows, dimension: 1, threads: 2).text
    }
    #expect(brackets(1) == "")
    #expect(brackets(2) == "(..)")
    #expect(brackets(3) == "((..).)")
    #expect(brackets(5) == "(((..)(..)).)")
    #expect(brackets(6) == "(((..)(..))(..))")
    #expect(brackets(7) == "(((..)(..))((..).))")
  }

  /// The grid may depend on the dimension, not on the number of points: a stream need not know it.
  @Test(arguments: [1, 6, 7, 100])
  func theGridDependsOnTheDimensionAlone(dimension: Int) {
    let grids = [1, 1_000, 1_000_000].map { BlockGrid(of: Rows(count: $0, dimension: dimension)) }
    #expect(Set(grids.map(\.blockRows)).count == 1)
    #expect(Set(grids.map(\.tileRows)).count == 1)
    #expect(grids[0].blockCount == 1)
    #expect(BlockGrid(of: Rows(count: 0, dimension: dimension)).blockCount == 1)
    #expect(grids[2].blockCount == (1_000_000 + grids[2].blockRows - 1) / grids[2].blockRows)
  }
}
