extension [String] {
  /// The label of a component, where these are the labels of the first ones.
  func label(of k: Int) -> String? { indices.contains(k) ? self[k] : nil }
}
