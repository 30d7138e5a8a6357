import Mixtures

/// A checkpoint as a document: what it belongs to, and how far each run has come.
///
/// Numbers are shortest decimals that read back equal, as in model files; those that are not finite are
/// strings.
package struct CheckpointFile {
  package let identity: Checkpoint.Identity
  package let entries: [RunName: RunEntry]

  private static let format = "mixtures.checkpoint"
  private static let version = 1
  private static let advice = "Give the path of a checkpoint, or leave out --resume."

  package init(identity: Checkpoint.Identity, entries: [RunName: RunEntry]) {
    self.identity = identity
    self.entries = entries
  }

  package var json: JSONValue {
    let runs = entries.sorted { $0.key.precedes($1.key) }
    return [
      "format": .string(Self.format), "version": .integer(Self.version),
      "fit": .object(identity),
      "runs": .array(runs.map { .object($0.key.members + $0.value.members) }),
    ]
  }

  /// - Throws: ``CheckpointError``, which where the file belongs to another fit than `wanted` names the
  ///   first thing in which they differ.
  package init(
    contentsOf path: String, of wanted: Checkpoint.Identity, dimension: Int
  ) throws(CheckpointError) {
    let file: FileBytes
    // A pipe would be waited for.
    if let status = try? FileSystem.status(of: path), status.kind == .other {
      throw CheckpointError(
        kind: .unreadable, path: path, place: "", problem: "is no file. \(Self.advice)")
    }
    do throws(SystemError) {
      file = try FileBytes(contentsOf: path)
    } catch {
      throw CheckpointError(
        kind: .unreadable, path: path, place: "",
        problem: "cannot be read: \(error.reason). "
          + "Without a checkpoint there is nothing to go on from: leave out --resume.")
    }
    try self.init(file, path: path, of: wanted, dimension: dimension)
  }

  /// As ``init(contentsOf:of:dimension:)``, from bytes that came from `path`.
  package init(
    _ file: FileBytes, path: String, of wanted: Checkpoint.Identity, dimension: Int
  ) throws(CheckpointError) {
    defer { file.keepAlive() }
    do {
      let document = JSONReader(
        value: try JSONValue(parsing: file.all), place: "", path: path, advice: Self.advice)
      try self.init(document, of: wanted, dimension: dimension)
    } catch let error as CheckpointError {
      throw error
    } catch let error as JSONSyntaxError {
      throw CheckpointError(
        kind: .invalid, path: path, place: "line \(error.line), column \(error.column)",
        problem: "\(error.problem). \(Self.advice)")
    } catch let error as ModelFileError {
      throw CheckpointError(
        kind: .invalid, path: path, place: error.place, problem: error.problem)
    } catch {
      throw CheckpointError(kind: .invalid, path: path, place: "", problem: "\(error)")
    }
  }

  private init(_ document: JSONReader, of wanted: Checkpoint.Identity, dimension: Int) throws {
    guard try document.member("format") == .string(Self.format),
      try document.member("version") == .integer(Self.version)
    else {
      throw document.error(
        "expected a checkpoint of version \(Self.version), found something else. \(Self.advice)")
    }
    _ = try document.object(required: ["format", "version", "fit", "runs"])
    identity = try document.required("fit").members().map { .init($0.key, $0.reader.value) }
    try Self.check(identity, against: wanted, path: document.path)
    var entries: [RunName: RunEntry] = [:]
    for run in try document.required("runs").array() {
      let name = try RunName(run)
      entries[name] = try RunEntry(run, of: name, dimension: dimension)
    }
    self.entries = entries
  }

  private static func check(
    _ identity: Checkpoint.Identity, against wanted: Checkpoint.Identity, path: String
  ) throws(CheckpointError) {
    let names = wanted.map(\.key) + identity.map(\.key)
    for name in names {
      let (found, expected) = (identity.value(of: name), wanted.value(of: name))
      if found == expected { continue }
      throw CheckpointError(
        kind: .otherFit, path: path, place: "",
        problem: "belongs to a fit with \(phrase(name, found)), and this one has "
          + "\(phrase(name, expected)). Ask for the same fit, or leave out --resume and "
          + "choose another file.")
    }
  }

  private static func phrase(_ name: String, _ value: JSONValue?) -> String {
    switch value {
    case nil: "no \(name)"
    case .string(let text): "\(name) \(Excerpt(text))"
    case let value?: "\(name) \(value)"
    }
  }
}

extension [JSONValue.Member] {
  fileprivate func value(of key: String) -> JSONValue? { first { $0.key == key }?.value }
}

extension RunName {
  fileprivate func precedes(_ other: RunName) -> Bool {
    func key(_ run: RunName) -> (Int, String, Int, String, Int, Int) {
      (
        run.fold ?? -1, run.structure.name, run.components, run.stage.rawValue, run.start,
        run.attempt
      )
    }
    return key(self) < key(other)
  }

  fileprivate var members: [JSONValue.Member] {
    [
      .init("structure", .string(structure.name)), .init("components", .integer(components)),
      .init("start", .integer(start)), .init("attempt", .integer(attempt)),
      .init("stage", .string(stage.rawValue)),
    ] + (fold.map { [.init("fold", .integer($0))] } ?? [])
  }

  fileprivate init(_ run: JSONReader) throws(ModelFileError) {
    let name = try run.required("structure").string()
    guard let structure = CovarianceStructure(named: name) else {
      throw run.error(ParameterError.unknownStructure(name).description)
    }
    let word = try run.required("stage").string()
    guard let stage = RunStage(rawValue: word) else {
      throw run.mismatch("the name of a stage", found: Excerpt(word).quoted)
    }
    self.init(
      structure: structure,
      components: try run.required("components").integer(in: 1...Int(Int32.max)),
      start: try run.required("start").integer(in: 0...Int(Int32.max)),
      attempt: try run.required("attempt").integer(in: 0...Int(Int32.max)),
      stage: stage,
      fold: try run.optional("fold")?.integer(in: 0...Int(Int32.max)))
  }
}
