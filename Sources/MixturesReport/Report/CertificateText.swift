import Mixtures

/// How far a fit can be trusted, in plain words.
package struct CertificateText {
  package let fit: Fit

  package init(fit: Fit) { self.fit = fit }

  /// A sentence for each thing that was checked.
  package var sentences: [String] {
    [starts, end, remaining, sizes, condition].compactMap(\.self) + safeguards
  }

  private var certificate: Certificate { fit.certificate }

  private var starts: String {
    let (all, best) = (certificate.starts, certificate.reachedBest)
    if all == 1 { return "There was one start, so nothing says whether another ends higher." }
    if all == best { return "All \(all) starts ended at this log-likelihood." }
    let gap =
      certificate.gapToNext.map { "; the next one ended \($0.shown(significant: 3)) lower" } ?? ""
    return "\(best) of \(all) starts ended at this log-likelihood\(gap)."
  }

  private var end: String {
    let inner = certificate.innerIterations
    let rounds = inner > 0 ? ", with \(counted(inner, "round")) of inner loops" : ""
    let iterations = "after \(counted(fit.iterations, "iteration"))\(rounds)"
    return switch fit.stopped {
    case .gainBelowThreshold:
      "EM converged \(iterations): the gain per point fell below the tolerance."
    case .predictedGainBelowThreshold:
      "EM converged \(iterations): the gain that is predicted to remain, per point, fell below the tolerance."
    case .parameterChangeBelowThreshold:
      "EM converged \(iterations): the change of the parameters fell below the tolerance."
    case .iterationLimit: "EM did not converge: it stopped at the limit \(iterations)."
    case .exactIterations: "EM stopped as asked \(iterations), converged or not."
    case .cancelled: "EM was interrupted \(iterations)."
    }
  }

  private var remaining: String? {
    certificate.predictedRemainingGain.map { gain in
      if gain == 0 { return "More iterations would add nothing to the log-likelihood." }
      if gain < 1e-6 {
        return "More iterations would add less than a millionth to the log-likelihood."
      }
      return "More iterations would add about \(gain.shown(significant: 2)) to the log-likelihood."
    }
  }

  private var sizes: String {
    "The smallest component rests on \(certificate.smallestEffectiveCount.shown(1)) effective points."
  }

  /// Beyond this a covariance is determined by less than half of its digits.
  private static let largestCondition = 1e8

  private var condition: String {
    let value = certificate.worstCondition.shown(significant: 3)
    return certificate.worstCondition > Self.largestCondition
      ? "A covariance is nearly singular: its condition number is \(value), in units of the columns' standard deviations."
      : "Every covariance is far from singular: the worst condition number is \(value)."
  }

  private var safeguards: [String] {
    let acted = certificate.safeguards.counts.sorted { $0.key < $1.key }
    guard !acted.isEmpty else { return ["No safeguard had to act."] }
    return acted.map { Self.sentence($0.key, $0.value) }
  }

  private static func sentence(_ name: String, _ count: Int) -> String {
    let times = count == 1 ? "once" : "\(count) times"
    return switch name {
    case "covarianceFloor": "The covariance floor acted \(times): the result depends on it."
    case "recentredMoments":
      "Moments were taken again about a nearer point \(times), so that no digits were lost."
    case "rejectedExtrapolations":
      "A shortcut of the accelerated EM was given up \(times), because the log-likelihood would have fallen."
    case "innerLoopLimit": "The inner loop of an M-step was ended by its limit \(times)."
    case "spuriousMaxima":
      "A maximum that rests on a few points only was rejected \(times)."
    case "replacedStarts": "A start that degenerated was replaced \(times)."
    case "abandonedStarts":
      "A start degenerated with all its replacements, and was given up, \(times)."
    default: "\(name) acted \(times)."
    }
  }
}
