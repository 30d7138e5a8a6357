import Mixtures
import MixturesReport
import Testing

@Suite struct LabelPlacementTests {
  private let frame = Rectangle(x: 10, y: 10, width: 400, height: 300)

  @Test(arguments: UInt64(1)...5)
  func labelsKeepApartAndInside(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var placement = LabelPlacement(in: frame, avoiding: [])
    var found: [Rectangle] = []
    for _ in 0..<12 {
      let anchor = Place(
        x: .random(in: 10...410, using: &generator), y: .random(in: 10...310, using: &generator))
      found.append(
        placement.place(.init(width: 60, height: 16, anchor: anchor, reach: (10, 10))))
    }
    for (index, rectangle) in found.enumerated() {
      #expect(frame.contains(rectangle))
      #expect(found[..<index].allSatisfy { !$0.intersects(rectangle) })
    }
  }

  @Test func labelsDodgePoints() {
    // A crowd above the anchor, where a label would go first.
    let crowd = (0..<400).map {
      Place(x: 160 + Double($0 % 20) * 5, y: 60 + Double($0 / 20) * 4)
    }
    var placement = LabelPlacement(in: frame, avoiding: crowd)
    let found = placement.place(
      .init(width: 60, height: 16, anchor: Place(x: 210, y: 150), reach: (5, 5)))
    #expect(crowd.allSatisfy { !found.contains($0) })
  }

  /// Around a component that lies between two others there is room for its label only where it would seem to be theirs, but for
  /// its right.
  @Test func labelsStandBesideWhatTheyTellOf() {
    let own = LabelPlacement.Anchor(centre: Place(x: 210, y: 150), reach: (20, 20))
    let others = [(210.0, 110.0), (210, 190), (140, 150)].map {
      LabelPlacement.Anchor(centre: Place(x: $0.0, y: $0.1), reach: (45, 18))
    }
    var placement = LabelPlacement(in: frame, avoiding: [], besides: [own] + others)
    let found = placement.place(
      .init(width: 60, height: 16, anchor: own.centre, reach: own.reach))
    #expect(others.allSatisfy { $0.distance(to: found) > own.distance(to: found) })
    // 30 from the centre, of which 20 are its reach, by a square root and a quotient.
    let distance = own.distance(to: Rectangle(x: 240, y: 145, width: 60, height: 10))
    #expect(abs(distance - 10) <= 1e-13)
  }

  @Test func textsThatBeginAlikeShowTheirEnds() {
    let names = (1...12).map { "class number \($0)" }
    let found = TextMetrics.shortened(names, to: 40, size: 12)
    #expect(Set(found).count == 12 && found.allSatisfy { $0.hasPrefix("…") })
    #expect(TextMetrics.shortened(["setosa", "virginica"], to: 200, size: 12)[1] == "virginica")
    #expect(
      TextMetrics.shortened(["a long name", "b long name"], to: 40, size: 12)[1].first == "b")
  }

  @Test func spreadPlacesKeepTheirOrderAndDistance() {
    let places = [10.0, 11, 12, 50, 51, 99]
    let found = spread(places, distance: 10, within: 0...100)
    for (place, next) in zip(found, found.dropFirst()) { #expect(next - place >= 10 - 1e-9) }
    #expect(found.allSatisfy { $0 >= 0 && $0 <= 100 })
    #expect(spread([5, 50], distance: 10, within: 0...100) == [5, 50])
    #expect(spread([], distance: 10, within: 0...100).isEmpty)
  }

  @Test func linesAreNoWiderThanAsked() {
    let text = "Contours bound the regions of highest density that hold 50 % and 95 %."
    for line in TextMetrics.lines(of: text, width: 150, size: 11) {
      #expect(TextMetrics.width(of: line, size: 11) <= 150)
    }
    #expect(TextMetrics.lines(of: "", width: 150, size: 11).isEmpty)
    let long = String(repeating: "W", count: 40)
    #expect(TextMetrics.width(of: TextMetrics.shortened(long, to: 60, size: 12), size: 12) <= 60)
    #expect(TextMetrics.shortened("short", to: 60, size: 12) == "short")
  }
}

extension Rectangle {
  fileprivate func contains(_ other: Rectangle) -> Bool {
    other.x >= x && other.right <= right && other.y >= y && other.bottom <= bottom
  }
}
