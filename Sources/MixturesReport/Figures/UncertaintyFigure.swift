import MixtureKernels
import Mixtures

extension Figure {
  /// How uncertain the component of each point is: dots grow and take colour with 1 − maxₖ rᵢₖ.
  ///
  /// In one dimension the uncertainty is drawn as a curve over the values.
  ///
  /// - Parameters:
  ///   - points: points of the mixture's dimension.
  ///   - columns: which two columns are drawn, where there are two; `nil` for those that separate the components most.
  /// - Throws: ``DataError`` where the dimensions differ or a coordinate is infinite.
  /// - Complexity: one read of at most `options.pointLimit` rows.
  /// - Precondition: `columns` are two columns of the points, if these have two.
  public static func uncertainty(
    of points: any PointSource, mixture: GaussianMixture, columns: (Int, Int)? = nil,
    options: FigureOptions = FigureOptions()
  ) throws(DataError) -> Figure {
    let asked = try AskedPoints(points, mixture, options)
    let drawing = UncertaintyDrawing(
      asked: asked, size: options.size ?? FigureSize(width: 720, height: 500))
    let shown = mixture.columns(asked: columns)
    return shown.count == 1 ? drawing.curve : drawing.plane((shown[0], shown[1]))
  }
}

/// Points by how uncertain they are.
private struct UncertaintyDrawing {
  let asked: AskedPoints
  let size: FigureSize

  private func uncertainty(_ index: Int) -> Double {
    max(0, asked.assignments[index].uncertainty)
  }

  private var outer: Rectangle { size.paper.inset(top: 26) }

  func plane(_ columns: (Int, Int)) -> Figure {
    let names = (asked.names[columns.0], asked.names[columns.1])
    let panel = Panel(
      in: outer, x: Axis(title: names.0, domain: asked.domain(of: columns.0)),
      y: Axis(title: names.1, domain: asked.domain(of: columns.1)))
    let list = [columns.0, columns.1]
    let drawn = asked.sample.drawn(columns: list)
    // The most uncertain ones on top.
    let marks = dots(drawn.sorted { (uncertainty($0), $0) < (uncertainty($1), $1) }) {
      panel.place(asked.sample.points[$0, columns.0], asked.sample.points[$0, columns.1])
    }
    return figure(
      list,
      caption:
        "Dots grow and take colour with the uncertainty of a point, one minus its largest responsibility.",
      content: [panel.markup(id: "panel", marks: [marks]), key])
  }

  var curve: Figure {
    let domain = asked.domain(of: 0)
    let panel = Panel(
      in: outer.inset(top: -26), x: Axis(title: asked.names[0], domain: domain),
      y: Axis(title: "uncertainty", domain: 0...highest))
    let drawn = asked.sample.drawn(columns: [0])
    let marks = dots(drawn) { panel.place(asked.sample.points[$0, 0], uncertainty($0)) }
    return figure(
      [0],
      caption: "The line is one minus the largest responsibility at every value; dots are points.",
      content: [panel.markup(id: "panel", marks: [line(in: panel), marks])])
  }

  /// 1 − 1/K, with the background among the K.
  private var largestPossible: Double {
    let count = asked.mixture.componentCount + (asked.mixture.background == nil ? 0 : 1)
    return count > 1 ? 1 - 1 / Double(count) : 1
  }

  /// What the curve and the points reach, and a little more.
  private var highest: Double {
    let points = asked.assignments.indices.map(uncertainty)
    return max(1.12 * (curveValues.map(\.uncertainty) + points).reduce(0, max), 1e-3)
  }

  private var curveValues: [(value: Double, uncertainty: Double)] {
    let values = asked.domain(of: 0).evenly(800)
    let grid = Matrix(rowCount: values.count, columnCount: 1, elements: values)
    let found = (try? asked.mixture.assignments(of: grid)) ?? []
    return zip(values, found).map { ($0, max(0, $1.uncertainty)) }
  }

  private func line(in panel: Panel) -> Markup {
    var data = PathData()
    data.polyline(
      simplified(
        curveValues.map { panel.place($0.value, $0.uncertainty) }, tolerance: 0.1))
    return .path(data, MarkClass.total.attributes + ["stroke-width": "3"])
  }

  private func dots(_ indices: [Int], _ place: (Int) -> Place) -> Markup {
    var marks = PointMarks(count: indices.count, scale: 1.1)
    for index in indices {
      add(place(index), uncertainty(index), weight: asked.relativeArea(index), to: &marks)
    }
    return marks.markup(opacity: 1)
  }

  private func add(
    _ place: Place, _ uncertainty: Double, weight: Double, to marks: inout PointMarks
  ) {
    // Sixteen steps, each a little larger and stronger; what is certain stays visible.
    let share = min((uncertainty / largestPossible * 16).rounded() / 16, 1)
    marks.add(
      place, colour: Self.shade(share), relativeArea: weight * (0.45 + 5.5 * share),
      opacity: 0.75 + 0.2 * share)
  }

  /// From the grey of what is certain to the colour of what is not, both of which read on any paper.
  private static func shade(_ share: Double) -> String {
    Colour.mixture([
      (Palette.background, 1 - share), (Palette.component(1), share),
    ]).hex
  }

  /// What sizes mean, above the panel.
  private var key: Markup {
    var marks = PointMarks(count: asked.sample.rows.count, scale: 1.1)
    let style = TextStyle(size: 11, isMuted: true)
    var x = 60.0
    var labels = [Markup.label("uncertainty", at: Place(x: x, y: 18), style)]
    x += style.width(of: "uncertainty") + 16
    for share in [0, 0.5, 1.0] {
      let value = share * largestPossible
      add(Place(x: x, y: 14), value, weight: 1, to: &marks)
      let text = value.shown(significant: 2)
      labels.append(.label(text, at: Place(x: x + 13, y: 18), style))
      x += 13 + style.width(of: text) + 20
    }
    return .group(labels + [marks.markup(opacity: 1)])
  }

  private func figure(_ columns: [Int], caption: String, content: [Markup]) -> Figure {
    let drawn = asked.sample.drawn(columns: columns)
    let order = drawn.sorted { (-uncertainty($0), $0) < (-uncertainty($1), $1) }
    let doubtful = drawn.count { uncertainty($0) > 0.1 }
    let names = columns.map { asked.names[$0] }
    return Figure(
      title: "Uncertainty over " + names.joined(separator: " and "),
      description:
        "Of \(counted(drawn.count, "point")), \(doubtful.grouped) have an uncertainty above 0.1; the largest is \((order.first.map(uncertainty) ?? 0).shown(significant: 3)).",
      caption: ([caption] + asked.sample.remarks(columns: columns)).joined(separator: " "),
      table: FigureTable(
        columns: ["row"] + names + ["uncertainty"],
        rows: order.prefix(20).map { index in
          ["\(asked.sample.rows[index] + 1)"]
            + columns.map { asked.sample.points[index, $0].shown(significant: 6) }
            + [uncertainty(index).shown(significant: 3)]
        }), size: size, content: content)
  }
}
