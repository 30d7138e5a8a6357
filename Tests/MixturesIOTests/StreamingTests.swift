import Dispatch
import Mixtures
import MixturesIO
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

private func bytes<Value: BitwiseCopyable>(_ values: [Value]) -> [UInt8] {
  values.withUnsafeBytes { Array($0) }
}

private func npy(_ type: String, _ shape: String, isFortran: Bool = false) -> [UInt8] {
  let text =
    "{'descr': '<\(type)', 'fortran_order': \(isFortran ? "True" : "False"), 'shape': \(shape)}\n"
  return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
}

@Suite struct StreamingTests {
  private let folder = TemporaryFolder()

  /// More rows than a tile has, of values with many digits.
  private static let rows: [[Double]] = (0..<1_500).map { row in
    (0..<3).map { column in
      let value: Int = (row * 7 + column * 11) % 1_009
      return Double(value) / 7
    }
  }
  private static let singles: [[Double]] = rows.map { row in row.map { Double(Float($0)) } }
  private static let integers: [[Double]] = rows.map { row in row.map { $0.rounded(.down) } }

  private func table(
    _ path: String, _ options: TableOptions, _ selection: ColumnSelection = ColumnSelection()
  ) throws -> Table {
    try Table(contentsOf: path, selecting: selection, options: options)
  }

  @Test(arguments: [true, false], [TableOptions.Precision.float64, .float32])
  func everyFormatReadsAsItIs(isStreamed: Bool, precision: TableOptions.Precision) throws {
    let flat: [Double] = Array(Self.rows.joined())
    let columns: [Double] = (0..<3).flatMap { column in Self.rows.map { $0[column] } }
    let lines: [String] = Self.rows.map { "\($0[0]),\($0[1]),\($0[2])\n" }
    let csv = "a,b,c\n" + lines.joined()
    let singles = flat.map { Float($0) }
    let integers = flat.map { Int16($0) }
    let columnsOfSingles = columns.map { Float($0) }
    let isSingle = precision == .float32
    let doubles = isSingle ? Self.singles : Self.rows
    let cases: [(bytes: [UInt8], raw: RawFormat?, rows: [[Double]])] = [
      (Array(csv.utf8), nil, doubles),
      (npy("f8", "(1500, 3)") + bytes(flat), nil, doubles),
      (npy("f8", "(1500, 3)", isFortran: true) + bytes(columns), nil, doubles),
      (npy("f4", "(1500, 3)") + bytes(singles), nil, Self.singles),
      (npy("f4", "(1500, 3)", isFortran: true) + bytes(columnsOfSingles), nil, Self.singles),
      (
        npy("i2", "(1500, 3)") + bytes(integers), nil, Self.integers
      ),
      (bytes(flat), RawFormat(.float64, columns: 3), doubles),
      (bytes(singles), RawFormat(.float32, columns: 3), Self.singles),
    ]
    for (index, file) in cases.enumerated() {
      let path = folder.write(file.bytes, to: "points")
      let options = TableOptions(raw: file.raw, precision: precision, isStreamed: isStreamed)
      let table = try table(path, options)
      #expect(table.points.allRows == file.rows, "case \(index)")
      // Some of the columns, in another order: not side by side.
      let some = try self.table(path, options, ColumnSelection(features: ["3", "1"]))
      #expect(some.points.allRows == file.rows.map { [$0[2], $0[0]] }, "case \(index)")
      try table.points.checkReading()
    }
  }

  /// A file that ends where its last row does, so that nothing may be read beyond it.
  @Test func rolesOfColumnsOfABinaryFile() throws {
    let path = folder.write(bytes([1.0, 2, 0.5, 3, 4, 0]), to: "raw")
    for isStreamed in [true, false] {
      let table = try table(
        path, TableOptions(raw: RawFormat(.float64, columns: 3), isStreamed: isStreamed),
        ColumnSelection(classColumn: "2", weightColumn: "3"))
      #expect(table.points.allRows == [[1], [3]])
      #expect(table.classes == ["2", "4"])
      #expect(table.weights == [0.5, 0])
    }
  }

  @Test func rowsThatDoNotFillTheFile() {
    let path = folder.write(bytes([1.0, 2, 3]), to: "raw")
    for isStreamed in [true, false] {
      let error = #expect(throws: TableError.self) {
        try table(
          path, TableOptions(raw: RawFormat(.float32, columns: 4), isStreamed: isStreamed))
      }
      #expect(
        error?.problem
          == "expected rows of 4 float32, 16 bytes each, found 24 bytes, of which 8 are left over")
      #expect(throws: TableError.self) {
        try table(
          path, TableOptions(raw: RawFormat(.float64, columns: .max), isStreamed: isStreamed))
      }
    }
  }

  @Test func rawIsNotNPY() {
    let path = folder.write(npy("f8", "(1, 1)") + bytes([1.0]), to: "x.npy")
    let error = #expect(throws: TableError.self) {
      try table(path, TableOptions(raw: RawFormat(.float64, columns: 1)))
    }
    #expect(error?.problem == "expected raw numbers, found an NPY file")
  }

  /// What was read before stays; the first row that is missing is named, in whatever order rows
  /// are read.
  @Test(arguments: [false, true])
  func aFileThatBecomesShorter(isFortran: Bool) throws {
    let path = folder.write(
      npy("f4", "(1000, 2)", isFortran: isFortran) + bytes((0..<2_000).map(Float.init)),
      to: "x.npy")
    let points = try table(path, TableOptions(isStreamed: true)).points
    #expect(points.allRows.count == 1_000)
    try points.checkReading()
    let headerSize = npy("f4", "(1000, 2)", isFortran: isFortran).count
    truncate(path, off_t(headerSize + (isFortran ? 4 * 1_700 : 8 * 700)))
    var tile = Tile(capacity: 32, dimension: 2)
    points.read(990..<1_000, into: &tile)
    #expect(tile[0, 1].isNaN)
    points.read(695..<705, into: &tile)
    points.read(0..<10, into: &tile)
    #expect(throws: DataError.unreadable(row: 700, reason: "the file has become shorter")) {
      try points.checkReading()
    }
    #expect(throws: DataError.unreadable(row: 700, reason: "the file has become shorter")) {
      try GaussianMixture.fit(points, components: 1)
    }
  }

  /// Weights are read first, of which those that are no longer there are no mistakes. The file is all holes, and takes
  /// far longer to read than to cut off; should it be cut off too early all the same, it is tried again.
  @Test func weightsThatCannotBeReadAreNoWrongWeights() throws {
    let path = folder.write([UInt8](), to: "raw")
    let options = TableOptions(raw: RawFormat(.float64, columns: 2), isStreamed: true)
    var kind: TableError.Kind?
    for _ in 0..<10 where kind == nil {
      truncate(path, 1 << 32)
      let group = DispatchGroup()
      DispatchQueue.global().async(group: group) {
        usleep(20_000)
        truncate(path, 1 << 12)
      }
      do throws(TableError) {
        _ = try Table(
          contentsOf: path, selecting: ColumnSelection(weightColumn: "2"), options: options)
      } catch {
        kind = error.kind
      }
      group.wait()
    }
    #expect(kind == .unreadable)
  }

  @Test func nothingIsLeftInTheFolder() throws {
    let csv = folder.write("1,2\n3,4\n".utf8, to: "points.csv")
    let table = try table(csv, TableOptions(isStreamed: true))
    #expect(folder.names == ["points.csv"])
    // Packed: the text is no longer needed.
    truncate(csv, 0)
    #expect(table.points.allRows == [[1, 2], [3, 4]])
  }

  /// A half of memory, or an eighth for text, in which two bytes may become eight.
  @Test func largeFilesAreStreamed() {
    let memory = 1 << 30
    let automatic = TableOptions()
    #expect(!automatic.streams(fileSize: memory / 2, isText: false, memory: memory))
    #expect(automatic.streams(fileSize: memory / 2 + 1, isText: false, memory: memory))
    #expect(!automatic.streams(fileSize: memory / 8, isText: true, memory: memory))
    #expect(automatic.streams(fileSize: memory / 8 + 1, isText: true, memory: memory))
    #expect(!automatic.streams(fileSize: .max, isText: true, memory: nil))
    for choice in [true, false] {
      let options = TableOptions(isStreamed: choice)
      #expect(options.streams(fileSize: 0, isText: true, memory: memory) == choice)
    }
  }

  @Test func singlePrecisionMustHoldTheColumn() throws {
    let clock = folder.write("t,x\n1700000000.5,1\n1700000700.25,2\n".utf8, to: "clock.csv")
    for isStreamed in [true, false] {
      let options = TableOptions(precision: .float32, isStreamed: isStreamed)
      let error = #expect(throws: TableError.self) { try table(clock, options) }
      #expect(error?.column == TableError.Column(number: 1, name: "t"))
      #expect(
        error?.problem == "expected values that Float32 tells apart, found a spread of 699.75 "
          + "where Float32 resolves steps of 128.0")
      #expect(try table(clock, options, ColumnSelection(excluded: ["t"])).points.count == 2)
    }
    let huge = folder.write("1,2\n3,1e300\n".utf8, to: "huge.csv")
    let error = #expect(throws: TableError.self) {
      try table(huge, TableOptions(precision: .float32))
    }
    #expect(
      error?.problem == "row 2: expected a value within the range of Float32, found 1e+300")
  }

  /// A missing cell stays one, and the others are rounded all the same.
  @Test(arguments: [true, false])
  func singlePrecisionOfColumnsWithMissingCells(isStreamed: Bool) throws {
    let path = folder.write(npy("f8", "(2, 2)") + bytes([0.1, .nan, 1.1, 2.2]), to: "x.npy")
    let table = try table(
      path, TableOptions(precision: .float32, isStreamed: isStreamed, keepsMissing: true))
    #expect(table.missingCellCount == 1)
    let rows = table.points.allRows
    #expect(rows[0][0] == Double(Float(0.1)) && rows[0][1].isNaN)
    #expect(rows[1] == [Double(Float(1.1)), Double(Float(2.2))])
  }

  /// Through a window that must grow for it, and one that may not.
  @Test func longRows() throws {
    let long = String(repeating: "9", count: 300)
    let text = "a,b\n\"\(long)\",1\n2,3\n"
    #expect(try streamed(text.utf8, ColumnSelection(excluded: ["a"]), window: 8).points.count == 2)
    var endless = Array("a,b\n1,2\n3,4\n\"".utf8)
    endless += Array(repeating: UInt8(ascii: "x"), count: 70 << 20)
    let error = #expect(throws: TableError.self) { try streamed(endless, window: 1 << 20) }
    #expect(error?.line == 4)
    #expect(error?.problem == "a row is longer than 64 MiB")
  }

  /// Far more comments and blank lines than the window holds are passed over.
  @Test func emptyLinesDoNotFillTheWindow() throws {
    let gap = String(repeating: "# no row\r\n\r\n   \r", count: 500)
    let table = try streamed((gap + "1,2\r" + gap + "3,4\r" + gap).utf8, window: 64)
    #expect(table.points.allRows == [[1, 2], [3, 4]])
    #expect(message("1,2\n" + gap + "x,1\n") != nil)
    let whole = message("1,2\n" + gap + "x,1\n")
    do throws(TableError) {
      _ = try streamed(("1,2\n" + gap + "x,1\n").utf8, window: 16)
    } catch {
      #expect(error.description == whole)
    }
  }

  /// Missing cells are kept as NaN and counted once, however often a row is read until all of it is seen.
  @Test(arguments: 1...40)
  func missingCellsAreKept(window: Int) throws {
    let text = "a,b,c\n1,,2\nNA,3,?\n4,5,6\n,,\n7,8,\n"
    let options = TableOptions(keepsMissing: true)
    let whole = try Table(
      guarded(Array(text.utf8)), path: "p.csv", selecting: ColumnSelection(), options: options)
    let parts = try Table(
      text: TextWindow(passingOver: guarded(Array(text.utf8)), capacity: window), isStreamed: true,
      path: "p.csv", selecting: ColumnSelection(), options: options)
    for table in [whole, parts] {
      #expect(table.missingCellCount == 7)
      let cells = Matrix(copying: table.points).elements.map { $0.isNaN ? -1 : $0 }
      #expect(cells == [1, -1, 2, -1, 3, -1, 4, 5, 6, -1, -1, -1, 7, 8, -1])
      let complete = try table.withoutMissing(path: "p.csv")
      #expect(Matrix(copying: complete.points).elements == [4, 5, 6])
    }
    #expect(throws: TableError.self) {
      try Table(
        guarded(Array("a,b\n1,\n,2\n".utf8)), path: "p.csv", selecting: ColumnSelection(),
        options: options
      )
      .withoutMissing(path: "p.csv")
    }
  }
}
