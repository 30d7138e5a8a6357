import ArgumentParser
import MixturesIO

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What is at the other end of an output stream.
enum Terminal {
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Columns of the terminal at an output stream; elsewhere what `COLUMNS` says, else 100.
  static func width(of descriptor: Int32 = 1) -> Int {
    var size = winsize()
    if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      return max(20, Int(size.ws_col))
    }
    return max(40, Environment["COLUMNS"].flatMap { Int($0) } ?? 100)
  }
}

/// The variables of the process.
enum Environment {
  static subscript(name: String) -> String? { getenv(name).map { String(cString: $0) } }
}

/// Descriptors 0 to 2.
enum StandardStreams {
  /// Puts something that refuses to be written to where one is closed: the next file that is
  /// opened would take its number, and receive the results.
  static func occupyClosed() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", O_RDONLY)
    }
  }
}

/// What comes through a pipe, and can be read once.
enum StandardInput {
  /// Refuses it as more than one of the inputs of a command.
  static func checkIsReadOnce(_ inputs: [(name: String, path: String?)]) throws {
    let names = inputs.filter { $0.path == "-" }.map(\.name)
    guard names.count > 1 else { return }
    throw ValidationError(
      "Only one of \(names.joined(separator: " and ")) can come from standard input: "
        + "give the other a file.")
  }
}

/// Results for whoever reads them.
enum StandardOutput {
  /// That the reader has gone, as in `mixture … | head`, is no failure, and keeps nothing else from being done.
  static func write(_ text: String) throws(OutputError) {
    do throws(OutputError) {
      try OutputFile.write(text, to: "-")
    } catch {
      guard error.isClosedPipe else { throw error }
    }
  }
}

/// Messages for people; one that cannot be delivered is lost.
enum StandardError {
  /// A terminal obeys control characters, and names in files may hold them: they are shown instead.
  static func write(_ line: String) { writeRaw(Excerpt.whole(line) + "\n") }

  static func writeRaw(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let start = rest.baseAddress, !rest.isEmpty {
        let written = systemWrite(2, start, rest.count)
        guard written > 0 else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      }
    }
  }
}

private let systemWrite = write

/// When to use colours.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never

  /// An explicit choice, else `NO_COLOR`, else a dumb terminal, else whether it is a terminal.
  var style: Style {
    switch self {
    case .always: return Style(isColored: true)
    case .never: return Style(isColored: false)
    case .auto:
      if let set = Environment["NO_COLOR"], !set.isEmpty { return Style(isColored: false) }
      if Environment["TERM"] == "dumb" { return Style(isColored: false) }
      return Style(isColored: Terminal.isTerminal(1))
    }
  }
}

/// Emphasis, where the output can show it.
struct Style {
  let isColored: Bool

  func bold(_ text: String) -> String { wrap(text, "1") }
  func dim(_ text: String) -> String { wrap(text, "2") }
  func best(_ text: String) -> String { wrap(text, "1;32") }

  private func wrap(_ text: String, _ code: String) -> String {
    isColored ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
