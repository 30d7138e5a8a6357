import Mixtures
import MixturesIO

/// A film whose start the reader can move: sliders for the means, EM from there by the page's own script.
struct Lab {
  /// Unique in the page.
  let id: String
  let film: FilmFigure

  /// Among those of em.js.
  let structure: String
  let range: ClosedRange<Double>

  /// Starts to choose from, the first of them the film's.
  let starts: [(name: String, means: [[Double]])]

  /// EM ends where a step gains less than this per point, at the latest after so many iterations.
  var tolerance = 1e-8
  var iterationLimit = 200

  /// Whether a table tells the responsibilities of every point.
  var showsShares = false

  var markup: Markup {
    .element(
      "div", ["class": "lab", "data-lab": ""],
      [
        film.markup(id: id), controls,
        .element(
          "p", ["class": "state", "data-outcome": "", "role": "status", "aria-live": "polite"], []),
        showsShares ? shares.markup : .nothing,
        .data(data),
      ])
  }

  private var start: GaussianMixture { film.film.first.mixture }

  private var controls: Markup {
    .element(
      "fieldset", ["data-start": "", "hidden": ""],
      [.element("legend", [:], text: "The start")]
        + (starts.count > 1 ? [presets] : [])
        + [
          .element(
            "div", ["class": "sliders"],
            start.components.indices.flatMap { k in
              (0..<start.dimension).map { slider(k, $0) }
            })
        ])
  }

  private var presets: Markup {
    .element(
      "div", ["class": "controls"],
      starts.enumerated().map { number, start in
        .element("button", ["type": "button", "data-preset": "\(number)"], text: start.name)
      })
  }

  private func slider(_ k: Int, _ column: Int) -> Markup {
    let value = start.components[k].mean[column]
    let name = "\(id)-mean-\(k)-\(column)"
    let feature = film.film.points.columnNames[column]
    let swatch = Markup.element(
      "span", ["class": "swatch", "style": "background:\(Palette.component(k).hex)"], [])
    return .element(
      "div", ["class": "slider"],
      [
        .element(
          "label", ["for": name], [swatch, .text("mean \(k + 1), \(feature)")]),
        .element(
          "input",
          [
            "type": "range", "id": name, "data-mean": "\(k) \(column)",
            "min": "\(range.lowerBound)", "max": "\(range.upperBound)", "step": "0.1",
            "value": "\(value)", "autocomplete": "off",
          ], []),
        // The slider says its value itself.
        .element("output", ["for": name, "aria-live": "off"], text: value.shown(1)),
      ])
  }

  private var shares: PageTable {
    let responsibilities = (try? start.responsibilities(of: film.film.points).rows) ?? []
    return PageTable(
      caption: "Responsibilities in the frame that is shown",
      columns: ["x"] + start.components.indices.map { .init("r\($0 + 1)") },
      rows: zip(film.film.points.rows, responsibilities).enumerated().map { row, pair in
        [.init(pair.0[0].shown(1))]
          + pair.1.enumerated().map { k, share in
            PageTable.Cell(share.shown(5)).named("share \(row) \(k)")
          }
      })
  }

  private var data: JSONValue {
    [
      "structure": .string(structure), "tolerance": .number(tolerance),
      "limit": .integer(iterationLimit), "presets": .array(starts.map { JSONValue($0.means) }),
      "best": .number(film.film.last.logLikelihood),
    ]
  }
}
