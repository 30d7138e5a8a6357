import Mixtures

/// A Gaussian mixture as a file: what a fit writes, and what scoring, sampling and further fits read.
///
/// Numbers are shortest decimals that read back equal: a saved and loaded model scores with the
/// same bits. A file without provenance is a model too: a mixture from known parameters.
public struct ModelFile: Sendable, Equatable {
  /// The mixture.
  public let mixture: GaussianMixture

  /// What its covariances have in common, which decides how many parameters it has.
  public let structure: CovarianceStructure

  /// One name per dimension, by which columns of data files are found.
  public let features: [String]

  /// How the model came about; null if unknown.
  public let provenance: JSONValue

  /// One name per component, if they were known from labels.
  public let componentNames: [String]?

  /// The classes that the components belong to, if this is a classifier.
  public let classes: ModelClasses?

  private static let format = "mixtures.model"
  private static let version = 1

  /// A mixture with what is known of it.
  ///
  /// - Parameters:
  ///   - structure: what the covariances have in common.
  ///   - features: the name of each dimension.
  ///   - componentNames: what the components are called, if they have names.
  ///   - provenance: how the mixture came about, if that is known.
  /// - Precondition: one feature per dimension, and one name per component.
  public init(
    _ mixture: GaussianMixture, structure: CovarianceStructure, features: [String],
    componentNames: [String]? = nil, provenance: JSONValue = .null
  ) {
    precondition(features.count == mixture.dimension, "one feature per dimension")
    precondition(
      componentNames.map { $0.count == mixture.componentCount } ?? true, "one name per component")
    self.componentNames = componentNames
    self.mixture = mixture
    self.structure = structure
    self.features = features
    self.provenance = provenance
    classes = nil
  }

  /// A classifier.
  ///
  /// - Parameter structures: that of each class's density; all alike for one component per class.
  /// - Precondition: one feature per dimension, one structure per class.
  public init(
    _ classifier: Classifier, structures: [CovarianceStructure], features: [String],
    provenance: JSONValue = .null
  ) {
    precondition(
      features.count == classifier.mixture.dimension
        && structures.count == classifier.classNames.count, "one feature per dimension")
    mixture = classifier.mixture
    // Classes of one component each may have been fitted apart.
    let isShared =
      classifier.componentCounts.allSatisfy { $0 == 1 } && Set(structures).count == 1
      && (try? structures[0].check(mixture)) != nil
    structure = isShared ? structures[0] : mixture.dimension == 1 ? .v : .vvv
    self.features = features
    self.provenance = provenance
    componentNames = nil
    classes = ModelClasses(classifier: classifier, structures: isShared ? nil : structures)
  }

  /// Free mixing weights, means and covariance parameters.
  public var parameterCount: Int {
    (classes?.parameterCount
      ?? structure.parameterCount(
        dimension: mixture.dimension, components: mixture.componentCount))
      + (mixture.background == nil ? 0 : Background.parameterCount)
  }

  /// The document.
  public var json: JSONValue {
    let components = mixture.components.enumerated().map { k, component -> JSONValue in
      let own: [JSONValue.Member] = [
        .init("weight", .number(mixture.weights[k])), .init("mean", JSONValue(component.mean)),
        .init("covariance", JSONValue(component.covariance.rows)),
      ]
      let name = componentNames.map { [JSONValue.Member("name", .string($0[k]))] } ?? []
      return .object((classes?.members(ofComponent: k) ?? []) + name + own)
    }
    return .object(
      [
        .init("format", .string(Self.format)), .init("version", .integer(Self.version)),
        .init("family", "gaussian"), .init("structure", .string(structure.name)),
        .init("features", JSONValue(features)),
      ] + (classes.map { [.init("classes", $0.json)] } ?? []) + [
        .init("components", .array(components)),
        .init("background", mixture.background?.json ?? nil),
        .init("provenance", provenance),
      ])
  }

  /// Writes the file whole or not at all.
  public func write(to path: String) throws(OutputError) {
    try OutputFile.write(json, to: path)
  }

  /// Reads a model; what the reader does not know, it rejects.
  ///
  /// - Parameter path: `-` is standard input.
  /// - Throws: ``ModelFileError`` naming the file, the place and what was expected there.
  public init(contentsOf path: String) throws(ModelFileError) {
    try self.init(JSONReader(contentsOf: path))
  }

  package init(_ file: FileBytes, path: String) throws(ModelFileError) {
    try self.init(JSONReader(file, path: path))
  }

  init(_ document: JSONReader) throws(ModelFileError) {
    try Self.checkFormat(document)
    let keys = try document.object(
      required: ["format", "version", "family", "structure", "components"],
      optional: ["features", "classes", "background", "provenance"])
    let named = try document.required("structure").string()
    guard let structure = CovarianceStructure(named: named) else {
      throw document.error(ParameterError.unknownStructure(named).description)
    }
    let background = try document.optional("background").map { reader throws(ModelFileError) in
      try Background(reader)
    }
    let components = try document.required("components")
    let mixture = try Self.mixture(
      components, structure, background, hasClasses: keys["classes"] != nil)
    classes = try keys["classes"].map { list throws(ModelFileError) in
      try ModelClasses(list, components: components, mixture: mixture)
    }
    componentNames = try Self.componentNames(components)
    self.mixture = mixture
    self.structure = try components.rethrowing { () throws(ParameterError) in
      try structure.inDimension(mixture.dimension)
    }
    features = try keys["features"]?.strings() ?? (0..<mixture.dimension).map { "x\($0 + 1)" }
    provenance = keys["provenance"]?.value ?? .null
    try keys["features"]?.checkNames(features, dimension: mixture.dimension)
  }

  /// Before anything else: another format or version is not an error in some key.
  private static func checkFormat(_ document: JSONReader) throws(ModelFileError) {
    let expected: [(key: String, value: JSONValue, advice: String)] = [
      ("format", .string(format), "Write a model with fit -o."),
      ("version", .integer(version), "Read it with the release that wrote it."),
      ("family", "gaussian", "Only Gaussian mixtures are known."),
    ]
    for (key, value, advice) in expected {
      let found = try document.member(key)
      guard found == value else {
        throw document.error(
          "expected a model with \"\(key)\": \(value), found \(found?.excerpt ?? "none"). \(advice)"
        )
      }
    }
  }

  private static func mixture(
    _ list: JSONReader, _ structure: CovarianceStructure, _ background: Background?,
    hasClasses: Bool
  ) throws(ModelFileError) -> GaussianMixture {
    var weights: [Double] = []
    var gaussians: [Gaussian] = []
    for component in try list.array() {
      _ = try component.object(
        required: ["weight", "mean", "covariance"] + (hasClasses ? ["class"] : []),
        optional: ["name"])
      weights.append(try component.required("weight").number())
      let mean = try component.required("mean").numbers()
      guard !mean.isEmpty else {
        throw component.error("expected a mean of at least one number, found none. Add it.")
      }
      let covariance = try covariance(
        component.required("covariance"), dimension: mean.count, structure)
      gaussians.append(
        try component.rethrowing { () throws(ParameterError) in
          try Gaussian(mean: mean, covariance: covariance)
        })
    }
    return try list.rethrowing { () throws(ParameterError) in
      let mixture = try Mixture(
        weights: weights, components: gaussians, background: background)
      try structure.inDimension(mixture.dimension).check(mixture)
      return mixture
    }
  }

  /// All components have a name, or none.
  private static func componentNames(
    _ list: JSONReader
  ) throws(ModelFileError) -> [String]? {
    var names: [String] = []
    let components = try list.array()
    for component in components {
      if let name = try component.optional("name") { names.append(try name.string()) }
    }
    guard names.isEmpty || names.count == components.count else {
      throw list.error("expected a name for every component, or for none. Complete them.")
    }
    return names.isEmpty ? nil : names
  }

  private static func covariance(
    _ matrix: JSONReader, dimension: Int, _ structure: CovarianceStructure
  ) throws(ModelFileError) -> Covariance {
    var rows: [[Double]] = []
    for row in try matrix.array() { rows.append(try row.numbers()) }
    guard rows.count == dimension, rows.allSatisfy({ $0.count == dimension }) else {
      throw matrix.error(
        "expected \(dimension) rows of \(dimension) numbers, as many as the mean has. Correct the matrix."
      )
    }
    for i in 0..<dimension {
      for j in 0..<i where rows[i][j] != rows[j][i] {
        throw matrix.error(
          "expected a symmetric matrix, found \(rows[i][j]) and \(rows[j][i]) in rows \(i + 1) and \(j + 1). Correct the matrix."
        )
      }
    }
    let full = Covariance.full(
      lowerTriangle: (0..<dimension).flatMap { rows[$0][...$0] }, dimension: dimension)
    let shape = (try? structure.inDimension(dimension))?.scatterShape ?? .full
    let reduced = full.reduced(to: shape)
    return reduced.rows == full.rows ? reduced : full
  }
}

extension Background {
  /// As it stands in model files and checkpoints.
  var json: JSONValue {
    .object(
      [.init("weight", .number(weight)), .init("logDensity", .number(logDensity))]
        + (logLengths.map { [.init("logLengths", JSONValue($0))] } ?? []))
  }

  init(_ reader: JSONReader) throws(ModelFileError) {
    _ = try reader.object(required: ["weight", "logDensity"], optional: ["logLengths"])
    let lengths = try reader.optional("logLengths")?.numbers()
    let weight = try reader.required("weight").number()
    let logDensity = try reader.required("logDensity").number()
    self = try reader.rethrowing { () throws(ParameterError) in
      try Background(weight: weight, logDensity: logDensity, logLengths: lengths)
    }
  }
}

extension JSONReader {
  /// One name per dimension, all different: data are read by them.
  fileprivate func checkNames(_ names: [String], dimension: Int) throws(ModelFileError) {
    guard names.count == dimension else {
      throw error("expected \(dimension) names, found \(names.count). Give one per dimension.")
    }
    if let index = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
      throw error(
        "expected each name once, found \(Excerpt(names[index]).quoted) again. Rename one.")
    }
  }

  /// Runs `body`; an error in parameters becomes one at this place.
  func rethrowing<Value>(
    _ body: () throws(ParameterError) -> Value
  ) throws(ModelFileError) -> Value {
    do throws(ParameterError) {
      return try body()
    } catch {
      throw self.error(error.description)
    }
  }
}
