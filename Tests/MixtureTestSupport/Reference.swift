import Foundation
import Mixtures

/// The files of `Tests/ReferenceData`.
public enum Reference {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("ReferenceData")

  /// A JSON document, by its path in the folder.
  public static func json(_ path: String) throws -> JSON {
    let data = try Data(contentsOf: folder.appendingPathComponent(path))
    return JSON(try JSONSerialization.jsonObject(with: data))
  }

  /// A CSV file with a header.
  public static func table(_ path: String) throws -> (names: [String], rows: [[String]]) {
    let text = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    return (lines[0], Array(lines.dropFirst()))
  }

  /// The numeric columns of a CSV file: all but `class`.
  public static func points(_ path: String) throws -> Matrix {
    let (names, rows) = try table(path)
    let columns = names.indices.filter { names[$0] != "class" }
    return Matrix(
      rows: try rows.map { row in try columns.map { try number(row[$0]) } },
      columnNames: columns.map { names[$0] })
  }

  /// A column of whole numbers.
  public static func integers(_ path: String, column: String) throws -> [Int] {
    let (names, rows) = try table(path)
    guard let index = names.firstIndex(of: column) else { throw Missing(what: column) }
    return try rows.map { Int(try number($0[index])) }
  }

  /// A start: a column `component` of numbers from 1, or columns `z1`, …, `zG`.
  public static func start(_ path: String, components: Int) throws -> any StartingMethod {
    guard try table(path).names == ["component"] else {
      return ResponsibilitiesStart(try points(path))
    }
    return try LabelsStart(
      integers(path, column: "component").map { $0 - 1 }, components: components)
  }

  static func number(_ text: String) throws -> Double {
    guard let value = Double(text) else { throw Missing(what: "a number in \"\(text)\"") }
    return value
  }

  public struct Missing: Error, CustomStringConvertible {
    let what: String
    public var description: String { "the reference has no \(what)" }
  }
}

/// A JSON value; what is not there is `null`, and asking a `null` for a number throws.
public struct JSON {
  private let value: Any?

  init(_ value: Any?) { self.value = value is NSNull ? nil : value }

  public subscript(key: String) -> JSON { JSON((value as? [String: Any])?[key]) }
  public subscript(index: Int) -> JSON { JSON((value as? [Any])?[index]) }

  public var exists: Bool { value != nil }
  public var keys: [String] { (value as? [String: Any])?.keys.sorted() ?? [] }
  public var array: [JSON] { (value as? [Any])?.map(JSON.init) ?? [] }
  public var string: String? { value as? String }
  public var isTrue: Bool { value as? Bool == true }

  /// A number, or a string of one with more digits than a double holds.
  public var number: Double {
    get throws {
      if let text = value as? String {
        return text == "inf" ? .infinity : text == "-inf" ? -.infinity : try Reference.number(text)
      }
      guard let number = value as? NSNumber else { throw Reference.Missing(what: "number") }
      return number.doubleValue
    }
  }

  public var integer: Int { get throws { Int(try number) } }
  public var numbers: [Double] { get throws { try array.map { try $0.number } } }
  public var rows: [[Double]] { get throws { try array.map { try $0.numbers } } }
}

extension GaussianMixture {
  /// A mixture from lists of weights, means and d × d covariances.
  public init(weights: JSON, means: JSON, covariances: JSON) throws {
    try self.init(
      weights: weights.numbers, means: means.rows,
      covariances: covariances.array.map { .full(rows: try $0.rows) })
  }

  /// A mixture from its parameters; weights are taken as they are within 10⁻⁶.
  public init(weights: [Double], means: [[Double]], covariances: [Covariance]) throws {
    let sum = weights.reduce(0, +)
    try self.init(
      weights: weights.map { $0 / sum },
      components: zip(means, covariances).map { try Gaussian(mean: $0, covariance: $1) })
  }
}

extension Covariance {
  /// A full covariance from its rows.
  public static func full(rows: [[Double]]) -> Covariance {
    .full(
      lowerTriangle: rows.indices.flatMap { i in (0...i).map { rows[i][$0] } },
      dimension: rows.count)
  }
}
