import Foundation
import Mixtures
import Testing

/// Where the data live changes no bit of the result: mapped, streamed, piped, in single precision.
@Suite struct StorageTests {
  private let folder = TemporaryFolder()

  /// Rows of three coordinates about two centres, a weight and a class.
  private struct Data3 {
    var rows: [[Double]] = []
    let count: Int

    init(_ count: Int) {
      self.count = count
      var rng = SplitMix64(seed: 5)
      for row in 0..<count {
        rows.append((0..<3).map { Double(row % 2 * 3 * $0) + .random(in: -2...2, using: &rng) })
      }
    }

    var csv: String {
      "a,b,c,w,t\n"
        + rows.enumerated().map { row, x in "\(x[0]),\(x[1]),\(x[2]),\(1 + row % 3),t\(row % 2)\n" }
        .joined()
    }
    var flat: [Double] { rows.flatMap(\.self) }
    var raw64: Data { flat.withUnsafeBytes { Data($0) } }
    var raw32: Data { flat.map(Float.init).withUnsafeBytes { Data($0) } }
    var npy32: Data { npyHeader(type: "<f4", shape: "(\(count), 3)") + raw32 }
  }

  /// The model and the document of a fit.
  private func fit(_ arguments: [String], input: Int32 = -1) throws -> [String] {
    let model = folder("model.json")
    let (output, errors) = (Scratch(), Scratch())
    let process = try ChildProcess(
      ["fit"] + arguments + [
        "-k", "2", "--structure", "VVV", "--iterations", "4", "--restarts", "2", "--json", "-o",
        model,
      ], environment: plainEnvironment, input: input, output: output.descriptor,
      errors: errors.descriptor)
    let ending = process.wait(atMost: .seconds(60))
    try #require(ending == .exited(0), "\(arguments): \(errors.text)")
    return [output.text, try String(contentsOfFile: model, encoding: .utf8)]
  }

  /// Four blocks of the pass, so that two threads have something to share.
  @Test func sameBitsWhereverTheDataLive() throws {
    let data = Data3(30_000)
    let files: [(path: String, options: [String])] = [
      (folder.write(data.csv, to: "x.csv"), ["--exclude", "w,t"]),
      (folder.write(data.csv, to: "x.csv"), ["--weights", "w", "--truth", "t"]),
      (folder.write(npy(data.flat, rows: data.count, columns: 3), to: "x8.npy"), []),
      (folder.write(data.npy32, to: "x4.npy"), []),
      (folder.write(data.raw64, to: "x8"), ["--raw", "float64x3"]),
      (folder.write(data.raw32, to: "x4"), ["--raw", "float32x3"]),
    ]
    for (path, options) in files {
      for precision in [[], ["--precision", "float32"]] {
        let words = options + precision
        let expected = try fit([path, "--no-stream", "--threads", "1"] + words)
        for threads in ["1", "2"] {
          #expect(
            try fit([path, "--stream", "--threads", threads] + words) == expected, "\(words)")
        }
        #expect(try fit([path, "--no-stream", "--threads", "2"] + words) == expected, "\(words)")
        for choice in ["--stream", "--no-stream"] {
          // A file at standard input, and what comes through a pipe.
          let file = open(path, O_RDONLY | O_CLOEXEC)
          defer { close(file) }
          #expect(try fit(["-", choice] + words, input: file) == expected, "\(words)")
          let pipe = Pipe()
          let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
          Thread.detachNewThread {
            bytes.withUnsafeBytes { bytes in
              var done = 0
              while done < bytes.count {
                done += max(0, write(pipe.writing, bytes.baseAddress! + done, bytes.count - done))
              }
            }
            close(pipe.writing)
          }
          #expect(try fit(["-", choice] + words, input: pipe.reading) == expected, "\(words)")
          close(pipe.reading)
        }
      }
    }
  }

  @Test func predictionsAndScoresToo() throws {
    let data = Data3(20_000)
    let csv = folder.write(data.csv, to: "x.csv")
    let raw = folder.write(data.raw32, to: "x4")
    let model = folder.write(
      handWritten([(0.5, [0, 0, 0], 2), (0.5, [0, 3, 6], 2)])
        .replacingOccurrences(
          of: "\"components\"", with: "\"features\":[\"a\",\"b\",\"c\"],\"components\""),
      to: "model.json")
    for words in [
      ["predict", model, raw, "--raw", "float32x3", "--log-density"], ["predict", model, csv],
      ["score", model, csv, "--weights", "w"], ["score", model, csv, "--precision", "float32"],
      ["score", model, raw, "--raw", "float32x3", "--json"],
    ] {
      let mapped = try mixture(words)
      #expect(mapped.succeeded && !mapped.output.isEmpty, "\(mapped.errors)")
      #expect(try mixture(words + ["--stream"]).output == mapped.output, "\(words)")
    }
    // Rounding is seen: the option has an effect.
    let (exact, single) = try (
      mixture("predict", model, csv, "--log-density"),
      mixture("predict", model, csv, "--log-density", "--precision", "float32")
    )
    #expect(exact.output != single.output)
    #expect(
      try single.output
        == mixture("predict", model, raw, "--raw", "float32x3", "--log-density").output)
  }

  /// The bound is that of the documentation: two megabytes beside the process, and a few tiles. Each
  /// file is more than ten times as large.
  @Test(.enabled(if: isOptimized))
  func memoryIsBounded() throws {
    let few = Data3(2_000)
    let many = 1_500
    let raw = folder.write(Data(repeating: 0, count: 0), to: "large")
    let csv = folder.write("", to: "large.csv")
    let body = few.raw32
    let text = Data(few.csv.utf8)
    let lines = text[(text.firstIndex(of: 10)! + 1)...]
    let (rawFile, csvFile) = (
      try #require(FileHandle(forWritingAtPath: raw)),
      try #require(FileHandle(forWritingAtPath: csv))
    )
    try csvFile.write(contentsOf: text)
    for round in 0..<many {
      try rawFile.write(contentsOf: body)
      if round < 350 { try csvFile.write(contentsOf: lines) }
    }
    try rawFile.close()
    try csvFile.close()
    let small = [folder.write(body, to: "small"), folder.write(text, to: "small.csv")]
    let options = [["--raw", "float32x3"], ["--exclude", "t", "--weights", "w"]]
    for (index, path) in [raw, csv].enumerated() {
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
      #expect(size > 35_000_000)
      let words =
        ["--stream", "-k", "1", "--structure", "EII", "--iterations", "1"] + options[index]
      let expected = try mixture(["fit", small[index]] + words)
      let found = try mixture(["fit", path] + words)
      try #require(expected.succeeded && found.succeeded, "\(found.errors)")
      #expect(found.peakMemory > 0)
      #expect(found.peakMemory - expected.peakMemory < 3_500_000, "\(path)")
    }
  }

  /// The model is not written, and the status is that of an input that cannot be read.
  @Test func aFileThatBecomesShorterWhileItIsRead() throws {
    let data = folder.write(Data3(200_000).raw32, to: "data")
    let model = folder("model.json")
    let (output, errors) = (Scratch(), Scratch())
    let process = try ChildProcess(
      [
        "fit", data, "--raw", "float32x3", "--stream", "-k", "4", "--structure", "VVV",
        "--tolerance", "0",
        "--max-iterations", "1000000", "--progress", "json", "-o", model,
      ], environment: plainEnvironment, input: -1, output: output.descriptor,
      errors: errors.descriptor)
    let deadline = ContinuousClock.now + .seconds(30)
    while !errors.text.contains("iteration"), ContinuousClock.now < deadline { usleep(2000) }
    truncate(data, 1_200_000)
    #expect(process.wait(atMost: .seconds(60)) == .exited(66))
    #expect(errors.text.contains("Row 100001 could not be read: the file has become shorter."))
    #expect(output.text == "")
    #expect(folder.names == ["data"])
  }

  /// Killed at any time, a process leaves nothing in the folder of temporary files.
  @Test func nothingIsLeftBehind() throws {
    let data = folder.write(Data3(20_000).csv, to: "x.csv")
    let temporary = TemporaryFolder()
    let (output, errors) = (Scratch(), Scratch())
    let process = try ChildProcess(
      [
        "fit", data, "--exclude", "w,t", "--stream", "-k", "4", "--tolerance", "0",
        "--max-iterations",
        "1000000", "--progress", "json",
      ], environment: plainEnvironment.merging(["TMPDIR": temporary.path]) { $1 }, input: -1,
      output: output.descriptor, errors: errors.descriptor)
    let deadline = ContinuousClock.now + .seconds(30)
    while !errors.text.contains("iteration"), ContinuousClock.now < deadline { usleep(2000) }
    process.send(SIGKILL)
    #expect(process.wait(atMost: .seconds(30)) == .killed(signal: SIGKILL))
    #expect(temporary.names.isEmpty)
  }

  @Test func noFolderForTemporaryFiles() throws {
    let run = try mixture(
      "fit", Files.faithful, "-k", "2", "--stream", environment: ["TMPDIR": "/nonexistent"])
    #expect(run.ending == .exited(73))
    #expect(
      run.errors.contains(
        "cannot be packed into a temporary file in /nonexistent: No such file or directory. "
          + "Set the environment variable TMPDIR to a folder with enough room."))
  }

  @Test func mistakesInTheFormat() throws {
    let raw = folder.write(Data(count: 100), to: "raw")
    for words in ["float32", "float32x", "x3", "float16x3", "float32x0", "float32x3x4", "3"] {
      let run = try mixture("fit", raw, "--raw", words)
      #expect(run.ending == .exited(64), "\(words)")
      #expect(run.errors.contains("such as float32x10; found \"\(words)\""))
    }
    let run = try mixture("fit", raw, "--raw", "float64x3")
    #expect(run.ending == .exited(65))
    #expect(run.errors.contains("24 bytes each, found 100 bytes, of which 4 are left over"))
  }

  /// What was asked for is told in the model; where the data lived is not, for it changes nothing.
  @Test func provenance() throws {
    let raw = folder.write(Data3(300).raw32, to: "raw")
    let model = folder("model.json")
    _ = try mixture(
      "fit", raw, "--raw", "float32x3", "--precision", "float32", "--stream", "-k", "2", "-o", model
    )
    let options = try JSON(contentsOf: model)["provenance"]["options"]
    #expect(options["raw"].string == "float32x3")
    #expect(options["precision"].string == "float32")
    #expect(!options.keys.contains("stream"))
  }
}
