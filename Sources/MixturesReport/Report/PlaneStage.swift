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

  /// Those of the points whose cells are there, with what the first frame says of them.
  private var places: [(place: Place, assignment: PointAssignment)] {
    zip(film.rows, film.firstAssignments).map { row, assignment in
      let place = panel.place(
        film.film.points[row, film.columns[0]], film.film.points[row, film.columns[1]])
      return (place, assignment)
    }.filter { $0.place.x.isFinite && $0.place.y.isFinite }
  }

  /// One path for each colour: scripts draw the points one by one.
  private var points: [Markup] {
    var places: [String: [Place]] = [:]
    var order: [String] = []
    for (place, assignment) in self.places {
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

  /// Away from points, ellipses and each other, as film.js places them.
  private var weights: Markup {
    let components = first.components.indices.map { k in
      PlaneGaussian(
        first.components[k], (film.columns[0], film.columns[1]), weight: first.weights[k])
    }
    let radii = Self.shares.map(PlaneGaussian.radius)
    let outlines = components.flatMap { component in
      radii.flatMap { component.places(radius: $0, in: panel, count: 48) }
    }
    var placement = LabelPlacement(in: panel.frame, avoiding: places.map(\.place) + outlines)
    return .group(
      components.enumerated().map { k, component in
        let size = FilmStage.labelSize(of: k, in: film)
        let rectangle = placement.place(
          .init(
            width: size.width, height: size.height,
            anchor: panel.place(component.mean.x, component.mean.y),
            reach: component.reach(radius: radii[radii.count - 1], in: panel)))
        return FilmStage.weight(of: k, in: film, at: rectangle)
      })
  }
}
