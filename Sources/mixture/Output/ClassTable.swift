import Mixtures
import MixturesIO
import MixturesReport

/// How the components of a fit and the true classes meet, as it is printed.
struct ClassTable {
  let comparison: ClassComparison

  var agreement: Agreement { comparison.agreement }

  func lines(width: Int) -> [String] {
    var table = TextTable()
    table.append(["class \\ component"] + comparison.components.map { "\($0 + 1)" })
    for (name, row) in zip(comparison.classes, comparison.counts) {
      table.append([Excerpt(name).description] + row.map(\.count))
    }
    return table.lines(width: width)
  }

  var json: JSONValue {
    [
      "adjustedRandIndex": .number(agreement.adjustedRandIndex),
      "errorRate": .number(agreement.errorRate),
      "classes": JSONValue(comparison.classes),
      "components": .array(comparison.components.map { .integer($0 + 1) }),
      "table": .array(comparison.counts.map { JSONValue($0) }),
    ]
  }
}
