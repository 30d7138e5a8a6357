import MixturesIO

extension Markup {
  /// Data for a script, in an element that is not run.
  ///
  /// No text in it can end the element: `<` is written as an escape of JSON.
  package static func data(_ value: JSONValue) -> Markup {
    let text = value.compactText.split(separator: "<", omittingEmptySubsequences: false)
      .joined(separator: "\\u003c")
    return .group([
      .verbatim("<script type=\"application/json\">"), .verbatim(text), .verbatim("</script>"),
    ])
  }
}

extension JSONValue {
  /// The document without a blank that nobody reads.
  var compactText: String {
    switch self {
    case .null, .bool, .integer, .number, .string: description
    case .array(let elements): "[" + elements.map(\.compactText).joined(separator: ",") + "]"
    case .object(let members):
      "{"
        + members.map { JSONValue.string($0.key).description + ":" + $0.value.compactText }
        .joined(separator: ",") + "}"
    }
  }
}
