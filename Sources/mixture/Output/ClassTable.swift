import Mixtures
import MixturesIO

/// How the components of a fit and the true classes meet.
struct ClassTable {
  let agreement: Agreement
  private let classes: [String]

  /// −1 for the background.
  private let components: [Int]
  private var counts: [[Double]]

  /// - Parameter classification: the component of each point, counting from zero; −1 for the background.
  init(of classification: [Int], with truth: [String], weights: [Double]?, components: Int) {
    agreement = Agreement(of: classification, with: truth, weights: weights)
    classes = ClassifierTraining.names(of: truth)
    let numbers = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
    self.components = (classification.contains(-1) ? [-1] : []) + Array(0..<components)
    counts = classes.map { [components = self.components] _ in components.map { _ in 0 } }
    let shift = self.components[0]
    for (index, name) in truth.enumerated() {
      guard let row = numbers[name] else { continue }
      counts[row][classification[index] - shift] += weights?[index] ?? 1
    }
  }

  func lines(width: Int) -> [String] {
    var table = TextTable()
    table.append(["class \\ component"] + components.map { "\($0 + 1)" })
    for (name, row) in zip(classes, counts) {
      table.append([Excerpt(name).description] + row.map(\.count))
    }
    return table.lines(width: width)
  }

  var json: JSONValue {
    [
      "adjustedRandIndex": .number(agreement.adjustedRandIndex),
      "errorRate": .number(agreement.errorRate),
      "classes": JSONValue(classes),
      "components": .array(components.map { .integer($0 + 1) }),
      "table": .array(counts.map { JSONValue($0) }),
    ]
  }
}
