import Mixtures

/// Chapter 11: a hundred starts, and where they end.
package struct LocalOptima: Sendable {
  package static let startCount = 100

  /// Ends that agree in ℓ.
  package struct Maximum: Sendable {
    package let logLikelihood: Double
    package let mixture: GaussianMixture
    /// The seeds of the starts that lead here.
    package fileprivate(set) var seeds: [UInt64]
  }

  package let points: Matrix

  /// The highest first.
  package let maxima: [Maximum]

  /// How many of the ``startCount`` found no maximum, since a component lost its points.
  package let failed: Int

  /// Ends whose log-likelihoods differ by less are one maximum.
  private static let resolution = 0.01

  package init(_ points: Matrix, components: Int) throws {
    self.points = points
    var maxima: [Maximum] = []
    var failed = 0
    for seed in 1...UInt64(Self.startCount) {
      do {
        let fit = try Self.fit(points, components, seed: seed)
        let index = maxima.firstIndex {
          abs($0.logLikelihood - fit.logLikelihood) < Self.resolution
        }
        if let index {
          maxima[index].seeds.append(seed)
        } else {
          maxima.append(
            Maximum(logLikelihood: fit.logLikelihood, mixture: fit.mixture, seeds: [seed]))
        }
      } catch is DegenerateFitError {
        failed += 1
      }
    }
    self.maxima = maxima.sorted { $0.logLikelihood > $1.logLikelihood }
    self.failed = failed
  }

  /// EM from three points drawn at random as means, with unit covariances.
  private static func fit(
    _ points: Matrix, _ components: Int, seed: UInt64
  ) throws -> Fit {
    var options = FitOptions()
    options.restarts = 1
    options.seed = seed
    return try GaussianMixture.fit(
      points, components: components, from: RandomPointsStart(covariance: .identity),
      options: options)
  }

  /// What ten starts find at least once, if each finds the best with the share seen here: 1 − (1 − share)¹⁰.
  package var chanceOfTen: Double {
    let miss = 1 - Double(maxima.first?.seeds.count ?? 0) / Double(Self.startCount)
    return 1 - (0..<10).reduce(1) { power, _ in power * miss }
  }
}
