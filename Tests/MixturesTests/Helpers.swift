import Dispatch
import MixtureTestSupport
import Mixtures

extension FitOptions {
  /// The defaults with changes.
  static func with(_ change: (inout FitOptions) -> Void) -> FitOptions {
    var options = FitOptions()
    change(&options)
    return options
  }

  /// Exactly so many iterations.
  static func exactly(_ iterations: Int) -> FitOptions {
    with { $0.stopping = .exactly(iterations) }
  }

  /// Plain steps until nothing moves any more.
  static let fixedPoint = with {
    $0.acceleration = .off
    $0.stopping = .when(.parameterChange, below: 1e-13, limit: 8000)
  }
}

extension GaussianMixture {
  /// The M-step of given responsibilities.
  static func maximizing(
    _ points: some PointSource, _ responsibilities: Matrix, _ structure: CovarianceStructure
  ) throws -> GaussianMixture {
    try fit(
      points, components: responsibilities.columnCount, structure: structure,
      from: ResponsibilitiesStart(responsibilities), options: .exactly(0)
    ).mixture
  }
}

extension GaussianMixture {
  /// This mixture with one thing changed by a thousandth, up or down: weights, a mean, or what the structure leaves free of
  /// the covariances.
  func moves(
    within structure: CovarianceStructure, seed: UInt64
  ) throws -> [(name: String, mixture: GaussianMixture)] {
    var generator = SplitMix64(seed: seed)
    var found: [(String, GaussianMixture)] = []
    for (sign, step) in [("+", 1e-3), ("−", -1e-3)] {
      var others = weights
      others[0] += step * weights[0]
      others[1] -= step * weights[0]
      found.append((sign + "weights", try GaussianMixture(weights: others, components: components)))
      for k in components.indices {
        var others = components
        let own = components[k]
        others[k] = try Gaussian(
          mean: (0..<dimension).map {
            own.mean[$0] + step * Double($0 + 1) * own.covariance[$0, $0].squareRoot()
          }, covariance: own.covariance)
        found.append((sign + "mean", try GaussianMixture(weights: weights, components: others)))
      }
      for factor in CovarianceFactor.allCases {
        if let mixture = try moved(self, within: structure, factor, by: step, using: &generator) {
          found.append(("\(sign)\(factor)", mixture))
        }
      }
    }
    return found
  }
}

/// The structures of two and more dimensions.
let structures = CovarianceStructure.all(inDimension: 2)

/// Those whose M-step a textbook gives in one line.
let textbookStructures: [CovarianceStructure] = [.eii, .vii, .eei, .vvi, .eee, .vvv]

/// What several threads write and the test reads afterwards.
final class Log<Entry: Sendable>: @unchecked Sendable {
  private let queue = DispatchQueue(label: "log")
  private var collected: [Entry] = []

  func append(_ entry: Entry) { queue.sync { collected.append(entry) } }
  /// An array of its own: that a shared one is copied before it changes, a sanitizer of threads does not see.
  var entries: [Entry] { queue.sync { collected.map(\.self) } }
}

/// How far the moments of an M-step lie from the exact ones, in units of a component's standard deviation.
///
/// A sum of n terms is within n u of the exact one, relative to the sum of magnitudes (Higham 2002,
/// §4.2). The terms of a mean are up to D standard deviations, those of a scatter D² variances, with D the
/// range of a column over the smallest standard deviation; both sides of a comparison, and the shift
/// from the origin to the mean, take their part.
func momentRounding(_ points: Matrix, _ mixture: GaussianMixture) -> Double {
  var reach = 1.0
  for j in 0..<points.columnCount {
    let column = (0..<points.rowCount).map { points[$0, j] }
    let range = (column.max() ?? 0) - (column.min() ?? 0)
    for component in mixture.components {
      reach = max(reach, range / component.covariance[j, j].squareRoot())
    }
  }
  return 4 * Double(points.rowCount) * unitRoundoff * reach * reach
}

extension CovarianceStructure {
  /// Whether every mixture of the other structure is one of this.
  func contains(_ inner: CovarianceStructure) -> Bool {
    let freedom: [Character: Int] = ["I": 0, "E": 1, "V": 2]
    func rank(_ letter: Character) -> Int { freedom[letter] ?? 0 }
    // A sphere's shape is I: equal in all components, whatever the axes.
    return zip(inner.name, name).allSatisfy { rank($0) <= rank($1) }
  }
}
