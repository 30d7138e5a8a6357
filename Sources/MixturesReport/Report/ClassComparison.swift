import Mixtures

/// How the components of a fit and known classes meet.
public struct ClassComparison: Sendable {
  /// One number for how well they agree.
  public let agreement: Agreement

  /// The different classes, in order.
  public let classes: [String]

  /// The components, counting from zero; −1 for the background.
  public let components: [Int]

  /// How often points of each class, by row, were given to each component, by column.
  public let counts: [[Double]]

  /// Compares a classification with the truth.
  ///
  /// - Parameters:
  ///   - classification: the component of each point, counting from zero; −1 for the background.
  ///   - truth: the class of each point.
  ///   - weights: how often each point counts; once unless given.
  ///   - components: K.
  /// - Precondition: `classification` and `truth` have the same length, at least 1, as have the weights; the components are
  ///   −1 or 0..<K.
  public init(
    of classification: [Int], with truth: [String], weights: [Double]?, components: Int
  ) {
    precondition(classification.count == truth.count && !truth.isEmpty, "one class per point")
    precondition(weights.map { $0.count == truth.count } ?? true, "one weight per point")
    precondition(
      classification.allSatisfy { $0 == -1 || (0..<components).contains($0) },
      "components of the mixture")
    agreement = Agreement(of: classification, with: truth, weights: weights)
    classes = ClassifierTraining.names(of: truth)
    let numbers = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
    let columns = (classification.contains(-1) ? [-1] : []) + Array(0..<components)
    var counts = classes.map { _ in columns.map { _ in 0.0 } }
    for (index, name) in truth.enumerated() {
      guard let row = numbers[name] else { continue }
      counts[row][classification[index] - columns[0]] += weights?[index] ?? 1
    }
    self.components = columns
    self.counts = counts
  }
}
