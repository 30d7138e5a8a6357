import MixtureKernels

/// Fits a classifier to points of known classes.
///
/// With one component per class, the covariances of the classes have a structure in common (eigenvalue decomposition discriminant
/// analysis): EEE is linear discriminant analysis, VVV quadratic, VVI Gaussian naive Bayes. With more, each class
/// has a mixture of its own (mixture discriminant analysis).
///
/// Source: Bensmail & Celeux (1996), "Regularized Gaussian discriminant analysis through eigenvalue decomposition", *JASA* 91,
/// 1743–1748; Fraley & Raftery (2002), "Model-based clustering, discriminant analysis, and density estimation", *JASA* 97,
/// 611–631.
public struct ClassifierTraining: Sendable {
  /// What chooses among several recipes.
  public enum Criterion: Sendable {
    /// The smallest BIC of the points under the mixture of all classes, as in mclust.
    case bic
    /// The smallest error on points that were held out.
    case crossValidatedError
  }

  /// The numbers of components per class to try.
  public var components = [1]

  /// The structures to try; `nil` for all that the dimension of the data allows.
  public var structures: [CovarianceStructure]?

  /// What chooses.
  public var criterion = Criterion.bic

  /// How many folds are held out to estimate the error, each with its share of every class, at most as many as there are points;
  /// 0 for no estimate.
  public var folds = 10

  /// The prior probabilities of the classes in the order of their names; `nil` for their shares of the points.
  public var priors: [Double]?

  /// How fits are made; its seed draws the folds too.
  public var options = FitOptions()

  /// One component per class, all structures, by BIC.
  public init() {}

  /// Fits every recipe and chooses.
  ///
  /// - Parameters:
  ///   - points: *n* points; weights, if any, count as repetitions.
  ///   - classes: the name of each point's class, at least two different ones.
  /// - Throws: ``DataError`` or ``ParameterError`` for what cannot be fitted, else the first recipe's error if none has a
  ///   classifier.
  public func run(_ points: any PointSource, classes: [String]) throws -> TrainedClassifier {
    guard classes.count == points.count else {
      throw DataError.countMismatch(what: "classes", found: classes.count, points: points.count)
    }
    let names = Self.names(of: classes, weights: points.weightsOfRows)
    guard names.count >= 2 else { throw DataError.singleClass(classes.first ?? "") }
    let numbers = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    let data = TrainingData(
      points: points, labels: classes.map { numbers[$0] ?? 0 }, classNames: names, priors: priors,
      options: options)
    _ = try DataSummary(of: points, threads: options.threads)
    let recipes = try self.recipes(dimension: points.dimension)
    let partition =
      folds == 0
      ? nil
      : try Folds(
        min(folds, classes.count), stratifying: data.labels, seed: options.seed)
    let candidates = recipes.map { recipe in
      let fit = Result { try data.trained(by: recipe) }
      let needsValidation = criterion == .crossValidatedError && (try? fit.get()) != nil
      return Candidate(
        recipe: recipe, fit: fit,
        validation: needsValidation
          ? partition.map { folds in Result { try data.validation(of: recipe, folds) } } : nil)
    }
    return try chosen(among: candidates, data, partition)
  }

  private struct Candidate {
    let recipe: Recipe
    let fit: Result<TrainedClassifier.Fit, any Error>
    var validation: Result<ClassificationReport, any Error>?
  }

  private func chosen(
    among candidates: [Candidate], _ data: TrainingData, _ partition: Folds?
  ) throws -> TrainedClassifier {
    func loss(_ candidate: Candidate) -> Double {
      guard let fit = try? candidate.fit.get() else { return .infinity }
      guard criterion == .crossValidatedError else { return fit.bic }
      return (try? candidate.validation?.get())?.errorRate ?? .infinity
    }
    let best = candidates.min { loss($0) < loss($1) }
    guard let best, loss(best) < .infinity else {
      for candidate in candidates { _ = try candidate.fit.get() }
      throw DataError.noPoints
    }
    // A class may be too small to do without a fold: then there is a classifier, and no estimate.
    let validation =
      try best.validation?.get()
      ?? partition.flatMap { try? data.validation(of: best.recipe, $0) }
    return TrainedClassifier(
      fit: try best.fit.get(), validation: validation,
      candidates: candidates.map { candidate in
        TrainedClassifier.Candidate(
          structures: candidate.recipe.structures, components: candidate.recipe.components,
          fit: candidate.fit, validation: try? candidate.validation?.get())
      })
  }

  /// The names of the classes in order: by number where all names are numbers, else by the alphabet. A class all of whose points
  /// have weight zero is absent.
  public static func names(of classes: [String], weights: [Double]? = nil) -> [String] {
    let names = Set(classes.indices.filter { weights?[$0] != 0 }.map { classes[$0] })
    let numbers = names.compactMap(Double.init).filter(\.isFinite)
    guard numbers.count == names.count else { return names.sorted() }
    return names.sorted { (Double($0) ?? 0, $0) < (Double($1) ?? 0, $1) }
  }

  private func recipes(dimension: Int) throws -> [Recipe] {
    var structures: [CovarianceStructure] = []
    for structure in self.structures ?? CovarianceStructure.all(inDimension: dimension) {
      let structure = try structure.inDimension(dimension)
      if !structures.contains(structure) { structures.append(structure) }
    }
    if components == [1] {
      return structures.map { Recipe(components: [1], structures: [$0], isShared: true) }
    }
    guard criterion == .crossValidatedError else {
      return [Recipe(components: components, structures: structures, isShared: false)]
    }
    return components.flatMap { count in
      structures.map { Recipe(components: [count], structures: [$0], isShared: false) }
    }
  }
}

/// How the density of a class comes about.
struct Recipe: Sendable {
  let components: [Int]
  let structures: [CovarianceStructure]

  /// Whether the covariances of the classes have one structure in common, rather than those of a class's components.
  let isShared: Bool
}

/// Points with their classes.
struct TrainingData: Sendable {
  let points: any PointSource
  let labels: [Int]
  let classNames: [String]
  let priors: [Double]?
  let options: FitOptions

  /// A classifier by a recipe, and how it describes the points.
  func trained(by recipe: Recipe) throws -> TrainedClassifier.Fit {
    let (classifier, parameters, structures) = try classifier(by: recipe, points)
    let score = try classifier.mixture.score(points, threads: options.threads)
    var joint = 0.0
    for (name, prior) in classifier.priors.enumerated() {
      let own = try points.restricted { labels[$0] == name }
      let part = try classifier.density(of: name).score(own, threads: options.threads)
      joint += part.logLikelihood + part.pointCount * naturalLog(prior)
    }
    return TrainedClassifier.Fit(
      classifier: classifier, structures: structures, logLikelihood: score.logLikelihood,
      jointLogLikelihood: joint, pointCount: score.pointCount,
      // Priors that are given are not estimated.
      parameterCount: parameters - (priors == nil ? 0 : classNames.count - 1),
      training: report(try classifier.predictions(of: points, threads: options.threads)))
  }

  /// Each fold predicted by what the others teach.
  func validation(of recipe: Recipe, _ folds: Folds) throws -> ClassificationReport {
    var predictions: [ClassPrediction?] = Array(repeating: nil, count: labels.count)
    for fold in 0..<folds.count {
      let training = try folds.training(without: fold, of: points)
      let classifier = try classifier(by: recipe, training).classifier
      let found = try classifier.predictions(of: points, threads: options.threads)
      for row in labels.indices where folds[row] == fold { predictions[row] = found[row] }
    }
    return report(predictions.compactMap(\.self))
  }

  private func report(_ predictions: [ClassPrediction]) -> ClassificationReport {
    ClassificationReport(predictions, truth: labels, weights: points.weightsOfRows)
  }

  private func classifier(
    by recipe: Recipe, _ points: any PointSource
  ) throws -> (classifier: Classifier, parameterCount: Int, structures: [CovarianceStructure]) {
    let (classifier, parameters, structures) =
      recipe.isShared ? try shared(recipe, points) : try separate(recipe, points)
    return (try priors.map(classifier.withPriors) ?? classifier, parameters, structures)
  }

  /// One component per class.
  private func shared(
    _ recipe: Recipe, _ points: any PointSource
  ) throws -> (Classifier, Int, [CovarianceStructure]) {
    let structure = recipe.structures[0]
    var options = options
    options.stopping = .exactly(0)
    let mixture = try GaussianMixture.fit(
      points, components: classNames.count, structure: structure,
      from: LabelsStart(labels, components: classNames.count), options: options
    ).mixture
    let classifier = try Classifier(
      classNames: classNames, mixture: mixture, classOfComponent: Array(classNames.indices))
    return (
      classifier,
      structure.parameterCount(dimension: points.dimension, components: classNames.count),
      classNames.map { _ in structure }
    )
  }

  /// A mixture for each class, chosen by BIC.
  private func separate(
    _ recipe: Recipe, _ points: any PointSource
  ) throws -> (Classifier, Int, [CovarianceStructure]) {
    var (weights, components): ([Double], [Gaussian]) = ([], [])
    var (owners, structures): ([Int], [CovarianceStructure]) = ([], [])
    var parameters = classNames.count - 1
    for name in classNames.indices {
      let own = try points.restricted { labels[$0] == name }
      let fit = try ModelSearch(
        components: recipe.components, structures: recipe.structures, options: options
      ).run(own).best
      weights += fit.mixture.weights.map { $0 * fit.score.pointCount }
      components += fit.mixture.components
      owners += fit.mixture.components.map { _ in name }
      structures.append(fit.structure)
      parameters += fit.parameterCount
    }
    let total = weights.reduce(0, +)
    let mixture = Mixture(fitted: components, weights: weights.map { $0 / total })
    return (
      try Classifier(classNames: classNames, mixture: mixture, classOfComponent: owners),
      parameters, structures
    )
  }
}

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

    /// On points that were held out, where that was asked for.
    public let validation: ClassificationReport?
  }

  /// The one that was chosen.
  public let fit: Fit

  /// On points that were held out in turn; `nil` where none were.
  public let validation: ClassificationReport?

  /// All that were tried.
  public let candidates: [Candidate]
}
