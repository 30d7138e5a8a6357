/// A JSON document as a value. Objects keep the order of their keys, so that files read as
/// documented and are the same bytes each time.
public enum JSONValue: Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number that is written without point and exponent.
  case integer(Int)
  /// Any other number. One that is not finite is written as `null`.
  case number(Double)
  /// A text.
  case string(String)
  /// Values in their order.
  case array([JSONValue])
  /// Keys with their values, in their order; each key once.
  case object([Member])

  /// A key of an object with its value.
  public struct Member: Sendable {
    /// Unique within its object.
    public let key: String

    /// What stands under the key.
    public let value: JSONValue

    /// A pair.
    public init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// The value, or null where there is none.
  public init(_ value: Double?) { self = value.map(JSONValue.number) ?? .null }

  /// The value, or null where there is none.
  public init(_ value: String?) { self = value.map(JSONValue.string) ?? .null }

  /// An array of numbers.
  public init(_ values: [Double]) { self = .array(values.map(JSONValue.number)) }

  /// An array of strings.
  public init(_ values: [String]) { self = .array(values.map(JSONValue.string)) }

  /// The rows of a matrix.
  public init(_ rows: [[Double]]) { self = .array(rows.map { JSONValue($0) }) }
}

extension JSONValue: Equatable {
  /// Equal as documents: the order of keys does not count, nor whether a whole number is written `1` or `1.0`.
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.integer(let left), .integer(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.integer(let whole), .number(let number)), (.number(let number), .integer(let whole)):
      Int(exactly: number) == whole
    case (.string(let left), .string(let right)): left == right
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): byKey(left) == byKey(right)
    default: false
    }
  }

  private static func byKey(_ members: [Member]) -> [String: JSONValue] {
    Dictionary(members.map { ($0.key, $0.value) }) { _, last in last }
  }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByStringLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByNilLiteral
{
  /// An object with the keys in this order, each of which must stand there once.
  public init(dictionaryLiteral members: (String, JSONValue)...) {
    self = .object(members.map { Member($0, $1) })
  }

  /// A text.
  public init(stringLiteral value: String) { self = .string(value) }

  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }

  /// `null`.
  public init(nilLiteral: ()) { self = .null }
}

extension JSONValue: CustomStringConvertible {
  /// The document as text: numbers in the shortest form that reads back equal, those that are
  /// not finite as `null`; arrays without objects on one line.
  public var description: String {
    var text = ""
    write { text += $0 }
    return text
  }

  /// The same text in parts, one after the other: a large document need not be in memory twice.
  func write<Failure: Error>(
    indentation: String = "", to output: (String) throws(Failure) -> Void
  ) throws(Failure) {
    switch self {
    case .null: try output("null")
    case .bool(let value): try output(value ? "true" : "false")
    case .integer(let value): try output(String(value))
    case .number(let value): try output(value.isFinite ? value.description : "null")
    case .string(let value): try output(Self.quoted(value))
    case .array(let elements):
      try write(elements, between: "[", "]", indentation: indentation, to: output) {
        element, inner throws(Failure) in
        try element.write(indentation: inner, to: output)
      }
    case .object(let members):
      try write(members, between: "{", "}", indentation: indentation, to: output) {
        member, inner throws(Failure) in
        try output(Self.quoted(member.key) + ": ")
        try member.value.write(indentation: inner, to: output)
      }
    }
  }

  private func write<Element, Failure: Error>(
    _ elements: [Element], between open: String, _ close: String, indentation: String,
    to output: (String) throws(Failure) -> Void,
    _ writeElement: (Element, String) throws(Failure) -> Void
  ) throws(Failure) {
    let inner = indentation + "  "
    let lineBreak = holdsObjects && !elements.isEmpty
    try output(open)
    for (index, element) in elements.enumerated() {
      if index > 0 { try output(lineBreak ? "," : ", ") }
      if lineBreak { try output("\n" + inner) }
      try writeElement(element, inner)
    }
    if lineBreak { try output("\n" + indentation) }
    try output(close)
  }

  private var holdsObjects: Bool {
    switch self {
    case .object: true
    case .array(let elements): elements.contains(where: \.holdsObjects)
    default: false
    }
  }

  private static func quoted(_ string: String) -> String {
    var text = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\r": text += "\\r"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
