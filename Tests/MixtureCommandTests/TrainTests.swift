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
    // Classes of fifty flowers each.
    for (all, ofClasses) in [("errorRate", "classErrorRates"), ("brierScore", "classBrierScores")] {
      let values = validation[ofClasses].numbers
      #expect(values.count == 3)
      #expect(abs(values.reduce(0, +) / 3 - validation[all].double) <= 1e-14)
    }
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
    let (told, given) = try trained(
      "--structure", "VVV", "--class-priors", "setosa=0.2,versicolor=0.3,virginica=0.5")
    // Two priors less than 44 parameters.
    #expect(given["parameterCount"].int == 42)
    #expect(
      try mixture("score", told, Files.iris, "--json").json()["parameterCount"].int == 42)
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

  /// Two classes of equal variances are the same classifier with E and with V: one of them is chosen.
  @Test func oneCandidateIsChosen() throws {
    let path = folder.write("x,class\n1,a\n2,a\n3,a\n10,b\n11,b\n12,b\n", to: "points.csv")
    let lines = try mixture(
      "train", path, "--class", "class", "--criterion", "cv", "--folds", "3"
    ).lines
    #expect(lines.filter { $0.hasPrefix("*") }.count == 1)
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
    (["--class", "class", "--folds", "0", "--seed", "9"], 64, "--seed has no effect"),
    (["--class", "class", "--folds", "0", "--seed", "9", "-k", "1"], 64, "--seed has no effect"),
    ([], 64, "--class"),
  ])
  func misuse(options: [String], status: Int, mention: String) throws {
    let run = try mixture(["train", Files.iris] + options)
    #expect(run.ending == .exited(Int32(status)), "\(run.errors)")
    #expect(run.errors.contains(mention), "\(run.errors)")
  }

  private let holes = Files.project
    .appendingPathComponent("Tests/ReferenceData/missing/iris_missing10.csv").path

  /// There is nothing to advise that would help: neither fewer columns nor another structure.
  @Test func classesOfEqualRows() throws {
    let rows = Array(repeating: "1,2,u", count: 9) + Array(repeating: "3,4,v", count: 9)
    let path = folder.write((["a,b,kind"] + rows).joined(separator: "\n") + "\n", to: "equal.csv")
    let run = try mixture("train", path, "--class", "kind")
    #expect(run.ending == .exited(65))
    #expect(run.errors.contains("Within every class all rows are equal, up to rounding"))
  }

  @Test func missingCells() throws {
    let arguments = ["train", holes, "--class", "class", "--structure", "EEE,VVV", "--json"]
    let exact = try mixture(arguments).json()
    #expect(exact["n"].int == 150)
    #expect((0..<0.1).contains(exact["crossValidation"]["errorRate"].double))
    #expect(exact["model"]["provenance"]["options"]["missing"].isNull)
    let dropped = try mixture(arguments + ["--missing", "drop"])
    #expect(try dropped.json()["n"].int == 99)
    let said = "51 of 150 rows have missing cells and are left out."
    #expect(dropped.errors.contains("Warning: \(said)"))
    #expect(try dropped.json()["warnings"].strings.contains(said))
    #expect(
      try dropped.json()["model"]["provenance"]["options"]["missing"].string == "drop")
    let refused = try mixture(arguments + ["--missing", "error"])
    #expect(refused.ending == .exited(65) && refused.errors.contains("an empty cell"))
    let path = folder.write(
      try String(contentsOfFile: holes, encoding: .utf8) + ",,,,setosa\n", to: "empty.csv")
    let empty = try mixture("train", path, "--class", "class", "--structure", "EEE")
    #expect(empty.succeeded && empty.errors.contains("1 row without any value"))
    #expect(empty.output.contains("151 points"))
  }

  @Test func rejectionWithHoles() throws {
    let (path, _) = try trained("--structure", "VVV", "--folds", "0")
    let lines = try mixture("predict", path, holes, "--reject", "0.2").lines.dropFirst()
    #expect(lines.count == 150 && (10...60).contains(lines.count { $0.hasPrefix(",") }))
    // A complete row has the same threshold, whatever others miss.
    let whole = try mixture("predict", path, Files.iris, "--reject", "0.2").lines.dropFirst()
    let cells = try String(contentsOfFile: holes, encoding: .utf8).split(separator: "\n")
      .dropFirst()
    for ((row, own), other) in zip(zip(cells, lines), whole)
    where !row.split(separator: ",", omittingEmptySubsequences: false).contains("") {
      #expect(own.hasPrefix(",") == other.hasPrefix(","))
    }
    let small = try mixture("predict", path, Files.iris, "--reject", "0.000001")
    #expect(small.ending == .exited(64) && small.errors.contains("cannot be told"))
  }

  private func withGhost() throws -> String {
    folder.write(
      try String(contentsOfFile: Files.iris, encoding: .utf8) + "9,9,9,9,ghost\n",
      to: "ghost.csv")
  }

  @Test(arguments: [
    (["--structure", "VVV"], "Class \"ghost\" has 1 row"),
    (["-k", "1...2", "--structure", "EEE"], "Class \"ghost\" has 1 row"),
    (["-k", "60", "--structure", "EII"], "Class \"ghost\" has 1 row"),
    (["--structure", "EEE", "--criterion", "cv"], "Without fold 1: Class \"ghost\" has no row"),
  ])
  func aSmallClassIsNamed(options: [String], mention: String) throws {
    let run = try mixture(["train", withGhost(), "--class", "class"] + options)
    #expect(run.ending == .exited(65) && run.errors.contains(mention), "\(run.errors)")
    #expect(!run.errors.contains("--floor") && !run.errors.contains("no points"))
  }

  @Test func tooManyComponentsForAClass() throws {
    let run = try mixture(
      "train", Files.iris, "--class", "class", "-k", "60", "--structure", "EII")
    #expect(run.ending == .exited(65))
    #expect(run.errors.contains("Class \"setosa\" has 50 rows, too few for 60 components"))
  }

  @Test func whyThereIsNoCandidateAndNoEstimate() throws {
    let run = try mixture("train", withGhost(), "--class", "class", "--json")
    let document = try run.json()
    for cell in document["selection"].elements {
      let isFitted = cell["status"].string == "ok"
      #expect(isFitted == cell["reason"].isNull && isFitted == !cell["bic"].double.isNaN)
    }
    #expect(run.errors.contains("no estimate") && run.errors.contains("ghost"))
    #expect(document["warnings"].strings.contains { $0.contains("no estimate") })
    let text = try mixture("train", withGhost(), "--class", "class", "--folds", "0").output
    #expect(text.contains("VVV: Class \"ghost\" has 1 row"))
    let rows = try String(contentsOfFile: withGhost(), encoding: .utf8) + "8,8,7,9.5,ghost\n"
    let two = try mixture(
      "train", folder.write(rows, to: "two.csv"), "--class", "class", "--criterion", "cv",
      "--structure", "EEE,VVI", "--json"
    ).json()
    #expect(two["selection"].elements.map { $0["status"].string } == ["ok", "notValidated"])
    #expect(two["selection"][1]["reason"].string?.hasPrefix("Without fold ") == true)
  }

  @Test func warningsOfClasses() throws {
    let run = try mixture(
      "train", Files.iris, "--class", "class", "-k", "8", "--structure", "EEV", "--folds", "0",
      "--json")
    let warnings = try run.json()["warnings"].strings
    #expect(warnings.contains { $0.hasPrefix("Class \"setosa\": ") && $0.contains("effective") })
    for warning in warnings { #expect(run.errors.contains("Warning: \(warning)")) }
    let quiet = try trained("--structure", "EEE", "--folds", "0").document
    #expect(quiet["warnings"].elements.isEmpty && !quiet["warnings"].isNull)
  }

  @Test func namesWithCommasAndEqualSigns() throws {
    let text = try String(contentsOfFile: Files.iris, encoding: .utf8)
      .replacingOccurrences(of: "setosa", with: "\"a,b\"")
      .replacingOccurrences(of: "versicolor", with: "x=1")
      .replacingOccurrences(of: "virginica", with: "\"say \"\"so\"\", then\"")
    let path = folder.write(text, to: "names.csv")
    let run = try mixture(
      "train", path, "--class", "class", "--structure", "EEE", "--folds", "0", "--class-priors",
      "\"a,b\"=0.2,x=1=0.3,\"say \"\"so\"\", then\"=0.5", "--json")
    let classes = try run.json()["classes"].elements
    #expect(classes.map { $0["name"].string } == ["a,b", "say \"so\", then", "x=1"])
    #expect(classes.map { $0["prior"].double } == [0.2, 0.5, 0.3])
    let open = try mixture("train", path, "--class", "class", "--class-priors", "\"a,b=0.2")
    #expect(open.ending == .exited(64) && open.errors.contains("expected a probability"))
  }

  /// What a reader would take for a missing value, or strip of blanks, reads back as it was.
  @Test func namesThatLookLikeNothingSurvive() throws {
    let names = ["NA", "nan", "?", " blanks ", "plain"]
    let rows = (0..<60).map { row in
      let name = names[row % names.count]
      return "\(10 * (row % names.count) + row % 7),\"\(name)\"\n"
    }
    let data = folder.write("x,kind\n" + rows.joined(), to: "odd.csv")
    let model = folder("model.json")
    let run = try mixture(
      "train", data, "--class", "kind", "--structure", "E", "--folds", "0", "-o", model)
    try #require(run.succeeded, "\(run.errors)")
    let predicted = folder.write(try mixture("predict", model, data).output, to: "predicted.csv")
    let fit = try mixture(
      "fit", predicted, "--columns", "uncertainty", "--truth", "class", "-k", "1", "--json"
    ).json()
    #expect(Set(fit["agreement"]["classes"].strings) == Set(names))
  }

  @Test func theSeedIsANumberAsInFits() throws {
    let (_, document) = try trained("--structure", "EEE", "--seed", "7")
    #expect(document["model"]["provenance"]["seed"].int == 7)
    #expect(document["model"]["provenance"]["seed"].string == nil)
  }

  @Test func howTheFileWasReadIsTold() throws {
    let values = (0..<40).flatMap { (i: Int) -> [Double] in
      [Double(i % 7), Double(i % 5), Double(i % 2)]
    }
    let raw = folder.write(values.withUnsafeBytes { Data($0) }, to: "raw")
    let options = try mixture(
      "train", raw, "--raw", "float64x3", "--class", "3", "--precision", "float32", "--structure",
      "EEE", "--json"
    ).json()["model"]["provenance"]["options"]
    #expect(options["raw"].string == "float64x3" && options["precision"].string == "float32")
    #expect(options["class"].string == "3" && options["k"].isNull)
  }

  @Test func rejectionNeedsClasses() throws {
    let path = folder("plain.json")
    #expect(try mixture("fit", Files.faithful, "-k", "1", "-o", path).succeeded)
    let run = try mixture("predict", path, Files.faithful, "--reject", "0.1")
    #expect(run.ending == .exited(64) && run.errors.contains("for classifiers"))
    let unread = try mixture("predict", path, folder("none.csv"), "--reject", "0.1")
    #expect(unread.ending == .exited(64))
  }
}
