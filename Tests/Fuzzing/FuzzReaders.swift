import Mixtures
import MixturesIO

/// Called by libFuzzer with each input; whatever traps or reads too far is a finding.
///
/// The first byte chooses: `0` a number, `1` a text table, `2` an NPY file without its magic,
/// `3` a model file, `4` a checkpoint of a fit to two columns.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let start, count > 0 else { return 0 }
  let rest = UnsafeBufferPointer(start: start + 1, count: count - 1)
  switch start.pointee {
  case UInt8(ascii: "0"): readNumber(rest)
  case UInt8(ascii: "1"): readTable(Array(rest))
  case UInt8(ascii: "2"): readTable([0x93] + Array("NUMPY".utf8) + rest)
  case UInt8(ascii: "3"): readModel(Array(rest))
  case UInt8(ascii: "4"): readCheckpoint(Array(rest))
  default: break
  }
  return 0
}

/// Agrees with the standard library wherever that takes the text for a decimal number.
private func readNumber(_ bytes: UnsafeBufferPointer<UInt8>) {
  let file = FileBytes(copying: bytes)
  let number = DecimalNumber(from: file.start, to: file.end)
  let text = String(decoding: bytes, as: UTF8.self)
  let isPlain = bytes.allSatisfy { "+-.eE0123456789".utf8.contains($0) }
  guard isPlain, let expected = Double(text) else {
    precondition(number.outcome == .notANumber, "\(text) is no number")
    return
  }
  precondition(
    number.outcome == (expected.isFinite ? .value : .beyondRange), "\(text) is a number")
  precondition(number.value.bitPattern == expected.bitPattern, "\(text) is \(expected)")
}

/// What is read is written as text that reads back as the same.
private func readModel(_ bytes: [UInt8]) {
  let file = FileBytes(copying: bytes)
  defer { file.keepAlive() }
  do throws(JSONSyntaxError) {
    let value = try JSONValue(parsing: file.all)
    let again = FileBytes(copying: Array(value.description.utf8))
    defer { again.keepAlive() }
    let written = try? JSONValue(parsing: again.all)
    precondition(written == value, "\(value)")
  } catch {
    precondition(!error.problem.isEmpty && error.line > 0 && error.column > 0)
  }
  do throws(ModelFileError) {
    let model = try ModelFile(file, path: "-")
    precondition(abs(model.mixture.weights.reduce(0, +) - 1) < 1e-6)
  } catch {
    precondition(!error.description.isEmpty)
  }
}

/// What is read is written as a file that reads back as the same.
private func readCheckpoint(_ bytes: [UInt8]) {
  do throws(CheckpointError) {
    let file = try CheckpointFile(FileBytes(copying: bytes), path: "-", of: [], dimension: 2)
    let text = FileBytes(copying: Array(file.json.description.utf8))
    let again = try? CheckpointFile(text, path: "-", of: [], dimension: 2)
    precondition(again?.json == file.json)
  } catch {
    precondition(!error.description.isEmpty)
  }
}

private func readTable(_ bytes: [UInt8]) {
  let selections = [
    ColumnSelection(),
    ColumnSelection(features: ["2", "1"], classColumn: "3", weightColumn: "4"),
    ColumnSelection(excluded: ["a"], classColumn: "1"),
  ]
  for selection in selections {
    do throws(TableError) {
      let table = try Table(FileBytes(copying: bytes), path: "-", selecting: selection)
      check(table)
    } catch {
      precondition(!error.description.isEmpty)
    }
  }
}

private func check(_ table: Table) {
  let points = table.points
  precondition(points.count > 0 && points.dimension == points.featureNames.count)
  precondition(table.classes.map { $0.count == points.count } ?? true)
  precondition(table.weights?.allSatisfy { $0 >= 0 && $0.isFinite } ?? true)
  var tile = Tile(capacity: 16, dimension: points.dimension)
  for first in stride(from: 0, to: points.count, by: 16) {
    points.read(first..<min(first + 16, points.count), into: &tile)
    guard points is Matrix else { continue }
    for index in 0..<tile.count {
      precondition((0..<points.dimension).allSatisfy { tile[index, $0].isFinite })
    }
  }
}
