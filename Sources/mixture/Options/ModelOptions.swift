import ArgumentParser
import Mixtures

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
            + "found \"\(part)\".")
      }
      counts += range.filter { seen.insert($0).inserted }
    }
    self.counts = counts
  }

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
      guard let structure = CovarianceStructure(named: String(name)) else {
        throw ValidationError(ParameterError.unknownStructure(String(name)).description)
      }
      return structure
    }
  }
}

enum CriterionChoice: String, ExpressibleByArgument, CaseIterable {
  case bic, icl, aic

  var criterion: InformationCriterion {
    switch self {
    case .bic: .bic
    case .icl: .icl
    case .aic: .aic
    }
  }
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
        + "several separated by commas, or all. (default: all)",
      valueName: "names"),
    transform: StructureList.init(parsing:))
  var structure: StructureList?

  @Option(help: "What chooses among several fits; smaller is better.")
  var criterion = CriterionChoice.bic
}
