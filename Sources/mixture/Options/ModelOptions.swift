import ArgumentParser
import Mixtures
import MixturesIO

/// Numbers of components: `3`, `1...9`, or `2,3,5`.
struct ComponentCounts {
  let counts: [Int]

  /// More components than this is a typing error.
  private static let largest = 100_000

  init(parsing argument: String) throws {
    var counts: [Int] = []
    var seen: Set<Int> = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let range = Self.range(part) else {
        throw ValidationError(
          "expected numbers of components from 1 to \(Self.largest), such as 3, 1...9 or 2,3,5; "
            + "found \(Excerpt(String(part)).quoted).")
      }
      counts += range.filter { seen.insert($0).inserted }
    }
    self.counts = counts
  }

  /// Each number, with commas between.
  var text: String { counts.map(String.init).joined(separator: ",") }

  private static func range(_ text: Substring) -> ClosedRange<Int>? {
    let ends = text.split(separator: ".", omittingEmptySubsequences: false)
    guard let first = ends.first.flatMap({ Int($0) }), let last = ends.last.flatMap({ Int($0) }),
      ends.count == 1 || (ends.count == 4 && ends[1].isEmpty && ends[2].isEmpty),
      first >= 1, first <= last, last <= largest
    else { return nil }
    return first...last
  }
}

/// Structures separated by commas, or `all`.
struct StructureList {
  /// `nil` for all that the data allow.
  let structures: [CovarianceStructure]?

  init(parsing argument: String) throws {
    guard argument.lowercased() != "all" else {
      structures = nil
      return
    }
    structures = try argument.split(separator: ",", omittingEmptySubsequences: false).map { name in
      if name.lowercased() == "all" {
        throw ValidationError("\"all\" has every structure: leave out the others.")
      }
      guard let structure = CovarianceStructure(named: String(name)) else {
        throw ValidationError(ParameterError.unknownStructure(String(name)).description)
      }
      return structure
    }
  }

  /// The name of each, with commas between.
  var text: String { structures?.map(\.name).joined(separator: ",") ?? "all" }
}

/// What chooses among several fits, and can be drawn of them.
enum CriterionChoice: String, ExpressibleByArgument, CaseIterable {
  case bic, icl, aic, cv
}

/// What is fitted.
struct ModelOptions: ParsableArguments {
  @Option(
    name: [.short, .customLong("components")], parsing: .unconditional,
    help: ArgumentHelp(
      "How many components: 3, 1...9 or 2,3,5. (default: 1...9)", valueName: "K"),
    transform: ComponentCounts.init(parsing:))
  var k: ComponentCounts?

  @Option(
    help: ArgumentHelp(
      "Covariance structures: \(CovarianceStructure.all.map(\.name).joined(separator: ", ")), "
        + "several separated by commas, or all. Also spherical (VII), diag (VVI), tied (EEE) and full (VVV). "
        + "(default: all)",
      valueName: "names"),
    transform: StructureList.init(parsing:))
  var structure: StructureList?

  @Flag(
    help: """
      Add a component of constant density over the volume in which the data lie, which takes the rows that no \
      other describes; its weight is estimated. In results it is component 0.
      """)
  var background = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "As --background, with this density: one over a volume in units of the columns.",
      valueName: "density"))
  var backgroundDensity: Double?

  @Option(
    help: ArgumentHelp(
      "A conjugate prior that keeps components from collapsing: default, or what differs from it, such as shrinkage=0.1,dof=5,scale=2,concentration=1.5.",
      valueName: "prior"),
    transform: PriorChoice.init(parsing:))
  var prior: PriorChoice?

  @Option(
    help: ArgumentHelp(
      "What stays as it is in --start: means, weights, covariances, or several separated by commas.",
      valueName: "parts"),
    transform: FrozenChoice.init(parsing:))
  var freeze: FrozenChoice?

  @Option(
    help: """
      What chooses among several fits: bic, icl and aic by what is smallest; cv by the largest log-likelihood of \
      points that the fit has not seen.
      """)
  var criterion = CriterionChoice.bic

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "With --criterion cv: how many folds are held out in turn. (default: 10)",
      valueName: "number"))
  var folds: Int?

  @Option(
    help: ArgumentHelp(
      "With --criterion cv: a column that names the fold of each row.", valueName: "column"))
  var foldColumn: String?

  func validate() throws {
    if folds != nil || foldColumn != nil, criterion != .cv {
      throw ValidationError(
        "\(folds != nil ? "--folds" : "--fold-column") is for cross-validation: add --criterion cv."
      )
    }
    if folds != nil, foldColumn != nil {
      throw ValidationError("--folds and --fold-column both say what the folds are: choose one.")
    }
    if prior != nil, let structures = structure?.structures,
      let first = structures.first, !structures.contains(where: \.hasConjugatePrior)
    {
      throw ValidationError(
        "--prior: " + ParameterError.noConjugatePrior(structure: first.name).description)
    }
    if background, backgroundDensity != nil {
      throw ValidationError(
        "--background takes its density from the data: leave out one of the two.")
    }
    if let backgroundDensity, !(backgroundDensity > 0 && backgroundDensity < .infinity) {
      throw ValidationError(
        "--background-density: expected a positive number, found \(backgroundDensity).")
    }
    if let folds, folds < 2 {
      throw ValidationError("--folds: expected at least 2, found \(folds).")
    }
  }

  var backgroundChoice: BackgroundChoice {
    backgroundDensity.map { .density($0) } ?? (background ? .overData : .none)
  }

  /// - Parameters:
  ///   - names: that of each row's fold, if there is a column of them.
  ///   - seed: from which folds are drawn otherwise.
  func selectionCriterion(
    folds names: [String]?, seed: UInt64
  ) throws(DataError) -> any SelectionCriterion {
    switch criterion {
    case .bic: InformationCriterion.bic
    case .icl: InformationCriterion.icl
    case .aic: InformationCriterion.aic
    case .cv:
      if let names {
        CrossValidation(try Folds(named: names))
      } else {
        CrossValidation(folds: folds ?? 10, seed: seed)
      }
    }
  }
}
