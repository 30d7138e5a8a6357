/// Class-conditional classification: a density for each class, and Bayes' rule.
///
/// ```
/// P(c | x) = π_c f_c(x) / Σ_b π_b f_b(x)
/// ```
/// Each density is a Gaussian or a mixture of them, so that all together are one mixture, of which every component
/// belongs to a class: the posterior of a class is the sum of the responsibilities of its components.
///
/// Source: Hastie, Tibshirani & Friedman (2009), *The Elements of Statistical Learning*, §4.3; Hastie & Tibshirani (1996),
/// "Discriminant analysis by Gaussian mixtures", *JRSS B* 58, 155–176.
public struct Classifier: Sendable, Equatable {
  /// One name per class.
  public let classNames: [String]

  /// The components of all classes; the weights of a class's components sum to its prior probability.
  public let mixture: GaussianMixture

  /// The class of each component, counting from zero.
  public let classOfComponent: [Int]

  /// A classifier from known densities.
  ///
  /// - Throws: ``ParameterError`` unless names are distinct, every component has a class and every class a component, and there is
  ///   no background.
  public init(
    classNames: [String], mixture: GaussianMixture, classOfComponent: [Int]
  ) throws(ParameterError) {
    guard mixture.background == nil, classOfComponent.count == mixture.componentCount,
      Set(classOfComponent) == Set(classNames.indices), Set(classNames).count == classNames.count
    else { throw .invalidClasses }
    self.classNames = classNames
    self.mixture = mixture
    self.classOfComponent = classOfComponent
  }

  /// The prior probability of each class.
  public var priors: [Double] { sums(by: mixture.weights) }

  /// The number of components of each class.
  public var componentCounts: [Int] {
    classNames.indices.map { name in classOfComponent.count { $0 == name } }
  }

  /// The density of one class.
  public func density(of name: Int) -> GaussianMixture {
    let own = classOfComponent.indices.filter { classOfComponent[$0] == name }
    let prior = priors[name]
    let weights = own.map {
      prior > 0 ? mixture.weights[$0] / prior : 1 / Double(own.count)
    }
    return Mixture(fitted: own.map { mixture.components[$0] }, weights: weights)
  }

  /// The same densities with other prior probabilities.
  ///
  /// - Parameter priors: one per class, in 0...1, summing to 1 within 10⁻⁸.
  /// - Throws: ``ParameterError`` naming what is wrong.
  public func withPriors(_ priors: [Double]) throws(ParameterError) -> Classifier {
    guard priors.count == classNames.count else {
      throw .countMismatch(weights: priors.count, components: classNames.count)
    }
    let densities = classNames.indices.map(density)
    var seen = Array(repeating: 0, count: classNames.count)
    let weights = classOfComponent.map { name in
      defer { seen[name] += 1 }
      return priors[name] * densities[name].weights[seen[name]]
    }
    return try Classifier(
      classNames: classNames, mixture: Mixture(weights: weights, components: mixture.components),
      classOfComponent: classOfComponent)
  }

  /// What the classifier says of each point, in the order of the points.
  ///
  /// - Throws: ``DataError`` where the dimensions differ or a coordinate is not finite.
  /// - Complexity: O(*n*) memory; for many points, ask for a range of rows at a time.
  public func predictions(
    of points: any PointSource, rows: Range<Int>? = nil, threads: Int = 1
  ) throws(DataError) -> [ClassPrediction] {
    try mixture.assignments(of: points, rows: rows, threads: threads).map(prediction)
  }

  /// What the mixture says of a point, by class.
  public func prediction(_ assignment: PointAssignment) -> ClassPrediction {
    ClassPrediction(
      posteriors: sums(by: assignment.responsibilities), logDensity: assignment.logDensity)
  }

  private func sums(by values: [Double]) -> [Double] {
    var sums = Array(repeating: 0.0, count: classNames.count)
    for (value, name) in zip(values, classOfComponent) { sums[name] += value }
    return sums
  }
}

/// What a classifier says of one point.
public struct ClassPrediction: Sendable, Equatable {
  /// P(c | x) of each class, summing to one.
  public let posteriors: [Double]

  /// ln Σ_c π_c f_c(x), natural logarithm.
  public let logDensity: Double

  /// What a classifier says of a point.
  public init(posteriors: [Double], logDensity: Double) {
    self.posteriors = posteriors
    self.logDensity = logDensity
  }

  /// The class of the largest posterior, counting from zero; the first of equals.
  public var classIndex: Int { posteriors.indexOfLargest }

  /// 1 − max_c P(c | x).
  public var uncertainty: Double { 1 - posteriors[classIndex] }
}
