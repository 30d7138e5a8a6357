import Foundation
import MixtureTestSupport
import MixturesReport
import Testing

/// The page as a whole.
@Suite struct TourPageTests {
  private static let html = Result { try Tour(generator: "a test").html }

  /// The numbers of the exercise, in the cells of their tables, to the digits shown.
  @Test func showsTheReferencesNumbers() throws {
    let html = try Self.html.get()
    let steps = try Reference.json("seeds/a_exercise_1d.json")["cases"][0]["steps"]
    let shares = try steps[0]["responsibilities_rows_are_points"].rows
    #expect(shares.count == 5)
    for (i, row) in shares.enumerated() {
      for (k, share) in row.enumerated() {
        #expect(html.contains("<td data-value=\"r-\(i)-\(k)\">\(fiveDigits(share))</td>"))
      }
    }
    for step in steps.array {
      let numbers =
        try step["weights"].numbers + step["means"].numbers + step["variances"].numbers
      let cells = numbers.map { "<td>\(fiveDigits($0))</td>" }.joined()
      let iteration = try step["iteration"].integer
      let row = try Regex(
        "<th scope=\"row\">\(iteration)</th><td>−[0-9.]+</td>"
          + NSRegularExpression.escapedPattern(for: cells))
      #expect(html.contains(row), "iteration \(iteration)")
    }
  }

  private func fiveDigits(_ value: Double) -> String {
    String(format: "%.5f", value).replacingOccurrences(of: "-", with: "−")
  }

  @Test func isSmallAndTheSameEachTime() throws {
    let html = try Self.html.get()
    #expect(html.utf8.count < 300_000)
    #expect(html == (try Tour(generator: "a test").html))
  }

  /// No place is left open, no name is used twice, and every link leads somewhere in the page.
  @Test func isConsistent() throws {
    let html = try Self.html.get()
    #expect(!html.contains("‹") && !html.contains("›") && !html.contains("{{"))
    let ids = html.matches(of: /\sid="([^"]+)"/).map { String($0.output.1) }
    #expect(Set(ids).count == ids.count)
    let links = html.matches(of: /href="([^"]+)"/).map { String($0.output.1) }
    #expect(links.count > 40)
    for link in links {
      #expect(link.hasPrefix("#") && ids.contains(String(link.dropFirst())), "\(link)")
    }
    for label in html.matches(of: /aria-labelledby="([^"]+)"/) {
      for id in label.output.1.split(separator: " ") { #expect(ids.contains(String(id)), "\(id)") }
    }
    #expect(html.matches(of: /<section aria-labelledby=/).count == 12)
    // Marks of the text that were not read.
    let text = html.replacing(/<(script|style|pre)[^>]*>[\s\S]*?<\/(script|style|pre)>/, with: "")
      .replacing(/<[^>]*>/, with: " ")
    for mark in ["$", "`", "frac{", "hat{", "NaN", "∞"] { #expect(!text.contains(mark), "\(mark)") }
  }

  /// Five points are strokes, and no bins of a histogram.
  @Test func theCaptionOfTheExerciseTellsWhatIsDrawn() throws {
    let html = try Self.html.get()
    let drawing = try #require(html.firstMatch(of: /id="exercise-film"[\s\S]*?<\/figcaption>/))
      .output
    #expect(drawing.contains("each stroke on the axis is a point"))
    #expect(drawing.contains("histogram") == drawing.contains("class=\"\(MarkClass.area.name)\""))
  }

  @Test func asksForNothing() throws {
    let html = try Self.html.get()
    #expect(html.contains("default-src 'none'"))
    #expect(!html.contains("src=\"http") && !html.contains("url(http") && !html.contains("@import"))
  }
}
