import Mixtures
import MixturesIO
import Testing

/// The bytes of an NPY file.
private func npy(
  _ dictionary: String, _ values: [UInt8], version: UInt8 = 1
) -> [UInt8] {
  let length = dictionary.utf8.count
  let lengthBytes = (0..<(version == 1 ? 2 : 4)).map { UInt8(length >> (8 * $0) & 0xFF) }
  return [0x93] + Array("NUMPY".utf8) + [version, 0] + lengthBytes + Array(dictionary.utf8) + values
}

private func dictionary(_ descr: String, _ shape: String, fortran: Bool = false) -> String {
  "{'descr': '\(descr)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }     \n"
}

private func bytes<Value: FixedWidthInteger>(_ value: Value, isBig: Bool) -> [UInt8] {
  withUnsafeBytes(of: isBig ? value.bigEndian : value.littleEndian) { Array($0) }
}

/// 3 × 2 numbers that every type can hold, and one type.
struct Stored: Sendable, CustomTestStringConvertible {
  let type: String
  let points: [[Double]]
  let encode: @Sendable (Double, _ isBig: Bool) -> [UInt8]
  var testDescription: String { type }

  static let signed: [[Double]] = [[1, -2], [0, 127], [-128, 3]]
  static let unsigned: [[Double]] = [[1, 2], [0, 255], [128, 3]]
  static let all: [Stored] = [
    Stored(type: "f8", points: [[0.1, -2], [.infinity, .leastNonzeroMagnitude], [-0.0, 1e308]]) {
      bytes($0.bitPattern, isBig: $1)
    },
    Stored(type: "f4", points: [[0.5, -2], [.infinity, 0x1p-140], [-0.0, 0x1p100]]) {
      bytes(Float($0).bitPattern, isBig: $1)
    },
    Stored(type: "i8", points: signed) { bytes(Int64($0), isBig: $1) },
    Stored(type: "i4", points: signed) { bytes(Int32($0), isBig: $1) },
    Stored(type: "i2", points: signed) { bytes(Int16($0), isBig: $1) },
    Stored(type: "i1", points: signed) { bytes(Int8($0), isBig: $1) },
    Stored(type: "u8", points: unsigned) { bytes(UInt64($0), isBig: $1) },
    Stored(type: "u4", points: unsigned) { bytes(UInt32($0), isBig: $1) },
    Stored(type: "u2", points: unsigned) { bytes(UInt16($0), isBig: $1) },
    Stored(type: "u1", points: unsigned) { bytes(UInt8($0), isBig: $1) },
    Stored(type: "b1", points: [[1, 0], [0, 0], [0, 1]]) { bytes(UInt8($0), isBig: $1) },
  ]

  func file(order: String, isFortran: Bool, version: UInt8 = 1) -> [UInt8] {
    let values =
      isFortran ? (0..<2).flatMap { column in points.map { $0[column] } } : points.flatMap(\.self)
    return npy(
      dictionary(order + type, "(3, 2)", fortran: isFortran),
      values.flatMap { encode($0, order == ">") }, version: version)
  }
}

@Suite struct NPYTests {
  @Test(arguments: Stored.all, ["<", ">", "=", "|"])
  func everyTypeInEveryOrder(stored: Stored, order: String) throws {
    guard order != "|" || ["i1", "u1", "b1"].contains(stored.type) else { return }
    for isFortran in [false, true] {
      for version in [1, 2, 3] as [UInt8] {
        let table = try table(
          stored.file(order: order, isFortran: isFortran, version: version))
        #expect(table.points is BinaryPoints)
        #expect(table.points.featureNames == ["x1", "x2"])
        #expect(!table.hasHeader)
        #expect(table.points.allRows == stored.points)
      }
    }
  }

  @Test func infinityAndNaNAreLeftToOthers() throws {
    let values = [Double.nan, .infinity].flatMap { bytes($0.bitPattern, isBig: false) }
    let rows = try table(npy(dictionary("<f8", "(2,)"), values)).points.allRows
    #expect(rows[0][0].isNaN && rows[1] == [.infinity])
  }

  @Test func aVectorIsOneColumn() throws {
    let values = (1...40).flatMap { bytes(Int32($0), isBig: false) }
    let points = try table(npy(dictionary("<i4", "(40L,)"), values)).points
    #expect(points.dimension == 1)
    #expect(points.allRows == (1...40).map { [Double($0)] })
  }

  @Test func headersMayBeWrittenInOtherWays() throws {
    let values = bytes(Int16(7), isBig: false)
    for text in [
      "{\"shape\":(1,1),\"descr\":\"<i2\",\"fortran_order\":False}",
      " { 'fortran_order' : True , 'shape' : ( 1L , 1L , ) , 'descr' : '<i2' } \n",
    ] {
      #expect(try table(npy(text, values)).points.allRows == [[7]])
    }
  }

  @Test func columnsHaveRoles() throws {
    let rows: [[Double]] = [[1, 2.5, 3, 1], [4, 5, 6, 0]]
    let file = npy(
      dictionary("<f8", "(2, 4)"), rows.joined().flatMap { bytes($0.bitPattern, isBig: false) })
    let table = try table(
      file, ColumnSelection(features: ["3", "x1"], classColumn: "2", weightColumn: "x4"))
    #expect(table.points.featureNames == ["x3", "x1"])
    #expect(table.points.allRows == [[3, 1], [6, 4]])
    #expect(table.classes == ["2.5", "5"])
    #expect(table.weights == [1, 0])
  }

  @Test(arguments: [-1, .nan, .infinity])
  func weightsAreFiniteFromZero(weight: Double) throws {
    let file = npy(
      dictionary("<f8", "(1, 2)"),
      [1, weight].flatMap { bytes($0.bitPattern, isBig: false) })
    let expected =
      "points.csv, column 2: expected a weight of at least 0, found \(weight). "
      + "Correct or remove the row."
    #expect(message(file, ColumnSelection(weightColumn: "2")) == expected)
    let isClass = message(file, ColumnSelection(classColumn: "2")) == nil
    #expect(isClass == !weight.isNaN)
  }

  private func message(
    _ file: [UInt8], _ selection: ColumnSelection = ColumnSelection()
  ) -> String? {
    do throws(TableError) {
      _ = try table(file, selection)
      return nil
    } catch {
      return error.description
    }
  }

  private static let faultyHeaders: [(String, String)] = [
    ("", "malformed: expected \"{\""),
    ("{}", "malformed: expected the keys descr, fortran_order and shape"),
    (
      "{'descr': '<f8', 'shape': (1,)}",
      "malformed: expected the keys descr, fortran_order and shape"
    ),
    (dictionary("<f8", "(1,)") + "x", "malformed: expected nothing after the dictionary"),
    ("{'descr': '<f8'", "malformed: expected \"}\""),
    ("{'descr", "malformed: expected a text between quotation marks"),
    ("{descr: 1}", "malformed: expected a text between quotation marks"),
    ("{'descr': '<f8', 'descr': '<f8'}", "malformed: expected the keys"),
    ("{'other': '<f8'}", "malformed: expected the keys"),
    ("{'fortran_order': Maybe}", "malformed: expected True or False"),
    (dictionary("<f8", "1"), "malformed: expected \"(\""),
    (dictionary("<f8", "(1 2)"), "malformed: expected \")\""),
    (dictionary("<f8", "(-1,)"), "malformed: expected a length of at most"),
    (dictionary("<f8", "(99999999999999999999,)"), "malformed: expected a length of at most"),
    (
      dictionary("<f8", "(\(String(repeating: "1,", count: 70)))"), "malformed: expected at most 64"
    ),
    (dictionary("|O", "(1,)"), "holds values of type \"|O\""),
    (dictionary("<c16", "(1,)"), "holds values of type \"<c16\""),
    (dictionary("|f8", "(1,)"), "holds values of type \"|f8\""),
    (dictionary("f8", "(1,)"), "holds values of type \"f8\""),
    (dictionary("", "(1,)"), "holds values of type \"\""),
    (dictionary("\u{1B}[2J", "(1,)"), "holds values of type \"\\u{1b}[2J\""),
    (
      "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}",
      "the NPY file holds records with fields"
    ),
    (dictionary("<f8", "()"), "holds an array of 0 dimensions"),
    (dictionary("<f8", "(1, 1, 1)"), "holds an array of 3 dimensions"),
    (dictionary("<f8", "(0, 3)"), "holds 0 × 3 values"),
    (dictionary("<f8", "(3, 0)"), "holds 3 × 0 values"),
    (dictionary("<f8", "(2,)"), "the NPY header says 16 bytes of values, the file has 0"),
    (
      dictionary("<f8", "(9223372036854775807, 9223372036854775807)"),
      "the NPY header says 9223372036854775807 × 9223372036854775807, more than any file can hold"
    ),
    (dictionary("<f8", "(2305843009213693952, 1)"), "more than any file can hold"),
    (dictionary("<i1", "(9223372036854775807, 1)"), "the file has 0"),
  ]

  @Test(arguments: faultyHeaders)
  func headersAreHostile(header: String, expected: String) {
    let found = message(npy(header, []))
    #expect(found?.hasPrefix("points.csv: ") == true)
    #expect(found?.contains(expected) == true, "\(found ?? "no error")")
  }

  @Test(arguments: [(0, 0), (4, 0), (1, 1), (255, 255)] as [(UInt8, UInt8)])
  func unknownVersions(major: UInt8, minor: UInt8) {
    var file = Stored.all[0].file(order: "<", isFortran: false)
    (file[6], file[7]) = (major, minor)
    #expect(message(file)?.contains("NPY version \(major).\(minor) is unknown") == true)
  }

  @Test(arguments: [1, 2] as [UInt8])
  func everyPrefixIsRefused(version: UInt8) {
    let file = Stored.all[0].file(order: "<", isFortran: false, version: version)
    for count in 0..<file.count {
      #expect(throws: TableError.self) { try table(file[..<count]) }
    }
    #expect(message(file + [0])?.contains("says 48 bytes of values, the file has 49") == true)
    #expect(message(Array(file.prefix(20)))?.contains("ends within its header") == true)
  }

  @Test(arguments: 0..<UInt64(isSlow ? 1_000 : 10))
  func everyDamageIsReadOrRefused(seed: UInt64) {
    var rng = SplitMix64(seed: seed)
    for _ in 0..<500 {
      let isFortran = rng.flip()
      var file = Stored.all[Int(rng.next() % 11)].file(order: "<", isFortran: isFortran, version: 2)
      for _ in 0..<Int.random(in: 1...4, using: &rng) {
        let place = Int.random(in: 6..<80, using: &rng)
        file[place] = UInt8.random(in: rng.flip() ? 0...255 : 32...57, using: &rng)
      }
      if let table = try? table(file) { _ = table.points.allRows }
    }
  }

  @Test func tooManyColumns() {
    let width = (1 << 20) + 1
    let file = npy(dictionary("|u1", "(1, \(width))"), Array(repeating: 0, count: width))
    #expect(message(file)?.contains("more than 1048576 columns") == true)
  }
}
