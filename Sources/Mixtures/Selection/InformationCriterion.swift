import MixtureKernels

/// A number that weighs how well a mixture fits against how many parameters it spends. Smaller is
/// better: mclust prints the negative of these.
public struct InformationCriterion: Sendable {
  /// As it is printed.
  public let name: String

  /// The criterion of a score, with `p` free parameters.
  public let value: @Sendable (_ score: Score, _ parameterCount: Int) -> Double

  /// −2ℓ + p ln n, with n the sum of the point weights.
  ///
  /// Source: Schwarz (1978), "Estimating the dimension of a model", *Ann. Statist.* 6, 461–464.
  public static let bic = InformationCriterion(name: "BIC") { score, p in
    -2 * score.logLikelihood + Double(p) * naturalLog(score.pointCount)
  }

  /// −2ℓ + 2p.
  ///
  /// Source: Akaike (1974), "A new look at the statistical model identification", *IEEE Trans.
  /// Autom. Control* 19, 716–723.
  public static let aic = InformationCriterion(name: "AIC") { score, p in
    -2 * score.logLikelihood + 2 * Double(p)
  }

  /// BIC − 2 Σᵢ wᵢ ln maxₖ rᵢₖ, as mclust defines it.
  ///
  /// Source: Biernacki, Celeux & Govaert (2000), "Assessing a mixture model for clustering with
  /// the integrated completed likelihood", *IEEE TPAMI* 22, 719–725.
  public static let icl = InformationCriterion(name: "ICL") { score, p in
    bic.value(score, p) - 2 * score.logLargestResponsibility
  }

  /// BIC − 2 Σᵢ wᵢ Σₖ rᵢₖ ln rᵢₖ, as mixmod defines it.
  public static let iclEntropy = InformationCriterion(name: "ICL (entropy)") { score, p in
    bic.value(score, p) + 2 * score.entropy
  }
}
