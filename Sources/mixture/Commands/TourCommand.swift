import ArgumentParser
import MixturesIO
import MixturesReport

/// `mixture tour`: the subject on one page.
struct TourCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tour",
    abstract: "Write a page that explains mixtures and EM, with figures made on the spot.",
    discussion: """
      Twelve short chapters, from one Gaussian to the choice of the number of components. Every number \
      and figure is computed from seeds, and the page says how to get it again. It is one HTML file \
      that opens in any browser and needs no network; in it films of EM play, and starts can be moved.

      Example: mixture tour -o tour.html
      """)

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the page to this file; - is standard output.", valueName: "tour.html"),
    completion: .file(extensions: ["html"]))
  var output: String

  func validate() throws { try PageFormat.check(output, option: "-o") }

  func run() throws {
    let interrupt = Interrupt()
    try interrupt.checkWritable(output)
    let page = try Tour(generator: Release.name).html
    interrupt.beginWriting(to: output)
    try OutputFile.write(page, to: output)
    try interrupt.check()
  }
}
