import ArgumentParser
import Dispatch

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

enum Signals {
  /// Writing to a closed pipe becomes an error of the write instead of the end of the process.
  static func ignoreClosedPipes() { signal(SIGPIPE, SIG_IGN) }
}

/// Ctrl-C, or a request to terminate: the first asks the work to stop, the second ends the process at once.
final class Interrupt: @unchecked Sendable {
  private let lock = DispatchSemaphore(value: 1)
  private var count = 0
  private var sources: [any DispatchSourceSignal] = []

  init() {
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)  // the source below sees it all the same
      let source = DispatchSource.makeSignalSource(
        signal: number, queue: .global(qos: .userInteractive))
      source.setEventHandler { [weak self] in self?.received() }
      source.activate()
      sources.append(source)
    }
  }

  var isRequested: Bool {
    lock.wait()
    defer { lock.signal() }
    return count > 0
  }

  /// Ends work that leaves nothing behind.
  func check() throws {
    if isRequested { throw ExitStatus.interrupted.exitCode }
  }

  private func received() {
    lock.wait()
    count += 1
    let times = count
    lock.signal()
    if times > 1 { _exit(ExitStatus.interrupted.rawValue) }
  }
}
