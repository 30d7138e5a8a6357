import ArgumentParser
import Mixtures
import MixturesIO

/// `mixture describe`: what is in a model file.
struct DescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Print the components of a model and where it comes from.")

  @Argument(help: .modelFile, completion: .file(extensions: ["json"]))
  var model: String

  @Flag(help: "Print one JSON document instead of tables.")
  var json = false

  @Option(help: "When to use colours.")
  var color = ColorChoice.auto

  func run() throws {
    let file = try ModelFile(contentsOf: model)
    try OutputFile.write(json ? document(file).description + "\n" : text(file), to: "-")
  }

  private func document(_ file: ModelFile) -> JSONValue {
    [
      "schema": "mixtures.describe/1",
      "dimension": .integer(file.mixture.dimension),
      "features": JSONValue(file.features),
      "structure": .string(file.structure.name),
      "components": .integer(file.mixture.componentCount),
      "parameterCount": .integer(file.freeParameterCount),
      "model": file.json,
    ]
  }

  private func text(_ file: ModelFile) -> String {
    let style = color.style
    let width = Terminal.width()
    var sections = [
      [
        style.bold(
          counted(file.mixture.componentCount, "component") + ", structure \(file.structure), "
            + counted(file.mixture.dimension, "dimension") + ", "
            + counted(file.freeParameterCount, "parameter"))
      ],
      ComponentTable(
        mixture: file.mixture, features: file.features, style: style,
        names: file.namesOfComponents, correlationLimit: 0
      ).lines(width: width),
    ]
    for (k, component) in file.mixture.components.enumerated() {
      sections.append(covariance(k, component, file.features, style: style, width: width))
    }
    if case .object(let members) = file.provenance {
      var table = TextTable()
      for member in members {
        table.append([member.key, text(of: member.value)].map(Excerpt.whole))
      }
      sections.append([style.bold("Provenance")] + table.lines(width: width))
    }
    return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private func covariance(
    _ k: Int, _ component: Gaussian, _ features: [String], style: Style, width: Int
  ) -> [String] {
    var table = TextTable()
    let names = features.map { Excerpt($0).description }
    table.append([""] + names)
    for (i, name) in names.enumerated() {
      table.append([name] + names.indices.map { component.covariance[i, $0].significant(5) })
    }
    return [style.bold("Covariance of component \(k + 1)")] + table.lines(width: width)
  }

  private func text(of value: JSONValue) -> String {
    switch value {
    case .string(let text): text
    case .object(let members):
      members.map { "\($0.key) \(text(of: $0.value))" }.joined(separator: ", ")
    default: value.description
    }
  }
}
