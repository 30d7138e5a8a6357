import Mixtures
import MixturesIO

/// The first frame of a film in two columns: points in the colours of their components, and an ellipse for each share that a
/// component holds.
struct PlaneStage {
  private let film: FilmFigure
  private let panel: Panel

  /// Numbered as in film.js.
  private static let shares = [0.5, 0.95]

  init(_ film: FilmFigure) {
    self.film = film
    let names = film.film.points.columnNames
    let axes = zip(film.columns, film.domains).map { column, domain in
      Axis(title: Excerpt(names[column]).description, domain: domain)
    }
    panel = Panel(
      in: Rectangle(x: 0, y: 0, width: FilmStage.width, height: FilmStage.height), x: axes[0],
      y: axes[1],
      isIsometric: film.film.structure.scatterShape == .trace
        && Panel.canBeIsometric(axes[0], axes[1]))
  }

  var figure: Figure {
    FilmStage(film).figure(
      description: "Points coloured by their shares of the components, and ellipses that hold "
        + "\(Self.shares.map(\.percent).joined(separator: " and ")) of each.",
      above: panel,
      drawing: panel.markup(
        id: "stage",
        marks: [
          .group(["class": "points", "data-points": "", "opacity": "0.8"], points), ellipses,
        ],
        labels: [weights]))
  }

  private var first: GaussianMixture { film.film.first.mixture }

  /// One path for each colour: scripts draw the points one by one.
  private var points: [Markup] {
    var places: [String: [Place]] = [:]
    var order: [String] = []
    for (row, assignment) in zip(film.rows, film.firstAssignments) {
      let place = panel.place(
        film.film.points[row, film.columns[0]], film.film.points[row, film.columns[1]])
      guard place.x.isFinite, place.y.isFinite else { continue }
      let colour = Palette.roundlyMixed(
        assignment.responsibilities, background: assignment.background
      ).hex
      if places[colour] == nil { order.append(colour) }
      places[colour, default: []].append(place)
    }
    return order.map { colour in
      var data = PathData()
      data.dots(at: places[colour, default: []])
      return .path(
        data,
        ["stroke": colour, "stroke-width": "6", "stroke-linecap": "round", "fill": "none"])
    }
  }

  private var ellipses: Markup {
    let (i, j) = (film.columns[0], film.columns[1])
    return .group(
      first.components.indices.flatMap { k in
        let component = PlaneGaussian(first.components[k], (i, j), weight: first.weights[k])
        return Self.shares.indices.map { number in
          component.ellipse(
            radius: PlaneGaussian.radius(holding: Self.shares[number]), in: panel,
            [
              "data-ellipse": "\(k) \(number)", "fill": "none",
              "stroke": Palette.component(k).hex, "stroke-width": number == 0 ? "2.5" : "1.5",
            ])
        }
      })
  }

  private var weights: Markup {
    .group(
      first.components.indices.map { k in
        let mean = first.components[k].mean
        let place = panel.place(mean[film.columns[0]], mean[film.columns[1]])
        return FilmStage.weight(
          of: k, in: film, at: Place(x: place.x, y: place.y + 4))
      })
  }
}
