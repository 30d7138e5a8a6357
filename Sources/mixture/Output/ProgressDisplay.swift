import ArgumentParser
import Dispatch
import Mixtures
import MixturesIO

/// When to tell how far the work is.
enum ProgressChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never, json
}

/// Progress on standard error: a line that is overwritten at a terminal, JSON Lines for programs.
final class ProgressDisplay: @unchecked Sendable {
  private enum Form { case none, line, json }

  private let form: Form
  private let announcement: String
  private let lock = DispatchSemaphore(value: 1)
  private let clock = ContinuousClock()
  private var nextTime: ContinuousClock.Instant
  private var hasLine = false
  private var firstLine: (any DispatchSourceTimer)?

  /// Quick work stays silent.
  private static let patience = Duration.milliseconds(500)
  private static let interval = Duration.milliseconds(100)

  /// - Parameter announcement: what is done before there is anything to report.
  init(_ choice: ProgressChoice, announcement: String) {
    self.announcement = announcement
    switch choice {
    case .auto: form = Terminal.isTerminal(2) ? .line : .none
    case .always: form = .line
    case .never: form = .none
    case .json: form = .json
    }
    nextTime = clock.now + (choice == .auto ? Self.patience : .zero)
    if choice == .always {
      show(announcement)
    } else if form == .line {
      announceLater()
    }
  }

  /// What comes first takes a while on large data, and reports nothing.
  private func announceLater() {
    let timer = DispatchSource.makeTimerSource(queue: .global())
    timer.schedule(deadline: .now() + .milliseconds(500))
    timer.setEventHandler { [weak self] in self?.showFirstLine() }
    timer.activate()
    firstLine = timer
  }

  private func showFirstLine() {
    lock.wait()
    defer { lock.signal() }
    guard !hasLine, firstLine != nil else { return }
    show(announcement)
  }

  func report(_ progress: FitProgress) {
    guard form != .none else { return }
    lock.wait()
    defer { lock.signal() }
    if form == .json { return StandardError.write(json(progress)) }
    guard clock.now >= nextTime else { return }
    nextTime = clock.now + Self.interval
    show(line(progress))
  }

  /// How many of several equal parts are done.
  func report(_ done: Int, of total: Int, _ noun: String) {
    guard form != .none else { return }
    lock.wait()
    defer { lock.signal() }
    if form == .json {
      return StandardError.write(
        "{\"event\":\"\(noun)\",\"done\":\(done),\"total\":\(total)}")
    }
    guard clock.now >= nextTime else { return }
    nextTime = clock.now + Self.interval
    show("\(noun) \(done) of \(total)")
  }

  /// Puts a line in the place of the last.
  private func show(_ line: String) {
    hasLine = true
    StandardError.writeRaw("\r\u{1B}[2K" + line.prefix(Terminal.width(of: 2) - 1))
  }

  /// Leaves the terminal as it was.
  func finish() {
    lock.wait()
    defer { lock.signal() }
    firstLine?.cancel()
    firstLine = nil
    if hasLine { StandardError.writeRaw("\r\u{1B}[2K") }
    hasLine = false
  }

  private func line(_ progress: FitProgress) -> String {
    "\(progress.structure), \(counted(progress.components, "component")), start \(progress.start + 1), "
      + "iteration \(progress.iteration): log-likelihood \(progress.logLikelihood.fixed(3))"
  }

  private func json(_ progress: FitProgress) -> String {
    "{\"event\":\"iteration\",\"structure\":\"\(progress.structure)\",\"components\":\(progress.components),"
      + "\"start\":\(progress.start + 1),\"iteration\":\(progress.iteration),"
      + "\"logLikelihood\":\(JSONValue.number(progress.logLikelihood)),"
      + "\"gain\":\(JSONValue.number(progress.gain))}"
  }
}
