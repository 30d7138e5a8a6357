import MixtureKernels
import Mixtures

extension Figure {
  /// Where a classifier sees each class: regions of the most probable class in two columns, with the points in the colours of their
  /// true classes, or of the predicted ones where the truth is not known.
  ///
  /// Of more than two columns the regions are those of a classifier that knows these two alone: the densities of the classes are
  /// their marginals. In one dimension it draws the density of each class, times its prior.
  ///
  /// - Parameters:
  ///   - classifier: what is asked.
  ///   - points: points of its dimension.
  ///   - truth: the class of each point, counting from zero, `nil` where it is not known.
  ///   - columns: which two columns are drawn; `nil` for those that separate the components most.
  /// - Throws: ``DataError`` where the dimensions differ or a coordinate is infinite.
  /// - Precondition: as many entries of the truth as points, each one of the classes.
  public static func regions(
    of classifier: Classifier, points: any PointSource, truth: [Int?]? = nil,
    columns: (Int, Int)? = nil, options: FigureOptions = FigureOptions()
  ) throws(DataError) -> Figure {
    precondition(truth.map { $0.count == points.count } ?? true, "the class of each point")
    let asked = try AskedPoints(points, classifier.mixture, options)
    let best = classifier.mixture.separatingColumns(min(2, points.dimension))
    let shown = columns.map { [$0.0, $0.1] } ?? best
    var histogram = Histogram.empty
    if shown.count == 1 {
      histogram = try Histogram(points, column: 0, sample: asked.sample)
    }
    let drawing = RegionsDrawing(
      classifier: classifier, asked: asked, columns: shown, truth: truth, histogram: histogram,
      size: options.size ?? FigureSize(width: 720, height: shown.count == 1 ? 400 : 500))
    return drawing.figure
  }
}

private struct RegionsDrawing {
  let classifier: Classifier
  let asked: AskedPoints
  let columns: [Int]
  let truth: [Int?]?
  let histogram: Histogram
  let size: FigureSize

  private static let gridLines = 150

  private func truth(of index: Int) -> Int? { truth?[asked.sample.rows[index]] ?? nil }

  private func predicted(_ index: Int) -> Int {
    classifier.prediction(asked.assignments[index]).classIndex
  }

  private var drawn: [Int] { asked.sample.drawn(columns: columns) }

  private var mistakes: [Int] {
    drawn.filter { index in truth(of: index).map { $0 != predicted(index) } ?? false }
  }

  var figure: Figure {
    let names = columns.map { asked.names[$0] }
    let panel = panel
    let known = drawn.count { truth(of: $0) != nil }
    return Figure(
      title: "Classes over " + names.joined(separator: " and "),
      description:
        "\(counted(classifier.classNames.count, "class", plural: "classes")): "
        + zip(classifier.classNames, classifier.priors)
        .map { "\($0) with prior \($1.percent)" }.prefix(12).joined(separator: "; ") + "."
        + (known > 0
          ? " \(mistakes.count.grouped) of \(counted(known, "point")) are taken for another class."
          : ""),
      caption: remarks(known: known).joined(separator: " "), table: table,
      size: size,
      content: [
        panel.markup(
          id: "panel", marks: marks(in: panel), labels: labels(in: panel))
      ])
  }

  private func remarks(known: Int) -> [String] {
    var remarks: [String] = []
    if columns.count == 2 {
      remarks.append(
        classifier.mixture.dimension > 2
          ? "Regions are those of a classifier that knows these two columns alone."
          : "Regions are those of the most probable class.")
    } else {
      remarks.append("Lines are the densities of the classes, each times its prior.")
    }
    if known > 0 {
      remarks.append(
        "Colours of points are true classes; a ring marks each of \(mistakes.count.grouped) that the classifier\(classifier.mixture.dimension > columns.count ? ", knowing all columns," : "") takes for another."
      )
    } else {
      remarks.append("Colours of points are predicted classes.")
    }
    return remarks + asked.sample.remarks(columns: columns)
  }

  private var table: FigureTable {
    FigureTable(
      columns: ["class", "prior", "components"]
        + columns.map { "mean \(asked.names[$0])" },
      rows: classifier.classNames.indices.map { index in
        let density = classifier.density(of: index)
        let means = columns.map { column in
          zip(density.weights, density.components).reduce(0) {
            $0 + $1.0 * $1.1.mean[column]
          }
        }
        return [
          classifier.classNames[index], classifier.priors[index].significant(4),
          "\(density.componentCount)",
        ] + means.map { $0.significant(6) }
      })
  }

  private var panel: Panel {
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

  private func marks(in panel: Panel) -> [Markup] {
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
    let rings = mistakes.map { index -> Markup in
      let centre = place(index, in: panel)
      return .element(
        "circle",
        [
          "cx": centre.x.pixels, "cy": centre.y.pixels, "r": (dots.radius + 2.6).pixels,
          "stroke-width": "1.3",
        ] + MarkClass.line.attributes, [])
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
    let domain = panel.x.domain
    let places = (0...400).map {
      domain.lowerBound + (domain.upperBound - domain.lowerBound) * Double($0) / 400
    }
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

  private func labels(in panel: Panel) -> [Markup] {
    var placement = LabelPlacement(in: panel.frame, avoiding: drawn.map { place($0, in: panel) })
    return classifier.classNames.enumerated().compactMap { index, name in
      let density = classifier.density(of: index)
      let means = columns.map { column in
        zip(density.weights, density.components).reduce(0) { $0 + $1.0 * $1.1.mean[column] }
      }
      let anchor =
        columns.count == 2
        ? panel.place(means[0], means[1])
        : panel.place(means[0], self.density(of: index, at: means[0]))
      guard panel.frame.inset(by: -1).contains(anchor) else { return nil }
      let text = TextMetrics.shortened(name, to: 150, size: TextStyle.label.size)
      let rectangle = placement.place(
        .init(
          width: TextStyle.label.width(of: text) + 16, height: 17, anchor: anchor,
          reach: columns.count == 2 ? (20, 20) : (4, 0)))
      return .swatchLabel(text, colour: Palette.component(index).hex, in: rectangle)
    }
  }
}
