import Mixtures
import MixturesIO

/// A film of EM as a part of a page: its first frame drawn, all frames as data, and controls that play them.
struct FilmFigure {
  let film: Film

  /// What the film shows, and where it ends.
  let caption: String

  /// What components are called before their weights; empty where they have no names.
  let names: [String]

  /// One or two columns that are seen.
  let columns: [Int]

  /// What rises from frame to frame.
  let objective: String

  /// How far the axes of these columns reach.
  let domains: [ClosedRange<Double>]

  /// The largest density that is seen in one column.
  let highestDensity: Double

  /// - Parameters:
  ///   - labels: the names of the first components.
  ///   - columns: those that are drawn, one or two; by default those that tell the components of the last frame apart best.
  ///   - domains: how far the axes of these columns reach; by default as far as points and means.
  ///   - highestDensity: what one column shows; by default what its frames need.
  init(
    _ film: Film, labels: [String] = [], columns: [Int]? = nil,
    domains: [ClosedRange<Double>]? = nil, highestDensity: Double? = nil, caption: String,
    objective: String = "log-likelihood"
  ) {
    self.film = film
    self.caption = caption
    self.objective = objective
    let mixture = film.last.mixture
    names = mixture.components.indices.map { k in
      labels.label(of: k).map { Excerpt($0).description + " " } ?? ""
    }
    let shown = columns ?? mixture.separatingColumns(2)
    self.columns = shown
    self.domains = domains ?? shown.map { film.domain(of: $0) }
    self.highestDensity = highestDensity ?? (shown.count == 1 ? LineStage.highest(film) : 1)
  }

  /// - Parameter id: unique in the page.
  func markup(id: String) -> Markup {
    .element(
      "figure", ["data-film": ""],
      [
        stage.markup(id: id), controls(id: id),
        .element(
          "p", ["class": "state", "data-state": "", "role": "status", "aria-live": "polite"],
          text: state),
        .element("figcaption", [:], text: caption + remark),
        stage.table.pageMarkup(
          caption: film.isComplete
            ? "Every iteration of the film" : "The iterations that the film shows"),
        .data(data),
      ])
  }

  private func controls(id: String) -> Markup {
    func button(_ action: String, _ text: String) -> Markup {
      .element("button", ["type": "button", "data-action": action], text: text)
    }
    return .element(
      "div",
      [
        "class": "controls", "data-controls": "", "hidden": "", "role": "group",
        "aria-label": "Controls of the film",
      ],
      [
        button("play", "Play"), button("back", "Step back"), button("on", "Step on"),
        .element("label", ["class": "visually-hidden", "for": "\(id)-slider"], text: "Iteration"),
        .element(
          "input",
          [
            "type": "range", "id": "\(id)-slider", "min": "0", "max": "\(film.frames.count - 1)",
            "step": "1", "value": "0", "autocomplete": "off",
          ], []),
      ])
  }

  /// As film.js writes it.
  private var state: String {
    let first = film.first
    return "Iteration 0 of \(film.last.iteration): \(objective) \(first.logLikelihood.shown(3)), "
      + "mixing weights \(first.mixture.weights.map(\.percent).joined(separator: ", "))"
  }

  private var remark: String { frameRemark + pointRemark }

  private var frameRemark: String {
    film.isComplete
      ? ""
      : " Of its \(film.trace.count.grouped) frames \(film.frames.count.grouped) are shown, "
        + "closer at the beginning: a page has no room for more. The curve below has them all."
  }

  private var pointRemark: String {
    rows.count < film.countingRows.count
      ? " Drawn are \(rows.count.grouped) of the points that it sees." : ""
  }

  private var stage: Figure {
    columns.count > 1 ? PlaneStage(self).figure : LineStage(self).figure
  }

  /// Every so many of the film's points that count: a page carries no more.
  var rows: [Int] {
    let counting = film.countingRows
    let step = (counting.count + pointLimit - 1) / pointLimit
    return stride(from: 0, to: counting.count, by: max(1, step)).map { counting[$0] }
  }

  /// What the first frame says of ``rows``.
  var firstAssignments: [PointAssignment] {
    let all = (try? film.first.mixture.assignments(of: film.source)) ?? []
    return rows.compactMap { all.indices.contains($0) ? all[$0] : nil }
  }

  /// What is rounded here cannot be seen. Where all points are there, it does not change a log-likelihood that is shown, either.
  private var points: [[Double]] {
    let digits = isWhole ? 10 : 4
    let drawn = rows.map { film.points.row($0) }
    let spans = (0..<film.points.columnCount).map { column in
      ValueRange(drawn.lazy.map { $0[column] }).span
    }
    return drawn.map { row in zip(row, spans).map { $0.rounded(relativeTo: $1, digits: digits) } }
  }

  /// Whether all points are there, so that log-likelihoods can be computed again.
  private var isWhole: Bool { rows.count == film.countingRows.count && !film.isSample }

  /// How many points a page draws, fewer of many coordinates.
  private var pointLimit: Int { max(200, min(1_000, 3_000 / film.points.columnCount)) }

  private var data: JSONValue {
    let mixture = film.last.mixture
    let colours = mixture.components.indices.map { Palette.component($0).hex }
    return [
      "columns": .array(columns.map(JSONValue.integer)), "names": JSONValue(names),
      "colours": JSONValue(colours + [Palette.background.hex]),
      "objective": .string(objective), "points": JSONValue(points),
      "frames": .array(
        film.frames.map { frame in
          .object(
            [
              .init("iteration", .integer(frame.iteration)),
              .init("logLikelihood", .number(frame.logLikelihood)),
            ] + frame.mixture.pageModel(digits: isWhole ? .all : .seen))
        }),
    ]
  }
}

/// How many digits of parameters a page has, in units of each component's own spread.
enum PageDigits {
  /// As many as log-likelihoods take that are computed from them.
  case all
  /// What can be seen; of covariances more, so that those near to singular stay definite.
  case seen

  fileprivate var ofMeans: Int { self == .all ? 10 : 5 }
  fileprivate var ofCovariances: Int { self == .all ? 10 : 7 }
}

extension Mixture where Component == Gaussian {
  /// The mixture as film.js takes it; of covariances the lower triangles.
  func pageModel(digits: PageDigits = .all) -> [JSONValue.Member] {
    let members: [JSONValue.Member] = [
      .init("weights", JSONValue(weights.map { $0.rounded(relativeTo: 1, digits: 10) })),
      .init("means", JSONValue(components.map { $0.mean(digits.ofMeans) })),
      .init(
        "covariances",
        .array(components.map { JSONValue($0.covariance(digits.ofCovariances)) })),
    ]
    return members + (background.map { [.init("background", $0.pageValue)] } ?? [])
  }
}

extension Gaussian {
  fileprivate func mean(_ digits: Int) -> [Double] {
    zip(mean, covariance.variances).map {
      $0.rounded(relativeTo: $1.squareRoot(), digits: digits)
    }
  }

  fileprivate func covariance(_ digits: Int) -> [[Double]] {
    let deviations = covariance.variances.map { $0.squareRoot() }
    return zip(covariance.rows, deviations).enumerated().map { index, pair in
      zip(pair.0.prefix(index + 1), deviations).map {
        $0.rounded(relativeTo: pair.1 * $1, digits: digits)
      }
    }
  }
}

extension Background {
  fileprivate var pageValue: JSONValue {
    [
      "weight": .number(weight), "logDensity": .number(logDensity),
      "logLengths": logLengths.map { JSONValue($0) } ?? .null,
    ]
  }
}

extension Double {
  /// To so many decimals in units of about `scale`; as it is where rounding would take more digits than there are.
  fileprivate func rounded(relativeTo scale: Double, digits: Int) -> Double {
    guard isFinite, scale > 0, scale.isFinite else { return self }
    let decimals = digits - scale.decimalExponent
    guard (0...300).contains(decimals), abs(self) * Double.powerOfTen(decimals) < 9e15 else {
      return self
    }
    return Double(fixed(decimals)) ?? self
  }
}

extension Film {
  /// As far as the points that count and the components' means reach, and at the end what lies near these.
  fileprivate func domain(of column: Int) -> ClosedRange<Double> {
    var range = ValueRange(countingRows.lazy.map { points[$0, column] })
    for frame in frames {
      for component in frame.mixture.components { range.include(component.mean[column]) }
    }
    for component in last.mixture.components {
      let deviation = component.covariance[column, column].squareRoot()
      range.include(component.mean[column] - 2.4 * deviation)
      range.include(component.mean[column] + 2.4 * deviation)
    }
    return range.padded(by: 0.04)
  }
}
