import Mixtures
import MixturesReport
import Testing

@Suite struct ClassifierReportTests {
  private func html(
    dimension: Int, folds: Int = 5, names: [String] = ["red", "green"]
  ) throws -> (String, TrainedClassifier) {
    var generator = SplitMix64(seed: 5)
    let rows = (0..<60).map { row in
      (0..<dimension).map { _ in
        Double(row % 2) * 2 + Double.random(in: -1.5...1.5, using: &generator)
      }
    }
    let points = Matrix(rows: rows, columnNames: (0..<dimension).map { "<b>\($0)" })
    let classes = (0..<60).map { names[$0 % 2] }
    var training = ClassifierTraining()
    training.structures = [.eii, .vvi]
    training.folds = folds
    let result = try training.run(points, classes: classes)
    let report = ClassifierReport(
      result, of: points, classes: classes,
      origin: ReportOrigin(command: [], data: "data", digest: "0", library: "this"))
    return (try report.html, result)
  }

  @Test(arguments: [1, 2, 3])
  func everyDimensionHasItsPage(dimension: Int) throws {
    let (html, result) = try html(dimension: dimension)
    let validation = try #require(result.validation)
    for part in [
      "<h1>2 classes", "of the points held out in turn", "Brier", "What else was tried",
      "data-value=\"crossValidation errorRate\">\(validation.errorRate.fixed(4))<",
      "data-value=\"classErrorRate 2\">\(try #require(validation.classErrorRates[1]).fixed(4))<",
      "data-value=\"classBrierScore 1\">\(try #require(validation.classBrierScores[0]).fixed(4))<",
    ] {
      #expect(html.contains(part), "\(part)")
    }
    #expect(html.contains("Where each class is expected") == (dimension > 1))
    #expect(!html.contains("<pre"), "no command made it")
  }

  @Test func withoutPointsHeldOutItWarns() throws {
    let (html, _) = try html(dimension: 2, folds: 0)
    #expect(html.contains("class=\"warnings\"") && html.contains("flatters"))
    #expect(html.contains("of the points of the fit are taken for another class"))
  }

  @Test func namesCannotBreakOut() throws {
    let names = ["</script><script>alert(1)</script>", "\"'></svg><img src=x>"]
    let (html, _) = try html(dimension: 2, names: names)
    #expect(!html.contains("<script>alert") && !html.contains("<img") && !html.contains("<b>"))
  }
}
