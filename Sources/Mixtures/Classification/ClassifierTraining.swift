/// Fits a classifier to points of known classes.
///
/// With one component per class, the covariances of the classes have a structure in common (eigenvalue decomposition discriminant
/// analysis): EEE is linear discriminant analysis, VVV quadratic, VVI Gaussian naive Bayes. With more, each class
/// has a mixture of its own (mixture discriminant analysis). It is the one with the smallest BIC in which no component is arbitrary:
/// none with axes of its own rests on *d* + 2 effective points or fewer, and none has next to no spread in some direction. Where
/// all are, or only one is asked for, the smallest BIC alone decides, and warnings tell.
///
/// Cells may be missing (``IncompletePoints``): every density is then that of maximum likelihood on what was observed, and so are BIC,
/// posteriors and the error on points that were held out.
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
  ///   classifier, ``ClassError`` where a class is to blame; ``FoldError`` if none has an error on held-out points that is to decide.
  public func run(_ points: any PointSource, classes: [String]) throws -> TrainedClassifier {
    guard classes.count == points.count else {
      throw DataError.countMismatch(what: "classes", found: classes.count, points: points.count)
    }
    _ = try DataSummary(of: points, threads: options.threads)
    let names = Self.names(of: classes, weights: points.weightsOfRows)
    guard names.count >= 2 else { throw DataError.singleClass(classes.first ?? "") }
    let numbers = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    let data = TrainingData(
      points: points, labels: classes.map { numbers[$0] ?? 0 }, classNames: names, priors: priors,
      options: options)
    let recipes = try self.recipes(dimension: points.dimension)
    if criterion == .crossValidatedError, folds == 0 {
      throw DataError.invalidFolds(folds, points: classes.count)
    }
    let partition =
      folds == 0
      ? nil
      : try Folds(
        min(folds, points.countingRowCount), stratifying: data.labels,
        weights: points.weightsOfRows, seed: options.seed)
    let candidates = recipes.map { recipe in
      let fit = Result { try data.trained(by: recipe) }
      return Candidate(
        recipe: recipe, fit: fit,
        evaluation: criterion == .crossValidatedError && (try? fit.get()) != nil
          ? partition.map { folds in Result { try data.validation(of: recipe, folds) } } : nil)
    }
    return try chosen(among: candidates, data, partition)
  }

  private struct Candidate {
    let recipe: Recipe
    let fit: Result<TrainedClassifier.Fit, any Error>
    let evaluation: Result<ClassificationReport, any Error>?
  }

  /// - Throws: the first error where none can be chosen.
  private func chosen(
    among candidates: [Candidate], _ data: TrainingData, _ partition: Folds?
  ) throws -> TrainedClassifier {
    func loss(_ candidate: Candidate) -> Double {
      guard let fit = try? candidate.fit.get() else { return .infinity }
      guard criterion == .crossValidatedError else { return fit.bic }
      return (try? candidate.evaluation?.get())?.errorRate ?? .infinity
    }
    let best = candidates.min { loss($0) < loss($1) }
    guard let best, loss(best) < .infinity else {
      for candidate in candidates { _ = try candidate.fit.get() }
      for candidate in candidates { _ = try candidate.evaluation?.get() }
      throw DataError.noPoints
    }
    return TrainedClassifier(
      fit: try best.fit.get(),
      evaluation: best.evaluation
        ?? partition.map { folds in Result { try data.validation(of: best.recipe, folds) } },
      candidates: candidates.map { candidate in
        TrainedClassifier.Candidate(
          structures: candidate.recipe.structures, components: candidate.recipe.components,
          fit: candidate.fit, evaluation: candidate.evaluation)
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
    let structures = try (self.structures ?? CovarianceStructure.all(inDimension: dimension))
      .distinct(inDimension: dimension)
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
