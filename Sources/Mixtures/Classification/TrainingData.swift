import MixtureKernels

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
    let density = try self.density(by: recipe, points)
    let classifier = density.classifier
    let score = try classifier.mixture.score(points, threads: options.threads)
    var joint = 0.0
    for (name, prior) in classifier.priors.enumerated() {
      let own = try points.restricted { labels[$0] == name }
      let part = try classifier.density(of: name).score(own, threads: options.threads)
      joint += part.logLikelihood + part.pointCount * naturalLog(prior)
    }
    return TrainedClassifier.Fit(
      classifier: classifier, structures: density.structures, logLikelihood: score.logLikelihood,
      jointLogLikelihood: joint, pointCount: score.pointCount,
      // Priors that are given are not estimated.
      parameterCount: density.parameterCount - (priors == nil ? 0 : classNames.count - 1),
      training: report(try classifier.predictions(of: points, threads: options.threads)),
      warnings: density.warnings)
  }

  /// Each fold predicted by what the others teach.
  ///
  /// - Throws: ``FoldError`` where they teach too little.
  func validation(of recipe: Recipe, _ folds: Folds) throws -> ClassificationReport {
    var predictions: [ClassPrediction?] = Array(repeating: nil, count: labels.count)
    for fold in 0..<folds.count {
      let found = try heldOut(fold, of: folds, recipe)
      for row in labels.indices where folds[row] == fold { predictions[row] = found[row] }
    }
    return report(predictions.compactMap(\.self))
  }

  /// What the points of other folds teach of all.
  private func heldOut(
    _ fold: Int, of folds: Folds, _ recipe: Recipe
  ) throws -> [ClassPrediction] {
    let classifier: Classifier
    do {
      classifier = try density(by: recipe, folds.training(without: fold, of: points)).classifier
    } catch {
      throw FoldError(fold: fold, reason: error)
    }
    return try classifier.predictions(of: points, threads: options.threads)
  }

  private func report(_ predictions: [ClassPrediction]) -> ClassificationReport {
    ClassificationReport(predictions, truth: labels, weights: points.weightsOfRows)
  }

  /// A classifier, and how it came about.
  private struct Density {
    var classifier: Classifier
    let parameterCount: Int
    let structures: [CovarianceStructure]
    let warnings: [ClassifierWarning]
  }

  private func density(by recipe: Recipe, _ points: any PointSource) throws -> Density {
    try check(points)
    var density = recipe.isShared ? try shared(recipe, points) : try separate(recipe, points)
    if let priors { density.classifier = try density.classifier.withPriors(priors) }
    return density
  }

  /// Throws where a class has no row, or no value in a column: nothing tells where it lies.
  private func check(_ points: any PointSource) throws(ClassError) {
    let (weights, all) = (points.weightsOfRows, Set(0..<points.dimension))
    let patterns =
      points.patternGroups?.map { (rows: $0.rows, columns: Set($0.observed)) }
      ?? [(rows: Array(labels.indices), columns: all)]
    var seen: [Int: Set<Int>] = [:]
    for (rows, columns) in patterns {
      let present = Set(rows.lazy.filter { weights?[$0] != 0 }.map { labels[$0] })
      for number in present { seen[number, default: []].formUnion(columns) }
    }
    for (number, name) in classNames.enumerated() {
      guard let columns = seen[number] else { throw .noRows(class: name) }
      if let column = all.subtracting(columns).min() {
        throw .emptyColumn(class: name, column: column, name: points.featureNames[column])
      }
    }
  }

  /// One component per class: the M-step of labelled points, which needs no iteration unless cells are missing.
  private func shared(_ recipe: Recipe, _ points: any PointSource) throws -> Density {
    let structure = recipe.structures[0]
    var (options, labelled) = (options, points)
    if points.patternGroups == nil {
      options.stopping = .exactly(0)
    } else {
      labelled = try LabelledPoints(points, labels: Labels(labels, count: classNames.count))
    }
    let fit: Fit
    do {
      fit = try GaussianMixture.fit(
        labelled, components: classNames.count, structure: structure,
        from: LabelsStart(labels, components: classNames.count), options: options)
    } catch let error as DegenerateFitError {
      throw classError(error, points)
    }
    return Density(
      classifier: try Classifier(
        classNames: classNames, mixture: fit.mixture,
        classOfComponent: Array(classNames.indices)),
      parameterCount: structure.parameterCount(
        dimension: points.dimension, components: classNames.count),
      structures: classNames.map { _ in structure }, warnings: warnings(of: fit))
  }

  /// A covariance that all classes share is none of a class, however few its points are.
  private func warnings(of fit: Fit) -> [ClassifierWarning] {
    let counts = fit.mixture.weights.map { $0 * fit.score.pointCount }
    let dimension = fit.mixture.dimension
    let thin = classNames.indices.filter { counts[$0] < Double(dimension + 1) }
    let ofFit = fit.warnings.filter { warning in
      switch warning {
      case .fewPoints, .manyWithFewPoints: false
      default: true
      }
    }
    return ofFit.map(ClassifierWarning.ofFit)
      + (thin.isEmpty || fit.structure.needsOnlyPooled
        ? [] : [.fewPoints(classes: thin.map { classNames[$0] }, dimension: dimension)])
  }

  /// Which class has too little for a covariance that became singular. Where parts of covariances are shared, that of one class may
  /// make those of all singular, so the class is looked for.
  private func classError(_ error: DegenerateFitError, _ points: any PointSource) -> any Error {
    let (structure, dimension) = (error.structure, points.dimension)
    guard !structure.needsOnlyPooled, classNames.indices.contains(error.degeneracy.component) else {
      return ClassError.singularInAllClasses(column: error.column, structure: structure.name)
    }
    var small: ClassError?
    for (number, name) in classNames.enumerated() {
      do throws(DataError) {
        let own = try DataSummary(of: points.restricted { [labels] in labels[$0] == number })
        guard small == nil, structure.scatterShape == .full, own.rowCount <= dimension else {
          continue
        }
        small = .tooFewRowsForCovariance(
          class: name, count: own.rowCount, dimension: dimension, structure: structure.name)
      } catch {
        return ClassError(error, ofClass: name) ?? error
      }
    }
    return small
      ?? .singular(
        class: classNames[error.degeneracy.component], column: error.column,
        structure: structure.name)
  }

  /// A mixture for each class, chosen by BIC.
  private func separate(_ recipe: Recipe, _ points: any PointSource) throws -> Density {
    var (weights, components): ([Double], [Gaussian]) = ([], [])
    var (owners, structures): ([Int], [CovarianceStructure]) = ([], [])
    var parameters = classNames.count - 1
    var warnings: [ClassifierWarning] = []
    for (number, name) in classNames.enumerated() {
      let density = try ClassError.naming(name) { try self.density(of: number, recipe, points) }
      let fit = density.fit
      weights += fit.mixture.weights.map { $0 * fit.score.pointCount }
      components += fit.mixture.components
      owners += fit.mixture.components.map { _ in number }
      structures.append(fit.structure)
      parameters += fit.parameterCount
      warnings += density.warnings.map { ClassifierWarning.ofClass(name, $0) }
      if density.passedOver > 0 {
        warnings.append(
          .passedOver(class: name, count: density.passedOver, dimension: points.dimension))
      }
    }
    let total = weights.reduce(0, +)
    let mixture = Mixture(fitted: components, weights: weights.map { $0 / total })
    return Density(
      classifier: try Classifier(
        classNames: classNames, mixture: mixture, classOfComponent: owners),
      parameterCount: parameters, structures: structures, warnings: warnings)
  }

  private func density(
    of number: Int, _ recipe: Recipe, _ points: any PointSource
  ) throws -> ClassDensity {
    let own = try points.restricted { [labels] in labels[$0] == number }
    let search = ModelSearch(
      components: recipe.components, structures: recipe.structures, options: options)
    return try ClassDensity(search.run(own), of: own, threads: options.threads)
  }
}
