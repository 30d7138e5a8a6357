import Mixtures

extension Figure {
  /// The first frame of a film, for a script to go on from: a dot per point, in the order of the film's points, and an empty group in
  /// which the mixture is drawn.
  ///
  /// Each `circle` has the row of its point, counting from zero, in `data-row`; each panel its scales.
  ///
  /// - Parameter columns: which two columns are drawn; `nil` for those that separate the components of the end most.
  /// - Throws: ``DataError`` where the points of the film cannot be drawn.
  static func film(
    _ film: Film, columns: (Int, Int)? = nil, options: FigureOptions = FigureOptions()
  ) throws(DataError) -> Figure {
    let start = film.frames[0].mixture
    let asked = try AskedPoints(film.sample(options), start)
    let last = film.frames[film.frames.count - 1].mixture
    let best = last.separatingColumns(min(2, start.dimension))
    let shown = columns.map { [$0.0, $0.1] } ?? best
    let drawing = FilmDrawing(asked: asked, columns: shown, film: film)
    let names = ComponentNames(options, of: start)
    let words = MixtureWords(start, names, columns: shown, asked.names)
    return Figure(
      title: "Expectation–maximisation from its start",
      description: words.description(of: "The start", pointCount: asked.sample.rows.count),
      caption: ([pointRemark] + asked.sample.remarks(columns: shown) + film.remarks)
        .joined(separator: " "),
      table: words.table, height: shown.count == 1 ? 340 : 480, content: [drawing.markup])
  }
}

private struct FilmDrawing {
  let asked: AskedPoints
  let columns: [Int]
  let film: Film

  private func domain(_ column: Int) -> ClosedRange<Double> {
    var range = ValueRange([])
    let domain = asked.domain(of: column)
    range.include(domain.lowerBound)
    range.include(domain.upperBound)
    for frame in film.frames {
      for component in frame.mixture.components { range.include(component.mean[column]) }
    }
    return range.padded(by: 0)
  }

  /// The largest total density of the last frame at the means, in one dimension.
  private var highest: Double {
    film.frames.map { frame in
      frame.mixture.components.indices.reduce(0.0) { highest, k in
        let x = frame.mixture.components[k].mean[0]
        let drawing = DensityDrawing(
          asked: AskedPoints(asked, frame.mixture), column: 0, histogram: .empty)
        let total = frame.mixture.components.indices.reduce(0) { $0 + drawing.density($1, at: x) }
        return max(highest, total)
      }
    }.max() ?? 1
  }

  var markup: Markup {
    let x = Axis(title: asked.names[columns[0]], domain: domain(columns[0]))
    let y =
      columns.count == 1
      ? Axis(title: "density", domain: 0...(min(highest, 1e300) * 1.15))
      : Axis(title: asked.names[columns[1]], domain: domain(columns[1]))
    let panel = Panel(
      in: Rectangle(x: 8, y: 4, width: 704, height: columns.count == 1 ? 332 : 472), x: x, y: y)
    return panel.markup(
      id: "panel", marks: [dots(in: panel), .group(["class": "film"], [])])
  }

  private func dots(in panel: Panel) -> Markup {
    let drawn = asked.sample.drawn(columns: columns)
    let radius = PointMarks(count: drawn.count).radius
    let circles = drawn.map { index -> Markup in
      let x = panel.x(asked.sample.points[index, columns[0]])
      // In one dimension the points lie on the axis.
      let y =
        columns.count == 1
        ? panel.frame.bottom - radius - 1 : panel.y(asked.sample.points[index, columns[1]])
      let assignment = asked.assignments[index]
      let colour = Palette.mixed(assignment.responsibilities, background: assignment.background)
      return .element(
        "circle",
        [
          "class": "point", "cx": x.pixels, "cy": y.pixels, "r": radius.pixels,
          "fill": colour.hex, "data-row": "\(asked.sample.rows[index])",
        ], [])
    }
    return .group(["class": "points", "opacity": "0.8"], circles)
  }
}

extension AskedPoints {
  /// The same answers under the name of another mixture: for what does not ask about points.
  fileprivate init(_ other: AskedPoints, _ mixture: GaussianMixture) {
    self.init(sample: other.sample, mixture: mixture, assignments: other.assignments)
  }
}
