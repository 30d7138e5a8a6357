import ArgumentParser
import Mixtures
import MixturesIO

/// How a fit starts.
struct StartOptions: ParsableArguments {
  enum Method: String, ExpressibleByArgument, CaseIterable {
    case kmeans
    case randomPoints = "random-points"
    case randomResponsibilities = "random-responsibilities"
    case hierarchical
  }

  enum StartCovariance: String, ExpressibleByArgument, CaseIterable {
    case cluster, global, identity

    var common: CommonCovariance? {
      switch self {
      case .cluster: nil
      case .global: .global
      case .identity: .identity
      }
    }
  }

  enum StartWeights: String, ExpressibleByArgument, CaseIterable {
    case proportional, equal
  }

  @Option(
    name: .customLong("init"),
    help:
      "How starts are made. (default: kmeans; in a search over several fits, several kinds that share what they find)"
  )
  var method: Method?

  @Option(
    help: ArgumentHelp(
      "Start from the mixture in this model file.", valueName: "model.json"),
    completion: .file(extensions: ["json"]))
  var start: String?

  @Option(
    help: ArgumentHelp(
      "Start from the responsibilities in this file: columns z1…zK, or one column component.",
      valueName: "z.csv"),
    completion: .file())
  var startResponsibilities: String?

  @Option(
    help:
      "The first covariances. (default: cluster for kmeans, global for random-points)")
  var startCovariance: StartCovariance?

  @Option(help: "The first mixing weights. (default: proportional for kmeans)")
  var startWeights: StartWeights?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many starts are made, of which the best is kept. (default: 10; in a search, 3 by k-means beside others)",
      valueName: "R"))
  var restarts: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The seed of all that is drawn at random. (default: 1)", valueName: "number"))
  var seed: UInt64?

  /// Every option that is accepted has an effect.
  func validate() throws {
    if start != nil, startResponsibilities != nil {
      throw ValidationError("--start and --start-responsibilities exclude each other: give one.")
    }
    if let restarts, !(1...100_000).contains(restarts) {
      throw ValidationError("--restarts: expected 1 to 100000, found \(restarts).")
    }
    if let given = start != nil
      ? "--start" : startResponsibilities != nil ? "--start-responsibilities" : nil
    {
      try refuse(
        [
          ("--init", method != nil), ("--restarts", restarts != nil), ("--seed", seed != nil),
          ("--start-covariance", startCovariance != nil), ("--start-weights", startWeights != nil),
        ], with: given)
    }
    switch method ?? .kmeans {
    case .kmeans: break
    case .hierarchical:
      try refuse(
        [
          ("--restarts", restarts != nil), ("--seed", seed != nil),
          ("--start-covariance", startCovariance != nil), ("--start-weights", startWeights != nil),
        ], with: "--init hierarchical")
    case .randomPoints:
      try refuse(
        [
          ("--start-covariance cluster", startCovariance == .cluster),
          ("--start-weights proportional", startWeights == .proportional),
        ], with: "--init random-points")
    case .randomResponsibilities:
      try refuse(
        [
          ("--start-covariance", startCovariance != nil), ("--start-weights", startWeights != nil),
        ], with: "--init random-responsibilities")
    }
  }

  private func refuse(_ options: [(name: String, isGiven: Bool)], with other: String) throws {
    if let option = options.first(where: \.isGiven) {
      throw ValidationError("\(option.name) has no effect with \(other): leave one of them out.")
    }
  }

  /// What the start is, with what it says of the model.
  ///
  /// - Parameter kept: the rows of the data, where others were left out: then a file with a row for each of all is read without
  ///   those, too.
  func resolve(kept: Table.KeptRows?) throws -> ResolvedStart {
    if let start {
      let model = try ModelFile(contentsOf: start)
      return ResolvedStart(
        method: MixtureStart(model.mixture), components: model.mixture.componentCount,
        structure: model.structure, componentNames: model.componentNames,
        digest: model.mixture.digest)
    }
    if let startResponsibilities {
      return try ResolvedStart(responsibilities: startResponsibilities, kept: kept)
    }
    return ResolvedStart(method: chosenMethod)
  }

  /// `nil` where it is left to the search.
  private var chosenMethod: (any StartingMethod)? {
    switch method {
    case nil where startCovariance == nil && startWeights == nil: nil
    case .kmeans, nil:
      KMeansStart(
        covariance: startCovariance?.common.map { .common($0) } ?? .cluster,
        weights: startWeights == .equal ? .equal : .proportional)
    case .randomPoints: RandomPointsStart(covariance: startCovariance?.common ?? .global)
    case .randomResponsibilities: RandomResponsibilitiesStart()
    case .hierarchical: HierarchicalStart()
    }
  }
}

/// A start, with what a file that it comes from says of the model.
struct ResolvedStart {
  /// `nil` for those of a search.
  let method: (any StartingMethod)?
  var components: Int?
  var structure: CovarianceStructure?
  /// What the components are called, if they have names.
  var componentNames: [String]?
  /// A fingerprint of what the file says.
  var digest: String?

  /// Where the components of a start have names, labels are the first of them.
  func checkNames(_ labels: [String]) throws {
    guard !labels.isEmpty, let componentNames, !componentNames.starts(with: labels) else { return }
    throw ValidationError(
      "--start: its components are \(Excerpt.list(componentNames)), the labels are "
        + "\(Excerpt.list(labels)): labels belong to the first components, in this order.")
  }
}

extension ResolvedStart {
  /// From a table of responsibilities, or of one column `component` with numbers from 1.
  init(responsibilities path: String, kept: Table.KeptRows?) throws {
    let table = try Table(contentsOf: path)
    let points = Matrix(copying: table.points)
    if points.columnNames == ["component"] {
      let labels = try LabelsStart(componentNumbers: points.elements, kept: kept, in: path)
      self.init(
        method: StartFromFile(path: path, start: labels), components: labels.componentCount,
        digest: table.points.digest)
      return
    }
    let z = (table.hasHeader ? try Self.ordered(points, in: path) : points).matching(kept)
    self.init(
      method: StartFromFile(path: path, start: ResponsibilitiesStart(z)),
      components: z.columnCount, digest: z.digest)
  }

  /// The columns z1, …, zK in this order, whatever that of the file.
  private static func ordered(_ points: Matrix, in path: String) throws -> Matrix {
    let names = points.columnNames
    let wanted = names.indices.map { "z\($0 + 1)" }
    let places = wanted.compactMap { names.firstIndex(of: $0) }
    guard places.count == names.count else {
      throw TableError(
        .invalidSelection, path: path,
        problem: "expected columns z1, …, zK or one column component, found "
          + Excerpt.list(names, limit: 5),
        advice: "Rename the columns.")
    }
    return Matrix(
      rows: points.rows.map { row in places.map { row[$0] } }, columnNames: wanted)
  }
}

/// A start that tells what is wrong with it with the file it comes from, not with the data's.
private struct StartFromFile: StartingMethod {
  let path: String
  let start: any StartingMethod

  var isRandom: Bool { start.isRandom }

  func start(
    _ problem: FitProblem, components: Int, seed: UInt64
  ) throws -> GaussianMixture {
    try InFile.naming(path) { try start.start(problem, components: components, seed: seed) }
  }
}

extension LabelsStart {
  /// From component numbers counting from one, the largest of which is K.
  fileprivate init(
    componentNumbers numbers: [Double], kept: Table.KeptRows?, in path: String
  ) throws {
    let labels = try numbers.enumerated().map { row, number in
      guard let whole = Int(exactly: number), 0...numbers.count ~= whole else {
        throw TableError(
          .invalidData, path: path, column: TableError.Column(number: 1, name: "component"),
          problem:
            "row \(row + 1): expected a component number from 1 to the number of rows, or 0 for the background, "
            + "found \(number)",
          advice: "Number the components 1, 2, …, K.")
      }
      return whole - 1
    }
    guard let largest = labels.max(), largest >= 0 else {
      throw TableError(
        .invalidData, path: path, column: TableError.Column(number: 1, name: "component"),
        problem: "no row has a component", advice: "Number the components 1, 2, …, K.")
    }
    try self.init(labels.matching(kept), components: largest + 1)
  }
}

extension Array {
  /// Of one element for each row of a file, those of the rows that were kept; anything else as it is.
  fileprivate func matching(_ kept: Table.KeptRows?) -> [Element] {
    guard let kept, kept.totalCount == count else { return self }
    return kept.rows.map { self[$0] }
  }
}

extension Matrix {
  /// As that of arrays.
  fileprivate func matching(_ kept: Table.KeptRows?) -> Matrix {
    guard let kept, kept.totalCount == rowCount else { return self }
    return Matrix(rows: kept.rows.map(row), columnNames: columnNames)
  }
}
