import Mixtures
import MixturesReport
import Testing

@Suite struct CertificateTextTests {
  /// Two clusters far apart.
  private let points = Matrix(
    rows: (0..<60).map { row -> [Double] in
      let centre = 90 * Double(row % 2)
      return [centre + Double(row % 7) / 3, centre + Double(row % 5)]
    })

  private func sentences(_ change: (inout FitOptions) -> Void) throws -> [String] {
    var options = FitOptions()
    change(&options)
    return CertificateText(
      fit: try GaussianMixture.fit(
        points, components: 2, structure: .eee, options: options)
    ).sentences
  }

  @Test func plainWords() throws {
    let found = try sentences { _ in }
    #expect(found[0].hasSuffix("starts ended at this log-likelihood."), "\(found[0])")
    #expect(found.contains { $0.hasPrefix("EM converged after") })
    #expect(found.contains("The smallest component rests on 30.0 effective points."))
    #expect(found.contains { $0.hasPrefix("Every covariance is far from singular") })
    #expect(found.last == "No safeguard had to act.")
  }

  @Test func whyItStopped() throws {
    let limited = try sentences {
      $0.stopping = .when(.gain, below: 0, limit: 1)
      $0.acceleration = .off
    }
    #expect(
      limited.contains {
        $0.hasPrefix("EM did not converge: it stopped at the limit after 1 iteration")
      })
    let exact = try sentences {
      $0.stopping = .exactly(2)
      $0.restarts = 1
    }
    #expect(exact.contains { $0.hasPrefix("EM stopped as asked after 2 iterations") })
    #expect(exact[0] == "There was one start, so nothing says whether another ends higher.")
  }
}
