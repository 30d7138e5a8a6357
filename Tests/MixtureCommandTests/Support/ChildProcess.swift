import Foundation
import Testing

/// How a process ended.
enum Ending: Equatable, CustomStringConvertible {
  case exited(Int32)
  case killed(signal: Int32)
  case timedOut

  var description: String {
    switch self {
    case .exited(let status): "status \(status)"
    case .killed(let signal): "killed by signal \(signal)"
    case .timedOut: "still running at the time limit"
    }
  }
}

/// The executable under test as a process, with the descriptors it was given.
final class ChildProcess {
  private let identifier: pid_t
  private var ending: Ending?
  private var sent: Set<Int32> = []

  /// The largest memory that the process held, files that it mapped included; in bytes.
  private(set) var peakMemory = 0

  /// Pipes are made and processes started one at a time: else a process might inherit an
  /// end of another's pipe before that is marked as not to be inherited.
  static let startLock = NSLock()

  init(
    _ arguments: [String], environment: [String: String], input: Int32, output: Int32,
    errors: Int32
  ) throws {
    var actions = FileActions()
    for (number, descriptor) in [input, output, errors].enumerated() {
      actions.place(descriptor, at: Int32(number))
    }
    let executable = Self.executable.path
    let given = CStringArray([executable] + arguments)
    let variables = CStringArray(environment.map { "\($0)=\($1)" })
    var attributes = SpawnAttributes()
    var identifier: pid_t = 0
    Self.startLock.lock()
    let status = posix_spawn(
      &identifier, executable, &actions.value, &attributes.value, given.pointers,
      variables.pointers)
    Self.startLock.unlock()
    guard status == 0 else { throw SystemFailure(call: "posix_spawn \(executable)", code: status) }
    self.identifier = identifier
  }

  deinit {
    if ending == nil {
      kill(identifier, SIGKILL)
      waitpid(identifier, nil, 0)
    }
  }

  func send(_ signal: Int32) { kill(identifier, signal) }

  /// However often it is called.
  func sendOnce(_ signal: Int32) {
    if sent.insert(signal).inserted { send(signal) }
  }

  /// Waits for the end, looking at `meanwhile` every millisecond; past the limit the process is killed.
  func wait(atMost limit: Duration, meanwhile: () -> Void = {}) -> Ending {
    if let ending { return ending }
    let deadline = ContinuousClock.now + limit
    var status: Int32 = 0
    var usage = rusage()
    while wait4(identifier, &status, WNOHANG, &usage) == 0 {
      notePeakMemory()
      meanwhile()
      if ContinuousClock.now > deadline {
        kill(identifier, SIGKILL)
        waitpid(identifier, nil, 0)
        ending = .timedOut
        return .timedOut
      }
      usleep(1000)
    }
    #if canImport(Darwin)
      peakMemory = usage.ru_maxrss
    #endif
    let found: Ending =
      status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: status & 0x7F)
    ending = found
    return found
  }

  /// Linux counts the parent's memory into `ru_maxrss` of a spawned process; this is its own.
  private func notePeakMemory() {
    #if os(Linux)
      guard let status = try? String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8),
        let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
        let kilobytes = line.split(separator: " ").compactMap({ Int($0) }).first
      else { return }
      peakMemory = max(peakMemory, kilobytes * 1024)
    #endif
  }

  /// Beside the test bundle.
  static let executable: URL = {
    #if canImport(Darwin)
      let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") } ?? .main
      return bundle.bundleURL.deletingLastPathComponent().appendingPathComponent("mixture")
    #else
      return Bundle.main.bundleURL.appendingPathComponent("mixture")
    #endif
  }()
}

struct SystemFailure: Error, CustomStringConvertible {
  let call: String
  var code = errno
  var description: String { "\(call): \(String(cString: strerror(code)))" }
}

/// Which descriptors a process starts with.
private struct FileActions: ~Copyable {
  #if canImport(Darwin)
    var value: posix_spawn_file_actions_t?
  #else
    var value = posix_spawn_file_actions_t()
  #endif

  init() { posix_spawn_file_actions_init(&value) }
  deinit {
    var value = value
    posix_spawn_file_actions_destroy(&value)
  }

  /// A negative descriptor leaves `number` closed.
  mutating func place(_ descriptor: Int32, at number: Int32) {
    if descriptor < 0 {
      posix_spawn_file_actions_addclose(&value, number)
    } else {
      posix_spawn_file_actions_adddup2(&value, descriptor, number)
    }
  }
}

/// No signal blocked, and Ctrl-C as at a terminal, whatever the test process does with them.
private struct SpawnAttributes: ~Copyable {
  #if canImport(Darwin)
    var value: posix_spawnattr_t?
  #else
    var value = posix_spawnattr_t()
  #endif

  init() {
    posix_spawnattr_init(&value)
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&value, &signals)
    for signal in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&value, &signals)
    posix_spawnattr_setflags(&value, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
  }
  deinit {
    var value = value
    posix_spawnattr_destroy(&value)
  }
}

/// Strings as C wants them: pointers, the last of which is nil.
private final class CStringArray {
  let pointers: [UnsafeMutablePointer<CChar>?]
  init(_ strings: [String]) { pointers = strings.map { strdup($0) } + [nil] }
  deinit { for pointer in pointers { free(pointer) } }
}
