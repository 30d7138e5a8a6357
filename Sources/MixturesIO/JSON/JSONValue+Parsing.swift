#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension JSONValue: Decodable {
  /// Reads a document; the keys of an object come in alphabetical order.
  ///
  /// - Throws: `DecodingError` where the bytes are no JSON.
  package init(parsing bytes: UnsafeBufferPointer<UInt8>) throws {
    self = try JSONDecoder().decode(JSONValue.self, from: Data(buffer: bytes))
  }

  public init(from decoder: any Decoder) throws {
    if let object = try? decoder.container(keyedBy: Key.self) {
      self = .object(
        try object.allKeys.sorted { $0.stringValue < $1.stringValue }.map {
          Member($0.stringValue, try object.decode(JSONValue.self, forKey: $0))
        })
    } else if var array = try? decoder.unkeyedContainer() {
      var elements: [JSONValue] = []
      while !array.isAtEnd { elements.append(try array.decode(JSONValue.self)) }
      self = .array(elements)
    } else {
      self = try Self.scalar(decoder.singleValueContainer())
    }
  }

  private static func scalar(_ value: any SingleValueDecodingContainer) throws -> JSONValue {
    if value.decodeNil() { return .null }
    if let found = try? value.decode(Bool.self) { return .bool(found) }
    if let found = try? value.decode(String.self) { return .string(found) }
    let number = try value.decode(Double.self)
    let isNegativeZero = number == 0 && number.sign == .minus
    if !isNegativeZero, let whole = try? value.decode(Int.self) { return .integer(whole) }
    return .number(number)
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
