/// A file of numbers and nothing else, row by row: little-endian, without a header.
public struct RawFormat: Sendable, Equatable {
  /// What the numbers are.
  public enum Scalar: String, Sendable, CaseIterable {
    /// IEEE 754 binary32: four bytes each.
    case float32
    /// IEEE 754 binary64: eight bytes each.
    case float64
  }

  /// What the numbers are.
  public let scalar: Scalar

  /// How many there are in a row.
  public let columnCount: Int

  /// Rows of `columnCount` numbers.
  ///
  /// - Precondition: `columnCount >= 1`.
  public init(_ scalar: Scalar, columns columnCount: Int) {
    precondition(columnCount >= 1, "a row holds at least one number")
    self.scalar = scalar
    self.columnCount = columnCount
  }

  /// - Throws: ``TableError`` unless rows fill the file.
  func layout(fileSize: Int, path: String) throws(TableError) -> NumberLayout {
    let type: NumberType = scalar == .float32 ? .float32 : .float64
    let (rowSize, overflow) = type.size.multipliedReportingOverflow(by: columnCount)
    let rowCount = overflow ? 0 : fileSize / rowSize
    let left = overflow ? fileSize : fileSize % rowSize
    guard left == 0 else {
      throw TableError(
        .invalidData, path: path,
        problem: "expected rows of \(columnCount) \(scalar.rawValue), "
          + "\(overflow ? "more than any file can hold" : "\(rowSize) bytes each"), found "
          + "\(fileSize) bytes, of which \(left) are left over",
        advice: "Correct the type or the number of columns, or replace the file if it is cut off.")
    }
    return NumberLayout(
      type: type, isBigEndian: false, isColumnMajor: false, rowCount: rowCount,
      columnCount: columnCount, dataOffset: 0)
  }
}
