import Foundation
import Testing

/// A JSON document, read by another reader than ours.
struct JSON: CustomStringConvertible {
  private let value: Any

  private init(_ value: Any) { self.value = value }

  init(parsing text: String) throws {
    value = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
  }

  init(contentsOf path: String) throws {
    self = try JSON(parsing: String(contentsOfFile: path, encoding: .utf8))
  }

  var description: String { "\(value)" }
  var keys: Set<String> { Set((value as? [String: Any] ?? [:]).keys) }
  var isNull: Bool { value is NSNull }
  var string: String? { value as? String }
  var bool: Bool? { value as? Bool }
  var elements: [JSON] { (value as? [Any] ?? []).map(JSON.init) }
  var strings: [String] { elements.compactMap(\.string) }
  var numbers: [Double] { elements.map(\.double) }

  /// NaN where there is no number, which equals nothing.
  var double: Double { (value as? NSNumber)?.doubleValue ?? .nan }

  /// The smallest integer where there is no number.
  var int: Int { (value as? NSNumber)?.intValue ?? .min }

  /// Null where there is no such key.
  subscript(key: String) -> JSON { JSON((value as? [String: Any])?[key] ?? NSNull()) }

  subscript(index: Int) -> JSON {
    elements.indices.contains(index) ? elements[index] : JSON(NSNull())
  }

  static func == (left: JSON, right: JSON) -> Bool {
    (left.value as? NSObject) == (right.value as? NSObject)
  }
}

/// A table of numbers that a command printed.
struct ResultColumns {
  let names: [String]
  let rows: [[Double]]

  init(parsing text: String) throws {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    try #require(lines.last == "", "a table ends with a line break")
    names = lines[0].split(separator: ",").map(String.init)
    rows = lines.dropFirst().dropLast().map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
    }
    for row in rows { try #require(row.count == names.count) }
  }

  subscript(name: String) -> [Double] {
    guard let index = names.firstIndex(of: name) else { return [] }
    return rows.map { $0[index] }
  }
}
