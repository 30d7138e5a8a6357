extension MarkClass {
  /// The rules of pages: on light paper the attributes of marks have their colours, on dark paper the classes.
  ///
  /// Paper that comes out of a printer is light.
  package static var pageStyle: String {
    let dark = all.map { "  .\($0.name) { \($0.property): \($0.dark); }\n" }.joined()
    // On dark paper nothing may shine through points, which it would dim.
    return "@media screen and (prefers-color-scheme: dark) {\n\(dark)  .points { opacity: 1; }\n}\n"
  }
}
