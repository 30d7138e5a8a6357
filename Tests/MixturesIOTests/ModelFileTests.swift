import Mixtures
import MixturesIO
import Testing

@Suite struct ModelFileTests {
  private let folder = TemporaryFolder()

  private func read(_ text: String) throws(ModelFileError) -> ModelFile {
    try ModelFile(contentsOf: folder.write(text.utf8, to: "model.json"))
  }

  /// What reading says is wrong, without the path; nil if nothing is.
  private func message(_ text: String) -> String? {
    do throws(ModelFileError) {
      _ = try read(text)
      return nil
    } catch {
      #expect(error.kind == .invalidModel)
      #expect(error.description.hasPrefix("\(folder.path)/model.json"))
      return String(error.description.dropFirst(folder.path.count + "/model.json".count))
    }
  }

  // MARK: - Round trip

  /// Covariances of the structure, with numbers of many digits.
  private func model(
    _ structure: CovarianceStructure, dimension: Int, components: Int, seed: UInt64
  ) throws -> ModelFile {
    var generator = SplitMix64(seed: seed)
    func number() -> Double { .random(in: 0.1...3, using: &generator) }
    let labels = (0..<(20 * components)).map { $0 % components }
    let points = Matrix(
      rows: labels.map { label in
        (0..<dimension).map { _ in number() * (number() + Double(label)) * 1e3 - 1e3 }
      })
    let gaussians = try GaussianMixture.labelled(points, labels: labels, structure: structure)
      .components
    let shares = (0..<components).map { _ in number() }
    let sum = shares.reduce(0, +)
    return ModelFile(
      try Mixture(weights: shares.map { $0 / sum }, components: gaussians), structure: structure,
      features: (0..<dimension).map { "feature \($0), \"é\"" },
      provenance: ["n": 5, "value": .number(0.1 + 0.2), "text": "a\nb", "seed": nil])
  }

  @Test(arguments: CovarianceStructure.all, [1, 2, 3, 7])
  func everyStructureReadsBackEqual(structure: CovarianceStructure, dimension: Int) throws {
    guard CovarianceStructure.all(inDimension: dimension).contains(structure) else { return }
    for components in [1, 3] {
      let model = try model(structure, dimension: dimension, components: components, seed: 1)
      let path = "\(folder.path)/model.json"
      try model.write(to: path)
      let again = try ModelFile(contentsOf: path)
      #expect(again == model)
      #expect(again.json.description == model.json.description)
      for (before, after) in zip(model.mixture.components, again.mixture.components) {
        #expect(after.mean == before.mean)
        #expect(after.covariance == before.covariance, "the same values in the same shape")
      }
      #expect(again.mixture.weights == model.mixture.weights)
    }
  }

  /// The values on which shortest decimals are hardest, as a mean.
  @Test func everyFiniteNumberReadsBack() throws {
    let values: [Double] = [
      0, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, 1e23,
      0.1, 1.0 / 3, -1e-9,
    ]
    let gaussian = try Gaussian(
      mean: values, covariance: .spherical(variance: 0.1 + 0.2, dimension: values.count))
    let names = values.indices.map { "v\($0)" }
    let model = ModelFile(
      try Mixture(weights: [1], components: [gaussian]), structure: .vvv, features: names)
    try model.write(to: "\(folder.path)/model.json")
    let again = try ModelFile(contentsOf: "\(folder.path)/model.json")
    #expect(again.mixture.components[0].mean.map(\.bitPattern) == values.map(\.bitPattern))
    #expect(again.mixture.components[0].covariance[3, 3] == 0.1 + 0.2)
  }

  // MARK: - Files by hand

  private let plain = """
    {"format":"mixtures.model","version":1,"family":"gaussian","structure":"VVV",
    "components":[{"weight":0.25,"mean":[1,2],"covariance":[[4,1],[1,3]]},
    {"weight":0.75,"mean":[5,6],"covariance":[[2,0],[0,2]]}]}
    """

  @Test func whatIsOptionalMayBeMissing() throws {
    let model = try read(plain)
    #expect(model.features == ["x1", "x2"])
    #expect(model.provenance == .null)
    #expect(model.structure == .vvv)
    #expect(model.parameterCount == 1 + 4 + 6)
    #expect(model.mixture.weights == [0.25, 0.75])
    #expect(model.mixture.components[0].covariance.rows == [[4, 1], [1, 3]])
    let complete = plain.replacingOccurrences(
      of: "\"VVV\",",
      with: "\"VVV\",\"features\":[\"a\",\"b\"],\"background\":null,\"provenance\":{},")
    #expect(try read(complete).features == ["a", "b"])
    #expect(try read("\u{FEFF}" + plain.replacingOccurrences(of: "\n", with: "\r\n")) == model)
  }

  /// What is put in the place of what, and what the message says.
  @Test(arguments: [
    (
      "\"mixtures.model\"", "\"other\"",
      ": expected a model with \"format\": \"mixtures.model\", found \"other\"."
    ),
    ("\"format\":\"mixtures.model\",", "", "found none. Write a model with fit -o."),
    (
      "\"version\":1", "\"version\":2",
      "expected a model with \"version\": 1, found 2. Read it with the release that wrote it."
    ),
    ("\"version\":1", "\"version\":\"1\"", "found \"1\""),
    ("\"version\":1,", "", "\"version\": 1, found none"),
    ("\"version\":1", "\"version\":1.5", "found 1.5"),
    ("\"gaussian\"", "\"poisson\"", "Only Gaussian mixtures are known."),
    ("\"VVV\"", "\"VVX\"", "Unknown structure \"VVX\""),
    ("\"VVV\"", "3", "structure: expected a string, found 3."),
    ("\"VVV\"", "\"V\"", "Structure V is for one dimension"),
    (
      "\"VVV\"", "\"VVI\"",
      "components: The covariance of component 1 is not one that structure VVI allows"
    ),
    ("\"VVV\"", "\"EEE\"", "is not one that structure EEE allows"),
    (
      "\"version\":1", "\"version\":1,\"extra\":0",
      ": unknown key \"extra\". Known: format, version,"
    ),
    (
      "\"weight\":0.25", "\"weight\":0.25,\"prior\":1",
      "components[0]: unknown key \"prior\". Known: weight, mean, covariance, name."
    ),
    ("\"weight\":0.25,", "", "components[0]: expected a key \"weight\", found none."),
    ("\"components\"", "\"parts\"", "unknown key \"parts\""),
    ("\"version\":1", "\"version\":1,\"background\":0.1", "background: expected an object"),
    ("0.75", "0.65", "components: The mixing weights sum to 0.9, expected 1."),
    ("0.75", "-0.75", "Component 2: expected a mixing weight from 0 to 1, found -0.75."),
    ("0.75", "null", "components[1].weight: expected a number, found null."),
    ("0.75", "\"0.75\"", "components[1].weight: expected a number, found \"0.75\"."),
    ("0.75", "true", "expected a number, found true."), ("0.75", "1e400", "found 1e400"),
    ("0.75", "NaN", ", line 3, column 11: expected a value, found \"NaN"),
    ("[5,6]", "[5]", "components[1].covariance: expected 1 rows of 1 numbers"),
    ("[5,6]", "[]", "components[1]: expected a mean of at least one number"),
    ("[5,6]", "5", "components[1].mean: expected an array, found 5."),
    ("[5,6]", "[5,\"6\"]", "components[1].mean[1]: expected a number, found \"6\"."),
    (
      "[[2,0],[0,2]]", "[[2,0],[0,2],[0,0]]",
      "components[1].covariance: expected 2 rows of 2 numbers"
    ),
    ("[[2,0],[0,2]]", "[[2,0],[0]]", "expected 2 rows of 2 numbers"),
    ("[[2,0],[0,2]]", "[2,0,0,2]", "components[1].covariance[0]: expected an array"),
    (
      "[[4,1],[1,3]]", "[[4,1],[1.5,3]]",
      "expected a symmetric matrix, found 1.5 and 1.0 in rows 2 and 1."
    ),
    ("[[4,1],[1,3]]", "[[4,4],[4,3]]", "components[0]: The covariance is not positive definite"),
    ("[[4,1],[1,3]]", "[[0,0],[0,0]]", "not positive definite"),
    ("[[4,1],[1,3]]", "[[-4,0],[0,3]]", "not positive definite"),
    (
      "[5,6],\"covariance\":[[2,0],[0,2]]", "[5],\"covariance\":[[2]]",
      "Component 2 has dimension 1, those before it 2."
    ),
    ("\"version\":1", "\"version\":1,\"features\":[\"a\"]", "features: expected 2 names, found 1."),
    (
      "\"version\":1", "\"version\":1,\"features\":[\"a\",\"a\"]",
      "features: expected each name once, found \"a\" again."
    ),
    (
      "\"version\":1", "\"version\":1,\"features\":[\"a\",1]",
      "features[1]: expected a string, found 1."
    ),
    ("\"version\":1", "\"version\":1,\"version\":1", "expected each key once"),
    ("\"mean\":[1,2]", "\"mean\":[1,2],\"mean\":[1,2]", "expected each key once"),
  ])
  func defectsAreTold(original: String, defect: String, expected: String) throws {
    try #require(plain.contains(original))
    let found = message(plain.replacingOccurrences(of: original, with: defect))
    #expect(found?.contains(expected) == true, "\(found ?? "accepted")")
  }

  @Test func noComponents() {
    let start =
      "{\"format\":\"mixtures.model\",\"version\":1,\"family\":\"gaussian\",\"structure\":\"VVV\",\"components\":"
    #expect(message(start + "[]}")?.contains("A mixture needs at least one component.") == true)
    #expect(
      message(start + "{}}")?.contains("components: expected an array, found an object.") == true)
    #expect(
      message(start + "null}")?.contains("components: expected an array, found null.") == true)
  }

  @Test(arguments: ["[]", "3", "null", "\"mixtures.model\""])
  func documentsThatAreNoObject(text: String) {
    #expect(message(text)?.contains("expected an object") == true)
  }

  /// No part of a model is a model, and none makes the reader stumble.
  @Test func cutAnywhereItIsRefused() throws {
    let model = try model(.vvv, dimension: 2, components: 2, seed: 4)
    for text in [plain, model.json.description] {
      let bytes = Array(text.utf8)
      for length in bytes.indices {
        let path = folder.write(bytes[..<length], to: "cut.json")
        #expect(throws: ModelFileError.self, "\(length) bytes") { try ModelFile(contentsOf: path) }
      }
      #expect(throws: Never.self) { try read(text) }
    }
  }

  /// Any byte may be another: the file is refused, or it is a valid model.
  @Test func damagedBytesAreNoCrash() throws {
    var generator = SplitMix64(seed: 9)
    let bytes = Array(plain.utf8)
    var refused = 0
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] = UInt8.random(in: 0...255, using: &generator)
      let path = folder.write(damaged, to: "damaged.json")
      if let model = try? ModelFile(contentsOf: path) {
        #expect(abs(model.mixture.weights.reduce(0, +) - 1) < 1e-6)
      } else {
        refused += 1
      }
    }
    #expect(refused > bytes.count / 2)
  }

  @Test func filesThatCannotBeRead() {
    for path in ["\(folder.path)/none.json", folder.path] {
      do throws(ModelFileError) {
        _ = try ModelFile(contentsOf: path)
        Issue.record("read \(path)")
      } catch {
        #expect(error.kind == .unreadable)
        #expect(error.description.hasPrefix("\(path): cannot be read: "))
      }
    }
  }

  @Test func refusedModelsAreNotHalfWritten() throws {
    let model = try read(plain)
    #expect(throws: OutputError.self) { try model.write(to: "\(folder.path)/no/model.json") }
    #expect(folder.names == ["model.json"])
  }
}

extension String {
  fileprivate func replacingOccurrences(of part: String, with other: String) -> String {
    var (result, rest) = ("", self[...])
    while let found = rest.firstRange(of: part) {
      result += rest[..<found.lowerBound] + other
      rest = rest[found.upperBound...]
    }
    return result + rest
  }
}
