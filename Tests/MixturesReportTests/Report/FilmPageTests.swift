import Foundation
import Mixtures
import MixturesReport
import Testing

/// What a page says of its film.
@Suite struct FilmPageTests {
  private func html(_ points: Matrix, _ components: Int) throws -> String {
    let result = try ModelSearch(
      components: [components], structures: [.vvv]
    ).run(points)
    let origin = ReportOrigin(command: ["mixture"], data: "a.csv", digest: "", library: "this")
    return try FitReport(result, of: points, origin: origin).html
  }

  /// Two groups far apart: EM has little left to do.
  private func groups(_ count: Int, scale: Double = 1) throws -> Matrix {
    let points = Known.draw(
      count, from: try Known.row(components: 2, dimension: 2, distance: 9))
    return Matrix(rows: points.rows.map { $0.map { scale * $0 } })
  }

  /// The labels below the film, times what the heading says, lie between the ends of their axis: those of a log-likelihood that
  /// hardly rises, and of one in the millions.
  @Test(arguments: [(200, 1), (3_000, 1e-130)])
  func theTraceTellsItsLogLikelihood(count: Int, scale: Double) throws {
    let film = try #require(
      html(groups(count, scale: scale), 2).firstMatch(of: /id="film-1"[\s\S]*?<\/svg>/)
    ).output
    let panel = try #require(film.components(separatedBy: "class=\"panel\"").last)
    func end(_ name: String) throws -> Double {
      let match = try #require(panel.firstMatch(of: try Regex("data-\(name)=\"([^\"]+)\"")))
      return try #require(Double(match.output[1].substring ?? ""))
    }
    let domain = try end("y0")...end("y1")
    let heading = try #require(
      panel.firstMatch(of: /data-heading=""><text[^>]*>([^<]+)</)
    ).output.1
    #expect(heading.hasPrefix("log-likelihood"))
    let unit = heading.hasSuffix(" / 10⁶") ? 1e6 : 1
    #expect(unit > 1 || heading == "log-likelihood")
    let labels = panel.matches(of: /<text[^>]*text-anchor="end"[^>]*>([^<]+)</)
      .map { $0.output.1.replacing("−", with: "-") }
    #expect(labels.count > 1)
    for label in labels {
      let value = try #require(Double(label)) * unit
      #expect(domain.contains(value), "\(label) of \(domain)")
    }
  }

  @Test func framesThatAreLeftOutAreTold() throws {
    let mixture = try Known.row(components: 8, dimension: 9, distance: 1)
    let html = try html(Known.draw(900, from: mixture), 8)
    #expect(html.contains(/Of its [0-9]+ frames [0-9]+ are shown/))
    #expect(html.contains("The iterations that the film shows"))
    #expect(!html.contains("Every iteration of the film"))
  }

  @Test func aWholeFilmHasAllItsIterations() throws {
    let html = try html(groups(100), 2)
    #expect(!html.contains(/Of its [0-9]+ frames/))
    #expect(html.contains("Every iteration of the film"))
  }
}
