import Mixtures

extension Matrix {
  /// Hard responsibilities: one in the column of each point's label, counting from zero.
  public init(indicatorsOf labels: [Int], components: Int) {
    self.init(zerosOf: labels.count, by: components)
    for (row, label) in labels.enumerated() { self[row, label] = 1 }
  }
}
