import Mixtures

extension Figure {
  /// EM step by step: six moments of a film side by side, the start first and the end last.
  ///
  /// In one dimension each shows the weighted components, else two columns with the ellipses that hold half of each component and
  /// 95 % of it.
  ///
  /// - Parameters:
  ///   - film: EM from its start to its end.
  ///   - columns: which two columns are drawn, where there are two; `nil` for those that separate the components of the end
  ///     most.
  ///   - model: a mixture whose log-likelihood on the points of the film is compared with that of the end.
  /// - Throws: ``DataError`` where the points of the film cannot be drawn.
  /// - Precondition: `columns` are two columns of the points, if these have two.
  public static func steps(
    _ film: Film, columns: (Int, Int)? = nil, beside model: GaussianMixture? = nil,
    options: FigureOptions = FigureOptions()
  ) throws(DataError) -> Figure {
    let drawing = try StepsDrawing(film, columns: columns, options)
    var remarks = drawing.remarks + drawing.backgroundRemarks + film.remarks
    if let model { remarks += try film.remarks(beside: model) }
    let (first, last) = (film.first, film.last)
    return Figure(
      title: "Expectation–maximisation, step by step",
      description:
        "\(counted(drawing.shown.count, "picture")) of EM with \(counted(first.mixture.componentCount, "component")): the log-likelihood goes from \(first.logLikelihood.shown(2)) to \(last.logLikelihood.shown(2)) in \(counted(last.iteration, "iteration")).",
      caption: ([
        "Above each picture: the number of iterations, and the log-likelihood of the mixture that is drawn.",
        first.mixture.dimension > 1
          ? drawing.overlayRemark
          : "Coloured lines are the components, each times its mixing weight"
            + (first.mixture.background == nil ? "." : ", and the grey one is the background."),
      ] + remarks).joined(separator: " "),
      table: FigureTable(
        columns: ["iteration", "log-likelihood"]
          + first.mixture.weights.indices.map { "weight \($0 + 1)" },
        rows: film.frames.map { frame in
          ["\(frame.iteration)", frame.logLikelihood.shown(6)]
            + frame.mixture.weights.map { $0.shown(significant: 4) }
        }), size: FigureSize(width: StepsDrawing.width, height: drawing.height),
      content: drawing.content)
  }
}

extension Film {
  /// What a reader should know of the end, in sentences.
  var remarks: [String] {
    var remarks: [String] = []
    switch ending {
    case .converged: break
    case .iterationLimit: remarks.append("Not converged: this is the last iteration allowed.")
    case .degenerate(let reason): remarks.append(reason)
    }
    if isSample {
      remarks.append(
        "EM ran on \(points.rowCount.grouped) of \(totalCount.grouped) points, a sample.")
    }
    return remarks
  }

  /// Where a mixture stands on the points of the film, if not at the end, in sentences.
  func remarks(beside model: GaussianMixture) throws(DataError) -> [String] {
    var all = FigureOptions()
    all.pointLimit = points.rowCount
    let logLikelihood = try model.score(try sample(all).source).logLikelihood
    let difference = last.logLikelihood - logLikelihood
    guard abs(difference) > 0.05 else { return [] }
    return [
      "EM from this start ends \(abs(difference).shown(significant: 3)) "
        + "\(difference < 0 ? "below" : "above") the model's log-likelihood of \(logLikelihood.shown(2)), at another mixture."
    ]
  }

  /// The points of the film for drawing.
  func sample(_ options: FigureOptions) throws(DataError) -> PointSample {
    var source: any PointSource = points
    if let weights { source = try WeightedPoints(points, weights: weights) }
    return try PointSample(of: source, limit: options.pointLimit, seed: options.seed)
  }
}

private struct StepsDrawing {
  let shown: [Film.Frame]
  private let asked: [AskedPoints]
  private let columns: [Int]
  private let domains: [ClosedRange<Double>]
  private let histogram: Histogram?
  private let options: FigureOptions

  static let width = 780.0
  private static let perRow = 3

  init(
    _ film: Film, columns: (Int, Int)?, _ options: FigureOptions
  ) throws(DataError) {
    shown = Self.chosen(film.frames)
    self.options = options
    var options = options
    options.pointLimit = min(options.pointLimit, 1_500)
    let sample = try film.sample(options)
    var asked: [AskedPoints] = []
    for frame in shown { asked.append(try AskedPoints(sample, frame.mixture)) }
    self.asked = asked
    let shownColumns = film.last.mixture.columns(asked: columns)
    self.columns = shownColumns
    domains = shownColumns.map { column in
      asked.map { $0.domain(of: column) }.reduce(asked[0].domain(of: column)) {
        min($0.lowerBound, $1.lowerBound)...max($0.upperBound, $1.upperBound)
      }
    }
    histogram =
      shownColumns.count == 1
      ? try Histogram(sample.source, column: 0, sample: sample, under: film.last.mixture) : nil
  }

  /// The start, where the log-likelihood has half, 20 %, 5 % and 1 % of its rise before it, and the end.
  private static func chosen(_ frames: [Film.Frame]) -> [Film.Frame] {
    let last = frames.count - 1
    let shares = [0.5, 0.2, 0.05, 0.01]
    guard last > shares.count + 1 else { return frames }
    let end = frames[last].logLikelihood
    let rise = end - frames[0].logLikelihood
    var chosen = [0]
    for (index, share) in shares.enumerated() {
      let reached = frames.firstIndex { end - $0.logLikelihood <= share * rise } ?? last
      let latest = last - (shares.count - index)
      chosen.append(min(max(reached, chosen[index] + 1), latest))
    }
    return (chosen + [last]).map { frames[$0] }
  }

  var overlayRemark: String {
    ScatterDrawing(asked[0], columns: (columns[0], columns[1]), overlay: .ellipses)
      .overlayRemark(isRound: false)
  }

  var remarks: [String] { asked[0].sample.remarks(columns: columns) }

  /// In one dimension the caption names its line.
  var backgroundRemarks: [String] {
    guard columns.count == 2, shown[0].mixture.background != nil else { return [] }
    return ["Grey points are the background's."]
  }

  private var rowCount: Int { (shown.count + Self.perRow - 1) / Self.perRow }
  private var panelHeight: Double { columns.count == 1 ? 130 : 190 }
  private let left = 52.0

  /// Labels at the ends of neighbouring axes keep clear of each other.
  private var gap: Double {
    let labels = Ticks(domains[0], count: 3).labels
    return max(14, 6 + (labels.map { TextStyle.tick.widthInAnyFace(of: $0) }.max() ?? 0))
  }
  private var panelWidth: Double {
    (Self.width - left - 10 - gap * Double(Self.perRow - 1)) / Double(Self.perRow)
  }

  var height: Double { Double(rowCount) * (panelHeight + 28) + 42 }

  private func frame(_ index: Int) -> Rectangle {
    Rectangle(
      x: left + Double(index % Self.perRow) * (panelWidth + gap),
      y: 24 + Double(index / Self.perRow) * (panelHeight + 28), width: panelWidth,
      height: panelHeight)
  }

  var content: [Markup] {
    shown.indices.map { index in
      .group([heading(index), panel(index)])
    }
  }

  private func heading(_ index: Int) -> Markup {
    let step = shown[index]
    let name = step.iteration == 0 ? "start" : "iteration \(step.iteration)"
    let frame = frame(index)
    return .group([
      .label(
        name, at: Place(x: frame.x, y: frame.y - 7), TextStyle(size: 12, isBold: true)),
      .label(
        "ℓ = \(step.logLikelihood.shown(2))",
        at: Place(x: frame.right, y: frame.y - 7), TextStyle.tick.anchored(.end)),
    ])
  }

  private func panel(_ index: Int) -> Markup {
    let names = asked[0].names
    let isFirst = index % Self.perRow == 0
    let isLowest = index + Self.perRow >= shown.count
    let x = Axis(
      title: isLowest ? names[columns[0]] : "", domain: domains[0], showsLabels: isLowest)
    if columns.count == 1 {
      let drawing = density(index)
      let panel = Panel(
        frame: frame(index), x: x,
        y: Axis(title: "", domain: 0...(highest * 1.25), showsLabels: false))
      let anchors = drawing.anchors(in: panel)
      return panel.markup(
        id: "step-\(index)", marks: drawing.marks(in: panel, lineScale: 0.8),
        labels: labels(index, in: panel, avoiding: anchors.obstacles, anchors.peaks))
    }
    var drawing = ScatterDrawing(
      asked[index], columns: (columns[0], columns[1]), overlay: .ellipses)
    drawing.pointScale = 0.75
    let panel = Panel(
      frame: frame(index), x: x,
      y: Axis(
        title: isFirst ? names[columns[1]] : "", domain: domains[1], showsLabels: isFirst),
      widestLabel: 24)
    return panel.markup(
      id: "step-\(index)", marks: drawing.marks(in: panel, draws: nil),
      labels: labels(
        index, in: panel,
        avoiding: drawing.places(in: panel) + drawing.outlinePlaces(in: panel),
        drawing.labelAnchors(in: panel)))
  }

  /// More labels would hide a panel of this size.
  private static let labelLimit = 6

  /// The mixing weights beside the components.
  private func labels(
    _ index: Int, in panel: Panel, avoiding obstacles: [Place],
    _ anchors: [(centre: Place, reach: (x: Double, y: Double))]
  ) -> [Markup] {
    let mixture = shown[index].mixture
    guard mixture.componentCount <= Self.labelLimit else { return [] }
    return ComponentLabels(names: ComponentNames(options, of: mixture), mixture: mixture)
      .markup(in: panel.frame, avoiding: obstacles, anchors)
  }

  private func density(_ index: Int) -> DensityDrawing {
    DensityDrawing(
      asked: asked[index], column: 0,
      histogram: histogram ?? Histogram.empty)
  }

  private var highest: Double {
    shown.indices.map { density($0).highest }.max() ?? 1
  }
}
