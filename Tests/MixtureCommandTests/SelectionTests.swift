import Foundation
import Testing

/// Choosing among fits: cross-validation, and two models side by side.
@Suite struct SelectionTests {
  private let folder = TemporaryFolder()

  @Test func crossValidationDecides() throws {
    let arguments = [
      "fit", Files.faithful, "-k", "1...3", "--structure", "EEE,VVV", "--criterion", "cv",
      "--folds", "5",
    ]
    let fit = try mixture(arguments + ["--json"]).json()
    let cells = fit["selection"].elements
    #expect(cells.count == 6)
    let best = try #require(cells.max { $0["cv"].double < $1["cv"].double })
    #expect(fit["structure"].string == best["structure"].string)
    #expect(fit["components"].int == best["components"].int)
    let summary = fit["crossValidation"]
    #expect(summary["folds"].int == 5)
    #expect(summary["logLikelihoodPerPoint"].double == best["cv"].double)
    #expect(summary["standardError"].double == best["cvStandardError"].double)
    #expect(summary["standardError"].double > 0)
    #expect(summary["simplestWithinStandardError"]["components"].int <= best["components"].int)
    let text = try mixture(arguments).output
    #expect(
      text.contains(
        "Cross-validated log-likelihood per point of each fit (larger is better; * the best)"))
    #expect(text.contains("Simplest within one standard error ("))
    #expect(text.contains("cross-validated, per point"))
  }

  /// Rows of the same name are one fold; the column is no feature.
  @Test func aColumnNamesTheFolds() throws {
    let lines = try String(contentsOfFile: Files.faithful, encoding: .utf8)
      .split(separator: "\n")
    let rows =
      ["\(lines[0]),part"]
      + lines.dropFirst().enumerated().map { "\($1),\(["north", "south", "west"][$0 % 3])" }
    let data = folder.write(rows.joined(separator: "\n") + "\n", to: "folds.csv")
    let options = ["-k", "2", "--structure", "VVV", "--criterion", "cv", "--json"]
    let fit = try mixture(["fit", data, "--fold-column", "part"] + options).json()
    #expect(fit["dimension"].int == 2)
    #expect(fit["crossValidation"]["folds"].int == 3)
    let other = try mixture(["fit", Files.faithful, "--folds", "3"] + options).json()
    #expect(other["selection"][0]["cv"].double != fit["selection"][0]["cv"].double)
    #expect(other["logLikelihood"].double == fit["logLikelihood"].double)
    let seeded = try mixture(
      ["fit", Files.faithful, "--folds", "3", "--seed", "2"] + options
    ).json()
    #expect(seeded["selection"][0]["cv"].double != other["selection"][0]["cv"].double)
  }

  @Test(arguments: [
    (["--folds", "5"], 64, "add --criterion cv"),
    (["--fold-column", "waiting"], 64, "add --criterion cv"),
    (["--criterion", "cv", "--folds", "1"], 64, "--folds: expected at least 2, found 1"),
    (["--criterion", "cv", "--folds", "3", "--fold-column", "waiting"], 64, "choose one"),
    (["--criterion", "cv", "--folds", "300"], 65, "each of 300 folds of 272 points"),
    (["--criterion", "cv", "--fold-column", "none"], 65, "unknown column \"none\""),
  ])
  func misuse(options: [String], status: Int, mention: String) throws {
    let run = try mixture(["fit", Files.faithful, "-k", "2"] + options)
    #expect(run.ending == .exited(Int32(status)))
    #expect(run.errors.contains(mention), "\(run.errors)")
  }

  private func fitted(_ options: String..., as name: String) throws -> String {
    let path = folder(name)
    #expect(try mixture(["fit", Files.faithful, "-o", path] + options).succeeded)
    return path
  }

  @Test func modelsSideBySide() throws {
    let a = try fitted("-k", "2", "--structure", "EEE", as: "a.json")
    let b = try fitted("-k", "3", "--structure", "EEE", as: "b.json")
    let document = try mixture("compare", a, b, Files.faithful, "--json").json()
    #expect(document["schema"].string == "mixtures.compare/1")
    #expect(document["n"].int == 272)
    for (index, path) in [a, b].enumerated() {
      let score = try mixture("score", path, Files.faithful, "--json").json()
      let own = document["models"][index]
      #expect(own["path"].string == path)
      for key in [
        "components", "parameterCount", "logLikelihood", "logLikelihoodPerPoint", "bic", "icl",
        "iclEntropy", "aic",
      ] {
        #expect(own[key].double == score[key].double, "\(key)")
      }
    }
    let index = document["adjustedRandIndex"].double
    #expect(index > 0 && index < 1)
    #expect(document["likelihoodRatioTest"].isNull)
    #expect(
      try mixture("compare", a, a, Files.faithful, "--json").json()["adjustedRandIndex"].double == 1
    )
    let text = try mixture("compare", a, b, Files.faithful).output
    for part in ["components", "EEE", "BIC", "B - A", "Adjusted Rand index"] {
      #expect(text.contains(part), "\(part)")
    }
  }

  @Test func bootstrapIsDeterministicAndSymmetric() throws {
    let a = try fitted("-k", "1", "--structure", "EEE", as: "a.json")
    let b = try fitted("-k", "2", "--structure", "EEE", as: "b.json")
    func test(_ arguments: String...) throws -> JSON {
      try mixture(["compare"] + arguments + [Files.faithful, "--bootstrap", "19", "--json"])
        .json()["likelihoodRatioTest"]
    }
    let found = try test(a, b)
    #expect(found["pValue"].double == 0.05)
    #expect(found["samples"].int == 19 && found["replicates"].numbers.count == 19)
    #expect(try test(b, a) == found)
    #expect(try test(a, b, "--threads", "1") == found)
    #expect(try !(test(a, b, "--seed", "2") == found))
    let text = try mixture("compare", a, b, Files.faithful, "--bootstrap", "19").output
    #expect(text.contains("p = 0.0500 (19 samples)"))
  }

  @Test func whatCannotBeCompared() throws {
    let a = try fitted("-k", "2", "--structure", "VII", as: "a.json")
    let b = try fitted("-k", "2", "--structure", "EEE", as: "b.json")
    let nested = try mixture("compare", a, b, Files.faithful, "--bootstrap", "9")
    #expect(nested.ending == .exited(65))
    #expect(nested.errors.contains("VII with 2 components is no special case of EEE"))
    let same = try mixture("compare", a, a, Files.faithful, "--bootstrap", "9")
    #expect(same.ending == .exited(64))
    #expect(same.errors.contains("both of these have 7 parameters"), "\(same.errors)")
    let noisy = try fitted("-k", "2", "--structure", "EEE", "--background", as: "noisy.json")
    let background = try mixture("compare", b, noisy, Files.faithful, "--bootstrap", "9")
    #expect(background.ending == .exited(65))
    #expect(background.errors.contains("is for mixtures without a background"))
    let c = try fitted("-k", "2", "--columns", "waiting", as: "c.json")
    let other = try mixture("compare", a, c, Files.faithful)
    #expect(other.ending == .exited(64))
    #expect(other.errors.contains("describe different columns"))
    let seeded = try mixture("compare", a, b, Files.faithful, "--seed", "2")
    #expect(seeded.ending == .exited(64))
    #expect(try mixture("compare", a, b, Files.faithful, "--bootstrap", "0").ending == .exited(64))
    #expect(try mixture("compare", a, "none.json", Files.faithful).ending == .exited(66))
  }
}
