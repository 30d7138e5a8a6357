import Foundation
import Mixtures
import Testing

/// A fit that is killed and resumed ends in the same bytes as one that is left alone.
@Suite struct CheckpointTests {
  private let folder = TemporaryFolder()

  private var checkpoint: String { folder("run.ckpt") }
  private let data = [Files.iris, "--exclude", "class"]

  /// One start; several side by side; a search in which starts degenerate and are replaced.
  private static let fits = [
    ["-k", "3", "--structure", "VVV", "--restarts", "1", "--iterations", "3000"],
    ["-k", "4", "--structure", "VVI", "--restarts", "6", "--iterations", "500"],
    ["-k", "2...9", "--structure", "EEE,VVV", "--restarts", "2", "--max-iterations", "300"],
  ]

  /// Kills come at random moments of writing and iterating, but after some progress, so that the fit ends.
  @Test(arguments: fits, [UInt64(1), 2])
  func killedAgainAndAgainItEndsInTheSameBytes(options: [String], seed: UInt64) throws {
    let expected = try run(options, model: "expected.json")
    var generator = SplitMix64(seed: seed)
    var kills = 0
    while kills < 1000 {
      let output = Scratch()
      let process = try begin(options, output: output)
      var changes = 0
      var last = identity
      let wanted = Int.random(in: 1...4, using: &generator)
      let delay = UInt32.random(in: 0..<3_000, using: &generator)
      let ending = process.wait(atMost: .seconds(60)) {
        if identity != last { (last, changes) = (identity, changes + 1) }
        guard changes >= wanted else { return }
        usleep(delay)
        process.sendOnce(SIGKILL)
      }
      if ending == .exited(0) {
        #expect(output.text == expected.output)
        break
      }
      try #require(ending == .killed(signal: SIGKILL))
      kills += 1
    }
    #expect(kills >= 2)
    #expect(contents("model.json") == contents("expected.json"))
    #expect(!folder.names.contains { $0.contains("ckpt") }, "no checkpoint and no draft of it")
  }

  @Test func interruptedItKeepsTheCheckpoint() throws {
    let options = ["-k", "3", "--structure", "VVV", "--restarts", "1", "--iterations", "5000"]
    let expected = try run(options, model: "expected.json")
    let process = try begin(options, output: Scratch())
    let ending = process.wait(atMost: .seconds(60)) {
      if identity != nil { process.sendOnce(SIGINT) }
    }
    #expect(ending == .exited(130))
    let resumed = try run(options + ["--checkpoint", checkpoint, "--resume"], model: "model.json")
    #expect(resumed.succeeded)
    #expect(resumed.output == expected.output)
    #expect(contents("model.json") == contents("expected.json"))
  }

  @Test func aFinishedFitLeavesNoCheckpoint() throws {
    let one = ["-k", "2", "--structure", "EII", "--checkpoint", checkpoint]
    #expect(try run(one, model: "model.json").succeeded)
    #expect(folder.names == ["model.json"])
  }

  @Test func withoutACheckpointThereIsNothingToResume() throws {
    let run = try run(["-k", "2", "--checkpoint", checkpoint, "--resume"], model: "model.json")
    #expect(run.ending == .exited(66))
    #expect(run.errors.contains("run.ckpt: cannot be read: No such file or directory."))
    #expect(run.errors.contains("leave out --resume"))
    let pipe = folder("pipe")
    try #require(mkfifo(pipe, 0o600) == 0)
    let waiting = try self.run(["-k", "2", "--checkpoint", pipe, "--resume"], model: "model.json")
    #expect(waiting.ending == .exited(66) && waiting.errors.contains("is no file"))
    let unnamed = try self.run(["-k", "2", "--resume"], model: "model.json")
    #expect(unnamed.ending == .exited(64))
  }

  @Test func aCheckpointIsNotOverwrittenByAnotherFit() throws {
    try leaveCheckpoint()
    let before = contents("run.ckpt")
    let run = try run(["-k", "2", "--checkpoint", checkpoint], model: "model.json")
    #expect(run.ending == .exited(73))
    #expect(run.errors.contains("Add --resume to go on from it, or remove it."))
    #expect(contents("run.ckpt") == before)
  }

  @Test(arguments: [
    (["-k", "4", "--structure", "VVV", "--seed", "1"], "--k 3, and this one has --k 4"),
    (["-k", "3", "--structure", "EEE", "--seed", "1"], "--structure VVV"),
    (["-k", "3", "--structure", "VVV", "--seed", "2"], "--seed 1, and this one has --seed 2"),
    (["-k", "3", "--structure", "VVV", "--seed", "1", "--floor", "1e-6"], "no --floor"),
    (["-k", "3", "--structure", "VVV", "--seed", "1", "--no-skipping"], "no --no-skipping"),
  ])
  func anotherFitIsRefused(options: [String], mention: String) throws {
    try leaveCheckpoint()
    let stop = ["--tolerance", "0", "--max-iterations", "1000000"]
    let run = try run(
      options + stop + ["--checkpoint", checkpoint, "--resume"], model: "model.json")
    #expect(run.ending == .exited(65))
    #expect(run.errors.contains(mention), "\(run.errors)")
  }

  @Test func otherDataAreRefused() throws {
    try leaveCheckpoint()
    let run = try mixture(
      ["fit", Files.iris, "--columns", "sepal_length,petal_width"] + Self.endless
        + ["--checkpoint", checkpoint, "--resume"])
    #expect(run.ending == .exited(65))
    #expect(run.errors.contains("--columns"))
    let path = folder.blobs(20, about: [0, 5], to: "other.csv")
    let other = try mixture(
      ["fit", path] + Self.endless + ["--checkpoint", checkpoint, "--resume"])
    #expect(other.ending == .exited(65))
    #expect(other.errors.contains("run.ckpt"), "\(other.errors)")
  }

  /// Its last bits would be others.
  @Test func anotherInstructionSetIsRefused() throws {
    try leaveCheckpoint()
    for other in InstructionSet.available where other != InstructionSet.current {
      let run = try mixture(
        ["fit"] + data + Self.endless + ["--checkpoint", checkpoint, "--resume"],
        environment: ["MIXTURES_KERNEL": other])
      #expect(run.ending == .exited(65))
      #expect(run.errors.contains("the instruction set \(other)"), "\(run.errors)")
    }
  }

  @Test(arguments: ["", "{", "[]", "{\"format\": \"mixtures.model\", \"version\": 1}"])
  func whatIsNoCheckpointIsRefused(text: String) throws {
    _ = folder.write(text, to: "run.ckpt")
    let run = try run(["-k", "2", "--checkpoint", checkpoint, "--resume"], model: "model.json")
    #expect(run.ending == .exited(65))
    #expect(
      run.errors.contains("Give the path of a checkpoint, or leave out --resume."), "\(run.errors)")
  }

  @Test func aPlaceThatCannotBeWrittenIsToldBeforeAllWork() throws {
    for path in [folder("missing/run.ckpt"), folder.path, "-", "/dev/null"] {
      let run = try run(["-k", "2", "--checkpoint", path], model: "model.json")
      #expect(run.ending == .exited(73), "\(path): \(run.errors)")
    }
    #expect(folder.names == [])
  }

  /// The end of the fit would remove its own model.
  @Test func theModelAndTheCheckpointAreTwoFiles() throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder("here"), withDestinationPath: folder.path)
    for path in ["both", "./both", "here/both"] {
      let run = try run(["-k", "2", "--checkpoint", folder(path)], model: "both")
      #expect(run.ending == .exited(64), "\(path): \(run.errors)")
      #expect(run.errors.contains("choose two files"))
    }
    #expect(folder.names == ["here"])
    #expect(try run(["-k", "2", "--checkpoint", folder("one")], model: "other").succeeded)
  }

  @Test func aCheckpointThatCannotBeWrittenAnyMoreEndsTheFit() throws {
    let inner = folder("inner")
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: false)
    let (errors, output) = (Scratch(), Scratch())
    let process = try ChildProcess(
      ["fit"] + data + Self.endless + ["--checkpoint", inner + "/run.ckpt"],
      environment: plainEnvironment, input: -1, output: output.descriptor,
      errors: errors.descriptor)
    let ending = process.wait(atMost: .seconds(60)) {
      guard FileManager.default.fileExists(atPath: inner + "/run.ckpt") else { return }
      _ = rename(inner, folder("elsewhere"))
    }
    #expect(ending == .exited(73))
    #expect(errors.text.contains("Cannot write"))
    #expect(output.text == "")
  }

  private static let endless = [
    "-k", "3", "--structure", "VVV", "--seed", "1", "--tolerance", "0", "--max-iterations",
    "1000000",
  ]

  /// That of a fit that was killed.
  private func leaveCheckpoint() throws {
    let process = try begin(Self.endless, output: Scratch())
    let ending = process.wait(atMost: .seconds(60)) {
      if identity != nil { process.sendOnce(SIGKILL) }
    }
    try #require(ending == .killed(signal: SIGKILL))
  }

  private func run(_ options: [String], model: String) throws -> Outcome {
    try mixture(["fit"] + data + options + ["-o", folder(model), "--json"])
  }

  /// A fit from the checkpoint, if there is one.
  private func begin(_ options: [String], output: Scratch) throws -> ChildProcess {
    let resume = identity == nil ? [] : ["--resume"]
    return try ChildProcess(
      ["fit"] + data + options + ["-o", folder("model.json"), "--json"]
        + ["--checkpoint", checkpoint] + resume,
      environment: plainEnvironment, input: -1, output: output.descriptor,
      errors: -1)
  }

  /// Another one each time that the checkpoint is replaced; nil where there is none.
  private var identity: [Int]? {
    var record = stat()
    guard stat(checkpoint, &record) == 0 else { return nil }
    #if canImport(Darwin)
      return [Int(record.st_ino), record.st_mtimespec.tv_sec, record.st_mtimespec.tv_nsec]
    #else
      return [Int(record.st_ino), record.st_mtim.tv_sec, record.st_mtim.tv_nsec]
    #endif
  }

  private func contents(_ name: String) -> Data? {
    FileManager.default.contents(atPath: folder(name))
  }
}
