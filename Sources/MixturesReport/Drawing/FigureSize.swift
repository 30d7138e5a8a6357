/// How large a figure is, in pixels, without its title and its caption.
public struct FigureSize: Sendable, Equatable {
  /// From 200 to 4000.
  public let width: Double

  /// From 150 to 4000.
  public let height: Double

  /// The nearest size that can be drawn; the smallest in place of NaN.
  public init(width: Double, height: Double) {
    self.width = Self.drawable(width, least: 200)
    self.height = Self.drawable(height, least: 150)
  }

  private static func drawable(_ length: Double, least: Double) -> Double {
    length >= least ? min(length, 4000) : least
  }

  /// All of it but a margin.
  package var paper: Rectangle { Rectangle(x: 8, y: 4, width: width - 16, height: height - 8) }
}
