import Mixtures

extension Figure {
  /// The histogram of one column, with the mixture's density under its weighted components.
  ///
  /// The histogram counts all points by their weights; bins follow Freedman & Diaconis (1981), and
  /// are narrower where they would hide a component.
  ///
  /// - Parameters:
  ///   - points: points of the mixture's dimension.
  ///   - column: counting from zero; of more columns the marginal densities are drawn.
  /// - Throws: ``DataError`` where the dimensions differ or a coordinate is infinite.
  /// - Complexity: two passes over the points.
  /// - Precondition: `column` is one of the points' columns.
  public static func histogram(
    of points: any PointSource, mixture: GaussianMixture, column: Int = 0,
    options: FigureOptions = FigureOptions()
  ) throws(DataError) -> Figure {
    precondition((0..<mixture.dimension).contains(column), "a column of the points")
    let asked = try AskedPoints(points, mixture, options)
    let histogram = try Histogram(points, column: column, sample: asked.sample, under: mixture)
    let drawing = DensityDrawing(asked: asked, column: column, histogram: histogram)
    let names = ComponentNames(options, of: mixture)
    let name = asked.names[column]
    let size = options.size ?? FigureSize(width: 720, height: 400)
    let panel = Panel(
      in: size.paper,
      x: Axis(title: name, domain: drawing.domain),
      y: Axis(title: "density", domain: 0...(drawing.highest * 1.18)))
    let labels = ComponentLabels(names: names, mixture: mixture)
    let anchors = drawing.anchors(in: panel)
    let words = MixtureWords(mixture, names, columns: [column], asked.names)
    return Figure(
      title: "\(name), with \(counted(mixture.componentCount, "component"))",
      description: words.description(of: "Histogram", counted(histogram.pointCount, "point")),
      caption: ([
        "Bars are the \(counted(histogram.pointCount, "point")); the pale line is the density of the mixture, the coloured ones are its components, each times its mixing weight."
      ]
        + drawing.missingRemarks(total: points.count) + drawing.backgroundRemarks
        + labels.remarks).joined(separator: " "),
      table: words.table, size: size,
      content: [
        panel.markup(
          id: "panel", marks: drawing.marks(in: panel),
          labels: labels.markup(
            in: panel.frame, avoiding: anchors.obstacles, anchors.peaks))
      ])
  }
}

extension DensityDrawing {
  fileprivate var backgroundRemarks: [String] {
    guard let share = asked.mixture.background?.weight, share > 0 else { return [] }
    return [
      background == nil
        ? "The background, with \(share.percent), is not drawn: its length along this column is unknown."
        : "The grey line is the background, with \(share.percent), of constant density \(MixtureWords.place)."
    ]
  }

  fileprivate func missingRemarks(total: Int) -> [String] {
    let missing = total - histogram.pointCount
    guard missing > 0 else { return [] }
    return [
      "\(counted(missing, "point")) without this cell or of weight zero \(missing == 1 ? "is" : "are") left out."
    ]
  }
}
