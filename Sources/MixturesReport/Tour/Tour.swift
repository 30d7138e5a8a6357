import Mixtures

/// The tour: the subject on one page, each number and each figure computed by this library from seeds.
///
/// The page stands alone: it asks for nothing from anywhere. It is the same text each time it is made.
public struct Tour: Sendable {
  /// What made the page, as it names itself.
  public var generator: String

  /// A tour.
  public init(generator: String = "swift-mixtures") { self.generator = generator }

  /// The whole page.
  ///
  /// - Throws: nothing that the seeds of the tour lead to.
  /// - Complexity: some two hundred fits to at most 200 points, and some 130,000 draws.
  public var html: String {
    get throws {
      var page = Page(
        title: Self.title, generator: generator, body: Self.body(of: try Self.chapters))
      page.scripts = [.em, .film, .retell, .tour]
      page.extraStyle = PageScript.tourStyle
      return page.html
    }
  }

  private static let title = "Gaussian mixtures, step by step"

  static var chapters: [TourChapter] {
    get throws { try groundChapters + emChapters + useChapters }
  }

  /// One Gaussian, and what mixtures are.
  private static var groundChapters: [TourChapter] {
    get throws {
      let (one, two) = (try Draw.oneGaussian(), try Draw.twoGroups())
      let (sphere, spheres) = (try Draw.oneSphere(), try Draw.threeSpheres())
      return [
        try OneGaussian(one.points, truth: one.truth).chapter(
          one, try Convergence(to: one.truth.components[0])),
        try WrongModel(two.points, truth: two.truth).chapter(two),
        try OneSphere(sphere.points, truth: sphere.truth).chapter(sphere),
        try PriorFrequencies(spheres.points, labels: spheres.labels, truth: spheres.truth)
          .chapter(spheres),
      ]
    }
  }

  /// EM: what it does, and why it works.
  private static var emChapters: [TourChapter] {
    get throws {
      let (spheres, triangle) = (try Draw.threeSpheres(), try Draw.triangle())
      let exercise = try Exercise()
      let watching = try WatchingEM(triangle.points)
      return [
        try FiveIterations(spheres.points, components: 3).chapter(spheres),
        try LabelledCase(spheres.points, labels: spheres.labels, components: 3).chapter(spheres),
        exercise.chapter(try exercise.lab.markup),
        try LowerBound(exercise.points, from: exercise.start).chapter(),
        watching.chapter(triangle),
      ]
    }
  }

  /// What one does with it.
  private static var useChapters: [TourChapter] {
    get throws {
      let (spheres, triangle) = (try Draw.threeSpheres(), try Draw.triangle())
      let fitted = try LabelledCase(spheres.points, labels: spheres.labels, components: 3)
      return [
        try ChoosingK(triangle.points).chapter(triangle),
        try LocalOptima(triangle.points, components: 3).chapter(triangle),
        try HardAndSoft(
          spheres.points, labels: spheres.labels, mixture: fitted.unlabelledMixture,
          structure: .vii
        ).chapter(spheres),
      ]
    }
  }

  private static func body(of chapters: [TourChapter]) -> Markup {
    .group([
      .element(
        "header", [:],
        [.element("h1", [:], text: title), Prose(introduction).markup, contents(chapters)]),
      .element(
        "main", [:],
        zip(chapters, chapters.dropFirst().map(Optional.init) + [nil]).enumerated().map {
          $1.0.markup(number: $0 + 1, next: $1.1)
        }),
      .element("footer", [:], [Prose(closing).markup]),
    ])
  }

  private static func contents(_ chapters: [TourChapter]) -> Markup {
    .element(
      "nav", ["aria-label": "Chapters", "id": "contents"],
      [
        .element(
          "ol", ["class": "contents"],
          chapters.map { chapter in
            .element(
              "li", [:], [.element("a", ["href": "#\(chapter.id)"], text: chapter.title)])
          })
      ])
  }

  private static let introduction = """
    A tour in twelve short chapters: what a mixture of Gaussians is, how expectation–maximisation
    finds one, why that works, and when it does not. Each chapter builds on those before it.

    Every number and every figure here was computed by the library swift-mixtures when the page was
    written, from seeds. Under *Make it yourself* each figure says how to get it again, at the command
    line or in Swift. Where there are sliders, EM runs in the page.
    """

  private static let closing = """
    The commands build on each other: type them in one folder, from the first chapter on. The Swift
    lines begin with `import Mixtures`, and those of a chapter follow each other.

    Sources: Dempster, Laird & Rubin (1977), *Maximum likelihood from incomplete data via the EM
    algorithm*; McLachlan & Peel (2000), *Finite Mixture Models*; Neal & Hinton (1998), *A view of
    the EM algorithm*; Bishop (2006), *Pattern Recognition and Machine Learning*, chapter 9.
    """
}
