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

  /// The same share of the points of each class; `nil` for a class without points.
  public let classErrorRates: [Double?]

  /// The same mean over the points of each class; `nil` for a class without points.
  public let classBrierScores: [Double?]

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
    var squares = Array(repeating: 0.0, count: count)
    for (index, prediction) in predictions.enumerated() {
      let weight = weights?[index] ?? 1
      confusion[truth[index]][prediction.classIndex] += weight
      squares[truth[index]] += weight * prediction.squaredDistance(to: truth[index])
    }
    let totals = confusion.map { $0.reduce(0, +) }
    let total = totals.reduce(0, +)
    self.confusion = confusion
    errorRate = (total - (0..<count).reduce(0) { $0 + confusion[$1][$1] }) / total
    brierScore = squares.reduce(0, +) / 2 / total
    classErrorRates = totals.indices.map {
      totals[$0] > 0 ? (totals[$0] - confusion[$0][$0]) / totals[$0] : nil
    }
    classBrierScores = totals.indices.map {
      totals[$0] > 0 ? squares[$0] / 2 / totals[$0] : nil
    }
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
