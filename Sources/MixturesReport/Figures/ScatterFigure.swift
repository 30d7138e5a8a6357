import Mixtures

extension Figure {
  /// Points of two columns, each in the mixed colours of its components, with the mixture over them.
  ///
  /// Points with a missing cell in either column are left out, and the caption counts them; areas tell the weights of points.
  ///
  /// - Parameters:
  ///   - points: points of the mixture's dimension, at least two.
  ///   - columns: counting from zero; `nil` for those that separate the components most.
  ///   - overlay: what is drawn of the mixture.
  /// - Throws: ``DataError`` where the dimensions differ or a coordinate is infinite.
  /// - Complexity: one read of at most `options.pointLimit` rows, beside the contours.
  /// - Precondition: the mixture has two columns at least, and `columns` are two of them.
  public static func scatter(
    of points: any PointSource, mixture: GaussianMixture, columns: (Int, Int)? = nil,
    overlay: Overlay = .contours, options: FigureOptions = FigureOptions()
  ) throws(DataError) -> Figure {
    precondition(mixture.dimension > 1, "at least two columns")
    let shown = mixture.columns(asked: columns)
    let pair = (shown[0], shown[1])
    let size = options.size ?? FigureSize(width: 720, height: 500)
    let asked = try AskedPoints(points, mixture, options)
    let drawing = ScatterDrawing(asked, columns: pair, overlay: overlay)
    let names = ComponentNames(options, of: mixture)
    let (panel, isRound) = panel(of: drawing, in: size.paper)
    let labels = ComponentLabels(names: names, mixture: mixture)
    let texts = (asked.names[pair.0], asked.names[pair.1])
    return Figure(
      title: "\(texts.1) by \(texts.0), with \(counted(mixture.componentCount, "component"))",
      description: MixtureWords(mixture, names, columns: shown, asked.names)
        .description(of: "Scatter plot", asked.sample.drawnInWords(columns: shown)),
      caption: ([Self.pointRemark, drawing.overlayRemark(isRound: isRound)]
        + asked.sample.remarks(columns: shown)
        + MixtureWords.backgroundRemarks(
          mixture, box: drawing.plane.background, overlay: overlay)
        + labels.remarks)
        .filter { !$0.isEmpty }.joined(separator: " "),
      table: MixtureWords(mixture, names, columns: shown, asked.names).table,
      size: size,
      content: [
        panel.markup(
          id: "panel", marks: drawing.marks(in: panel, draws: nil),
          labels: labels.markup(
            in: panel.frame,
            avoiding: drawing.places(in: panel) + drawing.outlinePlaces(in: panel),
            drawing.labelAnchors(in: panel)))
      ])
  }

  static let pointRemark = "The colour of a point mixes those of its components."

  /// - Returns: the panel, and whether circles look round in it.
  private static func panel(
    of drawing: ScatterDrawing, in outer: Rectangle
  ) -> (Panel, isRound: Bool) {
    let (asked, columns) = (drawing.asked, drawing.columns)
    let x = Axis(title: asked.names[columns.0], domain: asked.domain(of: columns.0))
    let y = Axis(title: asked.names[columns.1], domain: asked.domain(of: columns.1))
    let isRound = drawing.isSpherical && Panel.canBeIsometric(x, y)
    return (Panel(in: outer, x: x, y: y, isIsometric: isRound), isRound)
  }
}

extension ScatterDrawing {
  /// The centre of each component, and how far its outline reaches.
  func labelAnchors(in panel: Panel) -> [(centre: Place, reach: (x: Double, y: Double))] {
    let radius = overlay == .contours ? 2.3 : isSpherical ? 1 : 2.45
    return plane.components.map {
      (panel.place($0.mean.x, $0.mean.y), $0.reach(radius: radius, in: panel))
    }
  }

  /// What the overlay is, in a sentence.
  func overlayRemark(isRound: Bool) -> String {
    let remark = overlayWords(isRound: isRound)
    return overlay == .none || !showsMeans ? remark : remark.dropLast() + "; crosses are means."
  }

  /// Whether nothing is missing in contours.
  private var holdsBackground: Bool {
    (asked.mixture.background?.weight ?? 0) == 0 || plane.background != nil
  }

  private func overlayWords(isRound: Bool) -> String {
    switch overlay {
    case .none: ""
    case .contours:
      "Contours bound the regions of highest density that hold 50\u{A0}% and 95\u{A0}% of the "
        + (holdsBackground ? "mixture" : "components without the background")
        + (asked.mixture.dimension > 2 ? " in these columns" : "") + "."
    case .ellipses where isSpherical:
      "Circles have the radius σ of their component, and hold 39\u{A0}% of it"
        + (asked.mixture.dimension > 2 ? " in these columns" : "")
        + (isRound ? "" : " (flattened: the axes have different scales)") + "."
    case .ellipses:
      "Ellipses hold 50\u{A0}% and 95\u{A0}% of their component"
        + (asked.mixture.dimension > 2 ? " in these columns" : "") + "."
    }
  }
}
