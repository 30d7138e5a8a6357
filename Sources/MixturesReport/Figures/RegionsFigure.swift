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
  ///   - columns: which two columns are drawn, where there are two; `nil` for those that separate the components most.
  /// - Throws: ``DataError`` where the dimensions differ or a coordinate is infinite.
  /// - Precondition: as many entries of the truth as points, each one of the classes; `columns` are two columns of the points, if
  ///   these have two.
  public static func regions(
    of classifier: Classifier, points: any PointSource, truth: [Int?]? = nil,
    columns: (Int, Int)? = nil, options: FigureOptions = FigureOptions()
  ) throws(DataError) -> Figure {
    let classes = classifier.classNames.indices
    let isKnown = { (name: Int?) in name.map { classes.contains($0) } ?? true }
    precondition(
      truth.map { $0.count == points.count && $0.allSatisfy(isKnown) } ?? true,
      "the class of each point")
    let asked = try AskedPoints(points, classifier.mixture, options)
    let shown = classifier.mixture.columns(asked: columns)
    var histogram = Histogram.empty
    if shown.count == 1 {
      histogram = try Histogram(
        points, column: 0, sample: asked.sample, under: classifier.mixture)
    }
    let drawing = RegionsDrawing(
      classifier: classifier, asked: asked, columns: shown, truth: truth, histogram: histogram,
      size: options.size ?? FigureSize(width: 720, height: shown.count == 1 ? 400 : 500))
    return drawing.figure
  }
}

/// The figure in words and numbers, around its drawing.
extension RegionsDrawing {
  var figure: Figure {
    let names = columns.map { asked.names[$0] }
    let panel = panel
    let known = drawn.count { truth(of: $0) != nil }
    return Figure(
      title: "Classes over " + names.joined(separator: " and "),
      description:
        "\(counted(classifier.classNames.count, "class", plural: "classes")): "
        + zip(classNames, classifier.priors)
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

  fileprivate func remarks(known: Int) -> [String] {
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
      let knowing =
        classifier.mixture.dimension > columns.count ? ", knowing all columns," : ""
      remarks.append(
        "Colours of points are true classes; "
          + (mistakes.isEmpty
            ? "the classifier\(knowing) takes none for another."
            : "a ring marks each of \(mistakes.count.grouped) that the classifier\(knowing) takes for another.")
      )
    } else {
      remarks.append("Colours of points are predicted classes.")
    }
    return remarks + asked.sample.remarks(columns: columns)
  }

  fileprivate var table: FigureTable {
    FigureTable(
      columns: ["class", "prior", "components"]
        + columns.map { "mean \(asked.names[$0])" },
      rows: classifier.classNames.indices.map { index in
        [
          classNames[index], classifier.priors[index].shown(significant: 4),
          "\(classifier.componentCounts[index])",
        ] + means(of: index).map { $0.shown(significant: 6) }
      })
  }
}
