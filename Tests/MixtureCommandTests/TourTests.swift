import Foundation
import Testing

/// `mixture tour`, and every command that its page shows.
@Suite struct TourTests {
  @Test func writesOnePage() throws {
    let folder = TemporaryFolder()
    let outcome = try mixture("tour", "-o", folder("tour.html"))
    #expect(outcome.succeeded && outcome.output.isEmpty && outcome.errors.isEmpty)
    let page = try String(contentsOfFile: folder("tour.html"), encoding: .utf8)
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
    let printed = try mixture("tour", "-o", "-")
    #expect(printed.succeeded && printed.output == page)
  }

  @Test func writesWholeOrNotAtAll() throws {
    let folder = TemporaryFolder()
    let outcome = try mixture("tour", "-o", folder("missing/tour.html"))
    #expect(outcome.ending == .exited(73))
    #expect(outcome.errors.contains("Create the folder first"))
    #expect(try mixture("tour").ending == .exited(64))
    let other = try mixture("tour", "-o", folder("tour.pdf"))
    #expect(other.ending == .exited(64) && other.errors.contains("tour.html, and print it to PDF"))
    let report = try mixture("fit", Files.faithful, "-k", "2", "--report", folder("page.svg"))
    #expect(report.ending == .exited(64) && report.errors.contains("write --report"))
  }

  /// What a reader types, in one folder, from the first chapter on. The log-likelihoods that are printed are those of the text.
  @Test func everyCommandWorks() throws {
    let folder = TemporaryFolder()
    let page = try mixture("tour", "-o", "-").output
    let blocks = page.matches(of: /<pre class="shell"[^>]*><code>([\s\S]*?)<\/code>/)
    let commands = blocks.flatMap { unescaped($0.output.1).split(separator: "\n").map(String.init) }
    #expect(commands.count > 20)
    var printed = ""
    for command in commands {
      let outcome = try shell(command, in: folder)
      #expect(outcome.status == 0, "\(command): \(outcome.output)")
      printed += outcome.output
    }
    for logLikelihood in ["-52.6358", "-691.1179", "-390.2742", "-7.4220", "-584.9964"] {
      #expect(printed.contains(logLikelihood), "\(logLikelihood) is not printed")
    }
    #expect(page.contains("−52.636") && page.contains("−691.12") && page.contains("−390.274"))
    #expect(page.contains("−7.42203") && page.contains("−584.996"))
  }

  private func unescaped(_ text: Substring) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
      .reduce(String(text)) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
  }

  /// Runs a line of a shell to which `mixture` is the program under test.
  private func shell(
    _ line: String, in folder: TemporaryFolder
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = [
      "PATH": ChildProcess.executable.deletingLastPathComponent().path + ":/usr/bin:/bin",
      "NO_COLOR": "1",
    ]
    let output = Foundation.Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
