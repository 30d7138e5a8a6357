import Mixtures
import MixturesIO
import MixturesReport
import Testing

@Suite struct FitReportTests {
  private static let origin = ReportOrigin(
    command: ["mixture", "fit", "a b.csv"], data: "a b.csv", digest: "fnv1a64:0", library: "this")

  /// Points about (0, 0), (10, 0), (20, 0), … in turn.
  private func points(
    _ count: Int, clusters: Int = 2, dimension: Int = 2, offset: Double = 0, names: [String]? = nil
  ) -> Matrix {
    var generator = SplitMix64(seed: 3)
    let rows = (0..<count).map { row in
      (0..<dimension).map { column in
        offset + (column == 0 ? 10 * Double(row % clusters) : 0)
          + Double.random(in: -1...1, using: &generator)
          + Double.random(in: -1...1, using: &generator)
      }
    }
    return Matrix(rows: rows, columnNames: names)
  }

  private func search(
    _ points: any PointSource, _ components: ClosedRange<Int>,
    _ structures: [CovarianceStructure]? = [.vvv], options: FitOptions = FitOptions()
  ) throws -> SearchResult {
    try ModelSearch(components: components, structures: structures, options: options).run(points)
  }

  private func html(_ points: any PointSource, _ result: SearchResult) throws -> String {
    try FitReport(result, of: points, origin: Self.origin).html
  }

  @Test(arguments: [1, 2, 3, 10])
  func everyDimensionHasItsPage(dimension: Int) throws {
    let points = points(60, dimension: dimension)
    let html = try html(points, search(points, 1...2, [.eii]))
    for part in [
      "<h1>2 components", "data-film", "How far to trust it", "What else was tried",
      "mixture fit &#39;a b.csv&#39;", "fnv1a64:0",
    ] {
      #expect(html.contains(part), "\(part)")
    }
    #expect(html.utf8.count < 400_000)
  }

  @Test func theSameFitGivesTheSameBytes() throws {
    let points = points(80, clusters: 3)
    var options = FitOptions()
    options.threads = 1
    let first = try html(points, search(points, 1...3, options: options))
    options.threads = 3
    let second = try html(points, search(points, 1...3, options: options))
    #expect(first == second)
  }

  @Test func whateverDataHaveTheirPage() throws {
    let far = points(50, offset: 1e8)
    #expect(try html(far, search(far, 2...2)).contains("data-film"))
    let few = points(3, clusters: 3)
    #expect(try html(few, search(few, 1...3, [.eii])).contains("<h1>"))
    let constant = Matrix(rows: points(40).rows.map { [$0[0], 7] })
    #expect(try html(constant, search(constant, 2...2, [.eii])).contains("<h1>"))
    let missing = try IncompletePoints(
      Matrix(
        rows: points(60).rows.enumerated().map { $0 % 5 == 0 ? [$1[0], .nan] : $1 }))
    #expect(try html(missing, search(missing, 2...2)).contains("null"))
    let weighted = try WeightedPoints(
      points(40), weights: (0..<40).map { Double($0 % 3) * 0.5 })
    #expect(try html(weighted, search(weighted, 2...2)).contains("<h1>"))
  }

  @Test(arguments: [1, 2, 3])
  func pointsOfWeightZeroAreNotSeen(dimension: Int) throws {
    let rows = points(60, dimension: dimension).rows
    let far = Array(repeating: 7_654_321.0, count: dimension)
    let weighted = try WeightedPoints(
      Matrix(rows: rows + [far]), weights: rows.map { _ in 2 } + [0])
    let html = try html(weighted, search(weighted, 2...2, [.eii]))
    #expect(html.contains("data-film") && !html.contains("7654321"))
  }

  @Test func namesCannotBreakOut() throws {
    let script = "<script>alert(1)</script>"
    let tags = "\"'></title></svg><img src=x>"
    let points = points(60, names: [script, tags])
    let labelled = try LabelledPoints(
      points, labels: Labels((0..<60).map { $0 < 10 ? $0 % 2 : nil }, count: 2))
    let result = try search(labelled, 2...2)
    let comparison = ClassComparison(
      of: try result.best.mixture.classification(of: points),
      with: (0..<60).map { [script, tags][$0 % 2] }, weights: nil, components: 2)
    var origin = Self.origin
    origin.command = ["mixture", script]
    origin.data = tags
    let html = try FitReport(
      result, of: labelled, labels: [script, tags], comparison: comparison, origin: origin
    ).html
    #expect(!html.contains("<script>alert") && !html.contains("<img"))
    #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    // One end for each script, style, title and drawing of our own.
    func count(_ text: String) -> Int { html.split(separator: text).count - 1 }
    #expect(count("<script") == count("</script>"))
    #expect(count("<svg") == count("</svg>"))
    #expect(count("<title") == count("</title>"))
  }

  @Test func classesLabelsAndWarningsAreTold() throws {
    let points = points(60)
    var options = FitOptions()
    options.stopping = .when(.gain, below: 0, limit: 2)
    options.acceleration = .off
    let result = try search(points, 1...2, options: options)
    let comparison = ClassComparison(
      of: try result.best.mixture.classification(of: points),
      with: (0..<60).map { "class \($0 % 2)" }, weights: nil, components: 2)
    let html = try FitReport(
      result, of: points, labels: ["low"], comparison: comparison, missingCellCount: 4,
      options: options, origin: Self.origin
    ).html
    for warning in result.warnings {
      #expect(html.contains("<li>\(warning.description)</li>"), "\(warning)")
    }
    for part in ["Known classes", "class 1", "% low; ", "missing cells", "class=\"warnings\""] {
      #expect(html.contains(part), "\(part)")
    }
  }

  @Test func aConstantColumnIsAmongTheWarnings() throws {
    let own = points(60)
    let table = Matrix(rows: own.rows.map { Array($0) + [7] }, columnNames: ["a", "b", "same"])
    let html = try html(table, search(table, 2...2, [.eii]))
    #expect(html.contains("<li>Column 3 (same) is constant"))
  }

  /// The film comes from the start of the fit, and its plain EM ends where the fit did.
  @Test func theFilmEndsAtTheFit() throws {
    let points = points(200, clusters: 4)
    let fit = try GaussianMixture.fit(points, components: 4, structure: .eee)
    let choice = try #require(
      FilmChoice(fit, of: points, method: KMeansStart(), options: FitOptions()))
    #expect(abs(choice.film.last.logLikelihood - fit.logLikelihood) <= 1e-6 * 200)
    #expect(choice.caption.contains("It ends at the reported fit"))
    // Its components are ordered as those of the fit.
    for (own, other) in zip(choice.film.last.mixture.components, fit.mixture.components) {
      #expect(abs(own.mean[0] - other.mean[0]) < 0.01)
    }
    for frame in choice.film.frames {
      #expect(frame.mixture.components.count == 4)
    }
  }

  @Test func theFilmBeginsWhereTheFitBegan() throws {
    let points = points(100)
    let start = try GaussianMixture(
      weights: [0.5, 0.5],
      components: [3, 4].map {
        try Gaussian(mean: [$0, 0], covariance: .spherical(variance: 30, dimension: 2))
      })
    let fit = try GaussianMixture.fit(points, components: 2, from: MixtureStart(start))
    let choice = try #require(
      FilmChoice(fit, of: points, method: MixtureStart(start), options: FitOptions()))
    #expect(choice.film.first.mixture == start)
    #expect(choice.caption.contains("the given start"))
    var options = FitOptions()
    options.stopping = .exactly(3)
    let short = try GaussianMixture.fit(
      points, components: 2, from: MixtureStart(start), options: options)
    let film = try #require(
      FilmChoice(short, of: points, method: MixtureStart(start), options: options)?.film)
    #expect(film.frames.map(\.iteration) == [0, 1, 2, 3])
    #expect(film.last.mixture == short.mixture)
  }

  @Test func manyPointsAreSampledAndSaidSo() throws {
    let points = points(6_000)
    let html = try html(points, search(points, 2...2))
    #expect(html.contains("of 6000 points, drawn from a seed"))
    #expect(html.utf8.count < 500_000)
  }

  /// However many points there are: ten overlapping components in ten columns are about the most that is drawn and played.
  @Test func pagesOfManyColumnsAreSmall() throws {
    let mixture = try Known.row(components: 10, dimension: 10, distance: 3)
    let points = Known.draw(8_000, from: mixture)
    #expect(try html(points, search(points, 10...10)).utf8.count < 300_000)
  }

  @Test func manyParametersHaveNoFilm() throws {
    let points = points(400, dimension: 40)
    let html = try html(points, search(points, 2...2, [.vvi]))
    #expect(!html.contains("<figure data-film"))
    #expect(html.contains("There is no film"))
  }

  @Test func oneComponentHasNoFilm() throws {
    let points = points(30)
    #expect(try !html(points, search(points, 1...1)).contains("<figure data-film"))
  }

  @Test func startsAreThoseOfAFit() throws {
    let points = points(90, clusters: 3)
    var options = FitOptions()
    options.restarts = 1
    options.stopping = .exactly(0)
    let fit = try GaussianMixture.fit(points, components: 3, options: options)
    let start = try GaussianMixture.start(of: points, components: 3, options: options)
    #expect(Set(start.weights) == Set(fit.mixture.weights))
    #expect(throws: DataError.self) {
      try GaussianMixture.start(of: points, components: 91)
    }
  }
}
