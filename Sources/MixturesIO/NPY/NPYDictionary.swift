/// Reads the Python dictionary in an NPY header: three known keys, each once, in any order.
struct NPYDictionary {
  typealias Entries = (descr: String, isFortran: Bool, shape: [Int])

  private var rest: Slice<UnsafeBufferPointer<UInt8>>

  init(_ text: Slice<UnsafeBufferPointer<UInt8>>) { rest = text }

  mutating func entries() throws(NPYFault) -> Entries {
    var descr: String?
    var isFortran: Bool?
    var shape: [Int]?
    try expect("{")
    while !skip("}") {
      let key = try string()
      try expect(":")
      switch key {
      case "descr" where descr == nil: descr = try type()
      case "fortran_order" where isFortran == nil: isFortran = try truth()
      case "shape" where shape == nil: shape = try tuple()
      default: throw .malformed("the keys descr, fortran_order and shape")
      }
      if skip(",") { continue }
      try expect("}")
      break
    }
    skipBlanks()
    guard rest.isEmpty else { throw .malformed("nothing after the dictionary") }
    guard let descr, let isFortran, let shape else {
      throw .malformed("the keys descr, fortran_order and shape")
    }
    return (descr, isFortran, shape)
  }

  private mutating func type() throws(NPYFault) -> String {
    skipBlanks()
    if rest.first == UInt8(ascii: "[") { throw .structured }
    return try string()
  }

  private mutating func string() throws(NPYFault) -> String {
    skipBlanks()
    guard let mark = rest.popFirst(), mark == quote || mark == UInt8(ascii: "'"),
      let end = rest.firstIndex(of: mark)
    else { throw .malformed("a text between quotation marks") }
    let text = String(decoding: rest[..<end], as: UTF8.self)
    rest = rest[(end + 1)...]
    return text
  }

  private mutating func truth() throws(NPYFault) -> Bool {
    skipBlanks()
    for (word, value) in [("True", true), ("False", false)] where rest.starts(with: word.utf8) {
      rest = rest.dropFirst(word.utf8.count)
      return value
    }
    throw .malformed("True or False")
  }

  private mutating func tuple() throws(NPYFault) -> [Int] {
    var numbers: [Int] = []
    try expect("(")
    while !skip(")") {
      numbers.append(try length())
      guard numbers.count <= 64 else { throw .malformed("at most 64 dimensions") }
      if skip(",") { continue }
      try expect(")")
      break
    }
    return numbers
  }

  /// A number of rows or columns; Python 2 wrote an `L` behind it.
  private mutating func length() throws(NPYFault) -> Int {
    skipBlanks()
    let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    guard let number = Int(String(decoding: digits, as: UTF8.self)) else {
      throw .malformed("a length of at most \(Int.max)")
    }
    rest = rest[digits.endIndex...]
    if rest.first == UInt8(ascii: "L") { rest = rest.dropFirst() }
    return number
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(NPYFault) {
    guard skip(character) else { throw .malformed("\"\(character)\"") }
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard rest.first == UInt8(ascii: character) else { return false }
    rest = rest.dropFirst()
    return true
  }

  private mutating func skipBlanks() {
    rest = rest.drop { $0 == space || $0 == tab || $0 == lineFeed || $0 == carriageReturn }
  }
}
