import Dispatch
import MixtureKernels

/// What can be computed in parts: a commutative monoid, up to rounding.
public protocol Mergeable: Sendable {
  /// Adds what another part has seen.
  mutating func merge(_ other: Self)
}

/// One pass over all points.
///
/// Rows are cut into blocks by row index alone, with a size that depends on the dimension
/// alone, and the totals of the blocks merge along a fixed binary tree over the block
/// numbers. One thread, many threads, points in memory or in a file: the same sums in the
/// same order, hence the same bits. At any time O(`threads` · log *n*) partial totals exist.
package struct PointPass: Sendable {
  private let points: any PointSource
  private let threads: Int
  private let grid: BlockGrid

  /// So that no thread waits long for another that was disturbed, and tiles are made rarely.
  private static let tasksPerThread = 16

  package init(_ points: any PointSource, threads: Int) {
    self.points = points
    self.threads = threads
    grid = BlockGrid(of: points)
  }

  /// Folds all points into one total, block by block.
  ///
  /// - Parameters:
  ///   - zero: the total of no points.
  ///   - accumulate: adds the points of one tile to a total.
  package func fold<Total: Mergeable>(
    into zero: Total, _ accumulate: @Sendable (inout Total, Tile) -> Void
  ) -> Total {
    let tree = MergeTree(blocks: 0..<grid.blockCount)
    guard threads > 1, grid.blockCount > 1 else { return total(of: tree, zero, accumulate) }
    let subtrees = tree.subtrees(atLeast: Self.tasksPerThread * min(threads, grid.blockCount))
    let growing = GrowingTotal<Total>(tree)
    _ = concurrentMap(count: subtrees.count, threads: threads) { index in
      growing.add(
        total(of: MergeTree(blocks: subtrees[index]), zero, accumulate), of: subtrees[index])
    }
    return growing.whole
  }

  /// The total of a subtree, on one thread with one tile.
  private func total<Total: Mergeable>(
    of tree: MergeTree, _ zero: Total, _ accumulate: (inout Total, Tile) -> Void
  ) -> Total {
    if let held = points as? HeldTiles { return total(of: tree, held, zero, accumulate) }
    var tile = Tile(capacity: grid.tileCapacity(points.count), dimension: points.dimension)
      .withScratch()
    return tree.reduce { block in
      var total = zero
      points.willRead(grid.rows(of: block))
      for rows in grid.tiles(of: block) {
        points.read(rows, into: &tile)
        precondition(
          tile.count == rows.count, "a source fills a tile with the rows it is asked for")
        tile.place(at: rows.lowerBound)
        accumulate(&total, tile)
      }
      return total
    }
  }

  private func total<Total: Mergeable>(
    of tree: MergeTree, _ held: HeldTiles, _ zero: Total, _ accumulate: (inout Total, Tile) -> Void
  ) -> Total {
    tree.reduce { block in
      var total = zero
      for rows in grid.tiles(of: block) { accumulate(&total, held.tile(of: rows).withScratch()) }
      return total
    }
  }
}

/// How rows are cut into blocks and blocks into tiles: a function of the dimension alone.
package struct BlockGrid: Sendable {
  package let points: Int
  package let tileRows: Int
  package let blockRows: Int

  package init(of source: any PointSource) {
    points = source.count
    let dimension = source.dimension
    tileRows = dimension <= 6 ? 1024 : dimension >= 40 ? 512 : 256
    blockRows = dimension <= 6 ? 8192 : 4096
  }

  /// At least one, so that a fold over no points is the zero.
  package var blockCount: Int { max(1, (points + blockRows - 1) / blockRows) }

  /// Whether one pass keeps all threads at work; otherwise whole fits had better run side by side.
  package func occupies(_ threads: Int) -> Bool { blockCount / 4 >= threads }

  /// Some lanes more than a tile has rows: at a power of two, the runs of all coordinates would compete for the same
  /// lines of the cache.
  func tileCapacity(_ points: Int) -> Int {
    min(tileRows, max(1, points)) + Tile.laneMultiple
  }

  func rows(of block: Int) -> Range<Int> {
    (block * blockRows)..<min(points, (block + 1) * blockRows)
  }

  package func tiles(of block: Int) -> some Sequence<Range<Int>> {
    let rows = rows(of: block)
    return stride(from: rows.lowerBound, to: rows.upperBound, by: tileRows).lazy.map {
      [tileRows] start in start..<min(rows.upperBound, start + tileRows)
    }
  }
}

/// The fixed order in which totals of blocks merge: a range is cut at the largest power of
/// two below its length, and the two halves merge.
package struct MergeTree {
  package let blocks: Range<Int>

  private var halves: (Range<Int>, Range<Int>)? {
    guard blocks.count > 1 else { return nil }
    var half = 1
    while 2 * half < blocks.count { half *= 2 }
    let cut = blocks.lowerBound + half
    return (blocks.lowerBound..<cut, cut..<blocks.upperBound)
  }

  /// Merges the totals of single blocks.
  func reduce<Total: Mergeable>(_ leaf: (Int) -> Total) -> Total {
    guard let (left, right) = halves else { return leaf(blocks.lowerBound) }
    var total = MergeTree(blocks: left).reduce(leaf)
    total.merge(MergeTree(blocks: right).reduce(leaf))
    return total
  }

  /// The subtree whose half the given one is; `nil` for the whole.
  fileprivate func parent(of half: Range<Int>) -> (left: Range<Int>, right: Range<Int>)? {
    var tree = self
    while let (left, right) = tree.halves {
      if left == half || right == half { return (left, right) }
      tree = MergeTree(blocks: left.upperBound > half.lowerBound ? left : right)
    }
    return nil
  }

  /// Subtrees that together cover all blocks, as many as asked for if there are enough blocks.
  func subtrees(atLeast count: Int) -> [Range<Int>] {
    var found = [blocks]
    while found.count < count {
      let cut = found.flatMap { range in
        MergeTree(blocks: range).halves.map { [$0.0, $0.1] } ?? [range]
      }
      guard cut.count > found.count else { break }
      found = cut
    }
    return found
  }
}

/// The total of a tree whose subtrees are added by any thread in any order: two halves merge as soon as both are there, so
/// that few totals exist at any time.
private final class GrowingTotal<Total: Mergeable>: @unchecked Sendable {
  private let tree: MergeTree
  private let lock = DispatchSemaphore(value: 1)
  private var totals: [Range<Int>: Total] = [:]

  init(_ tree: MergeTree) { self.tree = tree }

  /// When all subtrees are added.
  var whole: Total {
    guard let total = totals[tree.blocks] else { preconditionFailure("every block is added") }
    return total
  }

  func add(_ part: Total, of blocks: Range<Int>) {
    lock.wait()
    defer { lock.signal() }
    var (total, blocks) = (part, blocks)
    while let (left, right) = tree.parent(of: blocks),
      let other = totals.removeValue(forKey: blocks == left ? right : left)
    {
      total = blocks == left ? merged(total, other) : merged(other, total)
      blocks = left.lowerBound..<right.upperBound
    }
    totals[blocks] = total
  }
}

private func merged<Total: Mergeable>(_ left: Total, _ right: Total) -> Total {
  var left = left
  left.merge(right)
  return left
}
