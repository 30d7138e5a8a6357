/// How large a figure is, in pixels, without its title and its caption.
public struct FigureSize: Sendable, Equatable {
  /// From 200 to 4000.
  public let width: Double

  /// From 150 to 4000.
  public let height: Double

  /// The nearest size that can be drawn.
  public init(width: Double, height: Double) {
    self.width = min(max(width, 200), 4000)
    self.height = min(max(height, 150), 4000)
  }

  /// All of it but a margin.
  package var paper: Rectangle { Rectangle(x: 8, y: 4, width: width - 16, height: height - 8) }
}
