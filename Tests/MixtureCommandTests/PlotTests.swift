import Foundation
import Testing

/// What `plot` draws, and what it refuses.
@Suite struct PlotTests {
  private let folder = TemporaryFolder()

  private func fitted(_ data: String = Files.faithful, _ options: String...) throws -> String {
    let path = folder("model.json")
    let outcome = try mixture(["fit", data, "-k", "2", "--structure", "VVV", "-o", path] + options)
    try #require(outcome.succeeded, "\(outcome.errors)")
    return path
  }

  private func classifier(_ columns: String = "petal_length,petal_width") throws -> String {
    let path = folder("classifier.json")
    let outcome = try mixture(
      "train", Files.iris, "--class", "class", "--columns", columns, "--structure", "VVV", "-o",
      path)
    try #require(outcome.succeeded, "\(outcome.errors)")
    return path
  }

  /// What `fit --json` prints.
  private func document(_ options: String...) throws -> String {
    let outcome = try mixture(["fit", Files.faithful, "--json"] + options)
    try #require(outcome.succeeded, "\(outcome.errors)")
    return folder.write(outcome.output, to: "fit.json")
  }

  private func svg(_ arguments: String...) throws -> String {
    let outcome = try mixture(["plot"] + arguments + ["-o", "-"])
    try #require(outcome.succeeded, "\(outcome.ending): \(outcome.errors)")
    #expect(outcome.output.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
    #expect(outcome.output.hasSuffix("</svg>\n"))
    #expect(outcome.errors.isEmpty)
    return outcome.output
  }

  private func refusal(_ arguments: String...) throws -> String {
    let outcome = try mixture(["plot"] + arguments)
    #expect(outcome.ending == .exited(64), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    return outcome.errors
  }

  @Test func theKindSuitsTheModel() throws {
    let two = try fitted()
    #expect(
      try svg(two, Files.faithful).contains("<title id=\"figure-title\">waiting by eruptions"))
    #expect(
      try svg(two, Files.faithful, "--columns", "waiting").contains(">waiting, with 2 components<"))
    let one = try fitted(Files.faithful, "--columns", "waiting")
    #expect(try svg(one, Files.faithful).contains("Histogram of 272 points"))
    let four = try fitted(Files.iris, "--exclude", "class")
    #expect(try svg(four, Files.iris).contains("Scatter plots of every pair"))
    #expect(try svg(classifier(), Files.iris).contains("Classes over petal_length and petal_width"))
  }

  @Test func everyKindOfDataIsDrawn() throws {
    let model = try fitted()
    #expect(try svg(model, Files.faithful, "--kind", "uncertainty").contains("Uncertainty over"))
    #expect(try svg(model, Files.faithful, "--kind", "steps").contains(">start<"))
    #expect(try svg(model, Files.faithful, "--kind", "pairs").contains("2 columns, with"))
    let confusion = try svg(
      classifier(), Files.iris, "--kind", "confusion", "--truth", "class")
    #expect(confusion.contains("taken for versicolor") || confusion.contains(">versicolor<"))
  }

  @Test func whatFitPrintsIsDrawnWithoutData() throws {
    let search = try document("-k", "1...4", "--structure", "EII,VVV")
    #expect(try svg(search).contains("BIC by number of components"))
    #expect(try svg(search, "--criterion", "icl").contains("ICL by number of components"))
    #expect(try svg(search, "--kind", "criterion-map").contains("BIC by structure and number"))
    #expect(try svg(search, "--kind", "trace").contains("Log-likelihood after"))
    #expect(try svg(search, Files.faithful).contains("Scatter plot of 272 points"))
    #expect(try refusal(search, "--kind", "cross-validation", "-o", "-").contains("--criterion cv"))
    let one = try document("-k", "2", "--structure", "VVV")
    #expect(try svg(one).contains("Log-likelihood after"))
    let folds = try document("-k", "1...3", "--structure", "VVV", "--criterion", "cv")
    #expect(try svg(folds).contains("Cross-validation by number of components"))
  }

  @Test func optionsHaveEffects() throws {
    let model = try fitted(Files.iris, "--exclude", "class")
    let plain = try svg(model, Files.iris, "--columns", "petal_length,petal_width")
    #expect(plain.contains("petal_width by petal_length"))
    #expect(plain.contains("Contours bound"))
    #expect(
      try svg(model, Files.iris, "--columns", "petal_length,petal_width", "--ellipses").contains(
        "<ellipse"))
    #expect(try svg(model, Files.iris, "--columns", "4,1").contains("sepal_length by petal_width"))
  }

  @Test func stepsBeginWhereAsked() throws {
    let model = folder("five.json")
    let fit = try mixture(
      "fit", Files.iris, "--exclude", "class", "-k", "5", "--structure", "EII", "-o", model)
    try #require(fit.succeeded, "\(fit.errors)")
    let first = try svg(model, Files.iris, "--kind", "steps")
    #expect(try svg(model, Files.iris, "--kind", "steps", "--seed", "1") == first)
    #expect(try svg(model, Files.iris, "--kind", "steps", "--seed", "9") != first)
    #expect(try svg(model, Files.iris, "--kind", "steps", "--start", model) != first)
  }

  /// Steps find components in an order of their own: names stand only where a start gives them.
  @Test func stepsNameNoOtherComponents() throws {
    let model = folder("named.json")
    let fit = try mixture(
      "fit", Files.iris, "-k", "3", "--structure", "VVV", "--labels", "class", "-o", model)
    try #require(fit.succeeded, "\(fit.errors)")
    #expect(try !svg(model, Files.iris, "--kind", "steps").contains("setosa"))
    #expect(try svg(model, Files.iris, "--kind", "steps", "--start", model).contains("setosa"))
  }

  @Test func weightsChangeTheFigure() throws {
    let model = try fitted()
    var rows = try String(contentsOfFile: Files.faithful, encoding: .utf8).split(separator: "\n")
      .map(String.init)
    rows = [rows[0] + ",w"] + rows.dropFirst().enumerated().map { "\($1),\($0 % 3)" }
    let data = folder.write(rows.joined(separator: "\n") + "\n", to: "weighted.csv")
    #expect(try svg(model, data, "--weights", "w") != svg(model, data))
  }

  @Test func truthRingsMistakes() throws {
    let model = try classifier()
    #expect(try !svg(model, Files.iris).contains("a ring marks"))
    #expect(try svg(model, Files.iris, "--truth", "class").contains("a ring marks"))
    let other = folder.write("petal_length,petal_width,kind\n1,2,rose\n", to: "other.csv")
    let outcome = try mixture("plot", model, other, "--truth", "kind", "-o", "-")
    #expect(outcome.ending == .exited(65))
    #expect(
      outcome.errors.contains("row 1 has the class \"rose\", which the classifier does not know"))
  }

  @Test func missingCellsAreLeftOutAndSaid() throws {
    let model = try fitted()
    let data = folder.write("eruptions,waiting\n2,50\n,60\n4,80\nNA,NA\n", to: "holes.csv")
    #expect(try svg(model, data).contains("2 points lack a cell"))
  }

  @Test func whatDoesNotFitTogetherIsRefused() throws {
    let model = try fitted()
    #expect(try refusal(model, "-o", "-").contains("give a data file"))
    #expect(try refusal(model, Files.faithful).contains("output"))
    #expect(try refusal(model, "--kind", "trace", "-o", "-").contains("run fit with --json"))
    #expect(try refusal(model, Files.faithful, "--kind", "trace", "-o", "-").contains("no data"))
    #expect(try refusal(model, "--kind", "scatter", "-o", "-").contains("give a data file"))
    #expect(
      try refusal(model, Files.faithful, "--kind", "regions", "-o", "-").contains("no classes"))
    #expect(
      try refusal(model, Files.faithful, "--kind", "uncertainty", "--ellipses", "-o", "-").contains(
        "--ellipses has no effect"))
    #expect(
      try refusal(model, Files.faithful, "--seed", "2", "-o", "-").contains("--seed has no effect"))
    #expect(
      try refusal(model, Files.faithful, "--columns", "eruptions,eruptions", "-o", "-").contains(
        "once"))
    #expect(
      try refusal(model, Files.faithful, "--columns", "size,waiting", "-o", "-").contains(
        "It has: eruptions, waiting"))
    for number in ["-9223372036854775808", "0", "3"] {
      #expect(
        try refusal(model, Files.faithful, "--columns=\(number),1", "-o", "-").contains(
          "no feature \"\(number)\""))
    }
    #expect(
      try refusal(
        model, Files.faithful, "--kind", "scatter", "--columns", "waiting", "-o", "-"
      ).contains("expected 2 columns for --kind scatter, found 1"))
    #expect(
      try refusal(model, Files.faithful, "--kind", "histogram", "-o", "-").contains("--columns"))
    #expect(
      try refusal(classifier(), Files.iris, "--kind", "confusion", "-o", "-").contains("--truth"))
    let search = try document("-k", "2", "--structure", "VVV")
    #expect(try refusal(search, "--precision", "float32", "-o", "-").contains("give a data file"))
  }

  @Test func picturesOfOtherFormatsAreLeftToTheirProgram() throws {
    let outcome = try mixture("plot", "model.json", Files.faithful, "-o", "a b/figure.PNG")
    #expect(outcome.ending == .exited(64))
    #expect(outcome.errors.contains("rsvg-convert -z 2"))
    #expect(outcome.errors.contains("'a b/figure.svg' -o 'a b/figure.PNG'"))
    for (path, advice) in [
      ("figure.pdf", "-f pdf figure.svg -o figure.pdf"),
      ("figure.jpeg", "rsvg-convert -z 2 figure.svg -o figure.png, and make JPEG of that"),
      ("a.b/figure.webp", "write -o a.b/figure.svg"),
      ("m.json", "Figures are SVG: write -o m.svg."),
    ] {
      let found = try refusal("model.json", Files.faithful, "-o", path)
      #expect(found.contains(advice), "\(found)")
    }
  }

  /// A name without an ending promises nothing else.
  @Test func namesWithoutAnEndingAreTaken() throws {
    let model = try fitted()
    let figure = try svg(model, Files.faithful)
    for name in ["figure", ".figure", "figure.SVG"] {
      #expect(try mixture("plot", model, Files.faithful, "-o", folder(name)).succeeded)
      #expect(try String(contentsOfFile: folder(name), encoding: .utf8) == figure)
    }
  }

  /// Whatever these are called: a name that ends otherwise is refused before.
  @Test func aFigureTakesNoInputsPlace() throws {
    func copy(_ path: String, _ name: String) throws -> String {
      folder.write(try String(contentsOfFile: path, encoding: .utf8), to: name)
    }
    let (model, data) = (try copy(fitted(), "model"), try copy(Files.faithful, "d.svg"))
    for path in [model, data] {
      let before = try String(contentsOfFile: path, encoding: .utf8)
      let outcome = try mixture("plot", model, data, "-o", path)
      #expect(outcome.ending == .exited(64))
      #expect(outcome.errors.contains("-o would take the place of"))
      #expect(try String(contentsOfFile: path, encoding: .utf8) == before)
    }
  }

  @Test func filesAreWrittenWholeOrNotAtAll() throws {
    let model = try fitted()
    let path = folder("figure.svg")
    #expect(try mixture("plot", model, Files.faithful, "-o", path).succeeded)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == svg(model, Files.faithful))
    let bad = folder.write("eruptions,waiting\n1,x\n", to: "bad.csv")
    #expect(try mixture("plot", model, bad, "-o", path).ending == .exited(65))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == svg(model, Files.faithful))
    #expect(try mixture("plot", model, "nowhere.csv", "-o", path).ending == .exited(66))
    #expect(
      try mixture("plot", model, Files.faithful, "-o", "nowhere/figure.svg").ending == .exited(73))
    #expect(folder.names.allSatisfy { !$0.hasSuffix(".tmp") })
  }

  @Test func aDocumentThatIsNoFitIsRefused() throws {
    let search = try document("-k", "2", "--structure", "VVV")
    let text = try String(contentsOfFile: search, encoding: .utf8)
    let broken = folder.write(
      text.replacing("\"trace\": [", with: "\"trace\": [\"x\", "), to: "b.json")
    let outcome = try mixture("plot", broken, "-o", "-")
    #expect(outcome.ending == .exited(65))
    #expect(outcome.errors.contains("trace[0]: expected a number, found \"x\""))
    let other = folder.write(text.replacing("mixtures.fit/1", with: "mixtures.fit/9"), to: "o.json")
    #expect(try mixture("plot", other, "-o", "-").ending == .exited(65))
  }
}
