import MixtureKernels
import Mixtures

/// Where some columns of a background are drawn, with its density there times its mixing weight.
///
/// A mixture knows how long the box of its background is along each column, and not where it lies: it is drawn about the middle of
/// the points. That of a fit reaches from the first point to the last, save where a box along the principal axes is smaller.
package struct BackgroundBox: Sendable {
  /// One per column.
  package let sides: [ClosedRange<Double>]

  package let weight: Double

  /// ln π₀ f₀ in the columns.
  package let logTerm: Double

  /// - Parameter ranges: those of the points in the columns.
  /// - Returns: `nil` without a background, and where its lengths are unknown or beyond what can be drawn.
  package init?(of mixture: GaussianMixture, columns: [Int], ranges: [ValueRange]) {
    guard let background = mixture.background, background.weight > 0 else { return nil }
    let alone = mixture.dimension == 1 ? [-background.logDensity] : nil
    guard let all = background.logLengths ?? alone else { return nil }
    let logLengths = columns.map { all[$0] }
    weight = background.weight
    logTerm = naturalLog(background.weight) - logLengths.reduce(0, +)
    sides = zip(ranges, logLengths).compactMap { range, logLength in
      let half = exponential(logLength) / 2
      let middle = range.isEmpty ? 0 : range.lower / 2 + range.upper / 2
      guard half > 0, (middle - half).isFinite, (middle + half).isFinite else { return nil }
      return (middle - half)...(middle + half)
    }
    guard sides.count == columns.count else { return nil }
  }

  package func contains(_ values: Double...) -> Bool {
    zip(sides, values).allSatisfy { $0.contains($1) }
  }

  /// A log-density just below that of the background.
  package var floor: Double { logTerm - 1e-9 * max(1, abs(logTerm)) }

  /// The middles of `count` by `count` equal cells of two columns.
  package func cells(_ count: Int) -> [Place] {
    func middles(_ side: ClosedRange<Double>) -> [Double] {
      let edges = side.evenly(2 * count)
      return (0..<count).map { edges[2 * $0 + 1] }
    }
    let (x, y) = (middles(sides[0]), middles(sides[1]))
    return y.flatMap { y in x.map { Place(x: $0, y: y) } }
  }

  /// Places along the edges of two columns, of which each has `count`.
  func places(in panel: Panel, count: Int) -> [Place] {
    let (x, y) = (sides[0], sides[1])
    return x.evenly(count).flatMap {
      [panel.place($0, y.lowerBound), panel.place($0, y.upperBound)]
    }
      + y.evenly(count).flatMap { [panel.place(x.lowerBound, $0), panel.place(x.upperBound, $0)] }
  }

  /// Close before and after both ends of a side: lines of a grid between which the density falls.
  package func edges(_ column: Int) -> [Double] {
    let side = sides[column]
    let gap = 1e-6 * (side.upperBound - side.lowerBound)
    return [
      side.lowerBound - gap, side.lowerBound, side.upperBound, side.upperBound + gap,
    ]
  }
}

extension AskedPoints {
  /// That of the mixture about the points of the sample.
  func backgroundBox(_ columns: [Int]) -> BackgroundBox? {
    guard mixture.background != nil else { return nil }
    let drawn = sample.drawn(columns: columns)
    let ranges = columns.map { column in
      ValueRange(drawn.lazy.map { sample.points[$0, column] })
    }
    return BackgroundBox(of: mixture, columns: columns, ranges: ranges)
  }
}
