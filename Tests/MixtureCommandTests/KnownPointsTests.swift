import Foundation
import Testing

/// Rows of which something is known: labels; and rows that nothing describes: a background.
@Suite struct KnownPointsTests {
  private let folder = TemporaryFolder()

  /// Old Faithful with an eruption in nine named.
  private func labelled() throws -> String {
    let lines = try String(contentsOfFile: Files.faithful, encoding: .utf8).split(separator: "\n")
    let rows = lines.dropFirst().enumerated().map { index, line -> String in
      let eruption = Double(line.split(separator: ",")[0]) ?? 0
      return "\(line),\(index % 9 > 0 ? "" : eruption > 3 ? "long" : "short")"
    }
    return folder.write(
      (["\(lines[0]),kind"] + rows).joined(separator: "\n") + "\n", to: "labelled.csv")
  }

  @Test func componentsAreOrderedAndNamedAfterLabels() throws {
    let data = try labelled()
    let path = folder("model.json")
    let fit = try mixture(
      "fit", data, "--labels", "kind", "-k", "2", "--structure", "VVV", "-o", path, "--json"
    ).json()
    #expect(fit["dimension"].int == 2)
    let model = try JSON(contentsOf: path)
    let components = model["components"].elements
    #expect(components.compactMap { $0["name"].string } == ["long", "short"])
    #expect(components[0]["mean"][0].double > components[1]["mean"][0].double)
    let text = try mixture("fit", data, "--labels", "kind", "-k", "2").output
    #expect(text.contains("long") && text.contains("short"))
    let described = try mixture("describe", path).output
    #expect(described.contains("long"))
    let novel = try mixture(
      "fit", data, "--labels", "kind", "-k", "3", "--structure", "VVV", "--json"
    ).json()
    let names = novel["model"]["components"].elements.compactMap { $0["name"].string }
    #expect(names == ["long", "short", "component 3"])
    let text3 = try String(contentsOfFile: data, encoding: .utf8)
    let alike = folder.write(
      text3.replacingOccurrences(of: "short", with: "component 3"), to: "alike.csv")
    let others = try mixture(
      "fit", alike, "--labels", "kind", "-k", "3", "--structure", "VVV", "--json"
    ).json()
    #expect(
      others["model"]["components"].elements.compactMap { $0["name"].string }
        == ["component 3", "long", "component 3 (no label)"])
    let few = try mixture("fit", data, "--labels", "kind", "-k", "1")
    #expect(few.ending == .exited(65) && few.errors.contains("at least as many components"))
  }

  /// A label of a row that weighs nothing is no label.
  @Test func absentRowsNameNoComponent() throws {
    let lines = try String(contentsOfFile: try labelled(), encoding: .utf8).split(separator: "\n")
    let rows = lines.dropFirst().map { "\($0),1" }
    let data = folder.write(
      (["\(lines[0]),w"] + rows + ["3,70,ghost,0"]).joined(separator: "\n") + "\n",
      to: "ghost.csv")
    let fit = try mixture(
      "fit", data, "--labels", "kind", "--weights", "w", "-k", "2", "--structure", "VVV", "--json"
    ).json()
    let names = fit["model"]["components"].elements.compactMap { $0["name"].string }
    #expect(names == ["long", "short"] && fit["n"].int == 272)
  }

  /// What was left out of the rows, and what said nothing, stands beside the result.
  @Test func warningsOfRowsAreInTheDocument() throws {
    let text = try String(contentsOfFile: Files.faithful, encoding: .utf8)
    let data = folder.write(text + ",\n2.5,\n", to: "empty.csv")
    let exact = try mixture("fit", data, "-k", "2", "--structure", "VVV", "--json")
    let document = try exact.json()
    #expect(document["warnings"][0].string?.hasPrefix("1 row without any value") == true)
    #expect(exact.errors.contains("1 row without any value") && document["n"].int == 274)
    let dropped = try mixture(
      "fit", data, "-k", "2", "--structure", "VVV", "--missing", "drop", "--json")
    let warning = try dropped.json()["warnings"][0].string
    #expect(warning?.hasPrefix("2 of 274 rows") == true)
  }

  /// A start that has a row for each of the file's loses those that the data lose; so do numbers of components.
  @Test func startsLoseTheRowsThatAreDropped() throws {
    let text = try String(contentsOfFile: Files.faithful, encoding: .utf8)
    let rows = text.split(separator: "\n")
    let components = rows.dropFirst().enumerated().map { "\($0.offset % 2 + 1)" }
    func z(_ components: [String]) -> String {
      "z1,z2\n" + components.map { $0 == "1" ? "1,0\n" : "0,1\n" }.joined()
    }
    func numbers(_ components: [String]) -> String {
      "component\n" + components.map { $0 + "\n" }.joined()
    }
    let whole = ([String(rows[0]), ",50"] + rows.dropFirst().map(String.init) + ["2.5,"])
    let data = folder.write(whole.joined(separator: "\n") + "\n", to: "holes.csv")
    for table in [z, numbers] {
      let options = [
        "--structure", "VVV", "--iterations", "0", "--json", "--start-responsibilities",
      ]
      let complete = try mixture(
        ["fit", Files.faithful] + options + [folder.write(table(components), to: "z.csv")]
      ).json()
      let all = folder.write(table(["1"] + components + ["2"]), to: "all.csv")
      for start in [all, folder("z.csv")] {
        let dropped = try mixture(["fit", data, "--missing", "drop"] + options + [start])
        #expect(dropped.succeeded, "\(dropped.errors)")
        #expect(try dropped.json()["model"]["components"] == complete["model"]["components"])
      }
    }
  }

  /// With a prior the trace is that of what rises, which the document names; without --structure those without a prior are not tried.
  @Test func theTraceSaysWhatRises() throws {
    let plain = try mixture("fit", Files.faithful, "-k", "2", "--structure", "EEE", "--json").json()
    #expect(plain["traceOf"].string == "logLikelihood")
    let fit = try mixture("fit", Files.faithful, "-k", "2", "--prior", "default", "--json").json()
    #expect(fit["traceOf"].string == "logPosterior")
    #expect(fit["trace"].elements.last?.double == fit["logPosterior"].double)
    #expect(fit["selection"].elements.count == 6)
    #expect(fit["selection"].elements.allSatisfy { $0["status"].string == "ok" })
  }

  /// Frozen weights leave none for a background that the start has not.
  @Test func frozenWeightsNeedTheBackgroundOfTheStart() throws {
    let path = folder("plain.json")
    _ = try mixture("fit", Files.faithful, "-k", "2", "--structure", "VVV", "-o", path)
    let refused = try mixture(
      "fit", Files.faithful, "--start", path, "--freeze", "weights", "--background")
    #expect(refused.ending == .exited(64) && refused.errors.contains("has no background"))
  }

  @Test func aBackgroundTakesTheJunk() throws {
    let data = Files.project.appendingPathComponent("Tests/ReferenceData/data/faithful_noise.csv")
      .path
    let path = folder("model.json")
    let fit = try mixture(
      "fit", data, "--exclude", "class", "-k", "2", "--structure", "VVV", "--background", "-o",
      path, "--json"
    ).json()
    #expect(abs(fit["logLikelihood"].double + 1556.1313422114295) <= 1e-4)
    let background = fit["model"]["background"]
    #expect(abs(background["weight"].double - 0.18247) < 1e-4)
    let score = try mixture("score", path, data, "--json").json()
    for key in ["logLikelihood", "bic", "icl", "parameterCount"] {
      #expect(score[key].double == fit[key].double, "\(key)")
    }
    let table = try mixture("predict", path, data, "--responsibilities").table()
    #expect(table.names == ["component", "uncertainty", "r1", "r2", "r0"])
    #expect(Set(table["component"]) == [0, 1, 2])
    for row in table.rows { #expect(abs(row[2...4].reduce(0, +) - 1) <= 1e-15) }
    let given = try mixture(
      "fit", data, "--exclude", "class", "-k", "2", "--structure", "VVV",
      "--background-density", "0.01", "--json"
    ).json()
    #expect(close(given["model"]["background"]["logDensity"].double, log(0.01)))
    let text = try mixture("fit", data, "--exclude", "class", "-k", "2", "--background").output
    #expect(text.contains("background: weight 0.1"))
    let drawn = try mixture("sample", path, "-n", "5")
    #expect(drawn.succeeded && drawn.errors.contains("Nothing is drawn from the background"))
  }

  @Test func partsOfAModelStay() throws {
    let path = folder("model.json")
    #expect(
      try mixture("fit", Files.faithful, "-k", "2", "--structure", "VVV", "-o", path).succeeded)
    let start = try JSON(contentsOf: path)["components"]
    let fit = try mixture(
      "fit", Files.faithful, "--start", path, "--structure", "EEE", "--freeze", "means,weights",
      "--json"
    ).json()
    let components = fit["model"]["components"]
    for k in 0..<2 {
      #expect(components[k]["mean"] == start[k]["mean"])
      #expect(components[k]["weight"] == start[k]["weight"])
      #expect(!(components[k]["covariance"] == start[k]["covariance"]))
    }
    let page = folder("report.html")
    let text = try mixture(
      "fit", Files.faithful, "--start", path, "--structure", "EEE", "--freeze", "weights,means",
      "--report", page
    ).output
    #expect(text.contains("- kept as in the start: means, weights\n"))
    #expect(
      try String(contentsOfFile: page, encoding: .utf8).contains(
        "Kept as in the start: means, weights."))
    #expect(
      try !mixture("fit", Files.faithful, "-k", "2", "--structure", "VVV").output
        .contains("kept as"))
  }

  /// What was frozen is no parameter of the fit, whoever asks the saved model: of EEE with K = 2 and d = 2 only a covariance is left.
  @Test func frozenPartsAreNotCounted() throws {
    let (start, path) = (folder("start.json"), folder("model.json"))
    #expect(
      try mixture("fit", Files.faithful, "-k", "2", "--structure", "VVV", "-o", start).succeeded)
    let fit = try mixture(
      "fit", Files.faithful, "--start", start, "--structure", "EEE", "--freeze", "means,weights",
      "--json", "-o", path
    ).json()
    let score = try mixture("score", path, Files.faithful, "--json").json()
    #expect(fit["parameterCount"].int == 3)
    for key in ["parameterCount", "bic", "aic", "icl"] { #expect(score[key] == fit[key], "\(key)") }
    #expect(try mixture("describe", path, "--json").json()["parameterCount"].int == 3)
    let compared = try mixture("compare", path, start, Files.faithful, "--json").json()
    #expect(compared["models"].elements.map { $0["parameterCount"].int } == [3, 11])
  }

  @Test func aPriorIsReported() throws {
    let plain = try mixture(
      "fit", Files.faithful, "-k", "3", "--structure", "VVV", "--json"
    ).json()
    #expect(plain["logPosterior"].isNull)
    let fit = try mixture(
      "fit", Files.faithful, "-k", "3", "--structure", "VVV", "--prior", "default", "--json"
    ).json()
    #expect(fit["logPosterior"].double == fit["trace"].numbers.last)
    #expect(fit["logLikelihood"].double < plain["logLikelihood"].double)
    let strong = try mixture(
      "fit", Files.faithful, "-k", "3", "--structure", "VVV", "--prior",
      "shrinkage=5,dof=20,scale=2,concentration=3", "--json"
    ).json()
    #expect(strong["logLikelihood"].double < fit["logLikelihood"].double)
    let text = try mixture(
      "fit", Files.faithful, "-k", "2", "--structure", "EEE", "--prior", "default"
    ).output
    #expect(text.contains("with the log-prior"))
    let none = try mixture(
      "fit", Files.faithful, "-k", "2", "--structure", "VVE", "--prior", "default")
    #expect(none.ending == .exited(64) && none.errors.contains("no conjugate prior"))
  }

  @Test(arguments: [
    (["--prior", "shrinkage=-1"], "expected default, or values"),
    (["--prior", "strong"], "found \"strong\""),
    (["--freeze", "means"], "say of which, with --start"),
    (["--freeze", "centres", "--start", "x.json"], "expected means, weights or covariances"),
    (["--background", "--background-density", "1"], "leave out one"),
    (["--background-density", "-1"], "expected a positive number"),
  ])
  func misuse(options: [String], mention: String) throws {
    let run = try mixture(["fit", Files.faithful, "-k", "2"] + options)
    #expect(run.ending == .exited(64) && run.errors.contains(mention), "\(run.errors)")
  }
}

/// Missing cells.
@Suite struct MissingCellTests {
  private let folder = TemporaryFolder()
  private let holes = Files.project
    .appendingPathComponent("Tests/ReferenceData/missing/iris_missing10.csv").path

  @Test func exactIsTheDefault() throws {
    let path = folder("model.json")
    let arguments = [
      "fit", holes, "--exclude", "class", "-k", "3", "--structure", "EEE", "-o", path, "--json",
    ]
    let fit = try mixture(arguments).json()
    #expect(fit["n"].int == 150)
    let dropped = try mixture(arguments + ["--missing", "drop"])
    #expect(try dropped.json()["n"].int == 99)
    #expect(dropped.errors.contains("51 of 150 rows have missing cells and are left out"))
    let refused = try mixture(arguments + ["--missing", "error"])
    #expect(refused.ending == .exited(65) && refused.errors.contains("an empty cell"))
    #expect(try mixture(arguments).succeeded)
    let score = try mixture("score", path, holes, "--json").json()
    #expect(score["logLikelihood"].double == fit["logLikelihood"].double)
    #expect(try mixture("predict", path, holes).table().rows.count == 150)
  }

  @Test func holesAreFilled() throws {
    let path = folder("model.json")
    #expect(
      try mixture("fit", holes, "--exclude", "class", "-k", "2", "--structure", "VVV", "-o", path)
        .succeeded)
    let filled = try mixture("impute", path, holes).table()
    #expect(filled.rows.count == 150)
    #expect(filled.rows.allSatisfy { $0.allSatisfy(\.isFinite) })
    let drawn = try mixture("impute", path, holes, "--draw", "--seed", "4")
    #expect(try drawn.table().rows != filled.rows)
    #expect(try mixture("impute", path, holes, "--draw", "--seed", "4").output == drawn.output)
    #expect(try mixture("impute", path, holes, "--seed", "4").ending == .exited(64))
    let lines = try String(contentsOfFile: holes, encoding: .utf8).split(separator: "\n")
      .dropFirst()
    for (line, row) in zip(lines, filled.rows) {
      for (cell, value) in zip(line.split(separator: ",", omittingEmptySubsequences: false), row) {
        if let known = Double(cell) { #expect(known == value) }
      }
    }
  }
}
