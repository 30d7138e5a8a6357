import Foundation
import Mixtures
import Testing

/// What can be done with a model file: score, predict, sample, describe, start from it.
@Suite struct ModelUseTests {
  private let folder = TemporaryFolder()

  private func fitted(_ data: String = Files.faithful, _ options: String...) throws -> (
    path: String, document: JSON
  ) {
    let path = folder("model.json")
    let arguments = ["fit", data, "-k", "3", "--structure", "VVV", "-o", path, "--json"]
    return (path, try mixture(arguments + options).json())
  }

  @Test func savedModelScoresWithTheSameBits() throws {
    let (path, fit) = try fitted()
    let score = try mixture("score", path, Files.faithful, "--json").json()
    #expect(
      score.keys == [
        "schema", "n", "dimension", "structure", "components", "logLikelihood",
        "logLikelihoodPerPoint", "parameterCount", "bic", "icl", "iclEntropy", "aic",
      ])
    for key in ["n", "logLikelihood", "parameterCount", "bic", "icl", "iclEntropy", "aic"] {
      #expect(score[key].double == fit[key].double, "\(key)")
    }
    #expect(close(score["logLikelihoodPerPoint"].double, fit["logLikelihood"].double / 272))
    let text = try mixture("score", path, Files.faithful).output
    #expect(text.contains("points                 272\n"))
  }

  @Test func describedModelIsTheSameFile() throws {
    let (path, _) = try fitted()
    let described = try mixture("describe", path, "--json").json()
    #expect(
      described.keys == [
        "schema", "dimension", "features", "structure", "components", "parameterCount", "model",
      ])
    #expect(described["model"] == (try JSON(contentsOf: path)))
    let text = try mixture("describe", path).output
    for part in ["3 components, structure VVV", "Covariance of component 3", "Provenance"] {
      #expect(text.contains(part), "\(part)")
    }
  }

  /// The model inside the description is the very text of the model file, but for indentation.
  @Test func readingAModelLosesNothing() throws {
    let (path, _) = try fitted()
    func words(_ text: String) -> String { text.filter { !$0.isWhitespace } }
    let file = words(try String(contentsOfFile: path, encoding: .utf8))
    #expect(words(try mixture("describe", path, "--json").output).contains(file))
  }

  @Test func handWrittenModelIsAModel() throws {
    let model = folder.write(
      handWritten([(0.25, [2, 50], 4), (0.75, [4, 80], 9)]), to: "hand.json")
    let score = try mixture("score", model, Files.faithful, "--json").json()
    #expect(score["parameterCount"].int == 11)
    let drawn = try mixture("sample", model, "-n", "3").table()
    #expect(drawn.names == ["x1", "x2"])
    #expect(try mixture("predict", model, Files.faithful).table().rows.count == 272)
    let described = try mixture("describe", model, "--json").json()
    #expect(described["features"].strings == ["x1", "x2"])
    #expect(described["model"]["provenance"].isNull)
    let fit = try mixture("fit", Files.faithful, "--start", model, "--json").json()
    #expect(fit["trace"].numbers.first == score["logLikelihood"].double)
    #expect(fit["structure"].string == "VVV")
    #expect(fit["components"].int == 2)
    #expect(fit["certificate"]["starts"].int == 1)
    #expect(fit["features"].strings == ["eruptions", "waiting"])
    #expect(abs(fit["logLikelihood"].double + 1130.2640) < 1e-4)
  }

  /// Its covariances too, whatever structure the fit has.
  @Test func startIsUsedAsItIs() throws {
    let model = folder.write(
      handWritten([(0.25, [2, 50], 4), (0.75, [4, 80], 9)]), to: "hand.json")
    let score = try mixture("score", model, Files.faithful, "--json").json()
    let fit = try mixture(
      "fit", Files.faithful, "--start", model, "--structure", "EII", "--iterations", "1", "--json"
    ).json()
    #expect(fit["trace"].numbers.first == score["logLikelihood"].double)
    #expect(fit["structure"].string == "EII")
    let covariances = fit["model"]["components"].elements.map { $0["covariance"] }
    #expect(covariances[0] == covariances[1])
  }

  @Test func predictionColumns() throws {
    let (path, fit) = try fitted()
    let plain = try mixture("predict", path, Files.faithful).table()
    #expect(plain.names == ["component", "uncertainty"])
    let full = try mixture(
      "predict", path, Files.faithful, "--responsibilities", "--log-density"
    ).table()
    #expect(full.names == ["component", "uncertainty", "r1", "r2", "r3", "log_density"])
    #expect(full.rows.count == 272)
    #expect(full.rows.map { Array($0[..<2]) } == plain.rows)
    for row in full.rows {
      let responsibilities = Array(row[2..<5])
      #expect(abs(responsibilities.reduce(0, +) - 1) <= 3 * Double.ulpOfOne)
      let largest = responsibilities.max() ?? 0
      try #require((1...3).contains(row[0]))
      #expect(responsibilities[Int(row[0]) - 1] == largest)
      #expect(row[1] >= 0 && abs(row[1] - (1 - largest)) <= 3 * Double.ulpOfOne)
    }
    let effective = (0..<3).map { k in full["r\(k + 1)"].reduce(0, +) }
    let smallest = fit["certificate"]["smallestEffectiveCount"].double
    #expect(close(effective.min() ?? 0, smallest))
  }

  @Test func namesDecideWhichColumnsAreRead() throws {
    let (path, fit) = try fitted()
    let rows = try String(contentsOfFile: Files.faithful, encoding: .utf8)
      .split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
    let shuffled = folder.write(
      "note,waiting,extra,eruptions\n"
        + rows.map { "text,\($0[1]),1e999,\($0[0])\n" }.joined(), to: "shuffled.csv")
    let score = try mixture("score", path, shuffled, "--json").json()
    #expect(score["logLikelihood"].double == fit["logLikelihood"].double)

    let headerless = folder.write(rows.map { "\($0[0]),\($0[1])\n" }.joined(), to: "plain.csv")
    let unnamed = try mixture("score", path, headerless, "--json").json()
    #expect(unnamed["logLikelihood"].double == fit["logLikelihood"].double)

    let values = rows.flatMap { $0.compactMap { Double($0) } }
    let array = folder.write(npy(values, rows: 272, columns: 2), to: "data.npy")
    let fromArray = try mixture("score", path, array, "--json").json()
    #expect(fromArray["logLikelihood"].double == fit["logLikelihood"].double)
    #expect(
      try mixture("predict", path, array).output == mixture("predict", path, shuffled).output)

    let renamed = folder.write(
      "b,a\n" + rows.map { "\($0[1]),\($0[0])\n" }.joined(), to: "renamed.csv")
    let chosen = try mixture("score", path, renamed, "--columns", "a,b", "--json").json()
    #expect(chosen["logLikelihood"].double == fit["logLikelihood"].double)
    let refused = try mixture("score", path, renamed)
    #expect(refused.ending == .exited(65))
    #expect(refused.errors.contains("unknown column \"eruptions\". The file has: b, a."))
  }

  /// The digest is of the numbers, not of the file that held them; so is the fit.
  @Test func sameNumbersFromTextAndFromNPY() throws {
    let rows = try String(contentsOfFile: Files.faithful, encoding: .utf8)
      .split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
    let values = rows.flatMap { $0.compactMap { Double($0) } }
    let array = folder.write(npy(values, rows: 272, columns: 2), to: "data.npy")
    let (_, text) = try fitted()
    let (_, binary) = try fitted(array)
    #expect(binary["trace"].numbers == text["trace"].numbers)
    #expect(binary["features"].strings == ["x1", "x2"])
    #expect(
      binary["model"]["provenance"]["dataDigest"] == text["model"]["provenance"]["dataDigest"])
    let (_, other) = try fitted(Files.faithful, "--columns", "waiting,eruptions")
    #expect(
      !(other["model"]["provenance"]["dataDigest"] == text["model"]["provenance"]["dataDigest"]))
  }

  /// A share's standard error is √(π(1−π)/n), a mean's σ/√n; six of them leave 2e-9 to chance.
  @Test func sampleIsTwoStageAndSeeded() throws {
    let model = folder.write(
      handWritten([(0.25, [-50, 3], 4), (0.75, [50, 5], 9)]), to: "far.json")
    let n = 20_000
    let first = try mixture("sample", model, "-n", "\(n)", "--seed", "7", "--with-component")
    let table = try first.table()
    #expect(table.names == ["x1", "x2", "component"])
    #expect(table.rows.count == n)
    let ones = table.rows.filter { $0[2] == 1 }
    #expect(abs(Double(ones.count) - 0.25 * Double(n)) < 6 * (0.25 * 0.75 * Double(n)).squareRoot())
    for (mean, deviation, rows) in [
      ([-50.0, 3.0], 2.0, ones), ([50, 5], 3, table.rows.filter { $0[2] == 2 }),
    ] {
      let count = Double(rows.count)
      for j in 0..<2 {
        let average = rows.reduce(0) { $0 + $1[j] } / count
        let variance = rows.reduce(0) { $0 + ($1[j] - average) * ($1[j] - average) } / count
        #expect(abs(average - mean[j]) < 6 * deviation / count.squareRoot())
        let square = deviation * deviation
        #expect(abs(variance - square) < 6 * square * (2 / count).squareRoot())
      }
      // Far apart as they are, the sign of x1 tells the component.
      #expect(rows.allSatisfy { ($0[0] < 0) == (mean[0] < 0) })
    }
    #expect(
      try mixture("sample", model, "-n", "\(n)", "--seed", "7", "--with-component").output
        == first.output)
    let shorter = try mixture("sample", model, "-n", "10", "--seed", "7", "--with-component")
      .table()
    #expect(shorter.rows == Array(table.rows[..<10]))
    let bare = try mixture("sample", model, "--count", "10", "--seed", "7").table()
    #expect(bare.rows == shorter.rows.map { Array($0[..<2]) })
    #expect(try mixture("sample", model, "-n", "10", "--seed", "8").table().rows != bare.rows)
    #expect(
      try mixture("sample", model, "-n", "10").output
        == mixture("sample", model, "-n", "10", "--seed", "1").output)
    #expect(try mixture("sample", model, "-n", "0").output == "x1,x2\n")
  }

  @Test func fileHoldsWhatWouldBePrinted() throws {
    let (path, _) = try fitted()
    for command in [["predict", path, Files.faithful], ["sample", path, "-n", "9000"]] {
      let printed = try mixture(command).output
      let run = try mixture(command + ["-o", folder("out.csv")])
      #expect(run.succeeded && run.output == "" && run.errors == "")
      #expect(try String(contentsOfFile: folder("out.csv"), encoding: .utf8) == printed)
    }
    let model = try mixture("fit", Files.faithful, "-k", "1", "--structure", "EII", "-o", "-")
    #expect(model.output.hasPrefix("{\n  \"format\": \"mixtures.model\""))
    #expect(folder.names == ["model.json", "out.csv"])
  }

  /// Whoever shares a folder says so by the mask.
  @Test func theMaskDecidesWhoMayWrite() throws {
    let (path, _) = try fitted()
    for (mask, expected) in [("002", 0o664), ("077", 0o600)] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = [
        "-c", "umask \(mask) && exec \"$0\" sample \"$1\" -n 1 -o \"$2\"",
        ChildProcess.executable.path, path, folder(mask),
      ]
      try process.run()
      process.waitUntilExit()
      let attributes = try FileManager.default.attributesOfItem(atPath: folder(mask))
      #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == expected)
    }
  }

  @Test func responsibilitiesStartTheFit() throws {
    let (path, _) = try fitted()
    let predicted = try mixture("predict", path, Files.faithful, "--responsibilities").table()
    let hard = folder.write(
      "component\n" + predicted["component"].map { "\(Int($0))\n" }.joined(), to: "hard.csv")
    let indicators = predicted["component"].map { own in
      (1...3).map { Double($0) == own ? "1" : "0" }.joined(separator: ",")
    }
    let soft = folder.write(
      "z1,z2,z3\n" + indicators.joined(separator: "\n") + "\n", to: "soft.csv")
    let start = ["fit", Files.faithful, "--structure", "VVI", "--json", "--start-responsibilities"]
    let fromLabels = try mixture(start + [hard, "--iterations", "0"]).json()
    let fromTable = try mixture(start + [soft, "--iterations", "0"]).json()
    #expect(fromLabels["model"]["components"] == fromTable["model"]["components"])
    // The M-step of labels: each component's share and mean.
    let rows = try String(contentsOfFile: Files.faithful, encoding: .utf8)
      .split(separator: "\n").dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
    for k in 1...3 {
      let own = zip(rows, predicted["component"]).filter { Int($0.1) == k }.map(\.0)
      let component = fromLabels["model"]["components"][k - 1]
      #expect(close(component["weight"].double, Double(own.count) / 272))
      for j in 0..<2 {
        let mean = own.reduce(0) { $0 + $1[j] } / Double(own.count)
        #expect(close(component["mean"].numbers[j], mean))
      }
    }
    let further = try mixture(start + [soft]).json()
    #expect(further["trace"].numbers.first == fromTable["logLikelihood"].double)
    #expect(further["iterations"].int > 1)
  }
}
