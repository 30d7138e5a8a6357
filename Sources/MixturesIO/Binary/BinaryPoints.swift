import Mixtures

/// Points in a binary file that stays on disk: NPY, raw numbers, or a table packed for streaming.
///
/// Row-major or column-major, either byte order, of floating-point numbers (`f4`, `f8`), integers
/// (`i1` to `i8`, `u1` to `u8`) and truth values (`b1`, read as 0 and 1). Integers beyond 2⁵³ are
/// rounded to the nearest double. Values are widened as they are read into the tile, and nothing
/// else is kept: a file may be larger than memory.
///
/// The file is mapped, or read piece by piece where it is streamed. A mapped file that another process
/// shortens ends this process with a bus error; a streamed one makes ``checkReading()`` throw.
///
/// The values may be infinite or no number: whoever uses the points checks that.
public struct BinaryPoints: PointSource {
  private let bytes: any ByteStore
  private let layout: NumberLayout
  private let columns: [Int]
  public let featureNames: [String]

  /// Whether the chosen columns stand side by side, in their order.
  private let areAdjacent: Bool

  /// - Parameter columns: indices of columns of the file, one per coordinate.
  init(_ bytes: any ByteStore, _ layout: NumberLayout, columns: [Int], names: [String]) {
    self.bytes = bytes
    self.layout = layout
    self.columns = columns
    featureNames = names
    areAdjacent = zip(columns, columns.dropFirst()).allSatisfy { $1 == $0 + 1 }
  }

  public var count: Int { layout.rowCount }
  public var dimension: Int { columns.count }

  /// How a value is stored.
  var type: NumberType { layout.type }

  public func read(_ rows: Range<Int>, into tile: inout Tile) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "no rows \(rows)")
    if layout.isColumnMajor {
      tile.load(rows) { column, coordinates in
        bytes.withBytes(layout.bytes(ofColumn: columns[column], rows: rows)) {
          layout.convert($0, stride: layout.type.size, into: coordinates)
        }
      }
    } else {
      bytes.withBytes(layout.bytes(ofRows: rows)) { load(rows, at: $0, into: &tile) }
    }
  }

  /// Takes rows that begin at `start`: straight from memory where they stand as they are wanted.
  private func load(_ rows: Range<Int>, at start: UnsafeRawPointer, into tile: inout Tile) {
    let (size, width) = (layout.type.size, layout.columnCount)
    let first = start + size * columns[0]
    let following = bytes.isContiguous ? count - rows.upperBound : 0
    if areAdjacent, layout.isNative, Int(bitPattern: first) % size == 0 {
      if layout.type == .float64 {
        let values = first.assumingMemoryBound(to: Double.self)
        return tile.load(rows, rowMajor: values, rowStride: width, following: following)
      }
      if layout.type == .float32 {
        let values = first.assumingMemoryBound(to: Float.self)
        return tile.load(rows, rowMajor: values, rowStride: width, following: following)
      }
    }
    tile.load(rows) { column, coordinates in
      layout.convert(start + size * columns[column], stride: size * width, into: coordinates)
    }
  }

  public func willRead(_ rows: Range<Int>) {
    guard layout.isColumnMajor else { return bytes.willRead(layout.bytes(ofRows: rows)) }
    for column in columns { bytes.willRead(layout.bytes(ofColumn: column, rows: rows)) }
  }

  public func checkReading() throws(DataError) {
    guard let failure = bytes.failure else { return }
    throw .unreadable(row: layout.row(at: failure.offset), reason: failure.reason)
  }
}
