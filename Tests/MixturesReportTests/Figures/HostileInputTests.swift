import Mixtures
import MixturesReport
import Testing

/// Whatever the data, a figure is a well-formed document whose numbers are numbers.
@Suite struct HostileInputTests {
  private func figures(_ points: any PointSource, _ mixture: GaussianMixture) throws -> [Figure] {
    var options = FigureOptions()
    options.componentNames = mixture.weights.indices.map { "<&\"'\u{1}😀 \($0)" }
    var figures = [try Figure.histogram(of: points, mixture: mixture, options: options)]
    figures.append(try .uncertainty(of: points, mixture: mixture, options: options))
    if mixture.dimension > 1 {
      for overlay in Overlay.allCases {
        figures.append(
          try .scatter(of: points, mixture: mixture, overlay: overlay, options: options))
      }
      figures.append(try .pairs(of: points, mixture: mixture, options: options))
    }
    if mixture.background == nil {
      let classifier = try Classifier(
        classNames: options.componentNames ?? [], mixture: mixture,
        classOfComponent: Array(mixture.weights.indices))
      figures.append(try .regions(of: classifier, points: points))
    }
    return figures
  }

  private func check(_ points: any PointSource, _ mixture: GaussianMixture) throws {
    for figure in try figures(points, mixture) {
      _ = try Drawing(figure.svg)
      #expect(figure.svg.utf8.count < 400_000, "\(figure.title)")
      #expect(figure.table.rows.allSatisfy { $0.count == figure.table.columns.count })
    }
  }

  @Test(arguments: [1, 2, 3, 9], [1, 2, 12])
  func anyDimensionAndNumberOfComponents(dimension: Int, components: Int) throws {
    let mixture = try Known.row(components: components, dimension: dimension)
    try check(Known.draw(30, from: mixture), mixture)
  }

  @Test(arguments: [1, 2, 3])
  func oneSinglePoint(dimension: Int) throws {
    let mixture = try Known.row(components: 2, dimension: dimension)
    try check(Known.draw(1, from: mixture), mixture)
  }

  @Test(arguments: [1e-300, 1e-9, 1, 1e9, 1e140])
  func anyScale(unit: Double) throws {
    let mixture = try GaussianMixture(
      weights: [0.5, 0.5],
      components: [0, 4].map {
        try Gaussian(
          mean: [$0 * unit, unit],
          covariance: .diagonal(variances: [unit * unit, unit * unit].map { max($0, 1e-306) }))
      })
    try check(Matrix(rows: [[0, 0], [unit, unit], [4 * unit, 2 * unit]]), mixture)
  }

  @Test func farFromTheOrigin() throws {
    let mixture = try GaussianMixture(
      weights: [0.5, 0.5],
      components: [0, 5].map {
        try Gaussian(mean: [1e8 + $0, -1e8], covariance: .spherical(variance: 1, dimension: 2))
      })
    try check(Known.draw(50, from: mixture), mixture)
  }

  @Test func constantColumns() throws {
    let mixture = try Known.row(components: 2, dimension: 3)
    try check(Matrix(rows: [[1, 7, 0], [2, 7, 0], [3, 7, 0]]), mixture)
    try check(Matrix(rows: Array(repeating: [0, 0, 0], count: 9)), mixture)
  }

  @Test(arguments: [[[1e35]], [[0], [.leastNonzeroMagnitude]], [[-1e300], [-1e300]]])
  func widthsOfBinsBeyondIntegers(rows: [[Double]]) throws {
    try check(Matrix(rows: rows), try Known.row(components: 2, dimension: 1))
  }

  @Test func outliersAndModelsElsewhere() throws {
    let mixture = try Known.row(components: 2, dimension: 2)
    try check(Matrix(rows: [[0, 0], [1e300, -1e300]]), mixture)
    try check(Matrix(rows: [[1e6, 1e6], [1e6 + 1, 1e6]]), mixture)
  }

  @Test func componentsOfNoWeightAndNeedles() throws {
    let mixture = try GaussianMixture(
      weights: [0, 0.5, 0.5],
      components: [
        Gaussian(mean: [0, 0], covariance: .spherical(variance: 1, dimension: 2)),
        Gaussian(mean: [0, 0], covariance: .spherical(variance: 1e-12, dimension: 2)),
        Gaussian(
          mean: [3, 3], covariance: .full(lowerTriangle: [1, 0.999_999_9, 1], dimension: 2)),
      ])
    try check(Known.draw(60, from: mixture), mixture)
  }

  @Test(arguments: [(Double.nan, Double.nan), (-.infinity, .infinity)])
  func anySize(width: Double, height: Double) throws {
    let size = FigureSize(width: width, height: height)
    #expect((200...4000).contains(size.width) && (150...4000).contains(size.height))
    _ = try Drawing(Figure.trace([-3, -2], size: size).svg)
  }

  @Test(arguments: [Int.min, -1, 0])
  func anyLimitOfPoints(limit: Int) throws {
    var options = FigureOptions()
    options.pointLimit = limit
    let mixture = try Known.row(components: 2, dimension: 2)
    let figure = try Figure.scatter(
      of: Known.draw(20, from: mixture), mixture: mixture, options: options)
    #expect(try Drawing(figure.svg).dotCount == 1)
  }

  @Test func names() throws {
    let mixture = try Known.row(components: 2, dimension: 2)
    var points = Known.draw(20, from: mixture)
    let long = String(repeating: "W", count: 400)
    points.columnNames = [long, "<&\"'\u{0}\u{7}日本語 עברית"]
    try check(points, mixture)
    for figure in try figures(points, mixture) {
      #expect(!"\(figure.svg) \(figure.table)".contains(long.prefix(41)), "\(figure.title)")
    }
    let classifier = try Classifier(
      classNames: [long, "b"], mixture: mixture, classOfComponent: [0, 1])
    let certain = [ClassPrediction(posteriors: [1, 0], logDensity: 0)]
    for figure in [
      try Figure.regions(of: classifier, points: points),
      .confusion(ClassificationReport(certain, truth: [0]), classNames: [long, "b"]),
    ] {
      #expect(!"\(figure.svg) \(figure.table)".contains(long.prefix(41)), "\(figure.title)")
    }
  }

  @Test func missingEverywhere() throws {
    let rows = [[Double.nan, .nan], [1, .nan], [.nan, 2]]
    let points = try IncompletePoints(askedAbout: Matrix(rows: rows))
    try check(points, try Known.row(components: 2, dimension: 2))
  }

  @Test func whatCannotBeDrawnIsAnError() throws {
    let mixture = try Known.row(components: 2, dimension: 2)
    #expect(throws: DataError.noPoints) {
      try Figure.scatter(of: Matrix(zerosOf: 0, by: 2), mixture: mixture)
    }
    #expect(throws: DataError.dimensionMismatch(found: 3, expected: 2)) {
      try Figure.scatter(of: Matrix(zerosOf: 4, by: 3), mixture: mixture)
    }
    #expect(throws: DataError.notFinite(row: 1, column: 0, name: "x1", value: .infinity)) {
      try Figure.scatter(of: Matrix(rows: [[0, 0], [.infinity, 0]]), mixture: mixture)
    }
  }
}
