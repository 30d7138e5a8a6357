import Mixtures

/// What films have in common, whatever their columns: the log-likelihood below the picture, and how scripts find their way.
struct FilmStage {
  /// Narrow, so that letters can be read on a telephone.
  static let width = 480.0
  static let height = 340.0
  private static let traceHeight = 124.0
  private static let headingHeight = 20.0

  let film: FilmFigure

  init(_ film: FilmFigure) { self.film = film }

  private var frames: [Film.Frame] { film.film.frames }

  /// - Parameters:
  ///   - panel: what stands above the trace.
  ///   - drawing: that panel with its marks.
  func figure(description: String, above panel: Panel, drawing: Markup) -> Figure {
    let (first, last) = (film.film.first, film.film.last)
    return Figure(
      title: "EM, iteration by iteration",
      description: description + " Below, the \(film.objective) rises from "
        + "\(first.logLikelihood.shown(significant: 7)) to \(last.logLikelihood.shown(significant: 7)) in "
        + "\(counted(last.iteration, "iteration")).",
      table: table,
      size: FigureSize(width: Self.width, height: Self.height + Self.traceHeight),
      content: [drawing, trace(below: panel)])
  }

  private var table: FigureTable {
    let components = film.film.first.mixture.components.indices
    return FigureTable(
      columns: ["iteration", film.objective] + components.map { "weight \($0 + 1)" },
      rows: frames.map { frame in
        ["\(frame.iteration)", frame.logLikelihood.shown(4)]
          + frame.mixture.weights.map { $0.shown(4) }
      })
  }

  /// With its frame below that of another panel.
  private func trace(below above: Panel) -> Markup {
    let left = max(0, above.frame.x - tracePanel(left: 0).frame.x)
    let panel = tracePanel(left: left)
    var curve = PathData()
    curve.polyline(film.film.trace.enumerated().map { panel.place(Double($0), $1) })
    let start = panel.place(0, film.film.first.logLikelihood)
    return panel.markup(
      id: "trace",
      marks: [
        .path(curve, ["data-trace": ""] + MarkClass.line.attributes + ["stroke-width": "1.5"])
      ],
      labels: [
        heading(of: panel),
        .element(
          "circle",
          ["data-marker": "", "cx": start.x.pixels, "cy": start.y.pixels, "r": "4.5"]
            + MarkClass.ink.attributes, []),
      ])
  }

  /// What rises, and what the labels of its axis leave out: beside the axis there is no room for either.
  private func heading(of panel: Panel) -> Markup {
    let note = traceAxis.ticks(length: panel.frame.height, isHorizontal: false).note
    return .group(
      ["data-heading": ""],
      [
        .label(
          film.objective + note, at: Place(x: panel.frame.x, y: panel.frame.y - 7), .title)
      ])
  }

  private func tracePanel(left: Double) -> Panel {
    let top = Self.height + Self.headingHeight
    return Panel(
      in: Rectangle(
        x: left, y: top, width: Self.width - left,
        height: Self.traceHeight - Self.headingHeight),
      x: Axis(
        title: "iteration", domain: 0...Double(max(1, film.film.last.iteration)), kind: .integers),
      y: traceAxis)
  }

  private var traceAxis: Axis { Axis(title: "", domain: traceDomain) }

  /// Long enough for labels that tell the whole number; scripts choose theirs alike.
  private var traceDomain: ClosedRange<Double> {
    var range = ValueRange(film.film.trace)
    let middle = range.lower / 2 + range.upper / 2
    let least = 3.5e-5 * abs(middle)
    if range.span < least {
      range.include(middle - least)
      range.include(middle + least)
    }
    return range.padded(by: 0.12)
  }

  /// The label of a component's weight; scripts move it.
  static func weight(of k: Int, in film: FilmFigure, at rectangle: Rectangle) -> Markup {
    .group(
      [
        "data-weight": "\(k)",
        "transform": "translate(\(rectangle.x.pixels) \(rectangle.centre.y.pixels))",
      ],
      [
        .swatchLabel(
          text(of: k, in: film), colour: Palette.component(k).hex,
          in: Rectangle(
            x: 0, y: -rectangle.height / 2, width: rectangle.width, height: rectangle.height))
      ])
  }

  /// As scripts write it.
  private static func text(of k: Int, in film: FilmFigure) -> String {
    film.names[k] + film.film.first.mixture.weights[k].percent
  }

  /// How large the label of a component is.
  static func labelSize(of k: Int, in film: FilmFigure) -> (width: Double, height: Double) {
    (
      TextStyle.label.widthInAnyFace(of: text(of: k, in: film)) + ComponentLabels.swatchWidth,
      ComponentLabels.height
    )
  }
}
