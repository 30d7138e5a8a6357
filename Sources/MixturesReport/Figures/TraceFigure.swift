import MixtureKernels
import Mixtures

extension Figure {
  /// The log-likelihood after each iteration, with the limit that Aitken's extrapolation predicts, and below it the gain of each
  /// iteration on a logarithmic scale: a straight line is linear convergence.
  ///
  /// - Parameters:
  ///   - trace: ℓ after 0, 1, … iterations, natural logarithm.
  ///   - quantity: what the trace holds.
  public static func trace(
    _ trace: [Double], quantity: String = "log-likelihood", size: FigureSize? = nil
  ) -> Figure {
    let drawing = TraceDrawing(trace: trace, quantity: quantity, asked: size)
    let last = trace.last ?? 0
    let count = max(0, trace.count - 1)
    let prediction =
      drawing.remaining.map { gain in
        gain > 0
          ? "Aitken's extrapolation predicts \(gain.shown(significant: 2)) more: a limit of \((last + gain).shown(4))."
          : "Nothing more is to be gained."
      } ?? "Aitken's extrapolation predicts nothing: the last gains do not fall by a steady ratio."
    return Figure(
      title: "\(quantity.capitalisedFirst) after \(counted(count, "iteration"))",
      description:
        count == 0
        ? "No iteration was made: the \(quantity) is that of the start, \(last.shown(4))."
        : "The \(quantity) rises from \((trace.first ?? 0).shown(4)) to \(last.shown(4)) in \(counted(count, "iteration")).",
      caption: ([prediction] + drawing.remarks).joined(separator: " "),
      table: FigureTable(
        columns: ["iteration", quantity, "gain"],
        rows: trace.enumerated().map { index, value in
          [
            "\(index)", value.shown(6),
            index > 0 ? (value - trace[index - 1]).shown(significant: 4) : "",
          ]
        }), size: drawing.size, content: drawing.content)
  }
}

private struct TraceDrawing {
  let trace: [Double]
  let quantity: String
  let asked: FigureSize?

  var size: FigureSize {
    asked ?? FigureSize(width: 720, height: gains.isEmpty ? 330 : 470)
  }

  /// Relative to the values. In less there is nothing to see but rounding, and marks would need more digits than there is
  /// room for.
  private static let leastSpan = 1e-7

  /// What Aitken predicts is still to come.
  var remaining: Double? { predictedRemainingGain(trace) }

  /// Iterations with a positive gain, and its decimal logarithm.
  var gains: [(iteration: Int, logarithm: Double)] {
    zip(trace.indices.dropFirst(), zip(trace.dropFirst(), trace)).compactMap { iteration, pair in
      let gain = pair.0 - pair.1
      return gain > 0 && gain.isFinite ? (iteration, naturalLog(gain) / naturalLog(10)) : nil
    }
  }

  /// Where the first iterations gain so much that the rest would look flat, they are cut off.
  private var firstShown: Int {
    guard let first = trace.first, let last = trace.last, trace.count > 4 else { return 0 }
    let whole = last - first
    guard whole > 0, trace[2] - first > 0.9 * whole else { return 0 }
    return trace.firstIndex { $0 - first > 0.9 * whole } ?? 0
  }

  var remarks: [String] {
    (firstShown > 0
      ? [
        "The axis begins where nine tenths of the gain are made: the start, at \((trace.first ?? 0).shown(1)), lies below it."
      ] : [])
      + (gains.isEmpty
        ? [] : ["Below: the gain of each iteration; a straight line is linear convergence."])
  }

  private var iterations: ClosedRange<Double> {
    let last = Double(max(1, trace.count - 1))
    return (-0.02 * last)...(1.03 * last)
  }

  var content: [Markup] {
    let paper = size.paper
    guard !gains.isEmpty else { return [values(in: paper, title: "iteration")] }
    let cut = (0.58 * paper.height).rounded()
    return [
      values(in: paper.inset(bottom: paper.height - cut), title: ""),
      steps(in: paper.inset(top: cut + 10)),
    ]
  }

  private func values(in outer: Rectangle, title: String) -> Markup {
    var range = ValueRange(trace.dropFirst(firstShown))
    let limit = remaining.flatMap { $0 > 0 ? (trace.last ?? 0) + $0 : nil }
    if let limit { range.include(limit) }
    range.include(within: Self.leastSpan)
    let panel = self.panel(
      in: outer, title: title, y: Axis(title: quantity, domain: range.padded(by: 0.1)))
    var marks: [Markup] = []
    var labels: [Markup] = []
    if let limit {
      marks.append(panel.level(limit))
      var style = TextStyle.label.anchored(.end)
      style.size = 11
      // Above the line, which no value exceeds.
      labels.append(
        .label(
          "predicted limit \(limit.shown(3))",
          at: Place(x: panel.frame.right - 8, y: panel.y(limit) - 5), style))
    }
    let places = trace.enumerated().map { panel.place(Double($0.offset), $0.element) }
    marks += curve(places, colour: Palette.component(0).hex)
    return panel.markup(id: "trace", marks: marks, labels: labels)
  }

  private func steps(in outer: Rectangle) -> Markup {
    let panel = self.panel(
      in: outer, title: "iteration",
      y: Axis(
        title: "gain", domain: logarithms.padded(by: 0.08), kind: .logarithmic))
    let places = gains.map { panel.place(Double($0.iteration), $0.logarithm) }
    return panel.markup(id: "gains", marks: curve(places, colour: Palette.component(1).hex))
  }

  /// At least two powers of ten, so that the axis has marks.
  private var logarithms: ValueRange {
    var range = ValueRange(gains.map(\.logarithm))
    range.include(range.lower.rounded(.down))
    range.include(range.upper.rounded(.up))
    return range
  }

  /// Both panels have the same room for the labels of the vertical axis.
  private func panel(in outer: Rectangle, title: String, y: Axis) -> Panel {
    let x = Axis(title: title, domain: iterations, kind: .integers)
    let frame = outer.inset(left: 96, top: 6, right: 12, bottom: title.isEmpty ? 22 : 40)
    return Panel(frame: frame, x: x, y: y, widestLabel: 62)
  }

  private func curve(_ places: [Place], colour: String) -> [Markup] {
    var line = PathData()
    line.polyline(places)
    var dots = PointMarks(count: places.count < 80 ? 300 : 3000)
    for place in places { dots.add(place, colour: colour) }
    return [
      .path(
        line,
        ["fill": "none", "stroke": colour, "stroke-width": "1.5", "stroke-linejoin": "round"]),
      places.count < 400 ? dots.markup(opacity: 1) : .nothing,
    ]
  }
}

extension String {
  var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
