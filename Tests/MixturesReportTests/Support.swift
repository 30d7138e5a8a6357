import Foundation
import MixtureTestSupport
import Mixtures
import MixturesIO
import MixturesReport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

enum Files {
  static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func faithful() throws -> any PointSource {
    try Table(contentsOf: project.appendingPathComponent("Examples/faithful.csv").path).points
  }
}

/// Mixtures from known numbers, so that figures do not depend on any fit.
enum Known {
  /// About what EM finds in the eruptions of Old Faithful.
  static func faithful() throws -> GaussianMixture {
    try GaussianMixture(
      weights: [0.356, 0.644],
      components: [
        Gaussian(
          mean: [2.0364, 54.4785],
          covariance: .full(lowerTriangle: [0.0692, 0.4352, 33.697], dimension: 2)),
        Gaussian(
          mean: [4.2897, 79.968],
          covariance: .full(lowerTriangle: [0.17, 0.9406, 36.046], dimension: 2)),
      ])
  }

  /// K components on a line through d dimensions, each spherical.
  static func row(components: Int, dimension: Int, distance: Double = 5) throws -> GaussianMixture {
    try GaussianMixture(
      weights: Array(repeating: 1 / Double(components), count: components),
      components: (0..<components).map { k in
        try Gaussian(
          mean: (0..<dimension).map { Double(k) * distance + Double($0) },
          covariance: .spherical(variance: 1 + Double(k) / 4, dimension: dimension))
      })
  }

  static func draw(_ count: Int, from mixture: GaussianMixture, seed: UInt64 = 1) -> Matrix {
    var generator = SplitMix64(seed: seed)
    return mixture.sample(count, using: &generator).points
  }
}

/// An SVG document as another reader sees it.
final class Drawing: NSObject, XMLParserDelegate {
  private(set) var counts: [String: Int] = [:]
  private(set) var texts: [String] = []
  private(set) var identifiers: [String] = []
  private(set) var references: Set<String> = []
  /// How many dots the paths of points have.
  private(set) var dotCount = 0
  private(set) var strokes: Set<String> = []
  private var open = ""
  private var noNumbers: [String] = []

  init(_ svg: String, _ location: SourceLocation = #_sourceLocation) throws {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    try #require(
      parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "")", sourceLocation: location)
    #expect(Set(identifiers).count == identifiers.count, sourceLocation: location)
    #expect(references.isSubset(of: identifiers), sourceLocation: location)
    #expect(noNumbers.isEmpty, sourceLocation: location)
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    counts[name, default: 0] += 1
    open = ""
    if let id = attributes["id"] { identifiers.append(id) }
    for value in attributes.values where value.hasPrefix("url(#") {
      references.insert(String(value.dropFirst(5).dropLast()))
    }
    references.formUnion(
      (attributes["aria-labelledby"] ?? "").split(separator: " ").map(String.init))
    if let stroke = attributes["stroke"] { strokes.insert(stroke) }
    dotCount += (attributes["d"] ?? "").components(separatedBy: "h0").count - 1
    noNumbers += attributes.filter { key, value in
      !key.hasPrefix("data-") && key != "aria-labelledby"
        && (value.contains("nan") || value.contains("inf"))
    }.map { "\(name) \($0)=\($1)" }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { open += string }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    if name == "text" { texts.append(open) }
  }
}
