import Mixtures

extension Figure {
  /// Every pair of columns: points and contours below the diagonal, the densities of single columns on it.
  ///
  /// Of more than eight columns it shows the eight that separate the components most, by the variance between their means
  /// relative to that within them, and says so.
  ///
  /// - Parameters:
  ///   - points: points of the mixture's dimension, at least two.
  ///   - columns: two to eight, counting from zero; `nil` for those that separate the components most.
  ///   - overlay: what is drawn of the mixture.
  ///   - options: what figures of points have in common.
  /// - Throws: ``DataError`` where the dimensions differ or a coordinate is infinite.
  /// - Complexity: a read of the sample, and two passes over the points.
  /// - Precondition: the mixture has two columns at least; `columns` are two to eight of them, each once.
  public static func pairs(
    of points: any PointSource, mixture: GaussianMixture, columns: [Int]? = nil,
    overlay: Overlay = .contours, options: FigureOptions = FigureOptions()
  ) throws(DataError) -> Figure {
    precondition(mixture.dimension > 1, "at least two columns")
    let shown = columns ?? mixture.separatingColumns(PairsDrawing.columnLimit)
    precondition(
      shown.count > 1 && shown.count <= PairsDrawing.columnLimit
        && Set(shown).count == shown.count
        && shown.allSatisfy { (0..<mixture.dimension).contains($0) },
      "two to eight different columns of the points")
    let pairCount = shown.count * (shown.count - 1) / 2
    var options = options
    // Each point is drawn once per pair.
    options.pointLimit = min(
      options.pointLimit, max(PairsDrawing.fewestPoints, PairsDrawing.dotLimit / pairCount))
    let asked = try AskedPoints(points, mixture, options)
    let histograms = try Histogram.all(
      of: points, columns: shown, sample: asked.sample, under: mixture,
      binLimit: PairsDrawing.binLimit)
    let drawing = PairsDrawing(
      asked: asked, columns: shown, histograms: histograms, overlay: overlay)
    let names = ComponentNames(options, of: mixture)
    let words = MixtureWords(mixture, names, columns: shown, asked.names)
    let pair = drawing.scatter(0, 1)
    let choice =
      columns == nil && shown.count < mixture.dimension
      ? [
        "Shown are the \(shown.count) of \(mixture.dimension) columns that separate the components most."
      ] : []
    return Figure(
      title:
        "\(counted(shown.count, "column")), with \(counted(mixture.componentCount, "component"))",
      description: words.description(
        of: "Scatter plots of every pair",
        asked.sample.drawnInWords(columns: shown, inPanels: true)),
      caption: (choice + [
        pointRemark, pair.overlayRemark(isRound: false),
        "On the diagonal: histogram, total density (pale) and components of single columns"
          + drawing.backgroundWords,
      ] + asked.sample.remarks(columns: shown, inPanels: true)
        + MixtureWords.backgroundRemarks(mixture, box: pair.plane.background, overlay: overlay)
        + ComponentLabels(names: names, mixture: mixture).remarks)
        .filter { !$0.isEmpty }.joined(separator: " "),
      table: words.table, size: FigureSize(width: PairsDrawing.width, height: drawing.height),
      content: drawing.content + [drawing.key(names)])
  }
}

extension GaussianMixture {
  /// The columns of a figure of two: those asked for, or else those that separate the components most; where there is but one,
  /// that alone.
  ///
  /// - Precondition: `asked` are two columns of the mixture, if it has two.
  func columns(asked: (Int, Int)?) -> [Int] {
    guard dimension > 1 else { return [0] }
    guard let (i, j) = asked else { return separatingColumns(2) }
    precondition(
      i != j && [i, j].allSatisfy { (0..<dimension).contains($0) }, "two columns of the points")
    return [i, j]
  }

  /// The columns that separate the components most, in their own order: those whose variance lies between the components
  /// for the largest part.
  func separatingColumns(_ limit: Int) -> [Int] {
    let separation = (0..<dimension).map { shareBetween(column: $0) }
    let order = separation.indices.sorted { (-separation[$0], $0) < (-separation[$1], $1) }
    return order.prefix(limit).sorted()
  }
}
