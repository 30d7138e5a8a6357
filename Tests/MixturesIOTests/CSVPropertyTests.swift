import Mixtures
import MixturesIO
import Testing

/// A random way to write a table.
private struct Dialect {
  var delimiter: String
  var lineBreaks: [String]
  var hasMark: Bool
  var hasHeader: Bool
  var endsWithBreak: Bool
  var oddity: Double  // how often something optional happens

  init(using rng: inout SplitMix64) {
    delimiter = [",", "\t", ";"].randomElement(using: &rng)!
    let breaks = ["\n", "\r\n", "\r"]
    lineBreaks = rng.flip() ? breaks : [breaks.randomElement(using: &rng)!]
    hasMark = rng.flip()
    hasHeader = rng.flip()
    endsWithBreak = rng.flip()
    oddity = [0, 0.1, 0.5].randomElement(using: &rng)!
  }

  func isOdd(_ rng: inout SplitMix64) -> Bool { .random(in: 0..<1, using: &rng) < oddity }

  func lineBreak(_ rng: inout SplitMix64) -> String { lineBreaks.randomElement(using: &rng)! }

  func blanks(_ rng: inout SplitMix64) -> String {
    isOdd(&rng) ? String(repeating: " ", count: Int(rng.next() % 3)) : ""
  }

  func cell(_ text: String, _ rng: inout SplitMix64) -> String {
    let special: Set<Character> = [",", ";", "\t", "\"", "\n", "\r", "\r\n", "#", " "]
    let mustQuote = text.isEmpty || text.contains(where: special.contains)
    guard mustQuote || isOdd(&rng) else { return blanks(&rng) + text + blanks(&rng) }
    let quoted = text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"")
    return blanks(&rng) + "\"" + quoted + "\"" + blanks(&rng)
  }

  func written(_ rows: [[String]], _ rng: inout SplitMix64) -> String {
    var text = hasMark ? "\u{FEFF}" : ""
    for (index, row) in rows.enumerated() {
      while isOdd(&rng) {
        text += ["", "  ", "# 1,2", " #\"", "#"].randomElement(using: &rng)! + lineBreak(&rng)
      }
      text += row.map { cell($0, &rng) }.joined(separator: delimiter)
      if index < rows.count - 1 || endsWithBreak { text += lineBreak(&rng) }
    }
    return text
  }
}

@Suite struct CSVPropertyTests {
  private static let labels = ["a", "b c", "d\"e", "f;g,h\ti", "k\r\nl", "#m", "\"", "ünï", "n\no"]

  @Test(arguments: 0..<UInt64(isSlow ? 20_000 : 400))
  func tablesReadBackEqual(seed: UInt64) throws {
    var rng = SplitMix64(seed: seed)
    let dialect = Dialect(using: &rng)
    let (n, d) = (Int.random(in: 1...12, using: &rng), Int.random(in: 1...5, using: &rng))
    let points = (0..<n).map { _ in
      (0..<d).map { _ in
        let value = Double(bitPattern: rng.next())
        return value.isFinite && rng.flip() ? value : Double(Int.random(in: -99...99, using: &rng))
      }
    }
    let classes = (0..<n).map { _ in Self.labels.randomElement(using: &rng)! }
    let weights = (0..<n).map { _ in Double.random(in: 0...2, using: &rng) }
    let names = (0..<d).map { "\(Self.labels.randomElement(using: &rng)!) \($0)" }
    let order = (0..<(d + 2)).shuffled(using: &rng)

    func ordered(_ cells: [String]) -> [String] { order.map { cells[$0] } }
    var rows = (0..<n).map { row in
      ordered(points[row].map(\.description) + [classes[row], "\(weights[row])"])
    }
    if dialect.hasHeader { rows.insert(ordered(names + ["class", "weight"]), at: 0) }
    let text = dialect.written(rows, &rng)

    func name(_ column: Int, _ name: String) -> String {
      dialect.hasHeader ? name : "x\(order.firstIndex(of: column)! + 1)"
    }
    let features = (0..<d).map { name($0, names[$0]) }
    let table = try table(
      text,
      ColumnSelection(
        features: features, classColumn: name(d, "class"), weightColumn: name(d + 1, "weight")))
    #expect(table.hasHeader == dialect.hasHeader, "\(text)")
    #expect(table.points.featureNames == features)
    #expect(table.points.allRows == points, "\(text)")
    #expect(table.classes == classes)
    #expect(table.weights == weights)

    // Seen through a window of any size, a text says the same.
    let moving = try streamed(
      text.utf8,
      ColumnSelection(
        features: features, classColumn: name(d, "class"), weightColumn: name(d + 1, "weight")),
      window: Int.random(in: 1...60, using: &rng))
    #expect(moving.hasHeader == dialect.hasHeader, "\(text)")
    #expect(moving.points.featureNames == features)
    #expect(moving.points.allRows == points, "\(text)")
    #expect(moving.classes == classes && moving.weights == weights)

    // Without a choice, features come in the order of the file.
    let others = [table.points.featureNames, [name(d, "class"), name(d + 1, "weight")]]
    let rest = try MixturesIOTests.table(
      text, ColumnSelection(classColumn: others[1][0], weightColumn: others[1][1]))
    let fileOrder = order.filter { $0 < d }
    #expect(rest.points.allRows == points.map { row in fileOrder.map { row[$0] } })
  }

  private static let sample =
    "\u{FEFF}# c\r\nx,\"y \"\"z\",c,w\r\n1.5e-3,\"-2\",\"a\nb\",1\r\r\n 3 ,4.25, d ,0.5\n"

  /// Cut anywhere, a file is read or refused; a byte beyond it would be a crash.
  @Test func everyPrefixIsReadOrRefused() throws {
    let bytes = Array(Self.sample.utf8)
    let selection = ColumnSelection(classColumn: "c", weightColumn: "w")
    for count in 0...bytes.count {
      let outcome = Result { try table(bytes[..<count], selection) }
      if let table = try? outcome.get() { #expect(table.points.count <= 2) }
      _ = try? table(bytes[count...], selection)
      _ = try? table(bytes[..<count])
    }
    #expect(try table(bytes, selection).points.allRows == [[0.0015, -2], [3, 4.25]])
  }

  @Test(arguments: 0..<UInt64(isSlow ? 2_000 : 20))
  func everyDamageIsReadOrRefused(seed: UInt64) {
    var rng = SplitMix64(seed: seed)
    let alphabet = Array(",;\t\"\n\r #-+.eEnN0123456789x?\u{0}\u{FF}".utf8)
    for _ in 0..<200 {
      var bytes = Array(Self.sample.utf8)
      for _ in 0..<Int.random(in: 1...8, using: &rng) {
        let place = Int.random(in: 0..<bytes.count, using: &rng)
        bytes[place] = alphabet.randomElement(using: &rng)!
      }
      let roles = ColumnSelection(features: ["1"], classColumn: "3", weightColumn: "4")
      for selection in [ColumnSelection(), roles] {
        let whole = Result { try table(bytes, selection) }
        let moving = Result {
          try streamed(bytes, selection, window: Int.random(in: 1...60, using: &rng))
        }
        switch (whole, moving) {
        case (.success(let whole), .success(let moving)):
          #expect(whole.points.allRows == moving.points.allRows)
        case (.failure(let whole), .failure(let moving)):
          #expect("\(whole)" == "\(moving)", "\(String(decoding: bytes, as: UTF8.self))")
        default:
          Issue.record("\(whole) and \(moving): \(String(decoding: bytes, as: UTF8.self))")
        }
      }
    }
  }

  @Test(arguments: 0..<UInt64(50))
  func lineBreaksAreCountedOneByOne(seed: UInt64) {
    var rng = SplitMix64(seed: seed)
    let bytes = (0..<Int.random(in: 0...1_000, using: &rng)).map { _ in
      [UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "x")].randomElement(using: &rng)!
    }
    let file = guarded(bytes)
    let text = String(decoding: bytes, as: UTF8.self)  // CR LF is one character
    let expected = text.count { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
    #expect(lineBreakCount(from: file.start, to: file.end) == expected)
  }
}
