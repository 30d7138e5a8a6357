import Foundation
import Testing

/// What a run of the command left.
struct Outcome {
  let ending: Ending
  let output: String
  let errors: String
  let peakMemory: Int

  var succeeded: Bool { ending == .exited(0) }
  var lines: [Substring] { output.split(separator: "\n") }

  /// The document that was printed.
  func json(_ location: SourceLocation = #_sourceLocation) throws -> JSON {
    try #require(succeeded, "\(ending): \(errors)", sourceLocation: location)
    return try JSON(parsing: output)
  }

  /// The rows of the table that was printed, by column.
  func table(_ location: SourceLocation = #_sourceLocation) throws -> ResultColumns {
    try #require(succeeded, "\(ending): \(errors)", sourceLocation: location)
    return try ResultColumns(parsing: output)
  }
}

/// Runs `mixture` to its end. Outputs go to files, which hold any amount.
func mixture(
  _ arguments: String..., input: String? = nil, environment: [String: String] = [:],
  within limit: Duration = .seconds(60)
) throws -> Outcome {
  try mixture(arguments, input: input, environment: environment, within: limit)
}

func mixture(
  _ arguments: [String], input: String? = nil, environment: [String: String] = [:],
  within limit: Duration = .seconds(60)
) throws -> Outcome {
  let (output, errors, source) = (Scratch(), Scratch(), Scratch())
  if let input { source.fill(input) }
  let process = try ChildProcess(
    arguments, environment: plainEnvironment.merging(environment) { $1 },
    input: source.descriptor, output: output.descriptor, errors: errors.descriptor)
  let ending = process.wait(atMost: limit)
  return Outcome(
    ending: ending, output: output.text, errors: errors.text, peakMemory: process.peakMemory)
}

/// The surroundings without what changes how the output looks.
let plainEnvironment = ProcessInfo.processInfo.environment.filter {
  !["COLUMNS", "NO_COLOR", "TERM"].contains($0.key)
}

/// A file without a name.
final class Scratch {
  private let file: UnsafeMutablePointer<FILE>
  var descriptor: Int32 { fileno(file) }

  init() {
    guard let file = tmpfile() else { preconditionFailure("no temporary file") }
    self.file = file
    _ = fcntl(fileno(file), F_SETFD, FD_CLOEXEC)
  }

  deinit { fclose(file) }

  func fill(_ text: String) {
    fputs(text, file)
    rewind(file)
  }

  /// All that has been written so far, by whomever.
  var text: String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = pread(descriptor, &buffer, buffer.count, off_t(bytes.count))
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
  }
}

/// Two ends, neither of which a process inherits unless given.
struct Pipe {
  let reading: Int32
  let writing: Int32

  init() {
    var ends: [Int32] = [0, 0]
    ChildProcess.startLock.lock()
    defer { ChildProcess.startLock.unlock() }
    guard pipe(&ends) == 0 else { preconditionFailure("no pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (reading, writing) = (ends[0], ends[1])
  }
}

/// A terminal that nobody sits at.
final class PseudoTerminal {
  /// What a process is given.
  let descriptor: Int32

  private let master: Int32
  private var bytes: [UInt8] = []

  init(columns: UInt16) throws {
    ChildProcess.startLock.lock()
    defer { ChildProcess.startLock.unlock() }
    var (master, descriptor): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&master, &descriptor, nil, nil, &size) == 0 else {
      throw SystemFailure(call: "openpty")
    }
    (self.master, self.descriptor) = (master, descriptor)
    for end in [master, descriptor] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
  }

  deinit {
    close(descriptor)
    close(master)
  }

  /// Takes what was written, so that the writer need not wait.
  func drain() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(master, &buffer, buffer.count)
      guard count > 0 else { return }
      bytes += buffer[..<count]
    }
  }

  /// All that was shown.
  var text: String {
    drain()
    return String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n")
  }
}
