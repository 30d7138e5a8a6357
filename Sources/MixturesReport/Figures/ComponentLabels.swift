import Mixtures

/// The mixing weights beside the components: a square of the colour, and a text whose ink reads on any paper.
struct ComponentLabels {
  let names: ComponentNames
  let mixture: GaussianMixture

  /// More labels would hide what they tell.
  static let limit = 24

  static let swatchRadius = 4.5
  static let height = 17.0

  /// Of the square with the gaps around it.
  static let swatchWidth = 2 * swatchRadius + 8

  /// The components that get a label, the largest first.
  var labelled: [Int] {
    let order = mixture.weights.indices.sorted {
      (-mixture.weights[$0], $0) < (-mixture.weights[$1], $1)
    }
    return Array(order.filter { mixture.weights[$0] > 0 }.prefix(Self.limit))
  }

  var remarks: [String] {
    let count = mixture.weights.count { $0 > 0 }
    return count > Self.limit
      ? ["Labelled are the \(Self.limit) largest of \(count) components."] : []
  }

  func text(_ k: Int) -> String { names.label(k, weight: mixture.weights[k]) }

  func width(_ k: Int) -> Double { TextStyle.label.widthInAnyFace(of: text(k)) + Self.swatchWidth }

  /// Labels that keep away from points and from each other.
  ///
  /// - Parameter anchors: for each component its centre on the paper, and how far it reaches.
  func markup(
    in frame: Rectangle, avoiding points: [Place],
    _ anchors: [(centre: Place, reach: (x: Double, y: Double))]
  ) -> [Markup] {
    var placement = LabelPlacement(
      in: frame, avoiding: points,
      besides: labelled.map { .init(centre: anchors[$0].centre, reach: anchors[$0].reach) })
    return labelled.filter { frame.inset(by: -1).contains(anchors[$0].centre) }.map { k in
      let reach = anchors[k].reach
      let rectangle = placement.place(
        .init(
          width: width(k), height: Self.height, anchor: anchors[k].centre,
          reach: (min(reach.x, 0.4 * frame.width), min(reach.y, 0.4 * frame.height))))
      return label(k, in: rectangle)
    }
  }

  /// One label, whose left edge is that of the rectangle.
  func label(_ k: Int, in rectangle: Rectangle) -> Markup {
    .swatchLabel(text(k), colour: Palette.component(k).hex, in: rectangle)
  }
}

extension Markup {
  /// A square of a colour, which no point is, and a text in ink.
  static func swatchLabel(_ text: String, colour: String, in rectangle: Rectangle) -> Markup {
    let radius = ComponentLabels.swatchRadius
    let middle = rectangle.centre.y
    return .group([
      .element(
        "rect",
        Rectangle(
          x: rectangle.x + 1, y: middle - radius, width: 2 * radius, height: 2 * radius
        ).attributes + [
          "rx": "2", "fill": colour, "class": "halo", "stroke": MarkClass.halo.light,
          "stroke-width": "1.5",
        ], []),
      .label(text, at: Place(x: rectangle.x + 2 * radius + 5, y: middle + 4.3), .label),
    ])
  }
}
