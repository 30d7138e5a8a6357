/// What the first bytes of an NPY file say of the rest.
///
/// Source: NumPy, "NEP 1: a simple file format for NumPy arrays", and the format's
/// versions 2 and 3.
struct NPYHeader {
  let layout: NumberLayout

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Reads the header and checks that the values fill the rest of the file.
  ///
  /// - Parameters:
  ///   - bytes: the first of the file, or all.
  ///   - fileSize: how many bytes the file has.
  init(_ bytes: UnsafeBufferPointer<UInt8>, fileSize: Int) throws(NPYFault) {
    let (text, end) = try Self.dictionaryText(bytes)
    var fields = NPYDictionary(text)
    let entries = try fields.entries()
    let (type, isBigEndian) = try Self.type(entries.descr)
    guard (1...2).contains(entries.shape.count) else { throw .shape(entries.shape) }
    layout = NumberLayout(
      type: type, isBigEndian: isBigEndian, isColumnMajor: entries.isFortran,
      rowCount: entries.shape[0], columnCount: entries.shape.count == 1 ? 1 : entries.shape[1],
      dataOffset: end)
    guard let size = layout.dataSize else { throw .tooLarge(layout.rowCount, layout.columnCount) }
    guard size == fileSize - end else { throw .size(expected: size, found: fileSize - end) }
  }

  /// The text of the header, and where it ends.
  private static func dictionaryText(
    _ bytes: UnsafeBufferPointer<UInt8>
  ) throws(NPYFault) -> (Slice<UnsafeBufferPointer<UInt8>>, end: Int) {
    guard bytes.count >= 10 else { throw .truncated }
    let version = bytes[6]
    guard (1...3).contains(version), bytes[7] == 0 else {
      throw .version(Int(version), Int(bytes[7]))
    }
    let start = version == 1 ? 10 : 12
    guard bytes.count >= start else { throw .truncated }
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= bytes.count - start else { throw .truncated }
    return (bytes[start..<(start + length)], start + length)
  }

  private static func type(_ descr: String) throws(NPYFault) -> (NumberType, isBigEndian: Bool) {
    guard let order = descr.first, let type = NumberType(rawValue: String(descr.dropFirst())) else {
      throw .type(descr)
    }
    switch order {
    case ">": return (type, true)
    case "<", "=": return (type, false)
    case "|" where type.size == 1: return (type, false)
    default: throw .type(descr)
    }
  }
}

/// What is wrong with an NPY file.
enum NPYFault: Error {
  case truncated
  case version(Int, Int)
  case malformed(String)
  case type(String)
  case structured
  case shape([Int])
  case tooLarge(Int, Int)
  case size(expected: Int, found: Int)
}

extension TableError {
  init(_ fault: NPYFault, path: String) {
    let (problem, advice): (String, String)
    let again = "Write it again with numpy.save."
    switch fault {
    case .truncated:
      (problem, advice) = ("the NPY file ends within its header", again)
    case .version(let major, let minor):
      problem = "NPY version \(major).\(minor) is unknown"
      advice = "Known: 1.0, 2.0, 3.0. \(again)"
    case .malformed(let expected):
      problem = "the NPY header is malformed: expected \(expected)"
      advice = again
    case .type(let descr):
      problem = "the NPY file holds values of type \(Excerpt(descr).quoted)"
      advice = "Convert them before saving: numpy.save(file, x.astype(float))."
    case .structured:
      problem = "the NPY file holds records with fields"
      advice = "Save a plain matrix: numpy.lib.recfunctions.structured_to_unstructured makes one."
    case .shape(let shape):
      problem = "the NPY file holds an array of \(shape.count) dimensions"
      advice = "Save a matrix with a row per point."
    case .tooLarge(let rows, let columns):
      problem = "the NPY header says \(rows) × \(columns), more than any file can hold"
      advice = again
    case .size(let expected, let found):
      problem = "the NPY header says \(expected) bytes of values, the file has \(found)"
      advice = "The file is cut off or damaged. \(again)"
    }
    self.init(.invalidData, path: path, problem: problem, advice: advice)
  }
}
