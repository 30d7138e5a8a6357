import Foundation
import Mixtures
import MixturesReport
import Testing

@Suite struct PointFigureTests {
  @Test func everyPointIsADot() throws {
    let figure = try Figure.scatter(of: Files.faithful(), mixture: Known.faithful())
    let drawing = try Drawing(figure.svg)
    #expect(drawing.dotCount == 272)
    #expect(drawing.texts.contains("1: 36\u{A0}%"))
    #expect(drawing.texts.contains("2: 64\u{A0}%"))
    #expect(figure.table.rows.count == 2)
  }

  @Test func missingCellsAreLeftOutAndCounted() throws {
    let points = try IncompletePoints(
      askedAbout: Matrix(rows: [[2, 50], [.nan, 60], [4, .nan], [4, 80], [.nan, .nan]]))
    let figure = try Figure.scatter(of: points, mixture: Known.faithful())
    #expect(try Drawing(figure.svg).dotCount == 2)
    #expect(figure.caption.contains("3 points lack a cell"))
    let one = try Figure.histogram(of: points, mixture: Known.faithful(), column: 1)
    #expect(one.caption.contains("Bars are the 3 points"))
    let pairs = try Figure.pairs(of: points, mixture: Known.faithful())
    #expect(pairs.caption.contains("one of these columns and are drawn only in panels of others"))
  }

  @Test func manyPointsAreSampledAndTheCaptionSaysSo() throws {
    let mixture = try Known.row(components: 2, dimension: 2)
    var options = FigureOptions()
    options.pointLimit = 100
    let points = Known.draw(1000, from: mixture)
    let figure = try Figure.scatter(of: points, mixture: mixture, options: options)
    #expect(try Drawing(figure.svg).dotCount == 100)
    #expect(figure.caption.contains("Drawn are 100 of 1000 points"))
    #expect(try Figure.scatter(of: points, mixture: mixture, options: options) == figure)
    options.seed = 2
    #expect(try Figure.scatter(of: points, mixture: mixture, options: options) != figure)
  }

  @Test func weightsAreAreasAndZeroIsAbsent() throws {
    let points = Matrix(rows: [[2, 50], [4, 80], [3, 60]])
    let weighted = try WeightedPoints(points, weights: [1, 9, 0])
    let plain = try Figure.scatter(of: points, mixture: Known.faithful())
    let figure = try Figure.scatter(of: weighted, mixture: Known.faithful())
    #expect(figure != plain)
    #expect(try Drawing(figure.svg).dotCount == 2)
    #expect(figure.description.hasPrefix("Scatter plot of 2 of 3 points in"))
    #expect(figure.caption.contains("1 point of weight zero is not drawn."))
    #expect(figure.caption.contains("Areas of points grow with their weights."))
    #expect(!plain.caption.contains("weight"))
  }

  @Test func theBackgroundIsGrey() throws {
    let known = try Known.faithful()
    let mixture = try GaussianMixture(
      weights: known.weights.map { $0 * 0.8 }, components: known.components,
      background: Background(weight: 0.2, logDensity: -5))
    let figure = try Figure.scatter(of: Matrix(rows: [[2, 54], [3, 95]]), mixture: mixture)
    #expect(try Drawing(figure.svg).strokes.contains(Palette.background.hex))
    #expect(figure.caption.contains("Grey points"))
  }

  /// Two components of a third each in a box of 20 by 10.
  private func noisy(_ logLengths: [Double]?) throws -> GaussianMixture {
    let known = try Known.row(components: 2, dimension: 2)
    return try GaussianMixture(
      weights: [1.0 / 3, 1.0 / 3], components: known.components,
      background: Background(
        weight: 1.0 / 3, logDensity: -log(200), logLengths: logLengths))
  }

  private let corners = Matrix(rows: [[-8, -4], [12, 6], [0, 0], [5, 6]])

  /// In the box the density is that of the library; beyond it only that of the components.
  @Test func theBackgroundIsPartOfThePlane() throws {
    let mixture = try noisy([log(20), log(10)])
    let ranges = [ValueRange([-8, 12]), ValueRange([-4, 6])]
    let box = try #require(BackgroundBox(of: mixture, columns: [0, 1], ranges: ranges))
    #expect(abs(box.sides[0].lowerBound + 8) < 1e-12 && abs(box.sides[1].upperBound - 6) < 1e-12)
    let plane = PlaneMixture(mixture, columns: (0, 1), background: box)
    for place in [[0.0, 0], [5, 6], [-7, 5], [11, -3]] {
      let expected = try mixture.logDensities(of: Matrix(rows: [place]))[0]
      // Sums of a few terms in another order, of logarithms below 10.
      #expect(abs(plane.logDensity(place[0], place[1]) - expected) < 1e-13)
    }
    #expect(plane.logDensity(-9, 5) < -20)
    // Two thirds of the mixture lie about the means, far above the box; the rest is in the box, all of it at one level.
    let levels = plane.levels(PlaneMixture.draws(from: mixture), columns: (0, 1))
    #expect(levels[0] == box.floor && levels[1] > box.logTerm + 1)
  }

  @Test func contoursHoldTheBackgroundWhereItIsKnown() throws {
    let known = try Figure.scatter(of: corners, mixture: noisy([log(20), log(10)]))
    #expect(known.caption.contains("of the mixture") && known.caption.contains("in a box"))
    let unknown = try Figure.scatter(of: corners, mixture: noisy(nil))
    #expect(unknown.caption.contains("of the components without the background"))
    #expect(unknown.caption.contains("of its volume only the size is known"))
    let column = try Figure.histogram(of: corners, mixture: noisy(nil), column: 0)
    #expect(column.caption.contains("its length along this column is unknown"))
  }

  /// The height of the box is its share over its length.
  @Test func theBackgroundIsALineUnderTheTotal() throws {
    let known = try Known.row(components: 1, dimension: 1)
    let mixture = try GaussianMixture(
      weights: [0.5], components: known.components,
      background: Background(weight: 0.5, logDensity: -log(40)))
    let points = Matrix(rows: [[-20], [20], [0], [1], [-1]])
    let figure = try Figure.histogram(of: points, mixture: mixture)
    #expect(try Drawing(figure.svg).strokes.contains(Palette.background.hex))
    #expect(figure.caption.contains("The grey line is the background, with 50\u{A0}%"))
    let ranges = [ValueRange([-20, 20])]
    let box = try #require(BackgroundBox(of: mixture, columns: [0], ranges: ranges))
    #expect(abs(exp(box.logTerm) - 0.5 / 40) < 1e-15)
    #expect(box.contains(0) && !box.contains(20.1))
  }

  @Test func sphericalComponentsAreCircles() throws {
    let mixture = try Known.row(components: 2, dimension: 2)
    let figure = try Figure.scatter(
      of: Known.draw(50, from: mixture), mixture: mixture, overlay: .ellipses)
    #expect(figure.caption.contains("radius σ"))
    #expect(!figure.caption.contains("flattened"))
    #expect(try Drawing(figure.svg).counts["ellipse"] == 2)
  }

  @Test func beyondEightColumnsTheMostSeparatingAreShown() throws {
    let base = try Known.row(components: 2, dimension: 12)
    // The third column separates nothing.
    let mixture = try GaussianMixture(
      weights: base.weights,
      components: base.components.map { component in
        var mean = component.mean
        mean[2] = 0
        return try Gaussian(mean: mean, covariance: component.covariance)
      })
    let figure = try Figure.pairs(of: Known.draw(60, from: mixture), mixture: mixture)
    #expect(figure.caption.contains("the 8 of 12 columns that separate"))
    #expect(!figure.table.columns.contains("mean x3"))
  }

  /// Bars are a density: their areas sum to one, up to the rounding of so many sums.
  @Test(arguments: UInt64(1)...3)
  func histogramIsADensity(seed: UInt64) throws {
    let points = Known.draw(500, from: try Known.row(components: 2, dimension: 1), seed: seed)
    let sample = try PointSample(of: points, limit: 5000, seed: 1)
    let histogram = try Histogram(points, column: 0, sample: sample)
    let area = histogram.densities.reduce(0) { $0 + $1 * histogram.binWidth }
    #expect(abs(area - 1) < 1e-12)
    #expect((5...Histogram.binLimit).contains(histogram.densities.count))
  }

  /// Twelve narrow groups: bins by the quartiles alone would be wider than the way from one group to the next.
  @Test func binsShowEveryComponent() throws {
    let mixture = try GaussianMixture(
      weights: Array(repeating: 1.0 / 12, count: 12),
      components: (0..<12).map {
        try Gaussian(mean: [2 * Double($0)], covariance: .diagonal(variances: [0.04]))
      })
    let points = Known.draw(960, from: mixture)
    let sample = try PointSample(of: points, limit: 5000, seed: 1)
    let alone = try Histogram(points, column: 0, sample: sample)
    let under = try Histogram(points, column: 0, sample: sample, under: mixture)
    #expect(alone.binWidth > 1 && under.binWidth <= 0.3)
  }

  /// Where a component lies shows to a hundredth of its standard deviation, however far from zero.
  @Test func meansAreTold() throws {
    let mixture = try GaussianMixture(
      weights: [0.5, 0.5],
      components: [1_700_000_000, 1_700_000_600].map {
        try Gaussian(mean: [$0], covariance: .diagonal(variances: [2200]))
      })
    let figure = try Figure.histogram(
      of: Matrix(rows: [[1_700_000_000], [1_700_000_600]]), mixture: mixture)
    #expect(figure.table.rows.map { $0[2] } == ["1700000000", "1700000600"])
    #expect(figure.description.contains("about 1700000600"))
  }

  @Test func whatIsInfiniteOutsideTheSampleIsAnError() throws {
    var rows = (0..<50).map { [Double($0)] }
    let sample = try PointSample(of: Matrix(rows: rows), limit: 10, seed: 1)
    let other = try #require((0..<50).first { !sample.rows.contains($0) })
    rows[other] = [-.infinity]
    #expect(
      throws: DataError.notFinite(row: other, column: 0, name: "x1", value: -.infinity)
    ) {
      try Histogram(Matrix(rows: rows), column: 0, sample: sample)
    }
  }

  @Test func integerWeightsAreRepeatedPointsInBars() throws {
    let weighted = try WeightedPoints(Matrix(rows: [[0], [1], [5]]), weights: [2, 1, 1])
    let repeated = Matrix(rows: [[0], [0], [1], [5]])
    func bars(_ points: any PointSource) throws -> [Double] {
      try Histogram(points, column: 0, sample: PointSample(of: points, limit: 100, seed: 1))
        .densities
    }
    #expect(try bars(weighted) == bars(repeated))
  }

  @Test func uncertaintyNamesTheMostUncertainRows() throws {
    let points = Matrix(rows: [[2, 54], [3.05, 66.5], [4.3, 80]])
    let figure = try Figure.uncertainty(of: points, mixture: Known.faithful())
    #expect(figure.table.rows[0][0] == "2")
    _ = try Drawing(figure.svg)
  }

  @Test func regionsRingWhatIsMistaken() throws {
    let classifier = try Classifier(
      classNames: ["short", "long"], mixture: Known.faithful(), classOfComponent: [0, 1])
    let points = Matrix(rows: [[2, 54], [4.3, 80], [4.2, 79]])
    let figure = try Figure.regions(of: classifier, points: points, truth: [0, 1, 0])
    #expect(figure.caption.contains("a ring marks each of 1 "))
    let drawing = try Drawing(figure.svg)
    #expect(drawing.counts["circle"] == 1)
    #expect(drawing.texts.contains("short") && drawing.texts.contains("long"))
  }

  @Test func ofOneColumnRegionsAreDensities() throws {
    let classifier = try Classifier(
      classNames: ["a", "b"], mixture: Known.row(components: 2, dimension: 1),
      classOfComponent: [0, 1])
    let points = Matrix(rows: [[0], [1], [5]])
    let figure = try Figure.regions(of: classifier, points: points)
    #expect(figure.title == "Classes over x1")
    #expect(try Figure.regions(of: classifier, points: points, columns: (0, 0)) == figure)
  }

  @Test func confusionTellsCountsAndShares() throws {
    func sure(_ index: Int) -> ClassPrediction {
      ClassPrediction(posteriors: [0, 1].map { $0 == index ? 1 : 0 }, logDensity: 0)
    }
    let report = ClassificationReport([0, 0, 1, 1].map(sure), truth: [0, 0, 0, 1])
    let figure = Figure.confusion(report, classNames: ["a", "<b>"])
    #expect(figure.table.rows == [["a", "2", "1"], ["<b>", "0", "1"]])
    #expect(try Drawing(figure.svg).texts.contains("67\u{A0}%"))
    #expect(figure.caption.contains("Shares are those of a row"))
  }

  /// Cells of many classes have no room for shares, and the caption speaks of none.
  @Test func manyClassesHaveCountsAlone() throws {
    let predictions = (0..<16).map { index in
      ClassPrediction(posteriors: (0..<16).map { $0 == index ? 1 : 0 }, logDensity: 0)
    }
    let figure = Figure.confusion(
      ClassificationReport(predictions, truth: Array(0..<16)), classNames: (0..<16).map { "c\($0)" }
    )
    #expect(try !Drawing(figure.svg).texts.contains("100\u{A0}%"))
    #expect(!figure.caption.contains("Shares"))
  }
}
