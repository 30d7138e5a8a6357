/// What `mixture fit --json` prints, as far as figures need it.
public struct FitDocument: Sendable {
  /// What a criterion of the search says of one pair of a structure and a number of components; `nil` where there is no fit.
  public struct Cell: Sendable {
    /// The letters of the structure.
    public let structure: String

    /// K.
    public let components: Int

    /// The number of free parameters.
    public let parameterCount: Int?

    /// The criteria by name: `bic`, `icl`, `aic`, `cv`.
    public let criteria: [String: Double]

    /// That of `cv`.
    public let standardError: Double?
  }

  /// The result.
  public let model: ModelFile

  /// ℓ after 0, 1, … iterations, natural logarithm; with the logarithm of the prior where there is one.
  public let trace: [Double]

  /// Whether there was a prior.
  public let hasPrior: Bool

  /// All that was tried.
  public let selection: [Cell]

  private static let schema = "mixtures.fit/1"

  /// - Returns: `nil` for another document.
  init?(_ document: JSONReader) throws(ModelFileError) {
    guard try document.member("schema") == .string(Self.schema) else { return nil }
    let fit = document.advising("Correct it, or write it again with fit --json.")
    model = try ModelFile(fit.required("model"))
    trace = try fit.required("trace").numbers()
    hasPrior = try fit.optional("logPosterior") != nil
    var cells: [Cell] = []
    for entry in try fit.required("selection").array() { cells.append(try Cell(entry)) }
    selection = cells
  }
}

extension FitDocument.Cell {
  private static let names = ["bic", "icl", "aic", "cv"]

  fileprivate init(_ entry: JSONReader) throws(ModelFileError) {
    structure = try entry.required("structure").string()
    components = try entry.required("components").integer(in: 1...Int.max)
    let count = try entry.required("parameterCount")
    parameterCount = count.value == .null ? nil : try count.integer(in: 0...Int.max)
    var criteria: [String: Double] = [:]
    for name in Self.names { criteria[name] = try entry.required(name).optionalNumber() }
    self.criteria = criteria
    standardError = try entry.required("cvStandardError").optionalNumber()
  }
}

/// A file that holds a model: a model file, or what `mixture fit --json` prints.
public enum ModelDocument: Sendable {
  /// A model file.
  case model(ModelFile)
  /// What `mixture fit --json` prints.
  case fit(FitDocument)

  /// Reads either.
  ///
  /// - Parameter path: `-` is standard input.
  /// - Throws: ``ModelFileError`` naming the file, the place and what was expected there.
  public init(contentsOf path: String) throws(ModelFileError) {
    let document = try JSONReader(contentsOf: path)
    if let fit = try FitDocument(document) {
      self = .fit(fit)
    } else {
      self = .model(try ModelFile(document))
    }
  }

  /// The model.
  public var model: ModelFile {
    switch self {
    case .model(let model): model
    case .fit(let fit): fit.model
    }
  }
}

extension JSONReader {
  /// `nil` for null.
  fileprivate func optionalNumber() throws(ModelFileError) -> Double? {
    value == .null ? nil : try number()
  }
}
