extension MarkClass {
  /// The rules of pages: on light paper the attributes of marks have their colours, on dark paper the classes.
  ///
  /// Paper that comes out of a printer is light.
  static var pageStyle: String {
    let dark = all.map { "  .\($0.name) { \($0.property): \($0.dark); }\n" }.joined()
    return "@media screen and (prefers-color-scheme: dark) {\n\(dark)}\n"
  }
}
