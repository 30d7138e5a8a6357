import MixturesIO
import Testing

private func parsed(_ bytes: some Collection<UInt8>) throws(JSONSyntaxError) -> JSONValue {
  let file = guarded(bytes)
  defer { file.keepAlive() }
  return try JSONValue(parsing: file.all)
}

private func parsed(_ text: String) throws(JSONSyntaxError) -> JSONValue {
  try parsed(text.utf8)
}

private func problem(_ bytes: some Collection<UInt8>) -> JSONSyntaxError? {
  do throws(JSONSyntaxError) {
    _ = try parsed(bytes)
    return nil
  } catch {
    return error
  }
}

@Suite struct JSONTests {
  @Test func textIsAsDocumented() {
    let value: JSONValue = [
      "integer": 3, "numbers": JSONValue([1.5, 1e-7, .nan, -.infinity]), "none": nil, "empty": [:],
      "text": "a\"b\\c\n\t\r\u{1}é😀", "rows": JSONValue([[1, 2], [3, 4]]),
      "parts": .array([["x": .bool(true)], 2]),
    ]
    #expect(
      value.description == """
        {
          "integer": 3,
          "numbers": [1.5, 1e-07, null, null],
          "none": null,
          "empty": {},
          "text": "a\\"b\\\\c\\n\\t\\r\\u0001é😀",
          "rows": [[1.0, 2.0], [3.0, 4.0]],
          "parts": [
            {
              "x": true
            },
            2
          ]
        }
        """)
  }

  @Test(arguments: [
    ("null", JSONValue.null), (" true\n", .bool(true)), ("false", .bool(false)), ("0", 0),
    ("-7", .integer(-7)), ("9223372036854775807", .integer(.max)),
    ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1.0", .number(1)),
    ("1e2", .number(100)), ("-0", .number(-0.0)), ("1E-400", .number(0)), ("[]", .array([])),
    ("[ 1 , [ ] ]", .array([1, .array([])])), ("{ }", .object([])),
    ("{\"b\":1,\"a\":{\"b\":2}}", ["b": 1, "a": ["b": 2] as JSONValue] as JSONValue),
    (#""\u00e9\ud83d\ude00\/\b\f""#, "é😀/\u{8}\u{C}"), ("\u{FEFF}[1]", .array([1])),
  ])
  func valuesAreRead(text: String, value: JSONValue) throws {
    #expect(try parsed(text) == value)
  }

  /// Where it goes wrong, and what the message names.
  @Test(arguments: [
    ("", 1, 1, "end of the file"), ("[1,\n 2", 2, 3, "\",\" or \"]\""), ("[1,]", 1, 4, "a value"),
    ("{\"a\" 1}", 1, 6, "a colon"), ("{a:1}", 1, 2, "a key in quotes"),
    ("{\"a\":1,}", 1, 8, "a key in quotes"), ("[1]x", 1, 4, "the end of the document"),
    ("01", 1, 1, "leading zeros"), ("-", 1, 2, "a digit"), ("1.", 1, 3, "a digit"),
    (".5", 1, 1, "a value"), ("+1", 1, 1, "a value"), ("1e", 1, 3, "a digit"),
    ("1e400", 1, 1, "range of Float64, found 1e400"), ("NaN", 1, 1, "a value"),
    ("nul", 1, 1, "a value"), ("'a'", 1, 1, "a value"), ("\"a", 1, 3, "the end of a string"),
    ("\"a\nb\"", 1, 3, "control character"), (#""\x""#, 1, 3, "an escape"),
    (#""\u12G4""#, 1, 6, "hexadecimal"), (#""\ud800""#, 1, 8, "surrogates in pairs"),
    (#""\udc00""#, 1, 8, "surrogates in pairs"),
    ("{\"a\":1,\n\"a\":2}", 2, 1, "each key once, found \"a\" again"),
    ("{\"a\":1,\"\\u0061\":2}", 1, 8, "each key once"),
  ])
  func defectsAreTold(text: String, line: Int, column: Int, message: String) {
    let found = problem(text.utf8)
    #expect(found?.line == line)
    #expect(found?.column == column)
    #expect(found?.problem.contains(message) == true, "\(found?.problem ?? "none")")
  }

  @Test func bytesThatAreNoText() {
    #expect(problem([0x22, 0xC3, 0x28, 0x22])?.problem.contains("UTF-8") == true)
    #expect(problem([0x22, 0xED, 0xA0, 0x80, 0x22])?.problem.contains("UTF-8") == true)
    #expect(problem([0]) != nil)
  }

  @Test func nestingHasALimit() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(throws: Never.self) { try parsed(nested(128)) }
    #expect(problem(nested(129).utf8)?.problem.contains("128 levels") == true)
    #expect(problem(String(repeating: "{\"a\":", count: 1_000_000).utf8) != nil)
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func whatIsWrittenReadsBackEqual(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    for _ in 0..<300 {
      let value = randomValue(depth: 4, &generator)
      #expect(try parsed(value.description) == value)
    }
  }

  private func randomValue(depth: Int, _ generator: inout SplitMix64) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &generator) {
    case 0: .null
    case 1: .bool(generator.flip())
    case 2: .integer(Int(truncatingIfNeeded: generator.next()))
    case 3: .number(randomNumber(&generator))
    case 4: .string(randomText(&generator))
    case 5:
      .array(
        (0..<Int.random(in: 0...3, using: &generator)).map { _ in
          randomValue(depth: depth - 1, &generator)
        })
    default:
      .object(
        (0..<Int.random(in: 0...3, using: &generator)).map {
          .init("\($0)" + randomText(&generator), randomValue(depth: depth - 1, &generator))
        })
    }
  }

  private func randomNumber(_ generator: inout SplitMix64) -> Double {
    let value = Double(bitPattern: generator.next())
    return value.isFinite ? value : 0.5
  }

  private func randomText(_ generator: inout SplitMix64) -> String {
    let scalars = (0..<Int.random(in: 0...6, using: &generator)).compactMap { _ in
      Unicode.Scalar(UInt32.random(in: 0...(generator.flip() ? 0x7F : 0x1F9FF), using: &generator))
    }
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    return text
  }
}
