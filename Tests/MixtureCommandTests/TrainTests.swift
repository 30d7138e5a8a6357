import Foundation
import Testing

/// `train`, and what can be done with a classifier.
@Suite struct TrainTests {
  private let folder = TemporaryFolder()

  private func trained(_ options: String...) throws -> (path: String, document: JSON) {
    let path = folder("model.json")
    let arguments = ["train", Files.iris, "--class", "class", "-o", path, "--json"]
    return (path, try mixture(arguments + options).json())
  }

  @Test func aClassifierByBIC() throws {
    let (path, document) = try trained()
    #expect(document["schema"].string == "mixtures.train/1")
    #expect(document["n"].int == 150 && document["dimension"].int == 4)
    let names = document["classes"].elements.compactMap { $0["name"].string }
    #expect(names == ["setosa", "versicolor", "virginica"])
    let cells = document["selection"].elements
    #expect(cells.count == 14)
    #expect(document["bic"].double == cells.map { $0["bic"].double }.min())
    let model = try JSON(contentsOf: path)
    #expect(model == document["model"])
    #expect(model["components"].elements.compactMap { $0["class"].string } == names)
    let score = try mixture("score", path, Files.iris, "--json").json()
    #expect(close(score["logLikelihood"].double, document["logLikelihood"].double))
    #expect(score["parameterCount"].int == document["parameterCount"].int)
    let validation = document["crossValidation"]
    #expect(validation["confusion"].elements.count == 3)
    #expect((0..<0.1).contains(validation["errorRate"].double))
    let text = try mixture("train", Files.iris, "--class", "class").output
    for part in ["3 classes", "setosa", "What was tried", "held out", "Brier"] {
      #expect(text.contains(part), "\(part)")
    }
  }

  @Test func predictionsOfClasses() throws {
    let (path, document) = try trained("--structure", "EEE", "--folds", "0")
    #expect(document["crossValidation"].isNull)
    let lines = try mixture("predict", path, Files.iris, "--log-density").lines.map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(
      lines[0] == [
        "class", "uncertainty", "p_setosa", "p_versicolor", "p_virginica", "log_density",
      ])
    #expect(lines.count == 151)
    let truth = try String(contentsOfFile: Files.iris, encoding: .utf8).split(separator: "\n")
      .dropFirst().map { String($0.split(separator: ",")[4]) }
    let errors = zip(lines.dropFirst(), truth).count { $0[0] != $1 }
    #expect(close(Double(errors) / 150, document["training"]["errorRate"].double))
    for line in lines.dropFirst() {
      let posteriors = line[2...4].compactMap(Double.init)
      #expect(abs(posteriors.reduce(0, +) - 1) <= 1e-14)
      #expect(abs((Double(line[1]) ?? 9) - (1 - (posteriors.max() ?? 0))) <= 1e-15)
    }
    let strict = try mixture("predict", path, Files.iris, "--reject", "0.2").lines
      .dropFirst().count { $0.hasPrefix(",") }
    // A fifth of what the model describes is about a fifth of the flowers.
    #expect((10...60).contains(strict))
  }

  @Test func priorsAndMixtures() throws {
    let (_, given) = try trained(
      "--structure", "VVV", "--class-priors", "setosa=0.2,versicolor=0.3,virginica=0.5")
    #expect(given["classes"].elements.map { $0["prior"].double } == [0.2, 0.3, 0.5])
    let (path, document) = try trained("-k", "1...2", "--structure", "EEE,VVI", "--folds", "3")
    let counts = document["classes"].elements.map { $0["components"].int }
    #expect(counts.allSatisfy { (1...2).contains($0) })
    let model = try JSON(contentsOf: path)
    #expect(model["components"].elements.count == counts.reduce(0, +))
    #expect(
      model["classes"].elements.map { $0["structure"].string }
        == document["classes"].elements.map { $0["structure"].string })
    #expect(
      try mixture("score", path, Files.iris, "--json").json()["parameterCount"].int
        == document["parameterCount"].int)
    let described = try mixture("describe", path)
    #expect(described.succeeded && described.output.contains("versicolor"))
    let cv = try trained("--criterion", "cv", "--folds", "5").document
    let errors = cv["selection"].elements.map { $0["crossValidatedError"].double }
    #expect(cv["crossValidation"]["errorRate"].double == errors.min())
  }

  @Test(arguments: [
    (["--class", "none"], 65, "unknown column"),
    (["--class", "class", "--folds", "1"], 64, "--folds"),
    (["--class", "class", "--criterion", "cv", "--folds", "0"], 64, "holds out rows"),
    (["--class", "class", "--class-priors", "a=1"], 64, "no class"),
    (["--class", "class", "--class-priors", "setosa=2"], 64, "expected a probability"),
    (["--class", "class", "--class-priors", "setosa=1"], 64, "class \"versicolor\" has none"),
    (
      ["--class", "class", "--class-priors", "setosa=1,versicolor=1,virginica=1"], 64,
      "expected probabilities that sum to 1"
    ),
    ([], 64, "--class"),
  ])
  func misuse(options: [String], status: Int, mention: String) throws {
    let run = try mixture(["train", Files.iris] + options)
    #expect(run.ending == .exited(Int32(status)), "\(run.errors)")
    #expect(run.errors.contains(mention), "\(run.errors)")
  }

  @Test func rejectionNeedsClasses() throws {
    let path = folder("plain.json")
    #expect(try mixture("fit", Files.faithful, "-k", "1", "-o", path).succeeded)
    let run = try mixture("predict", path, Files.faithful, "--reject", "0.1")
    #expect(run.ending == .exited(64) && run.errors.contains("for classifiers"))
  }
}
