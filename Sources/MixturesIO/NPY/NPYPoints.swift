import Mixtures

/// Points in an NPY file that stays on disk.
///
/// Versions 1 to 3, row-major or column-major, either byte order, of floating-point
/// numbers (`f4`, `f8`), integers (`i1` to `i8`, `u1` to `u8`) and truth values (`b1`, read
/// as 0 and 1). Integers beyond 2⁵³ are rounded to the nearest double. The file is mapped:
/// reading points copies them into the tile and nothing else, so a file may be larger than
/// memory.
///
/// The values may be infinite or no number: whoever uses the points checks that.
public struct NPYPoints: PointSource {
  private let file: FileBytes
  private let header: NPYHeader
  private let columns: [Int]
  public let featureNames: [String]

  /// - Parameter columns: indices of columns of the file, one per coordinate.
  init(_ file: FileBytes, _ header: NPYHeader, columns: [Int], names: [String]) {
    self.file = file
    self.header = header
    self.columns = columns
    featureNames = names
  }

  public var count: Int { header.rowCount }
  public var dimension: Int { columns.count }

  public func read(_ rows: Range<Int>, into tile: inout Tile) {
    defer { file.keepAlive() }
    precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "no rows \(rows)")
    if let start = header.rowOfDoubles(rows.lowerBound, columns, of: file) {
      return tile.load(rows, rowMajor: start, rowStride: header.columnCount)
    }
    tile.load(rows) { column, coordinates in
      header.read(column: columns[column], from: rows.lowerBound, of: file, into: coordinates)
    }
  }
}

extension NPYHeader {
  /// Where a row begins, if rows lie in the file as they are wanted: doubles of this machine, side by side.
  func rowOfDoubles(
    _ row: Int, _ columns: [Int], of file: FileBytes
  ) -> UnsafePointer<Double>? {
    guard type == .float64, !isColumnMajor, ordered(1 as Int) == 1,
      columns.elementsEqual(columns[0]..<(columns[0] + columns.count))
    else { return nil }
    let offset = dataOffset + type.size * (row * columnCount + columns[0])
    let start = UnsafeRawPointer(file.start) + offset
    guard Int(bitPattern: start) % MemoryLayout<Double>.alignment == 0 else { return nil }
    return start.assumingMemoryBound(to: Double.self)
  }

  /// The values of one column, beginning with row `first`.
  func read(
    column: Int, from first: Int, of file: FileBytes,
    into values: UnsafeMutableBufferPointer<Double>
  ) {
    let stride = type.size * (isColumnMajor ? 1 : columnCount)
    let start = dataOffset + type.size * (isColumnMajor ? column * rowCount : column)
    // In the file: `checkSize` found room for every row of every column.
    let bytes = UnsafeRawPointer(file.start) + start + first * stride
    switch type {
    case .float64:
      convert(bytes, stride, values) { Double(bitPattern: ordered($0)) }
    case .float32:
      convert(bytes, stride, values) { Double(Float(bitPattern: ordered($0))) }
    case .int64: convert(bytes, stride, values) { Double(ordered($0) as Int64) }
    case .int32: convert(bytes, stride, values) { Double(ordered($0) as Int32) }
    case .int16: convert(bytes, stride, values) { Double(ordered($0) as Int16) }
    case .int8: convert(bytes, stride, values) { Double($0 as Int8) }
    case .uint64: convert(bytes, stride, values) { Double(ordered($0) as UInt64) }
    case .uint32: convert(bytes, stride, values) { Double(ordered($0) as UInt32) }
    case .uint16: convert(bytes, stride, values) { Double(ordered($0) as UInt16) }
    case .uint8: convert(bytes, stride, values) { Double($0 as UInt8) }
    case .bool: convert(bytes, stride, values) { ($0 as UInt8) == 0 ? 0 : 1 }
    }
  }

  @inline(__always)
  private func ordered<Value: FixedWidthInteger>(_ stored: Value) -> Value {
    isBigEndian ? Value(bigEndian: stored) : Value(littleEndian: stored)
  }

  @inline(__always)
  private func convert<Stored: BitwiseCopyable>(
    _ bytes: UnsafeRawPointer, _ stride: Int, _ values: UnsafeMutableBufferPointer<Double>,
    _ value: (Stored) -> Double
  ) {
    var position = bytes
    for index in values.indices {
      values[index] = value(position.loadUnaligned(as: Stored.self))
      position += stride
    }
  }
}
