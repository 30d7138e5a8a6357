import MixtureKernels

/// A classifier with how it was chosen and how far it can be trusted.
public struct TrainedClassifier: Sendable {
  /// A classifier and how it describes the points that it was fitted to.
  public struct Fit: Sendable {
    /// The classifier.
    public let classifier: Classifier

    /// The structure of each class's density.
    public let structures: [CovarianceStructure]

    /// ℓ = Σᵢ wᵢ ln Σ_c π_c f_c(xᵢ), of the points alone: what mclust takes for the BIC of a classifier.
    public let logLikelihood: Double

    /// Σᵢ wᵢ ln π_c f_c(xᵢ) with c the class of each point.
    public let jointLogLikelihood: Double

    /// n = Σᵢ wᵢ.
    public let pointCount: Double

    /// Free priors, mixing weights, means and covariance parameters.
    public let parameterCount: Int

    /// On the points that it was fitted to, which flatters.
    public let training: ClassificationReport

    /// What a reader should know before trusting the densities.
    public let warnings: [ClassifierWarning]

    /// −2ℓ + p ln n.
    public var bic: Double {
      -2 * logLikelihood + Double(parameterCount) * naturalLog(pointCount)
    }
  }

  /// One of the recipes that were tried.
  public struct Candidate: Sendable {
    /// Those that a class could choose from.
    public let structures: [CovarianceStructure]

    /// The numbers of components that a class could choose from.
    public let components: [Int]

    /// The classifier, or why there is none.
    public let fit: Result<Fit, any Error>

    /// What points that were held out say of it, or why they say nothing; `nil` where they were not asked.
    public let evaluation: Result<ClassificationReport, any Error>?

    /// On points that were held out, where that was asked for.
    public var validation: ClassificationReport? { try? evaluation?.get() }

    /// Why there is no classifier, or no error on points that were held out.
    public var error: (any Error)? {
      if case .failure(let error) = fit { return error }
      if case .failure(let error) = evaluation { return error }
      return nil
    }
  }

  /// The one that was chosen.
  public let fit: Fit

  /// What points that were held out in turn say of it, or why they say nothing: a class may be too small to do without a fold. `nil` where
  /// none were.
  public let evaluation: Result<ClassificationReport, any Error>?

  /// On points that were held out in turn; `nil` where there is no such estimate.
  public var validation: ClassificationReport? { try? evaluation?.get() }

  /// What a reader should know before trusting it.
  public var warnings: [ClassifierWarning] {
    guard case .failure(let error) = evaluation else { return fit.warnings }
    return fit.warnings + [.noEstimate(reason: "\(error)")]
  }

  /// All that were tried.
  public let candidates: [Candidate]
}
