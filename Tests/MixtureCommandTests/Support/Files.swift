import Foundation
import Mixtures

enum Files {
  static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let faithful = project.appendingPathComponent("Examples/faithful.csv").path
  static let iris = project.appendingPathComponent("Tests/ReferenceData/data/iris.csv").path
}

/// A folder that is removed at the end with all that is in it.
final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("\(NSTemporaryDirectory())mixture-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { preconditionFailure("no temporary folder") }
    path = String(cString: made)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ text: String, to name: String) -> String { write(Data(text.utf8), to: name) }

  func write(_ bytes: Data, to name: String) -> String {
    guard FileManager.default.createFile(atPath: self(name), contents: bytes) else {
      preconditionFailure("cannot write \(self(name))")
    }
    return self(name)
  }

  /// A table of two columns x and y: `count` points about each of `centres`.
  func blobs(_ count: Int, about centres: [Double], seed: UInt64 = 1, to name: String) -> String {
    var generator = SplitMix64(seed: seed)
    var text = "x,y\n"
    for index in 0..<(count * centres.count) {
      let centre = centres[index % centres.count]
      let x = centre + Double.random(in: -1...1, using: &generator)
      let y = -centre + Double.random(in: -2...2, using: &generator)
      text += "\(x),\(y)\n"
    }
    return write(text, to: name)
  }
}

/// An array of Float64 as NPY, version 1.
func npy(_ values: [Double], rows: Int, columns: Int) -> Data {
  var data = npyHeader(shape: "(\(rows), \(columns))")
  values.withUnsafeBytes { data.append(contentsOf: $0) }
  return data
}

func npyHeader(type: String = "<f8", shape: String) -> Data {
  var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
  header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
  let length = UInt16(header.utf8.count)
  return Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)])
    + Data(header.utf8)
}

/// A model as somebody would type it: no features, no provenance.
func handWritten(_ components: [(weight: Double, mean: [Double], variance: Double)]) -> String {
  let parts = components.map { component in
    let rows = component.mean.indices.map { i in
      "["
        + component.mean.indices.map { $0 == i ? "\(component.variance)" : "0" }
        .joined(separator: ",") + "]"
    }
    return "{\"weight\":\(component.weight),\"mean\":\(component.mean),"
      + "\"covariance\":[\(rows.joined(separator: ","))]}"
  }
  return "{\"format\":\"mixtures.model\",\"version\":1,\"family\":\"gaussian\","
    + "\"structure\":\"VVV\",\"components\":[\(parts.joined(separator: ","))]}"
}
