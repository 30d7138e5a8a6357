import ArgumentParser
import Dispatch
import MixturesIO

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

/// Signals that ask the process to end. While there is work to keep, the first asks it to stop
/// and the second ends the process at once; else the first does.
final class Interrupt: @unchecked Sendable {
  private let lock = DispatchSemaphore(value: 1)
  private var first: Int32?
  private var hasWork = false
  private var sources: [any DispatchSourceSignal] = []

  /// Listens for Ctrl-C and for a request to terminate.
  init() {
    for number in [SIGINT, SIGTERM] {
      let source = DispatchSource.makeSignalSource(
        signal: number, queue: .global(qos: .userInteractive))
      source.setEventHandler { [weak self] in self?.receive(number) }
      let isListening = DispatchSemaphore(value: 0)
      source.setRegistrationHandler { isListening.signal() }
      source.activate()
      isListening.wait()
      #if canImport(Darwin)
        signal(number, SIG_IGN)  // the source sees it all the same
      #endif  // elsewhere Dispatch takes the place of the default action
      sources.append(source)
    }
  }

  var isRequested: Bool { received != nil }

  /// From here on something would be lost or left behind.
  func beginWork() { setWork(true) }

  private func setWork(_ isThere: Bool) {
    lock.wait()
    hasWork = isThere
    lock.signal()
  }

  /// Fails, before long work, where a file could not be written after it. What is written to find out is removed again, whatever
  /// signal comes meanwhile.
  func checkWritable(_ paths: String?...) throws {
    setWork(true)
    defer { setWork(false) }
    for path in paths.compactMap(\.self) { try OutputFile.checkWritable(path) }
    try check()
  }

  /// From here on a part of a file would be left behind; not so at standard output.
  func beginWriting(to path: String?) {
    if let path, !OutputFile.isStandardOutput(path) { beginWork() }
  }

  /// Ends work that leaves nothing behind.
  func check() throws {
    if isRequested { throw exitCode }
  }

  /// Runs work that ends with a `CancellationError` where it is interrupted too early to have a result.
  func run<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch is CancellationError {
      StandardError.write("Error: Interrupted before there was a result.")
      throw exitCode
    }
  }

  /// How the process ends that stopped as it was asked to.
  var exitCode: ExitCode { ExitCode(128 + (received ?? SIGINT)) }

  private var received: Int32? {
    lock.wait()
    defer { lock.signal() }
    return first
  }

  private func receive(_ number: Int32) {
    lock.wait()
    let isFinal = first != nil || !hasWork
    if !isFinal { first = number }
    lock.signal()
    if isFinal { _exit(128 + number) }
  }
}
