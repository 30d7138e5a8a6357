import ArgumentParser
import MixturesIO

/// `a=0.2,b=0.8`. A name may contain `=`, since the last one separates; one with a comma stands between quotation marks, of which those
/// within are doubled, as in CSV: `"a,b"=0.2`.
struct ClassPriors {
  let text: String
  private let values: [String: Double]

  init(parsing argument: String) throws {
    var values: [String: Double] = [:]
    for part in Self.parts(of: argument) {
      guard let separator = part.lastIndex(of: "="),
        let name = Self.name(part[..<separator]),
        let value = Double(part[part.index(after: separator)...]), value >= 0, value <= 1,
        values.updateValue(value, forKey: name) == nil
      else {
        throw ValidationError(
          "expected a probability for each class, each once, such as a=0.2,b=0.8 or \"a,b\"=0.2,c=0.8; "
            + "found \(Excerpt(String(part)).quoted).")
      }
    }
    text = argument
    self.values = values
  }

  /// What stands between commas, but for those in quotation marks.
  private static func parts(of argument: String) -> [Substring] {
    var parts: [Substring] = []
    var (start, isQuoted) = (argument.startIndex, false)
    for index in argument.indices {
      if argument[index] == "\"", argument[start] == "\"" { isQuoted.toggle() }
      guard argument[index] == ",", !isQuoted else { continue }
      parts.append(argument[start..<index])
      start = argument.index(after: index)
    }
    return parts + [argument[start...]]
  }

  /// A name without its quotation marks; `nil` where one is missing.
  private static func name(_ text: Substring) -> String? {
    guard text.first == "\"" else { return String(text) }
    guard text.count >= 2, text.last == "\"" else { return nil }
    var name = ""
    var isComplete = true
    for character in text.dropFirst().dropLast() {
      guard isComplete || character == "\"" else { return nil }
      isComplete = character != "\"" || !isComplete
      if isComplete { name.append(character) }
    }
    return isComplete ? name : nil
  }

  /// One for each class.
  func ordered(like names: [String]) throws -> [Double] {
    if let unknown = values.keys.sorted().first(where: { !names.contains($0) }) {
      throw ValidationError(
        "--class-priors: there is no class \(Excerpt(unknown).quoted). "
          + "The classes are \(Excerpt.list(names)).")
    }
    let sum = values.values.reduce(0, +)
    guard values.count < names.count || abs(sum - 1) <= 1e-8 else {
      throw ValidationError("--class-priors: expected probabilities that sum to 1, found \(sum).")
    }
    return try names.map { name in
      guard let value = values[name] else {
        throw ValidationError("--class-priors: class \(Excerpt(name).quoted) has none. Add it.")
      }
      return value
    }
  }
}
