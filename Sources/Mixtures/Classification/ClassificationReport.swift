/// How predictions compare with known classes.
public struct ClassificationReport: Sendable, Equatable {
  /// How often each class, by row, was taken for each, by column.
  public let confusion: [[Double]]

  /// The share of points that were taken for another class.
  public let errorRate: Double

  /// The mean of Σ_c (P(c | x) − [c is the class])² / 2: zero for certainty that is right, one for certainty that is wrong.
  ///
  /// Source: Brier (1950), "Verification of forecasts expressed in terms of probability", *Monthly Weather Review* 78, 1–3.
  public let brierScore: Double

  /// Compares predictions with the truth.
  ///
  /// - Parameters:
  ///   - predictions: one per point, at least one.
  ///   - truth: the class of each point, counting from zero.
  ///   - weights: how often each point counts; once unless given.
  public init(_ predictions: [ClassPrediction], truth: [Int], weights: [Double]? = nil) {
    precondition(predictions.count == truth.count && !truth.isEmpty, "one class per point")
    let count = predictions[0].posteriors.count
    var confusion = Array(repeating: Array(repeating: 0.0, count: count), count: count)
    var (total, squares) = (0.0, 0.0)
    for (index, prediction) in predictions.enumerated() {
      let weight = weights?[index] ?? 1
      confusion[truth[index]][prediction.classIndex] += weight
      total += weight
      squares += weight * prediction.squaredDistance(to: truth[index])
    }
    self.confusion = confusion
    errorRate = 1 - (0..<count).reduce(0) { $0 + confusion[$1][$1] } / total
    brierScore = squares / 2 / total
  }
}

extension ClassPrediction {
  fileprivate func squaredDistance(to truth: Int) -> Double {
    posteriors.enumerated().reduce(0) { sum, posterior in
      let error = posterior.element - (posterior.offset == truth ? 1 : 0)
      return sum + error * error
    }
  }
}
