extension MarkClass {
  /// The rules of pages: on light paper the attributes of marks have their colours, on dark paper the classes.
  ///
  /// Paper that comes out of a printer is light.
  package static var pageStyle: String {
    "@media screen and (prefers-color-scheme:dark){\(darkRules)}\n"
  }
}
