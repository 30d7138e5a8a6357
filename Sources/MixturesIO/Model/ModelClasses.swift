import Mixtures

/// The classes of a model that is a classifier.
public struct ModelClasses: Sendable, Equatable {
  /// The densities of the classes with their prior probabilities.
  public let classifier: Classifier

  /// The structure of each class's density; `nil` where all classes share that of the model.
  public let structures: [CovarianceStructure]?

  init(classifier: Classifier, structures: [CovarianceStructure]?) {
    self.classifier = classifier
    self.structures = structures
  }

  /// Where every class has its own density: its parameters, and the priors.
  var parameterCount: Int? {
    guard let structures else { return nil }
    let dimension = classifier.mixture.dimension
    return zip(structures, classifier.componentCounts).reduce(structures.count - 1) {
      $0 + $1.0.parameterCount(dimension: dimension, components: $1.1)
    }
  }

  var json: JSONValue {
    .array(
      classifier.classNames.enumerated().map { index, name in
        [
          "name": .string(name),
          "structure": structures.map { .string($0[index].name) } ?? nil,
        ]
      })
  }

  func members(ofComponent k: Int) -> [JSONValue.Member] {
    [.init("class", .string(classifier.classNames[classifier.classOfComponent[k]]))]
  }

  /// - Parameters:
  ///   - list: the classes.
  ///   - components: those of the model, each of which names its class.
  init(
    _ list: JSONReader, components: JSONReader, mixture: GaussianMixture
  ) throws(ModelFileError) {
    var names: [String] = []
    var structures: [CovarianceStructure?] = []
    for entry in try list.array() {
      let keys = try entry.object(required: ["name"], optional: ["structure"])
      names.append(try entry.required("name").string())
      structures.append(
        try keys["structure"].flatMap { reader throws(ModelFileError) in
          try Self.structure(reader, dimension: mixture.dimension)
        })
    }
    let known = structures.compactMap(\.self)
    guard known.isEmpty || known.count == names.count else {
      throw list.error("expected a structure for every class, or null for all. Complete them.")
    }
    var owners: [Int] = []
    for component in try components.array() {
      let reader = try component.required("class")
      let name = try reader.string()
      guard let index = names.firstIndex(of: name) else {
        throw reader.error("expected one of the classes, found \(Excerpt(name).quoted).")
      }
      owners.append(index)
    }
    classifier = try list.rethrowing { () throws(ParameterError) in
      try Classifier(classNames: names, mixture: mixture, classOfComponent: owners)
    }
    self.structures = known.isEmpty ? nil : known
  }

  private static func structure(
    _ reader: JSONReader, dimension: Int
  ) throws(ModelFileError) -> CovarianceStructure? {
    guard reader.value != .null else { return nil }
    let name = try reader.string()
    guard let structure = CovarianceStructure(named: name) else {
      throw reader.error(ParameterError.unknownStructure(name).description)
    }
    return try reader.rethrowing { () throws(ParameterError) in
      try structure.inDimension(dimension)
    }
  }
}
