import Foundation
import Testing

@Suite struct FitOutputTests {
  private let folder = TemporaryFolder()

  @Test func documentHasTheKeysOfTheContract() throws {
    let document = try mixture("fit", Files.faithful, "-k", "2", "--structure", "VVV", "--json")
      .json()
    #expect(
      document.keys == [
        "schema", "n", "dimension", "features", "structure", "components", "logLikelihood",
        "parameterCount", "bic", "icl", "iclEntropy", "aic", "iterations", "stopped", "converged",
        "trace", "selection", "certificate", "agreement", "warnings", "model", "crossValidation",
        "logPosterior", "traceOf",
      ])
    #expect(document["crossValidation"].isNull && document["logPosterior"].isNull)
    #expect(document["schema"].string == "mixtures.fit/1")
    #expect(document["n"].int == 272)
    #expect(document["dimension"].int == 2)
    #expect(document["features"].strings == ["eruptions", "waiting"])
    #expect(document["structure"].string == "VVV")
    #expect(document["components"].int == 2)
    #expect(document["parameterCount"].int == 11)
    #expect(document["stopped"].string == "gainBelowThreshold")
    #expect(document["converged"].bool == true)
    #expect(document["agreement"].isNull)
    #expect(document["warnings"].elements.isEmpty)
    #expect(
      document["certificate"].keys == [
        "starts", "reachedBest", "gapToNext", "predictedRemainingGain", "smallestEffectiveCount",
        "worstCondition", "safeguards",
      ])
    #expect(document["certificate"]["gapToNext"].isNull, "all ten starts reach the same")
    #expect(document["certificate"]["safeguards"].keys.isEmpty)
  }

  @Test func selectionHoldsEveryFit() throws {
    let document = try mixture("fit", Files.faithful, "-k", "1...3", "--json").json()
    let cells = document["selection"].elements
    #expect(cells.count == 14 * 3)
    for cell in cells {
      #expect(
        cell.keys == [
          "structure", "components", "logLikelihood", "parameterCount", "bic", "icl", "aic", "cv",
          "cvStandardError", "status", "reason",
        ])
      #expect(cell["cv"].isNull && cell["cvStandardError"].isNull)
      #expect(cell["status"].string == "ok")
      #expect(cell["reason"].isNull)
      let (logLikelihood, parameters) = (
        cell["logLikelihood"].double, cell["parameterCount"].double
      )
      #expect(close(cell["aic"].double, -2 * logLikelihood + 2 * parameters))
      #expect(close(cell["bic"].double, -2 * logLikelihood + parameters * log(272)))
      #expect(cell["icl"].double >= cell["bic"].double)
    }
    #expect(document["bic"].double == cells.map { $0["bic"].double }.min())
  }

  @Test func failedFitsAreInTheSelectionWithTheirReason() throws {
    let data = folder.write("a,b\n1,1\n1,2\n1,4\n1,3\n", to: "constant.csv")
    let document = try mixture("fit", data, "-k", "1", "--structure", "EII,VVV", "--json").json()
    let failed = document["selection"][1]
    #expect(failed["status"].string == "degenerate")
    #expect(failed["reason"].string?.contains("Column 1 (a) is constant") == true)
    for key in ["logLikelihood", "parameterCount", "bic", "icl", "aic", "cv"] {
      #expect(failed.keys.contains(key) && failed[key].isNull, "\(key)")
    }
    let text = try mixture("fit", data, "-k", "1", "--structure", "EII,VVV").output
    #expect(text.contains("- VVV 1: Column 1 (a) is constant (1.0)"))
  }

  /// ln n is of no help with one iteration fewer: the trace is ℓ before, and after each, iteration.
  @Test(arguments: [0, 1, 5])
  func traceHasAnEntryMoreThanIterations(iterations: Int) throws {
    let document = try mixture(
      "fit", Files.faithful, "-k", "3", "--structure", "VVV", "--iterations", "\(iterations)",
      "--json"
    ).json()
    let trace = document["trace"].numbers
    #expect(document["iterations"].int == iterations)
    #expect(trace.count == iterations + 1)
    #expect(trace.last == document["logLikelihood"].double)
    #expect(document["stopped"].string == "exactIterations")
    #expect(document["converged"].bool == false)
    for (before, after) in zip(trace, trace.dropFirst()) { #expect(after > before) }
    let longer = try mixture(
      "fit", Files.faithful, "-k", "3", "--structure", "VVV", "--iterations", "\(iterations + 1)",
      "--restarts", "1", "--json"
    ).json()["trace"].numbers
    let shorter = try mixture(
      "fit", Files.faithful, "-k", "3", "--structure", "VVV", "--iterations", "\(iterations)",
      "--restarts", "1", "--json"
    ).json()["trace"].numbers
    #expect(Array(longer.dropLast()) == shorter)
  }

  /// A sum of n terms in another order is within n ulps of the sum of their magnitudes.
  @Test(arguments: ["EII", "VVV"], [1, 3])
  func criteriaFollowFromResponsibilities(structure: String, components: Int) throws {
    let model = folder("model.json")
    let document = try mixture(
      "fit", Files.faithful, "-k", "\(components)", "--structure", structure, "-o", model, "--json"
    ).json()
    let table = try mixture(
      "predict", model, Files.faithful, "--responsibilities", "--log-density"
    ).table()
    let responsibilities = table.rows.map { Array($0[2..<(2 + components)]) }
    let logLikelihood = table["log_density"].reduce(0, +)
    let largest = responsibilities.reduce(0) { $0 + log($1.max() ?? 0) }
    let negativeEntropy = responsibilities.reduce(0) { sum, row in
      sum + row.filter { $0 > 0 }.reduce(0) { $0 + $1 * log($1) }
    }
    let parameters = document["parameterCount"].double
    let bic = -2 * logLikelihood + parameters * log(272)
    #expect(close(document["logLikelihood"].double, logLikelihood))
    #expect(close(document["bic"].double, bic))
    #expect(close(document["aic"].double, -2 * logLikelihood + 2 * parameters))
    #expect(close(document["icl"].double, bic - 2 * largest))
    #expect(close(document["iclEntropy"].double, bic - 2 * negativeEntropy))
    if components > 1 {
      #expect(document["icl"].double < document["iclEntropy"].double)
      #expect(document["bic"].double < document["icl"].double)
    }
  }

  @Test func modelFileHasTheKeysOfTheContract() throws {
    let path = folder("model.json")
    let document = try mixture(
      "fit", Files.faithful, "-k", "2", "--structure", "VVV", "--seed", "5", "-o", path, "--json"
    ).json()
    let model = try JSON(contentsOf: path)
    #expect(model == document["model"])
    #expect(
      model.keys == [
        "format", "version", "family", "structure", "features", "components", "background",
        "provenance",
      ])
    #expect(model["format"].string == "mixtures.model")
    #expect(model["version"].int == 1)
    #expect(model["family"].string == "gaussian")
    #expect(model["background"].isNull)
    #expect(model["features"].strings == ["eruptions", "waiting"])
    for component in model["components"].elements {
      #expect(component.keys == ["weight", "mean", "covariance"])
      #expect(component["mean"].numbers.count == 2)
      #expect(component["covariance"][0].numbers[1] == component["covariance"][1].numbers[0])
    }
    let provenance = model["provenance"]
    #expect(
      provenance.keys == ["n", "logLikelihood", "options", "seed", "dataDigest", "library"])
    #expect(provenance["n"].int == 272)
    #expect(provenance["seed"].int == 5)
    #expect(provenance["logLikelihood"].double == document["logLikelihood"].double)
    #expect(provenance["options"]["structure"].string == "VVV")
    #expect(folder.names == ["model.json"], "nothing else is left")
  }

  @Test func textShowsTheModelAndTheCertificate() throws {
    let run = try mixture("fit", Files.faithful, "-k", "2", "--structure", "VVV")
    #expect(run.errors == "")
    let expected = [
      "2 components, structure VVV: 272 points in 2 dimensions",
      "weight                           0.3559   0.6441", "log-likelihood  -1130.2640",
      "BIC              2322.1917", "10 of 10 starts reached this log-likelihood",
      "mclust prints their negatives", "no safeguard acted",
    ]
    for text in expected { #expect(run.output.contains(text), "\(text)") }
  }

  @Test func truthIsComparedWithTheResult() throws {
    let document = try mixture(
      "fit", Files.iris, "--truth", "class", "-k", "3", "--structure", "VVV", "--json"
    ).json()
    #expect(
      document["agreement"].keys == [
        "adjustedRandIndex", "errorRate", "classes", "components", "table",
      ])
    #expect(document["agreement"]["classes"].strings == ["setosa", "versicolor", "virginica"])
    #expect(document["agreement"]["components"].numbers == [1, 2, 3])
    let rows = document["agreement"]["table"].elements.map(\.numbers)
    #expect(rows.map { $0.reduce(0, +) } == [50, 50, 50])
    #expect(rows[1].contains(45) && rows[1].contains(5))
    // Five of the 150 flowers are in another component than their species, as in mclust.
    #expect(close(document["agreement"]["errorRate"].double, 5.0 / 150))
    #expect(abs(document["agreement"]["adjustedRandIndex"].double - 0.9039) < 5e-5)
    let without = try mixture(
      "fit", Files.iris, "--exclude", "class", "-k", "3", "--structure", "VVV", "--json"
    ).json()
    #expect(without["trace"].numbers == document["trace"].numbers)
    #expect(without["agreement"].isNull)
    #expect(document["model"]["provenance"]["options"]["truth"].string == "class")
    #expect(!without["model"]["provenance"]["options"].keys.contains("truth"))
  }

  @Test func zeroHasNoSign() throws {
    let model = folder.write(
      handWritten([(0.5, [-0.0, 70], 9), (0.5, [4, 80], 9)])
        .replacingOccurrences(of: "[[9.0,0],[0,9.0]]", with: "[[9,-1e-9],[-1e-9,9]]"),
      to: "zero.json")
    let run = try mixture("fit", Files.faithful, "--start", model, "--iterations", "0")
    #expect(run.output.contains(/correlation eruptions, waiting +0\.0000 +0\.0000\n/))
    #expect(run.output.contains(/mean eruptions +0 +4\.0000\n/))
  }

  @Test func notFiniteNumbersAreNull() throws {
    let model = folder.write(
      handWritten([(1, [0, 0], 1e-300)]).replacingOccurrences(of: "1e-300", with: "1e-308"),
      to: "narrow.json")
    let data = folder.write("x1,x2\n1e200,3\n", to: "far.csv")
    let document = try mixture("score", model, data, "--json").json()
    for key in ["logLikelihood", "logLikelihoodPerPoint", "bic", "icl", "iclEntropy", "aic"] {
      #expect(document.keys.contains(key) && document[key].isNull, "\(key)")
    }
  }
}

/// Equal up to the rounding of some hundred additions and logarithms.
func close(_ left: Double, _ right: Double) -> Bool {
  abs(left - right) <= 1_000 * Double.ulpOfOne * max(abs(left), abs(right), 1)
}
