import Mixtures

/// How the numbers of a table stand in a binary file.
struct NumberLayout: Equatable {
  let type: NumberType
  let isBigEndian: Bool

  /// Whether the values stand column by column.
  let isColumnMajor: Bool

  let rowCount: Int
  let columnCount: Int

  /// Where the values begin.
  let dataOffset: Int

  /// The layout of a file of raw numbers or of an NPY file; nil for a text table.
  ///
  /// - Parameters:
  ///   - bytes: the first of the file, or all.
  ///   - fileSize: how many bytes the file has.
  init?(
    in bytes: UnsafeBufferPointer<UInt8>, fileSize: Int, path: String, raw: RawFormat?
  ) throws(TableError) {
    let isNPY = bytes.starts(with: NPYHeader.magic)
    if let raw {
      guard !isNPY else {
        throw TableError(
          .invalidData, path: path, problem: "expected raw numbers, found an NPY file",
          advice: "Leave out --raw: the file itself says what it holds.")
      }
      self = try raw.layout(fileSize: fileSize, path: path)
    } else {
      guard isNPY else { return nil }
      do throws(NPYFault) {
        self = try NPYHeader(bytes, fileSize: fileSize).layout
      } catch {
        throw TableError(error, path: path)
      }
    }
  }

  init(
    type: NumberType, isBigEndian: Bool, isColumnMajor: Bool, rowCount: Int, columnCount: Int,
    dataOffset: Int
  ) {
    self.type = type
    self.isBigEndian = isBigEndian
    self.isColumnMajor = isColumnMajor
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.dataOffset = dataOffset
  }

  /// The bytes of all values; nil where they are more than any file can hold.
  var dataSize: Int? {
    let (count, overflow) = rowCount.multipliedReportingOverflow(by: columnCount)
    let (size, sizeOverflow) = count.multipliedReportingOverflow(by: type.size)
    return overflow || sizeOverflow ? nil : size
  }

  /// The bytes of whole rows that stand row by row.
  func bytes(ofRows rows: Range<Int>) -> Range<Int> {
    let rowSize = type.size * columnCount
    return (dataOffset + rows.lowerBound * rowSize)..<(dataOffset + rows.upperBound * rowSize)
  }

  /// The bytes of some rows of a column that stands in one piece.
  func bytes(ofColumn column: Int, rows: Range<Int>) -> Range<Int> {
    let start = dataOffset + type.size * column * rowCount
    return (start + type.size * rows.lowerBound)..<(start + type.size * rows.upperBound)
  }

  /// The row that the byte at `offset` belongs to.
  func row(at offset: Int) -> Int {
    let index = (offset - dataOffset) / type.size
    return isColumnMajor ? index % rowCount : index / columnCount
  }

  /// Whether the bytes of a value are those of this machine.
  var isNative: Bool { ordered(1 as Int) == 1 }
}

// MARK: - Values

extension NumberLayout {
  /// Values that stand `stride` bytes apart, the first at `bytes`.
  func convert(
    _ bytes: UnsafeRawPointer, stride: Int, into values: UnsafeMutableBufferPointer<Double>
  ) {
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

/// How a value is stored, as NumPy writes it without the byte order.
enum NumberType: String, CaseIterable {
  case float64 = "f8"
  case float32 = "f4"
  case int64 = "i8"
  case int32 = "i4"
  case int16 = "i2"
  case int8 = "i1"
  case uint64 = "u8"
  case uint32 = "u4"
  case uint16 = "u2"
  case uint8 = "u1"
  case bool = "b1"

  var size: Int {
    switch self {
    case .float64, .int64, .uint64: 8
    case .float32, .int32, .uint32: 4
    case .int16, .uint16: 2
    case .int8, .uint8, .bool: 1
    }
  }
}
