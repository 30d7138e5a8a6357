import MixturesIO

extension Markup {
  /// Data for a script, in an element that is not run.
  ///
  /// No text in it can end the element: `<` is written as an escape of JSON.
  static func data(_ value: JSONValue) -> Markup {
    let text = value.description.split(separator: "<", omittingEmptySubsequences: false)
      .joined(separator: "\\u003c")
    return .group([
      .verbatim("<script type=\"application/json\">"), .verbatim(text), .verbatim("</script>"),
    ])
  }
}
