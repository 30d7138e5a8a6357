import Foundation
import Testing

/// `fit --report` and `train --report`.
@Suite struct ReportTests {
  private let folder = TemporaryFolder()

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: folder(name), encoding: .utf8)
  }

  @Test func besideModelAndDocument() throws {
    let plain = try mixture("fit", Files.faithful, "-k", "2", "--json")
    let run = try mixture(
      "fit", Files.faithful, "-k", "2", "--json", "-o", folder("m.json"), "--report",
      folder("r.html"))
    let document = try run.json()
    #expect(document["bic"].double == (try plain.json())["bic"].double)
    #expect(folder.names == ["m.json", "r.html"])
    let page = try text("r.html")
    #expect(page.contains("<h1>2 components"))
    #expect(page.utf8.count < 150_000)
    // The command is what was typed.
    #expect(page.contains("mixture fit \(Files.faithful) -k 2 --json -o \(folder("m.json"))"))
  }

  @Test func theModelMayGoToStandardOutput() throws {
    let run = try mixture(
      "fit", Files.faithful, "-k", "2", "--structure", "EEE", "-o", "-", "--report",
      folder("r.html"))
    #expect(try run.json()["format"].string == "mixtures.model")
    #expect(try text("r.html").contains("</html>"))
    let other = try mixture(
      "fit", Files.faithful, "-k", "2", "--structure", "EEE", "-o", "/dev/stdout")
    #expect(try other.json()["format"].string == "mixtures.model")
  }

  @Test func theSameCommandGivesTheSameBytes() throws {
    var pages: [String] = []
    for _ in 0..<2 {
      #expect(
        try mixture("fit", Files.faithful, "-k", "1...3", "--report", folder("r.html")).succeeded)
      pages.append(try text("r.html"))
    }
    #expect(pages[0] == pages[1])
  }

  @Test func aCommandThatNeedsQuotes() throws {
    let path = folder.blobs(30, about: [0, 9], to: "it's $(a) file.csv")
    let run = try mixture("fit", path, "-k", "2", "--report", folder("r.html"))
    #expect(run.succeeded, "\(run.errors)")
    let quoted = path.replacingOccurrences(of: "'", with: "&#39;\\&#39;&#39;")
    #expect(try text("r.html").contains("mixture fit &#39;\(quoted)&#39; -k 2"))
  }

  @Test func classesLabelsPriorsAndHoles() throws {
    let path = folder.write(
      "x,y,kind\n"
        + (0..<60).map { row in
          let centre = Double(row % 2) * 8
          let y = row % 9 == 0 ? "" : "\(centre + Double(row % 4))"
          return "\(centre + Double(row % 5) / 2),\(y),\(row % 2 == 0 ? "<a>" : "b&c")\n"
        }.joined(), to: "d.csv")
    let run = try mixture(
      "fit", path, "-k", "2", "--structure", "VVV", "--truth", "kind", "--prior", "default",
      "--report", folder("r.html"))
    #expect(run.succeeded, "\(run.errors)")
    let page = try text("r.html")
    for part in ["Known classes", "&lt;a&gt;", "b&amp;c", "log-posterior", "missing cells"] {
      #expect(page.contains(part), "\(part)")
    }
    let labelled = try mixture(
      "fit", path, "-k", "2", "--structure", "VVV", "--labels", "kind", "--report",
      folder("l.html"))
    #expect(labelled.succeeded, "\(labelled.errors)")
    #expect(try text("l.html").contains("&lt;a&gt;; "))
  }

  @Test func namesCannotBreakOut() throws {
    let hostile = "</script><script>alert(1)</script>"
    let path = folder.write(
      "\"\(hostile)\",\"<img src=x>\",kind\n"
        + (0..<40).map {
          "\($0 % 2 * 9 + $0 % 5),\($0 % 3),\"\($0 % 2 == 0 ? hostile : "</svg>")\"\n"
        }.joined(), to: "<b>&.csv")
    let fit = try mixture(
      "fit", path, "-k", "2", "--structure", "EEI", "--truth", "kind", "--report",
      folder("fit.html"))
    let train = try mixture(
      "train", path, "--class", "kind", "--structure", "EEI", "--folds", "3", "--report",
      folder("train.html"))
    #expect(fit.succeeded && train.succeeded, "\(fit.errors)\(train.errors)")
    for name in ["fit.html", "train.html"] {
      let page = try text(name)
      #expect(!page.contains("<script>alert") && !page.contains("<img"), "\(name)")
      #expect(!page.contains("<b>&"), "\(name)")
      #expect(
        page.components(separatedBy: "</svg>").count == page.components(separatedBy: "<svg").count)
    }
  }

  @Test func training() throws {
    let run = try mixture(
      "train", Files.iris, "--class", "class", "--structure", "EEE,VVV", "--json", "--report",
      folder("r.html"))
    let error = try run.json()["crossValidation"]["errorRate"].double
    let page = try text("r.html")
    #expect(page.contains("errorRate\">\(String(format: "%.4f", error))<"))
    #expect(page.contains("Where each class is expected"))
  }

  @Test(arguments: ["fit", "train"])
  func whatCannotBeWrittenIsSaidFirst(command: String) throws {
    let arguments =
      command == "fit" ? ["fit", "no-such-file.csv"] : ["train", "no.csv", "--class", "c"]
    let missing = try mixture(arguments + ["--report", folder("none/r.html")])
    #expect(missing.ending == .exited(73), "\(missing.errors)")
    for path in ["-", "/dev/stdout", "/dev/fd/1"] {
      let output = try mixture(arguments + ["--report", path])
      #expect(output.ending == .exited(64) && output.errors.contains("--report"))
      let both = try mixture(arguments + ["--json", "-o", path])
      #expect(both.ending == .exited(64) && both.errors.contains("--json"))
    }
    let same = try mixture(arguments + ["--report", folder("a"), "-o", "\(folder.path)/./a"])
    #expect(same.ending == .exited(64), "\(same.errors)")
    #expect(same.errors.contains("name the same file"))
    #expect(folder.names.isEmpty)
  }

  /// The data are kept, whatever is asked for in their place.
  @Test func whatIsReadIsKept() throws {
    let data = folder.blobs(30, about: [0, 9], to: "data.csv")
    let model = folder("model.json")
    #expect(try mixture("fit", data, "-k", "2", "-o", model).succeeded)
    let component = "component\n" + String(repeating: "1\n2\n", count: 30)
    let z = folder.write(component, to: "z.csv")
    let before = try text("data.csv")
    for (words, name) in [
      (["fit", data, "-k", "2", "-o", data], "-o would take the place of the data"),
      (["fit", data, "--report", "\(folder.path)/./data.csv"], "--report would take the place of"),
      (["fit", data, "--checkpoint", data], "--checkpoint would take the place of the data"),
      (
        ["fit", data, "--start-responsibilities", z, "-o", z],
        "-o would take the place of --start-r"
      ),
      (
        ["fit", data, "--start", model, "--report", model], "--report would take the place of --st"
      ),
      (["train", data, "--class", "x", "-o", data], "-o would take the place of the data"),
      (["train", data, "--class", "x", "--report", data], "--report would take the place of the"),
      (["predict", model, data, "-o", data], "-o would take the place of the data"),
      (["predict", model, data, "-o", model], "-o would take the place of the model"),
      (
        ["impute", model, data, "-o", "\(folder.path)/./data.csv"], "-o would take the place of the"
      ),
      (["sample", model, "-n", "1", "-o", model], "-o would take the place of the model"),
    ] {
      let run = try mixture(words)
      #expect(run.ending == .exited(64) && run.errors.contains(name), "\(run.errors)")
    }
    #expect(try text("data.csv") == before && text("z.csv") == component)
    #expect(try mixture("fit", data, "--start", model, "-o", model).succeeded)
  }

  @Test func theCheckpointIsAnotherFile() throws {
    let run = try mixture(
      "fit", Files.faithful, "--report", folder("a"), "--checkpoint", folder("a"))
    #expect(run.ending == .exited(64) && run.errors.contains("--checkpoint"))
  }

  @Test func aFitThatFailsLeavesTheOldPage() throws {
    let path = folder.write("old", to: "r.html")
    let data = folder.write("x\n1\nz\n", to: "d.csv")
    #expect(try mixture("fit", data, "--report", path).ending == .exited(65))
    #expect(try text("r.html") == "old")
    #expect(folder.names == ["d.csv", "r.html"])
  }
}
