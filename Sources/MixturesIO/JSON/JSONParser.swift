/// Reads a JSON document (RFC 8259), and is strict where that leaves a choice: a key stands
/// once in its object, and a number is within the range of Float64.
struct JSONParser {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var depth = 0

  /// Deeper than any document with a meaning, and far from the end of the stack.
  private static let depthLimit = 128

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }  // a byte order mark
  }

  /// The one value that the bytes hold.
  mutating func document() throws(JSONSyntaxError) -> JSONValue {
    let value = try value()
    skipWhitespace()
    guard position == bytes.count else { throw mismatch("the end of the document") }
    return value
  }

  private mutating func value() throws(JSONSyntaxError) -> JSONValue {
    skipWhitespace()
    switch current {
    case "{": return try nested { parser throws(JSONSyntaxError) in try parser.object() }
    case "[": return try nested { parser throws(JSONSyntaxError) in try parser.array() }
    case "\"": return .string(try string())
    case "-": return try number()
    case _ where isAtDigit: return try number()
    default:
      for (word, value) in [
        ("null", JSONValue.null), ("true", .bool(true)), ("false", .bool(false)),
      ]
      where bytes[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return value
      }
      throw mismatch("a value")
    }
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(JSONSyntaxError) -> JSONValue
  ) throws(JSONSyntaxError) -> JSONValue {
    guard depth < Self.depthLimit else {
      throw error("expected at most \(Self.depthLimit) levels of nesting, found more")
    }
    depth += 1
    defer { depth -= 1 }
    position += 1
    return try body(&self)
  }

  private mutating func object() throws(JSONSyntaxError) -> JSONValue {
    var members: [JSONValue.Member] = []
    var keys: Set<String> = []
    try list(endingWith: "}") { parser throws(JSONSyntaxError) in
      guard parser.current == "\"" else { throw parser.mismatch("a key in quotes") }
      let start = parser.position
      let key = try parser.string()
      guard keys.insert(key).inserted else {
        parser.position = start
        throw parser.error("expected each key once, found \(Excerpt(key).quoted) again")
      }
      parser.skipWhitespace()
      guard parser.skip(":") else { throw parser.mismatch("a colon") }
      members.append(JSONValue.Member(key, try parser.value()))
    }
    return .object(members)
  }

  private mutating func array() throws(JSONSyntaxError) -> JSONValue {
    var elements: [JSONValue] = []
    try list(endingWith: "]") { parser throws(JSONSyntaxError) in
      elements.append(try parser.value())
    }
    return .array(elements)
  }

  /// Elements between commas, up to and with `end`.
  private mutating func list(
    endingWith end: Unicode.Scalar,
    _ element: (inout JSONParser) throws(JSONSyntaxError) -> Void
  ) throws(JSONSyntaxError) {
    skipWhitespace()
    if skip(end) { return }
    repeat {
      skipWhitespace()
      try element(&self)
      skipWhitespace()
    } while skip(",")
    guard skip(end) else { throw mismatch("\",\" or \"\(end)\"") }
  }

  /// An integer if it is written as one and fits, as `1` and unlike `1.0`.
  private mutating func number() throws(JSONSyntaxError) -> JSONValue {
    let start = position
    _ = skip("-")
    let first = position
    try digits()
    if bytes[first] == UInt8(ascii: "0"), position > first + 1 {
      position = first
      throw error("expected a number without leading zeros, found one with")
    }
    var isInteger = true
    if skip(".") {
      try digits()
      isInteger = false
    }
    if skip("e") || skip("E") {
      if !skip("+") { _ = skip("-") }
      try digits()
      isInteger = false
    }
    let text = UnsafeBufferPointer(rebasing: bytes[start..<position])
    if isInteger, let integer = Int(String(decoding: text, as: UTF8.self)),
      integer != 0 || first == start
    {
      return .integer(integer)
    }
    return .number(try nearestDouble(text, from: start))
  }

  private mutating func digits() throws(JSONSyntaxError) {
    let start = position
    while isAtDigit { position += 1 }
    guard position > start else { throw mismatch("a digit") }
  }

  private mutating func nearestDouble(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int
  ) throws(JSONSyntaxError) -> Double {
    guard let first = text.baseAddress else { throw mismatch("a number") }
    let number = DecimalNumber(from: first, to: first + text.count)
    guard number.outcome == .value else {
      position = start
      throw error("expected a number in the range of Float64, found \(Excerpt(text))")
    }
    return number.value
  }

  private mutating func string() throws(JSONSyntaxError) -> String {
    let start = position
    position += 1
    var content: [UInt8] = []
    while !skip("\"") {
      guard position < bytes.count else { throw mismatch("the end of a string") }
      let byte = bytes[position]
      guard byte >= 0x20 else { throw error("expected no control character in a string") }
      position += 1
      if byte == UInt8(ascii: "\\") {
        content.append(contentsOf: String(try escaped()).utf8)
      } else {
        content.append(byte)
      }
    }
    let text = String(decoding: content, as: UTF8.self)
    guard text.utf8.elementsEqual(content) else {  // what is no UTF-8 was replaced
      position = start
      throw error("expected text in UTF-8, found other bytes")
    }
    return text
  }

  /// What a backslash and the characters after it stand for.
  private mutating func escaped() throws(JSONSyntaxError) -> Unicode.Scalar {
    let known: [Unicode.Scalar: Unicode.Scalar] = [
      "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r",
      "t": "\t",
    ]
    if let scalar = current.flatMap({ known[$0] }) {
      position += 1
      return scalar
    }
    guard skip("u") else { throw mismatch("an escape such as \\n or \\u0041") }
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, skip("\\"), skip("u") else { throw surrogateError }
    let second = try hexadecimal()
    guard 0xDC00..<0xE000 ~= second,
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw surrogateError }
    return scalar
  }

  private var surrogateError: JSONSyntaxError {
    error("expected surrogates in pairs, found one alone")
  }

  private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = current.flatMap({ Character($0).hexDigitValue }), current?.isASCII == true
      else { throw mismatch("four hexadecimal digits") }
      value = value << 4 + UInt32(digit)
      position += 1
    }
    return value
  }

  /// The next byte; nil at the end.
  private var current: Unicode.Scalar? {
    position < bytes.count ? Unicode.Scalar(bytes[position]) : nil
  }

  private var isAtDigit: Bool { current.map { "0"..."9" ~= $0 } ?? false }

  private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    guard current == scalar else { return false }
    position += 1
    return true
  }

  private mutating func skipWhitespace() {
    while let next = current, next == " " || next == "\n" || next == "\r" || next == "\t" {
      position += 1
    }
  }

  private func mismatch(_ expected: String) -> JSONSyntaxError {
    let found =
      position < bytes.count
      ? Excerpt(bytes[position...].prefix { $0 > 0x20 }.prefix(12)).quoted
      : "the end of the file, which seems to be cut short"
    return error("expected \(expected), found \(found)")
  }

  private func error(_ problem: String) -> JSONSyntaxError {
    let before = bytes[..<position]
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return JSONSyntaxError(
      line: before.count { $0 == UInt8(ascii: "\n") } + 1, column: position - lineStart + 1,
      problem: problem)
  }
}

/// Where a document is no JSON, and why.
package struct JSONSyntaxError: Error, Equatable {
  /// Counted from one.
  package let line: Int

  /// Counted from one, in bytes.
  package let column: Int

  /// What was expected and what was found.
  package let problem: String
}

extension JSONValue {
  /// Reads a document; the keys of an object stay in their order.
  package init(parsing bytes: UnsafeBufferPointer<UInt8>) throws(JSONSyntaxError) {
    var parser = JSONParser(bytes)
    self = try parser.document()
  }
}
