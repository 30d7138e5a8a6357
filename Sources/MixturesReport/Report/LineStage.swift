import MixtureKernels
import Mixtures
import MixturesIO

/// The first frame of a film in one column: weighted densities of the components over their sum, and a stroke for each point.
struct LineStage {
  private let film: FilmFigure
  private let panel: Panel

  /// As many steps as in film.js.
  private static let steps = 240

  private static let fewestPoints = 20

  init(_ film: FilmFigure) {
    self.film = film
    let points = film.film.points
    let name = Excerpt(points.columnNames[0]).description
    panel = Panel(
      in: Rectangle(x: 0, y: 0, width: FilmStage.width, height: FilmStage.height),
      x: Axis(title: name, domain: film.domains[0]),
      y: Axis(title: "density", domain: 0...film.highestDensity))
  }

  /// A little above the histogram and the density of every frame at its components' means, or twice what the last frame needs: what a
  /// narrow component of an early frame exceeds is cut off.
  static func highest(_ film: Film) -> Double {
    let heights = film.frames.map { frame in
      let means = Matrix(rows: frame.mixture.components.map { $0.mean })
      let logs = (try? frame.mixture.logDensities(of: means)) ?? []
      return exponential(logs.max() ?? 0)
    }
    let last = max(heights.last ?? 1, histogram(film).densities.max() ?? 0)
    let highest = 1.1 * min(max(last, heights.max() ?? 1), 2 * last)
    return highest > 0 && highest.isFinite ? highest : 1
  }

  private static func histogram(_ film: Film) -> Histogram {
    guard let sample = try? film.sample(FigureOptions()) else { return .empty }
    // The bins of a few points are odd blocks, and the strokes say it all.
    guard sample.rows.count >= fewestPoints else { return .empty }
    return (try? Histogram(sample.source, column: 0, sample: sample)) ?? .empty
  }

  var figure: Figure {
    FilmStage(film).figure(
      description:
        "The weighted density of each component, their sum, and the points in the colours of "
        + "their components.",
      above: panel,
      drawing: panel.markup(
        id: "stage",
        marks: [
          bars, curves,
          .group(
            ["class": "points", "data-points": "", "fill": "none", "opacity": "0.7"], points),
        ], labels: [weights]))
  }

  private var first: GaussianMixture { film.film.first.mixture }

  private var bars: Markup {
    guard let sample = try? film.film.sample(FigureOptions()),
      let asked = try? AskedPoints(sample, first)
    else { return .nothing }
    return DensityDrawing(asked: asked, column: 0, histogram: Self.histogram(film.film))
      .bars(in: panel)
  }

  private var points: [Markup] {
    zip(film.rows, film.firstAssignments).map { row, assignment in
      var data = PathData()
      let x = panel.x(film.film.points[row, 0])
      data.move(to: Place(x: x, y: panel.frame.bottom))
      data.line(to: Place(x: x, y: panel.frame.bottom - 10))
      let colour = Palette.mixed(assignment.responsibilities, background: assignment.background)
      return .path(data, ["stroke": colour.hex])
    }
  }

  /// Each component, and last all together.
  private var curves: Markup {
    let places = panel.x.domain.evenly(Self.steps)
    let matrix = Matrix(rowCount: places.count, columnCount: 1, elements: places)
    let assignments = (try? first.assignments(of: matrix)) ?? []
    func curve(_ share: (PointAssignment) -> Double) -> PathData {
      var data = PathData()
      data.polyline(
        zip(places, assignments).map { place, assignment in
          panel.place(place, share(assignment) * exponential(assignment.logDensity))
        })
      return data
    }
    let total = Markup.path(
      curve { _ in 1 },
      ["data-total": "", "stroke-width": "6"] + MarkClass.total.attributes)
    return .group(
      [total]
        + first.components.indices.map { k in
          .path(
            curve { $0.responsibilities[k] },
            [
              "data-curve": "\(k)", "fill": "none", "stroke": Palette.component(k).hex,
              "stroke-width": "2.5",
            ])
        })
  }

  /// Above the peaks, or as far below them as other labels are in the way, as film.js places them.
  private var weights: Markup {
    var taken: [Rectangle] = []
    for k in first.components.indices {
      var place = wanted(k)
      for _ in taken where taken.contains(where: place.intersects) {
        place.y += place.height
      }
      taken.append(place)
    }
    return .group(
      taken.enumerated().map { k, place in FilmStage.weight(of: k, in: film, at: place) })
  }

  /// The place of a label above the peak of its component.
  private func wanted(_ k: Int) -> Rectangle {
    let (component, size) = (first.components[k], FilmStage.labelSize(of: k, in: film))
    let peak = first.weights[k] / (2 * Double.pi * component.covariance[0, 0]).squareRoot()
    let place = panel.place(component.mean[0], peak)
    return Rectangle(
      x: place.x - size.width / 2,
      y: max(panel.frame.y + 10, place.y - 12) - size.height / 2, width: size.width,
      height: size.height)
  }
}
