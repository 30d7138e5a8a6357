import Foundation
import Mixtures
import MixturesReport
import Testing

/// Figures to the byte. Made anew by script/remake-golden where a change is wanted; look at them then.
@Suite struct GoldenTests {
  private static let folder = Files.project.appendingPathComponent(
    "Tests/MixturesReportTests/Golden")

  private func check(_ figure: Figure, _ name: String) throws {
    let file = Self.folder.appendingPathComponent("\(name).svg")
    #expect(figure.svg.utf8.count < 40_000, "golden files are small")
    if ProcessInfo.processInfo.environment["MIXTURES_REMAKE_GOLDEN"] != nil {
      try Data(figure.svg.utf8).write(to: file)
    }
    let golden = try String(contentsOf: file, encoding: .utf8)
    #expect(figure.svg == golden, "\(name).svg: script/remake-golden if this change is wanted")
  }

  @Test func scatterWithContours() throws {
    try check(.scatter(of: Files.faithful(), mixture: Known.faithful()), "faithful-contours")
  }

  @Test func scatterWithEllipses() throws {
    try check(
      .scatter(of: Files.faithful(), mixture: Known.faithful(), overlay: .ellipses),
      "faithful-ellipses")
  }

  @Test func histogramOfOneColumn() throws {
    let mixture = try Known.row(components: 3, dimension: 1)
    try check(.histogram(of: Known.draw(200, from: mixture), mixture: mixture), "histogram")
  }

  @Test func pairsOfFiveColumns() throws {
    let mixture = try Known.row(components: 2, dimension: 5, distance: 3)
    try check(
      .pairs(of: Known.draw(40, from: mixture), mixture: mixture, overlay: .ellipses), "pairs")
  }

  @Test func trace() throws {
    try check(.trace([-120, -104, -101, -100.2, -100.05, -100.0125]), "trace")
  }

  @Test func criterionCurves() throws {
    try check(.criterionCurves(SelectionFigureTests.table), "criterion")
  }
}
