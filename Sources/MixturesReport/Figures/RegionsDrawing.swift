import MixtureKernels
import Mixtures
import MixturesIO

/// The regions of classes, their points and their names.
struct RegionsDrawing {
  let classifier: Classifier
  let asked: AskedPoints
  let columns: [Int]
  let truth: [Int?]?
  let histogram: Histogram
  let size: FigureSize

  private static let gridLines = 150

  /// As they can be shown.
  var classNames: [String] { classifier.classNames.map { Excerpt($0).description } }

  /// The mean of a class in the columns that are drawn.
  func means(of name: Int) -> [Double] {
    let density = classifier.density(of: name)
    return columns.map { column in
      zip(density.weights, density.components).reduce(0) { $0 + $1.0 * $1.1.mean[column] }
    }
  }

  func truth(of index: Int) -> Int? { truth?[asked.sample.rows[index]] ?? nil }

  func predicted(_ index: Int) -> Int {
    classifier.prediction(asked.assignments[index]).classIndex
  }

  var drawn: [Int] { asked.sample.drawn(columns: columns) }

  var mistakes: [Int] {
    drawn.filter { index in truth(of: index).map { $0 != predicted(index) } ?? false }
  }

  var panel: Panel {
    let x = Axis(title: asked.names[columns[0]], domain: asked.domain(of: columns[0]))
    guard columns.count == 2 else {
      return Panel(
        in: size.paper, x: x,
        y: Axis(title: "density", domain: 0...(highest * 1.15)))
    }
    return Panel(
      in: size.paper, x: x,
      y: Axis(title: asked.names[columns[1]], domain: asked.domain(of: columns[1])))
  }

  func marks(in panel: Panel) -> [Markup] {
    columns.count == 2 ? regions(in: panel) + dots(in: panel) : densities(in: panel)
  }

  // MARK: Two columns

  /// ln π_c f_c of every class.
  private func logTerms(_ plane: PlaneMixture, _ x: Double, _ y: Double) -> [Double] {
    var terms = Array(repeating: -Double.infinity, count: classifier.classNames.count)
    for (component, owner) in zip(plane.components, classifier.classOfComponent) {
      let (a, b) = (terms[owner], component.logTerm(x, y))
      let largest = max(a, b)
      guard largest > -.infinity else { continue }
      terms[owner] = largest + naturalLog(1 + exponential(min(a, b) - largest))
    }
    return terms
  }

  /// The region of a class is where its term exceeds those of all others.
  private func regions(in panel: Panel) -> [Markup] {
    let plane = PlaneMixture(classifier.mixture, columns: (columns[0], columns[1]))
    let x = plane.gridLines(panel.x.domain, count: Self.gridLines, isX: true)
    let y = plane.gridLines(panel.y.domain, count: Self.gridLines, isX: false)
    let terms = y.flatMap { y in x.map { x in logTerms(plane, x, y) } }
    return classifier.classNames.indices.map { name in
      var index = -1
      // Values are asked for row by row.
      let grid = ValueGrid(x: x, y: y) { _, _ in
        index += 1
        let own = terms[index][name]
        let other = terms[index].enumerated()
          .reduce(-Double.infinity) { $1.offset == name ? $0 : max($0, $1.element) }
        return own == -.infinity ? own : min(max(own - other, -1e6), 1e6)
      }
      var data = PathData()
      for line in Contours(of: grid, at: 0).lines {
        data.polyline(
          simplified(line.map { panel.place($0.x, $0.y) }, tolerance: 0.15), isClosed: true)
      }
      return .path(
        data,
        [
          "fill": Palette.component(name).hex, "fill-opacity": "0.16", "fill-rule": "evenodd",
          "stroke": Palette.component(name).hex, "stroke-opacity": "0.55", "stroke-width": "1",
        ])
    }
  }

  private func place(_ index: Int, in panel: Panel) -> Place {
    let x = panel.x(asked.sample.points[index, columns[0]])
    return columns.count == 1
      ? Place(x: x, y: panel.frame.bottom - 7)
      : Place(x: x, y: panel.y(asked.sample.points[index, columns[1]]))
  }

  private func dots(in panel: Panel) -> [Markup] {
    var dots = PointMarks(count: drawn.count)
    for index in drawn {
      dots.add(
        place(index, in: panel),
        colour: Palette.component(truth(of: index) ?? predicted(index)).hex,
        relativeArea: asked.relativeArea(index))
    }
    let rings = mistakes.map { index in
      Markup.ring(at: place(index, in: panel), radius: dots.radius + 2.6, width: 1.3)
    }
    return [dots.markup(opacity: 0.9), .group(rings)]
  }

  // MARK: One column

  private func density(of name: Int, at x: Double) -> Double {
    classifier.classOfComponent.indices.filter { classifier.classOfComponent[$0] == name }
      .reduce(0) { $0 + drawing.density($1, at: x) }
  }

  private var drawing: DensityDrawing {
    DensityDrawing(asked: asked, column: columns[0], histogram: histogram)
  }

  private var highest: Double { drawing.highest }

  private func densities(in panel: Panel) -> [Markup] {
    let places = panel.x.domain.evenly(400)
    let curves = classifier.classNames.indices.map { name -> Markup in
      var line = PathData()
      line.polyline(
        simplified(places.map { panel.place($0, density(of: name, at: $0)) }, tolerance: 0.1))
      return .path(
        line,
        ["fill": "none", "stroke": Palette.component(name).hex, "stroke-width": "2"])
    }
    return [drawing.bars(in: panel)] + curves + dots(in: panel)
  }

  // MARK: Labels

  func labels(in panel: Panel) -> [Markup] {
    var placement = LabelPlacement(in: panel.frame, avoiding: drawn.map { place($0, in: panel) })
    return classNames.enumerated().compactMap { index, name in
      let means = means(of: index)
      let anchor =
        columns.count == 2
        ? panel.place(means[0], means[1])
        : panel.place(means[0], density(of: index, at: means[0]))
      guard panel.frame.inset(by: -1).contains(anchor) else { return nil }
      let text = TextMetrics.shortened(name, to: 150, size: TextStyle.label.size)
      let rectangle = placement.place(
        .init(
          width: TextStyle.label.widthInAnyFace(of: text) + ComponentLabels.swatchWidth,
          height: ComponentLabels.height, anchor: anchor,
          reach: columns.count == 2 ? (20, 20) : (4, 0)))
      return .swatchLabel(text, colour: Palette.component(index).hex, in: rectangle)
    }
  }
}
