/// A place in a JSON document that is being read: its value, and how to name it in an error.
struct JSONReader {
  let value: JSONValue
  let place: String
  let path: String
  /// What to do about a value that is not what was expected.
  let advice: String

  init(
    value: JSONValue, place: String, path: String,
    advice: String = "Correct it, or write the model again with fit -o."
  ) {
    self.value = value
    self.place = place
    self.path = path
    self.advice = advice
  }

  /// A whole document.
  ///
  /// - Parameter path: `-` is standard input.
  init(contentsOf path: String) throws(ModelFileError) {
    let file: FileBytes
    do throws(SystemError) {
      file = try FileBytes(contentsOf: path)
    } catch {
      throw ModelFileError(
        kind: .unreadable, path: path, place: "",
        problem: "cannot be read: \(error.reason). Check the path and the permissions.")
    }
    try self.init(file, path: path)
  }

  init(_ file: FileBytes, path: String) throws(ModelFileError) {
    defer { file.keepAlive() }
    do throws(JSONSyntaxError) {
      self.init(value: try JSONValue(parsing: file.all), place: "", path: path)
    } catch {
      throw ModelFileError(
        kind: .invalidModel, path: path, place: "line \(error.line), column \(error.column)",
        problem:
          "\(error.problem). A model is a JSON document: correct it, or write it again with fit -o."
      )
    }
  }

  func error(_ problem: String) -> ModelFileError {
    ModelFileError(kind: .invalidModel, path: path, place: place, problem: problem)
  }

  /// - Parameter found: what is said to be there; `nil` for the value itself.
  func mismatch(_ expected: String, found: String? = nil) -> ModelFileError {
    error("expected \(expected), found \(found ?? value.excerpt). \(advice)")
  }

  /// The same place, with other advice on it and on all within.
  func advising(_ advice: String) -> JSONReader {
    JSONReader(value: value, place: place, path: path, advice: advice)
  }

  private func child(_ member: JSONValue.Member) -> JSONReader {
    JSONReader(
      value: member.value, place: place.isEmpty ? member.key : "\(place).\(member.key)",
      path: path, advice: advice)
  }

  /// What stands under each key.
  func members() throws(ModelFileError) -> [(key: String, reader: JSONReader)] {
    guard case .object(let members) = value else { throw mismatch("an object") }
    return members.map { ($0.key, child($0)) }
  }

  /// What stands under a key, whatever else the object holds.
  func member(_ key: String) throws(ModelFileError) -> JSONValue? {
    guard case .object(let members) = value else { throw mismatch("an object") }
    return members.first { $0.key == key }?.value
  }

  /// What stands under a key; `nil` for none, and for null.
  func optional(_ key: String) throws(ModelFileError) -> JSONReader? {
    guard let found = try member(key), found != .null else { return nil }
    return child(JSONValue.Member(key, found))
  }

  /// What stands under a key that must be there, be it null.
  func required(_ key: String) throws(ModelFileError) -> JSONReader {
    guard let found = try member(key) else {
      throw error("expected a key \"\(key)\", found none. \(advice)")
    }
    return child(JSONValue.Member(key, found))
  }

  /// An object with no other keys than these.
  func object(required: [String], optional: [String] = []) throws(ModelFileError) -> [String:
    JSONReader]
  {
    var found: [String: JSONReader] = [:]
    for (key, reader) in try members() {
      guard (required + optional).contains(key) else {
        throw error(
          "unknown key \(Excerpt(key).quoted). Known: \((required + optional).joined(separator: ", "))."
        )
      }
      found[key] = reader
    }
    for key in required where found[key] == nil {
      throw error("expected a key \"\(key)\", found none. Add it.")
    }
    return found
  }

  func array() throws(ModelFileError) -> [JSONReader] {
    guard case .array(let elements) = value else { throw mismatch("an array") }
    return elements.enumerated().map {
      JSONReader(value: $1, place: "\(place)[\($0)]", path: path, advice: advice)
    }
  }

  func string() throws(ModelFileError) -> String {
    guard case .string(let text) = value else { throw mismatch("a string") }
    return text
  }

  func bool() throws(ModelFileError) -> Bool {
    guard case .bool(let isTrue) = value else { throw mismatch("true or false") }
    return isTrue
  }

  func number() throws(ModelFileError) -> Double {
    switch value {
    case .number(let number): return number
    case .integer(let integer): return Double(integer)
    default: throw mismatch("a number")
    }
  }

  func integer(in range: ClosedRange<Int>) throws(ModelFileError) -> Int {
    guard case .integer(let integer) = value, range.contains(integer) else {
      throw mismatch("a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return integer
  }

  func numbers() throws(ModelFileError) -> [Double] {
    var numbers: [Double] = []
    for element in try array() { numbers.append(try element.number()) }
    return numbers
  }

  func strings() throws(ModelFileError) -> [String] {
    var strings: [String] = []
    for element in try array() { strings.append(try element.string()) }
    return strings
  }
}

extension JSONValue {
  /// What it is, for an error message.
  var excerpt: String {
    switch self {
    case .null, .bool, .integer, .number: description
    case .string(let text): Excerpt(text).quoted
    case .array: "an array"
    case .object: "an object"
    }
  }
}
