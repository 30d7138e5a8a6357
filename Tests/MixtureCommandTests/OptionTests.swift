import Foundation
import Mixtures
import Testing

/// Every option that is accepted has an effect; every combination without one is refused.
@Suite struct FitOptionTests {
  private let folder = TemporaryFolder()

  private func fit(_ options: String..., data: String = Files.faithful) throws -> JSON {
    try mixture(["fit", data, "--json"] + options).json()
  }

  /// A fit that is quick, and whose start differs from its end.
  private func three(_ options: String...) throws -> JSON {
    try mixture(["fit", Files.faithful, "--json", "-k", "3", "--structure", "VVV"] + options).json()
  }

  @Test func columnsAndExcludeChooseFeatures() throws {
    let kept = try fit("--columns", "petal_width,sepal_length", "-k", "2", data: Files.iris)
    #expect(kept["features"].strings == ["petal_width", "sepal_length"])
    let left = try fit(
      "--exclude", "class,sepal_width,petal_length", "-k", "2", data: Files.iris)
    #expect(left["features"].strings == ["sepal_length", "petal_width"])
    #expect(try fit("--columns", "2", "-k", "1")["features"].strings == ["waiting"])
  }

  /// A weight of two is a row written twice, a weight of zero a row left out.
  @Test func weightsCountRows() throws {
    let rows = try String(contentsOfFile: Files.faithful, encoding: .utf8)
      .split(separator: "\n").dropFirst()
    let weights = rows.indices.map { $0 % 3 }
    let weighted = folder.write(
      "w,eruptions,waiting\n" + zip(weights, rows).map { "\($0),\($1)\n" }.joined(), to: "w.csv")
    let repeated = folder.write(
      "eruptions,waiting\n"
        + zip(weights, rows).flatMap { Array(repeating: "\($1)\n", count: $0) }.joined(),
      to: "r.csv")
    let options = ["-k", "2", "--structure", "VVV", "--json"]
    let one = try mixture(["fit", weighted, "--weights", "w"] + options).json()
    let other = try mixture(["fit", repeated] + options).json()
    #expect(one["n"].int == weights.reduce(0, +))
    #expect(one["n"].int == other["n"].int)
    #expect(one["features"].strings == ["eruptions", "waiting"])
    // Both have converged, so that what is left to gain is below n times the tolerance of 1e-8.
    #expect(abs(one["logLikelihood"].double - other["logLikelihood"].double) < 272e-8)

    let model = folder("model.json")
    _ = try mixture(["fit", repeated, "-o", model] + options).json()
    let scored = try mixture("score", model, weighted, "--weights", "w", "--json").json()
    #expect(scored["n"].int == one["n"].int)
    #expect(close(scored["logLikelihood"].double, other["logLikelihood"].double))
    #expect(close(scored["bic"].double, other["bic"].double))
  }

  /// Where nothing is missing, all treatments are the same.
  @Test func treatmentsOfMissingCells() throws {
    let runs = try ["error", "drop", "exact"].map {
      try mixture("fit", Files.faithful, "-k", "1", "--missing", $0)
    }
    #expect(runs.allSatisfy { $0.succeeded && $0.output == runs[0].output })
    #expect(
      try mixture("fit", Files.faithful, "-k", "1", "--missing", "mean").ending == .exited(64))
  }

  @Test(arguments: [
    ("3", [3]), ("2...4", [2, 3, 4]), ("1,3", [1, 3]), ("3,1...2", [3, 1, 2]), ("2,2", [2]),
  ])
  func numbersOfComponents(given: String, expected: [Int]) throws {
    for option in ["-k", "--components"] {
      let document = try fit(option, given, "--structure", "EII", "--restarts", "1")
      #expect(document["selection"].elements.map { $0["components"].int } == expected)
    }
  }

  @Test func withoutNumbersItSearchesOneToNineOverAllStructures() throws {
    let cells = try fit("--restarts", "1", "--max-iterations", "30")["selection"].elements
    let structures = CovarianceStructure.all(inDimension: 2).map(\.name)
    #expect(
      cells.map { $0["structure"].string } == structures.flatMap { Array(repeating: $0, count: 9) })
    #expect(cells.map { $0["components"].int } == structures.flatMap { _ in Array(1...9) })
    let text = try mixture("fit", Files.faithful, "--restarts", "1", "--max-iterations", "30")
    #expect(text.output.hasPrefix("BIC of each fit (smaller is better; * the best)\ncomponents"))
    #expect(text.output.contains("*"))
  }

  @Test(arguments: [
    ("EEI", ["EEI"]), ("vvv,EII", ["VVV", "EII"]),
    ("all", CovarianceStructure.all(inDimension: 2).map(\.name)),
    ("spherical,Diag,tied,FULL", ["VII", "VVI", "EEE", "VVV"]),
  ])
  func structures(given: String, expected: [String]) throws {
    let cells = try fit("-k", "2", "--structure", given)["selection"].elements
    #expect(cells.map { $0["structure"].string } == expected)
    #expect(Set(cells.map { $0["logLikelihood"].double }).count == expected.count)
  }

  @Test(arguments: ["all", "E,V", "EII,VVV,EEE"])
  func inOneDimensionThereAreTwoStructures(given: String) throws {
    let cells = try fit("-k", "2", "--structure", given, "--columns", "waiting")["selection"]
    #expect(cells.elements.map { $0["structure"].string } == ["E", "V"])
  }

  @Test(arguments: ["bic", "aic", "icl"])
  func criterionChooses(name: String) throws {
    let document = try fit("-k", "1...6", "--criterion", name, "--restarts", "3")
    let cells = document["selection"].elements
    #expect(document[name].double == cells.map { $0[name].double }.min())
  }

  @Test func criteriaDisagree() throws {
    let chosen = try ["bic", "aic", "icl"].map { name in
      let best = try fit("-k", "1...6", "--criterion", name, "--restarts", "3")
      return "\(best["structure"]) \(best["components"])"
    }
    #expect(Set(chosen).count >= 2, "\(chosen)")
  }

  /// Where each start begins, told apart by the log-likelihood before the first iteration.
  @Test func startsDiffer() throws {
    let hand = folder.write(
      handWritten([(0.5, [2, 50], 4), (0.2, [4, 80], 9), (0.3, [3, 70], 9)]), to: "hand.json")
    let variants: [[String]] = [
      [], ["--init", "random-points"], ["--init", "random-responsibilities"],
      ["--start-covariance", "global"], ["--start-covariance", "identity"],
      ["--start-weights", "equal"], ["--start-covariance", "global", "--start-weights", "equal"],
      ["--init", "random-points", "--start-covariance", "identity"], ["--seed", "2"],
      ["--start", hand],
    ]
    let values = try variants.map { options in
      let extra = options.contains("--start") ? [] : ["--restarts", "1"]
      return try mixture(
        ["fit", Files.faithful, "--json", "--structure", "VVV", "--iterations", "0"] + extra
          + (options.contains("--start") ? [] : ["-k", "3"]) + options
      ).json()["logLikelihood"].double
    }
    #expect(Set(values).count == variants.count, "\(values)")
  }

  @Test(arguments: [
    ["--init", "kmeans"], ["--start-covariance", "cluster"], ["--start-weights", "proportional"],
    ["--seed", "1"], ["--stop", "gain"], ["--tolerance", "1e-8"], ["--max-iterations", "1000"],
    ["--restarts", "10"], ["--floor", "0"], ["--criterion", "bic"],
  ])
  func defaultsAreWhatTheHelpSays(options: [String]) throws {
    let plain = try three()
    let given = try mixture(
      ["fit", Files.faithful, "--json", "-k", "3", "--structure", "VVV"] + options
    ).json()
    for key in ["trace", "certificate", "stopped"] { #expect(given[key] == plain[key], "\(key)") }
    #expect(given["model"]["components"] == plain["model"]["components"])
  }

  @Test func startCovariancesAndWeightsAreAsNamed() throws {
    func start(_ options: String...) throws -> [JSON] {
      try mixture(
        ["fit", Files.faithful, "-k", "3", "--structure", "VVV", "--iterations", "0", "--json"]
          + options
      ).json()["model"]["components"].elements
    }
    for component in try start("--start-covariance", "identity", "--start-weights", "equal") {
      #expect(component["covariance"].elements.map(\.numbers) == [[1, 0], [0, 1]])
      #expect(component["weight"].double == 1.0 / 3)
    }
    let whole = try fit("-k", "1", "--structure", "VVV")["model"]["components"][0]["covariance"]
    for component in try start("--init", "random-points") {
      #expect(component["weight"].double == 1.0 / 3)
      for (found, expected) in zip(
        component["covariance"].elements.flatMap(\.numbers), whole.elements.flatMap(\.numbers))
      {
        #expect(close(found, expected))
      }
    }
  }

  @Test func restartsAreCountedAndKeepTheBest() throws {
    let one = try fit("-k", "5", "--structure", "EEE", "--restarts", "1")
    let many = try fit("-k", "5", "--structure", "EEE", "--restarts", "12")
    #expect(one["certificate"]["starts"].int == 1)
    #expect(many["certificate"]["starts"].int == 12)
    #expect(many["logLikelihood"].double >= one["logLikelihood"].double)
    #expect(many["certificate"]["reachedBest"].int < 12)
    #expect(many["certificate"]["gapToNext"].double > 0)
  }

  @Test func seedsDifferAndAgree() throws {
    let options = ["-k", "4", "--structure", "VVV", "--restarts", "1", "--json"]
    func output(_ seed: String) throws -> String {
      try mixture(["fit", Files.faithful, "--seed", seed] + options).output
    }
    let first = try output("3")
    #expect(try output("3") == first)
    let others = try (4...7).map { try JSON(parsing: output("\($0)"))["trace"].numbers[0] }
    #expect(Set(others).count == 4)
    let largest = try JSON(parsing: output("18446744073709551615"))
    #expect(largest["model"]["provenance"]["seed"].string == "18446744073709551615")
  }

  @Test func stoppingRules() throws {
    let gain = try three("--stop", "gain", "--tolerance", "1e-4", "--accelerate", "off")
    let predicted = try three("--stop", "predicted-gain", "--tolerance", "1e-4")
    let parameters = try three("--stop", "parameters", "--tolerance", "1e-4")
    #expect(gain["stopped"].string == "gainBelowThreshold")
    #expect(predicted["stopped"].string == "predictedGainBelowThreshold")
    #expect(parameters["stopped"].string == "parameterChangeBelowThreshold")
    for document in [gain, predicted, parameters] { #expect(document["converged"].bool == true) }
    #expect(Set([gain, predicted, parameters].map { $0["iterations"].int }).count == 3)
    let trace = gain["trace"].numbers
    let gains = zip(trace.dropFirst(), trace).map { ($0 - $1) / 272 }
    #expect(gains.dropLast().allSatisfy { $0 >= 1e-4 })
    #expect((gains.last ?? 1) < 1e-4)
    let tighter = try three("--tolerance", "1e-10", "--restarts", "1", "--accelerate", "off")
    #expect(tighter["iterations"].int > gain["iterations"].int)
  }

  @Test func acceleration() throws {
    let plain = try three("--accelerate", "off", "--restarts", "1")
    let accelerated = try three("--accelerate", "auto", "--restarts", "1")
    #expect(accelerated["iterations"].int < plain["iterations"].int)
    #expect(accelerated["trace"].numbers == (try three("--restarts", "1"))["trace"].numbers)
    #expect(plain["model"]["provenance"]["options"]["accelerate"].string == "off")
    let run = try mixture("fit", Files.faithful, "--accelerate", "off", "--iterations", "3")
    #expect(run.ending == .exited(64))
    #expect(run.errors.contains("--accelerate has no effect with --iterations"))
  }

  @Test func iterationLimitIsAWarning() throws {
    let options = ["-k", "3", "--structure", "VVV", "--max-iterations", "4"]
    let run = try mixture(["fit", Files.faithful, "--json"] + options)
    let document = try run.json()
    #expect(document["iterations"].int == 4)
    #expect(document["stopped"].string == "iterationLimit")
    #expect(document["converged"].bool == false)
    #expect(document["warnings"].strings.contains { $0.contains("limit of 4 iterations") })
    #expect(run.errors.hasPrefix("Warning: Not converged: stopped at the limit of 4 iterations."))
  }

  @Test func requireConvergenceIsAStatus() throws {
    let options = ["-k", "3", "--structure", "VVV", "--json", "--require-convergence"]
    let model = folder("model.json")
    let short = try mixture(
      ["fit", Files.faithful, "-o", model, "--max-iterations", "2"] + options)
    #expect(short.ending == .exited(2))
    #expect(try JSON(parsing: short.output)["iterations"].int == 2)
    #expect(try JSON(contentsOf: model)["format"].string == "mixtures.model")
    #expect(try mixture(["fit", Files.faithful] + options).succeeded)
  }

  @Test func threadsChangeNoBit() throws {
    let data = folder.blobs(4_000, about: [0, 5, 20], to: "blobs.csv")
    let options = ["-k", "3", "--structure", "VVV,EEE", "--restarts", "3", "--json"]
    let outputs = try [1, 2, 7].map { threads in
      try mixture(["fit", data, "--threads", "\(threads)"] + options).output
    }
    #expect(outputs[0].contains("mixtures.fit/1"))
    #expect(outputs[1] == outputs[0])
    #expect(outputs[2] == outputs[0])
    let model = folder("model.json")
    #expect(try mixture("fit", data, "-k", "3", "-o", model).succeeded)
    let predicted = try [1, 7].map {
      try mixture("predict", model, data, "--responsibilities", "--threads", "\($0)").output
    }
    #expect(predicted[0] == predicted[1])
    let scored = try [1, 7].map { try mixture("score", model, data, "--threads", "\($0)").output }
    #expect(scored[0] == scored[1] && !scored[0].isEmpty)
  }

  @Test func floorKeepsDuplicatesFromCollapsing() throws {
    let data = folder.write(
      "a,b\n" + String(repeating: "1,1\n", count: 20) + "5,1\n6,2\n7,5\n5,3\n6,6\n9,1\n",
      to: "duplicates.csv")
    let options = ["-k", "2", "--structure", "VVV", "--json"]
    let without = try mixture(["fit", data] + options)
    #expect(without.ending == .exited(1))
    #expect(without.errors.contains("effective points in 2 dimensions"))
    let run = try mixture(["fit", data, "--floor", "1e-3"] + options)
    let document = try run.json()
    #expect(document["certificate"]["safeguards"]["covarianceFloor"].int > 0)
    #expect(document["model"]["provenance"]["options"]["floor"].string == "0.001")
    #expect(run.errors.contains("Warning: The covariance floor acted"))
    #expect(document["warnings"].strings.contains { $0.contains("covariance floor") })
  }
}

@Suite struct RefusedOptionTests {
  private let folder = TemporaryFolder()

  /// What is typed after `fit DATA`, and what the message must name.
  @Test(arguments: [
    (["-k", "0"], "from 1"), (["-k", "-3"], "-3"), (["-k", "1..3"], "1...9"),
    (["-k", "5...3"], "5...3"), (["-k", "two"], "two"), (["-k", "1000000"], "100000"),
    (["-k", ""], "from 1"), (["-k", "1,"], "from 1"),
    (["--structure", "all,EII"], "'--structure <names>': \"all\" has every structure: leave out"),
    (["--structure", "VVX"], "Nearest: VVV"), (["--structure", ""], "Known: E, V, EII"),
    (["--criterion", "best"], "bic"), (["--init", "ward"], "hierarchical"),
    (["--init", "hierarchical", "--restarts", "2"], "--restarts has no effect with --init hier"),
    (["--init", "hierarchical", "--seed", "2"], "--seed has no effect"),
    (["--init", "hierarchical", "--start-weights", "equal"], "--start-weights has no effect"),
    (["--restarts", "0"], "--restarts: expected 1 to 100000, found 0"),
    (["--restarts", "-1"], "--restarts: expected 1 to 100000, found -1"), (["--seed", "-1"], "-1"),
    (["--seed", "1.5"], "1.5"), (["--stop", "never"], "predicted-gain"),
    (["--tolerance", "-1"], "--tolerance"), (["--tolerance", "nan"], "--tolerance"),
    (["--tolerance", "x"], "--tolerance"), (["--max-iterations", "-1"], "--max-iterations"),
    (["--iterations", "-1"], "--iterations"),
    (["--iterations", "5", "--tolerance", "1"], "--tolerance"),
    (["--iterations", "5", "--stop", "gain"], "--stop"),
    (["--iterations", "5", "--max-iterations", "9"], "--max-iterations"),
    (["--threads", "0"], "--threads: expected 1 to 1024, found 0"),
    (["--stream", "--no-stream"], "--no-stream"),
    (["--floor", "1"], "--floor"), (["--floor", "-0.1"], "--floor"),
    (["--floor", "nan"], "--floor"),
    (["--progress", "loud"], "json"), (["--color", "blue"], "always"),
    (["-o", "-", "--json"], "--json"), (["--columns", "a,,b"], "--columns"),
    (["--start", "m.json", "--start-responsibilities", "z.csv"], "exclude each other"),
    (["--start", "m.json", "--init", "kmeans"], "--init has no effect with --start"),
    (["--start", "m.json", "--restarts", "2"], "--restarts has no effect with --start"),
    (["--start", "m.json", "--start-covariance", "global"], "--start-covariance has no effect"),
    (["--start", "m.json", "--start-weights", "equal"], "--start-weights has no effect"),
    (["--start-responsibilities", "z.csv", "--init", "kmeans"], "--init has no effect"),
    (["--start-responsibilities", "z.csv", "--restarts", "2"], "--restarts has no effect"),
    (["--init", "random-points", "--start-covariance", "cluster"], "cluster has no effect"),
    (["--init", "random-points", "--start-weights", "proportional"], "proportional has no effect"),
    (["--init", "random-responsibilities", "--start-covariance", "global"], "has no effect"),
    (["--init", "random-responsibilities", "--start-weights", "equal"], "has no effect"),
    (["surplus"], "surplus"),
  ])
  func fitRefuses(options: [String], mention: String) throws {
    let run = try mixture(["fit", Files.faithful] + options)
    #expect(run.ending == .exited(64))
    #expect(run.output == "")
    #expect(run.errors.contains(mention), "\(run.errors)")
    #expect(run.errors.hasPrefix("Error: "))
  }

  @Test func anInstructionSetThatIsMissingIsRefused() throws {
    let run = try mixture(
      ["fit", Files.faithful, "-k", "2"], environment: ["MIXTURES_KERNEL": "avx1024"])
    #expect(run.ending == .exited(64))
    #expect(run.errors.contains("MIXTURES_KERNEL: expected what this processor has (baseline"))
    #expect(run.errors.contains("found \"avx1024\""))
  }

  @Test(arguments: [
    (["fit"], "<data>"), (["predict", "m.json"], "<data>"), (["score"], "<model>"),
    (["sample", "m.json"], "--count"), (["sample", "m.json", "-n", "-4"], "-4"),
    (["sample", "m.json", "-n", "many"], "many"),
    (["sample", "m.json", "-n", "1", "--seed", "-2"], "-2"),
    (["score", "-", "-"], "standard input"), (["predict", "-", "-"], "standard input"),
    (["predict", "m.json", "d.csv", "--threads", "0"], "--threads"),
    (["score", "m.json", "d.csv", "--threads", "0"], "--threads: expected 1 to 1024"),
    (["describe"], "<model>"),
    (["describe", "m.json", "--color", "x"], "--color"), (["plot", "m.json", "d.csv"], "plot"),
  ])
  func commandsRefuse(arguments: [String], mention: String) throws {
    let run = try mixture(arguments)
    #expect(run.ending == .exited(64))
    #expect(run.output == "")
    #expect(run.errors.contains(mention), "\(run.errors)")
  }

  @Test func startSaysHowManyComponents() throws {
    let start = folder.write(handWritten([(1, [3, 70], 9)]), to: "start.json")
    #expect(try mixture("fit", Files.faithful, "--start", start, "-k", "1").succeeded)
    for given in ["2", "1...3"] {
      let run = try mixture("fit", Files.faithful, "--start", start, "-k", given)
      #expect(run.ending == .exited(64))
      #expect(run.errors.contains("the start has 1 component: leave out -k, or ask for 1"))
    }
  }

  @Test func helpAndVersion() throws {
    for arguments in [["--help"], ["fit", "--help"], ["help", "sample"], ["--version"]] {
      let run = try mixture(arguments)
      #expect(run.succeeded && !run.output.isEmpty && run.errors == "", "\(arguments)")
    }
  }
}
