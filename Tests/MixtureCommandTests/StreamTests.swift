import Foundation
import Mixtures
import Testing

/// What stands at the other ends of the process: pipes, terminals, signals.
@Suite struct StreamTests {
  private let folder = TemporaryFolder()

  private func start(
    _ arguments: [String], input: Int32 = -1, output: Int32, errors: Int32,
    environment: [String: String] = [:]
  ) throws -> ChildProcess {
    try ChildProcess(
      arguments, environment: plainEnvironment.merging(environment) { $1 }, input: input,
      output: output, errors: errors)
  }

  // MARK: - Pipes

  @Test func standardInputIsData() throws {
    let text = try String(contentsOfFile: Files.faithful, encoding: .utf8)
    let model = folder("model.json")
    let options = ["-k", "2", "--structure", "VVV", "--json"]
    let piped = try mixture(["fit", "-", "-o", model] + options, input: text)
    #expect(
      try piped.json()["trace"] == mixture(["fit", Files.faithful] + options).json()["trace"])
    let scored = try mixture("score", model, "-", "--json", input: text)
    #expect(try scored.json()["logLikelihood"] == piped.json()["logLikelihood"])
    let predicted = try mixture("predict", model, "-", input: text).output
    #expect(try mixture("predict", model, Files.faithful).output == predicted)
    let bytes = try String(contentsOfFile: model, encoding: .utf8)
    #expect(try mixture("describe", "-", input: bytes).output == mixture("describe", model).output)
    #expect(
      try mixture("score", "-", Files.faithful, "--json", input: bytes).output == scored.output)
    let bad = try mixture("fit", "-", input: "a,b\n1,2\n3,x\n")
    #expect(bad.ending == .exited(65))
    #expect(bad.errors.hasPrefix("Error: standard input, line 3, column 2 (b)"))
  }

  /// All of it is had in one go: where a fit starts, and where steps are drawn from.
  @Test func standardInputIsWhereAFitStarts() throws {
    let soft = "z2,z1\n" + String(repeating: "0.3,0.7\n0.6,0.4\n", count: 136)
    let z = ["--structure", "EII", "--iterations", "1", "--json", "--start-responsibilities"]
    let piped = try mixture(["fit", Files.faithful] + z + ["-"], input: soft)
    let path = folder.write(soft, to: "soft.csv")
    let components = try piped.json()["model"]["components"]
    #expect(
      try mixture(["fit", Files.faithful] + z + [path]).json()["model"]["components"] == components)
    #expect(components[0]["weight"].double != components[1]["weight"].double)

    let lines = try String(contentsOfFile: Files.faithful, encoding: .utf8).split(separator: "\n")
    let labelled = folder.write(
      "\(lines[0]),kind\n"
        + lines.dropFirst().map { "\($0),\($0 < "3" ? "short" : "long")\n" }.joined(),
      to: "labelled.csv")
    let labels = ["fit", labelled, "--labels", "kind"]
    let named = folder("named.json")
    #expect(
      try mixture(labels + ["-k", "2", "--structure", "EEE", "-o", named]).succeeded)
    let model = try String(contentsOfFile: named, encoding: .utf8)
    #expect(try mixture(labels + ["--start", "-"], input: model).succeeded)
    let swapped = model.replacingOccurrences(of: "\"long\"", with: "\"\\u001bother\"")
    let refused = try mixture(labels + ["--start", "-"], input: swapped)
    #expect(refused.ending == .exited(64), "\(refused.errors)")
    #expect(refused.errors.contains("its components are \\u{1b}other, short, the labels are"))
    let steps = ["plot", named, Files.faithful, "--kind", "steps", "-o", "-", "--start"]
    #expect(
      try mixture(steps + ["-"], input: model).output == mixture(steps + [named]).output)
  }

  @Test(arguments: [
    ["fit", "-", "--start", "-"], ["fit", "-", "--start-responsibilities", "-"],
    ["plot", "m.json", "-", "--kind", "steps", "--start", "-", "-o", "-"],
    ["plot", "-", "d.csv", "--kind", "steps", "--start", "-", "-o", "-"],
    ["compare", "m.json", "-", "-"],
  ])
  func standardInputIsReadOnce(arguments: [String]) throws {
    let run = try mixture(arguments, input: "a,b\n1,2\n")
    #expect(run.ending == .exited(64))
    #expect(run.errors.contains("can come from standard input: give the other a file"))
  }

  @Test func dataThroughARealPipe() throws {
    let pipe = Pipe()
    let output = Scratch()
    let process = try start(
      ["fit", "-", "-k", "2", "--structure", "VVV", "--json"], input: pipe.reading,
      output: output.descriptor, errors: output.descriptor)
    close(pipe.reading)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: Files.faithful))
    for piece in stride(from: 0, to: bytes.count, by: 100) {
      let part = [UInt8](bytes[piece..<min(bytes.count, piece + 100)])
      #expect(write(pipe.writing, part, part.count) == part.count)
    }
    close(pipe.writing)
    #expect(process.wait(atMost: .seconds(30)) == .exited(0))
    #expect(try JSON(parsing: output.text)["n"].int == 272)
  }

  /// As `mixture … | head`: nothing is said, and that is no failure.
  @Test func closedPipeIsQuiet() throws {
    let model = folder.write(handWritten([(1, [3, 70], 9)]), to: "model.json")
    let commands = [
      ["sample", model, "-n", "100000"], ["predict", model, Files.faithful], ["describe", model],
      ["fit", Files.faithful, "-k", "2"], ["fit", Files.faithful, "-k", "2", "--json"],
      ["score", model, Files.faithful],
    ]
    for words in commands {
      let (pipe, errors) = (Pipe(), Scratch())
      close(pipe.reading)
      let process = try start(words, output: pipe.writing, errors: errors.descriptor)
      close(pipe.writing)
      #expect(process.wait(atMost: .seconds(30)) == .exited(0), "\(words)")
      #expect(errors.text == "", "\(words)")
    }
  }

  /// The files are written, and the status is that of the fit.
  @Test func closedPipeKeepsNothingElseFromBeingDone() throws {
    let commands: [(words: [String], status: Int32)] = [
      (
        [
          "fit", Files.faithful, "-k", "3", "--structure", "VVV", "--max-iterations", "2",
          "--checkpoint", folder("run.ckpt"), "--require-convergence",
        ], 2
      ),
      (["train", Files.iris, "--class", "class", "--structure", "EEE", "--folds", "0"], 0),
    ]
    for (words, status) in commands {
      let (pipe, errors) = (Pipe(), Scratch())
      close(pipe.reading)
      let process = try start(
        words + ["--report", folder("r.html")], output: pipe.writing, errors: errors.descriptor)
      close(pipe.writing)
      #expect(process.wait(atMost: .seconds(30)) == .exited(status), "\(errors.text)")
      #expect(folder.names == ["r.html"])
      try FileManager.default.removeItem(atPath: folder("r.html"))
    }
  }

  /// With no standard output at all, results must not land in whichever file is opened next.
  @Test func closedStandardOutputIsAnError() throws {
    let model = folder("model.json")
    let errors = Scratch()
    let process = try start(
      ["fit", Files.faithful, "-k", "2", "-o", model], output: -1, errors: errors.descriptor)
    #expect(process.wait(atMost: .seconds(30)) == .exited(73))
    #expect(errors.text.contains("Cannot write standard output: Bad file descriptor"))
    #expect(try JSON(contentsOf: model)["format"].string == "mixtures.model")
    #expect(folder.names == ["model.json"])
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullDiskIsAnError() throws {
    let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
    defer { close(full) }
    let errors = Scratch()
    let process = try start(
      ["fit", Files.faithful, "-k", "1"], output: full, errors: errors.descriptor)
    #expect(process.wait(atMost: .seconds(30)) == .exited(73))
    #expect(errors.text.hasPrefix("Error: Cannot write standard output: No space left on device."))
  }

  // MARK: - Signals

  /// Until the work has begun, which progress tells.
  private func waitForProgress(_ errors: Scratch, of process: ChildProcess) {
    let deadline = ContinuousClock.now + .seconds(30)
    while !errors.text.contains("iteration"), ContinuousClock.now < deadline { usleep(2000) }
  }

  @Test func firstInterruptKeepsTheBestModel() throws {
    let data = folder.blobs(5_000, about: [0, 1, 2], to: "blobs.csv")
    let model = folder("model.json")
    let (output, errors) = (Scratch(), Scratch())
    let process = try start(
      [
        "fit", data, "-k", "8", "--structure", "VVV", "--tolerance", "0", "--max-iterations",
        "100000000",
        "--restarts", "1", "--json", "--progress", "json", "-o", model,
        "--report", folder("report.html"),
      ],
      output: output.descriptor, errors: errors.descriptor)
    waitForProgress(errors, of: process)
    process.send(SIGINT)
    #expect(process.wait(atMost: .seconds(30)) == .exited(130))
    let document = try JSON(parsing: output.text)
    #expect(document["stopped"].string == "cancelled")
    #expect(document["converged"].bool == false)
    #expect(document["trace"].elements.count == document["iterations"].int + 1)
    #expect(document["warnings"].strings.contains { $0.hasPrefix("Interrupted after") })
    #expect(errors.text.contains("Warning: Interrupted after"))
    let score = try mixture("score", model, data, "--json").json()
    #expect(score["logLikelihood"].double == document["logLikelihood"].double)
    #expect(folder.names == ["blobs.csv", "model.json", "report.html"])
    let page = try String(contentsOfFile: folder("report.html"), encoding: .utf8)
    #expect(page.contains("<li>Interrupted after") && page.contains("</html>"))
  }

  @Test func interruptedSearchSaysSo() throws {
    let data = folder.blobs(5_000, about: [0, 1, 2], to: "blobs.csv")
    let (output, errors) = (Scratch(), Scratch())
    let process = try start(
      ["fit", data, "-k", "1...400", "--progress", "json", "--json"],
      output: output.descriptor, errors: errors.descriptor)
    waitForProgress(errors, of: process)
    process.send(SIGINT)
    #expect(process.wait(atMost: .seconds(30)) == .exited(130))
    #expect(try JSON(parsing: output.text)["selection"].elements.count < 400 * 14)
    #expect(errors.text.contains("Warning: Interrupted"))
  }

  /// The first would wait for the end of an iteration, which is made to be long.
  @Test func secondInterruptLeavesAtOnce() throws {
    let data = folder.blobs(100_000, about: [0, 1, 2], to: "blobs.csv")
    let start = folder.write(
      handWritten((0..<4_000).map { (1.0 / 4_000, [Double($0) / 2_000, -Double($0) / 2_000], 1) }),
      to: "start.json")
    let (output, errors) = (Scratch(), Scratch())
    let process = try self.start(
      [
        "fit", data, "--start", start, "--threads", "1", "--progress", "json", "-o",
        folder("model.json"),
      ],
      output: output.descriptor, errors: errors.descriptor)
    waitForProgress(errors, of: process)
    #expect(process.wait(atMost: .seconds(20)) { process.send(SIGINT) } == .exited(130))
    #expect(output.text == "")
    #expect(folder.names == ["blobs.csv", "start.json"], "no model, nothing half-written")
  }

  /// While data are read, or results printed, there is nothing to keep.
  @Test func interruptLeavesAtOnceWhereNothingIsKept() throws {
    let model = folder.write(handWritten([(1, [3, 70], 9)]), to: "model.json")
    for words in [["fit", "-"], ["predict", model, "-"], ["sample", model, "-n", "100000000"]] {
      let (input, output, errors) = (Pipe(), Pipe(), Scratch())
      let process = try start(
        words, input: input.reading, output: output.writing, errors: errors.descriptor)
      usleep(100_000)  // long enough to wait for data, or for a reader
      process.send(SIGINT)
      let ending = process.wait(atMost: .seconds(10))
      // The latter if it has not come to listen for signals yet.
      #expect([.exited(130), .killed(signal: SIGINT)].contains(ending), "\(words)")
      #expect(errors.text == "")
      for end in [input.reading, input.writing, output.reading, output.writing] { close(end) }
    }
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func interruptedTableLeavesNothingBehind(signal: Int32) throws {
    let model = folder.write(handWritten([(1, [3, 70], 9)]), to: "model.json")
    let (output, errors) = (Scratch(), Scratch())
    let process = try start(
      ["sample", model, "-n", "1000000000", "-o", folder("out.csv")], output: output.descriptor,
      errors: errors.descriptor)
    let deadline = ContinuousClock.now + .seconds(30)
    while folder.names.count < 2, ContinuousClock.now < deadline { usleep(1000) }
    process.send(signal)
    #expect(process.wait(atMost: .seconds(30)) == .exited(128 + signal))
    #expect(folder.names == ["model.json"])
  }

  /// The line of progress is there before the first mixture, which joining this many points takes long.
  @Test(arguments: [SIGINT, SIGTERM])
  func interruptBeforeThereIsAResult(signal: Int32) throws {
    let columns = 13  // as many as keep it longest: it is for this that the points are limited
    var generator = SplitMix64(seed: 3)
    let rows = (0..<2_000).map { _ in
      (0..<columns).map { _ in "\(Double.random(in: -1...1, using: &generator))" }
        .joined(separator: ",") + "\n"
    }
    let data = folder.write(rows.joined(), to: "wide.csv")
    let (output, errors) = (Scratch(), Scratch())
    let process = try start(
      [
        "fit", data, "-k", "2", "--structure", "EII", "--init", "hierarchical", "--progress",
        "always",
      ], output: output.descriptor, errors: errors.descriptor)
    let deadline = ContinuousClock.now + .seconds(30)
    while !errors.text.contains("placing"), ContinuousClock.now < deadline { usleep(1000) }
    process.send(signal)
    #expect(process.wait(atMost: .seconds(30)) == .exited(128 + signal))
    #expect(errors.text.hasSuffix("Error: Interrupted before there was a result.\n"))
    #expect(output.text == "")
  }

  /// What has begun to be written is written to its end. The file is a pipe, which holds less than all of it.
  @Test(arguments: [
    ["tour", "-o"],
    ["plot", "MODEL", "DATA", "-o"],
    ["train", Files.iris, "--class", "class", "--structure", "EEE", "--folds", "0", "--report"],
  ])
  func interruptLetsAFileBeWritten(words: [String]) throws {
    let model = folder.write(handWritten([(1, [3, 70], 9)]), to: "model.json")
    let data = folder.blobs(2_500, about: [0, 5], to: "data.csv")
    let path = folder("pipe")
    try #require(mkfifo(path, 0o600) == 0)
    let reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    defer { close(reader) }
    #if os(Linux)
      let setCapacity: Int32 = 1031  // F_SETPIPE_SZ
      try #require(fcntl(reader, setCapacity, Int32(4096)) >= 4096)
    #endif
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    func take() -> Int {
      let count = read(reader, &buffer, buffer.count)
      if count > 0 { bytes += buffer[..<count] }
      return count
    }
    let (output, errors) = (Scratch(), Scratch())
    let process = try start(
      words.map { ["MODEL": model, "DATA": data][$0] ?? $0 } + [path],
      output: output.descriptor,
      errors: errors.descriptor)
    let deadline = ContinuousClock.now + .seconds(30)
    while take() <= 0, ContinuousClock.now < deadline { usleep(1000) }
    process.send(SIGINT)
    usleep(100_000)
    let ending = process.wait(atMost: .seconds(30)) { while take() > 0 {} }
    while take() > 0 {}
    #expect(ending == .exited(130), "\(errors.text)")
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(bytes.count > 1 << 14 && (text.hasSuffix("</svg>\n") || text.hasSuffix("</html>\n")))
  }

  // MARK: - Terminals

  /// What the command shows at a terminal of so many columns.
  private func shown(
    _ arguments: [String], columns: UInt16 = 100, environment: [String: String] = [:]
  ) throws -> String {
    let (terminal, errors) = (try PseudoTerminal(columns: columns), Scratch())
    let process = try start(
      arguments, output: terminal.descriptor, errors: errors.descriptor,
      environment: ["TERM": "xterm"].merging(environment) { $1 })
    #expect(process.wait(atMost: .seconds(30), meanwhile: terminal.drain) == .exited(0))
    return terminal.text
  }

  private let escape = "\u{1B}["

  @Test func coloursFollowTheTerminal() throws {
    let fit = ["fit", Files.faithful, "-k", "1,2", "--structure", "VVV"]
    let plain = try mixture(fit).output
    #expect(!plain.contains(escape))
    #expect(try mixture(fit + ["--color", "always"]).output.contains(escape))
    #expect(
      try mixture(fit + ["--color", "always"], environment: ["NO_COLOR": "1"]).output.contains(
        escape))
    #expect(try shown(fit).contains(escape))
    #expect(try shown(fit, environment: ["NO_COLOR": ""]).contains(escape))
    #expect(try shown(fit, environment: ["NO_COLOR": "1"]) == plain)
    #expect(try shown(fit, environment: ["TERM": "dumb"]) == plain)
    #expect(try shown(fit + ["--color", "never"]) == plain)
    let colored = try mixture(fit + ["--color", "always"]).output
    #expect(colored.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
    let model = folder.write(handWritten([(1, [3, 70], 9)]), to: "model.json")
    #expect(try mixture("describe", model, "--color", "always").output.contains(escape))
    #expect(try !mixture("describe", model).output.contains(escape))
    #expect(try shown(["describe", model]).contains(escape))
  }

  @Test(arguments: [40, 60, 80])
  func tablesFitTheWidth(columns: Int) throws {
    let fit = ["fit", Files.faithful, "-k", "9", "--structure", "VVV,EEE"]
    let atTerminal = try shown(fit + ["--color", "never"], columns: UInt16(columns))
    #expect(try mixture(fit, environment: ["COLUMNS": "\(columns)"]).output == atTerminal)
    let cells = ["component ", "weight ", "points ", "mean ", "sd ", "correlation "]
    let rows = atTerminal.split(separator: "\n").filter { line in
      cells.contains { line.hasPrefix($0) }
    }
    #expect(rows.count > 9)
    for row in rows { #expect(row.count <= columns, "\(row)") }
    let weights = rows.filter { $0.hasPrefix("weight ") }.flatMap {
      $0.split(separator: " ").dropFirst()
    }
    #expect(weights.count == 9, "every component is in one of the blocks")
  }

  /// An endless fit, ended when its progress is seen, and one that lasts as long and stays silent.
  @Test func progressOnlyAtATerminal() throws {
    let data = folder.blobs(5_000, about: [0, 1, 2], to: "blobs.csv")
    let arguments = [
      "fit", data, "-k", "6", "--structure", "VVV", "--restarts", "1", "--iterations", "1000000000",
    ]
    let terminal = try PseudoTerminal(columns: 100)
    let (output, errors) = (Scratch(), Scratch())
    let clock = ContinuousClock()
    let begin = clock.now
    let process = try start(arguments, output: output.descriptor, errors: terminal.descriptor)
    let ending = process.wait(atMost: .seconds(60)) {
      if terminal.text.contains("iteration ") { process.sendOnce(SIGINT) }
    }
    let duration = clock.now - begin
    #expect(ending == .exited(130))
    #expect(duration > .milliseconds(500), "quick work stays silent")
    #expect(terminal.text.contains("VVV, 6 components, start 1, iteration "))
    let afterwards = terminal.text.components(separatedBy: "\r\u{1B}[2K").last ?? ""
    #expect(afterwards.hasPrefix("Warning: Interrupted"), "the line of progress is cleared")

    let silent = try start(arguments, output: output.descriptor, errors: errors.descriptor)
    let deadline = clock.now + duration
    let silentEnding = silent.wait(atMost: .seconds(60)) {
      if clock.now > deadline { silent.sendOnce(SIGINT) }
    }
    #expect(silentEnding == .exited(130))
    #expect(errors.text.split(separator: "\n").allSatisfy { $0.hasPrefix("Warning: ") })
  }

  /// So many components that their first fit takes more than half a second.
  @Test func aTestSaysThatItFitsTheModels() throws {
    let data = folder.blobs(30_000, about: [0, 1, 2], to: "blobs.csv")
    let models = [16, 17].map { count in
      folder.write(
        handWritten(
          (0..<count).map { (1 / Double(count), [Double($0) / 5, -Double($0) / 5], 1) }),
        to: "\(count).json")
    }
    let (output, errors) = (Scratch(), Scratch())
    let process = try start(
      ["compare"] + models + [data, "--bootstrap", "9", "--progress", "always"],
      output: output.descriptor, errors: errors.descriptor)
    let deadline = ContinuousClock.now + .seconds(30)
    while !errors.text.contains("…"), ContinuousClock.now < deadline { usleep(1000) }
    #expect(errors.text.contains("fitting both models …") && !errors.text.contains("placing"))
    process.send(SIGKILL)
    #expect(process.wait(atMost: .seconds(30)) == .killed(signal: SIGKILL))
  }

  @Test func progressWhenAskedFor() throws {
    let fit = ["fit", Files.faithful, "-k", "2", "--structure", "VVV", "--restarts", "1"]
    let plain = try mixture(fit)
    #expect(plain.errors == "")
    let always = try mixture(fit + ["--progress", "always"])
    #expect(always.errors.contains("VVV, 2 components, start 1, iteration 0: log-likelihood -1131"))
    #expect(try mixture(fit + ["--progress", "never"]).errors == "")
    let json = try mixture(fit + ["--progress", "json"])
    let events = try json.errors.split(separator: "\n").map { try JSON(parsing: String($0)) }
    #expect(events.allSatisfy { $0["event"].string == "iteration" })
    #expect(events.map { $0["iteration"].int } == Array(0..<events.count))
    let trace = try mixture(fit + ["--json"]).json()["trace"].numbers
    #expect(events.map { $0["logLikelihood"].double } == trace)
    for run in [always, json] { #expect(run.output == plain.output) }
  }
}
