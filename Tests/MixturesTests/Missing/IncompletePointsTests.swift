import Foundation
import MixtureTestSupport
import Mixtures
import Testing

/// Maximum likelihood on what was observed.
@Suite struct IncompletePointsTests {
  /// The numeric columns of a file, NaN where a cell is empty.
  private static func holes(_ name: String) throws -> Matrix {
    let (names, rows) = try Reference.table("missing/\(name).csv")
    let columns = names.indices.filter { names[$0] != "class" }
    return Matrix(
      rows: rows.map { row in columns.map { Double(row[$0]) ?? .nan } },
      columnNames: columns.map { names[$0] })
  }

  private func mixture(_ json: JSON) throws -> GaussianMixture {
    let covariances =
      json["covariances"].exists
      ? try json["covariances"].array.map { Covariance.full(rows: try $0.rows) }
      : try json["covariance_diagonals"].rows.map { Covariance.diagonal(variances: $0) }
    return try GaussianMixture(
      weights: json["weights"].numbers, means: json["means"].rows, covariances: covariances)
  }

  static let runs = [
    ("iris_missing10", "VVV_K1"), ("iris_missing10", "VVV_K2"), ("iris_missing10", "VVV_K3"),
    ("iris_missing10", "EEE_K3"), ("iris_missing10", "VVI_K3"),
    ("synth_a_missing30", "VVV_K1"), ("synth_a_missing30", "VVV_K3"),
    ("synth_a_missing30", "EEE_K3"),
  ]

  /// From the given start: the log-likelihood after 0, 1, 2, 5, 20 iterations 10⁻¹⁰ relative, at the fixed point 10⁻⁸, its
  /// parameters 10⁻⁶, conditional means of missing cells as well.
  @Test(arguments: runs)
  func theReference(name: String, run: String) throws {
    let json = try Reference.json("missing/\(name).json")["runs"][run]
    try #require(json.exists)
    let holes = try Self.holes(name)
    let points = try IncompletePoints(holes)
    #expect(
      points.missingCellCount
        == (try Reference.json("missing/\(name).json")["missing_cells"].integer))
    let structure = try #require(CovarianceStructure(named: json["model"].string ?? ""))
    let start = MixtureStart(try mixture(json["start"]))
    func fit(_ options: FitOptions) throws -> Fit {
      try GaussianMixture.fit(
        points, components: try json["K"].integer, structure: structure, from: start,
        options: options)
    }
    let path = try fit(.exactly(20)).trace
    for key in json["loglik_after_iterations"].keys {
      let expected = try json["loglik_after_iterations"][key].number
      #expect(relativeDifference(path[Int(key) ?? 0], expected) <= 1e-10, "\(key)")
    }
    let end = try fit(.fixedPoint)
    #expect(abs(end.logLikelihood - (try json["loglik"].number)) <= 1e-8)
    #expect(abs(end.bic - (try json["bic_standard"].number)) <= 1e-6)
    #expect(MixtureDifference(end.mixture, try mixture(json)).largest <= 1e-6)
    let imputed = try end.mixture.imputed(points)
    for cell in try json["conditional_mean_of_missing_cells"].rows {
      let (row, column) = (Int(cell[0]) - 1, Int(cell[1]) - 1)
      #expect(abs(imputed[row, column] - cell[2]) <= 1e-6)
    }
    for row in 0..<holes.rowCount {
      for column in 0..<holes.columnCount where !holes[row, column].isNaN {
        #expect(imputed[row, column] == holes[row, column])
      }
    }
    // Accelerated steps climb as high.
    let quick = try fit(.with { $0.stopping = .when(.gain, below: 1e-11) })
    #expect(quick.logLikelihood >= end.logLikelihood - 1e-6)
  }

  private static func pierced(
    _ points: Matrix, share: Double, seed: UInt64, keeping: Bool = false
  ) -> Matrix {
    var generator = SplitMix64(seed: seed)
    var holes = points
    for row in 0..<points.rowCount {
      let kept = Int.random(in: 0..<points.columnCount, using: &generator)
      for column in 0..<points.columnCount
      where Double.random(in: 0..<1, using: &generator) < share && !(keeping && column == kept) {
        holes[row, column] = .nan
      }
    }
    return holes
  }

  @Test func nothingMissingIsThePlainFit() throws {
    let problem = Problem(seed: 21, count: 150, dimension: 3, components: 2)
    let complete = try IncompletePoints(problem.points)
    #expect(complete.missingCellCount == 0)
    let fits = try [complete as any PointSource, problem.points].map {
      try GaussianMixture.fit($0, components: 2)
    }
    #expect(fits[0].mixture == fits[1].mixture && fits[0].trace == fits[1].trace)
  }

  /// Where no point of a component shows a column, ℓ does not depend on what it is there: the fit says so.
  @Test func aColumnThatAComponentNeverShowsIsWarnedOf() throws {
    let problem = Problem(seed: 23, count: 90, dimension: 3, components: 2)
    var holes = problem.points
    for row in 0..<90 where problem.labels[row] == 1 { holes[row, 2] = .nan }
    func warnings(_ points: Matrix) throws -> [FitWarning] {
      let labelled = try LabelledPoints(
        IncompletePoints(points), labels: Labels(problem.labels, count: 2))
      return try GaussianMixture.fit(labelled, components: 2, structure: .vvi).warnings
    }
    let name = holes.columnNames[2]
    #expect(
      try warnings(holes).contains(.unobserved(component: 1, numbers: [2], names: [name])))
    let first = try #require((0..<90).first { problem.labels[$0] == 1 })
    holes[first, 2] = 0.5
    #expect(
      try warnings(holes).allSatisfy { if case .unobserved = $0 { false } else { true } })
  }

  /// The gradient of the observed log-likelihood vanishes at the result: moving a mean by a thousandth of a standard deviation on either side
  /// changes ℓ by the same, to the third order.
  @Test(arguments: structures)
  func theResultIsStationary(structure: CovarianceStructure) throws {
    let problem = Problem(seed: 22, count: 200, dimension: 3, components: 2)
    let points = try IncompletePoints(Self.pierced(problem.points, share: 0.2, seed: 5))
    let fit = try GaussianMixture.fit(
      points, components: 2, structure: structure, from: MixtureStart(problem.truth),
      options: .with { $0.stopping = .when(.gain, below: 1e-13, limit: 5000) })
    for k in 0..<2 {
      for j in 0..<3 {
        let ends = try [-1.0, 1].map { sign -> Double in
          var components = fit.mixture.components
          var mean = components[k].mean
          mean[j] += sign * 1e-3 * components[k].covariance[j, j].squareRoot()
          components[k] = try Gaussian(mean: mean, covariance: components[k].covariance)
          return try GaussianMixture(weights: fit.mixture.weights, components: components)
            .score(points).logLikelihood
        }
        #expect(ends.allSatisfy { $0 < fit.logLikelihood })
        #expect(abs(ends[0] - ends[1]) <= 1e-4)
      }
    }
  }

  /// Weights, labels, holes, a background and a prior at once: ℓ with the log-prior never falls, and threads change no bit.
  @Test(arguments: 1...200)
  func allTogether(seed: Int) throws {
    let problem = Problem(seed: UInt64(100 + seed), count: 80, dimension: 3, components: 2)
    var generator = SplitMix64(seed: UInt64(seed))
    let weights = (0..<80).map { _ in Double(Int.random(in: 0...3, using: &generator)) / 2 }
    let labels: [Int?] = problem.labels.map {
      Int.random(in: 0..<4, using: &generator) == 0 ? $0 : nil
    }
    let holes = Self.pierced(problem.points, share: 0.25, seed: UInt64(seed))
    let points = try WeightedPoints(
      LabelledPoints(IncompletePoints(holes), labels: Labels(labels, count: 2)), weights: weights)
    let priors: [CovarianceStructure] = [.eii, .vii, .eei, .vvi, .eee, .vvv]
    let fits = try [1, 3].map { threads in
      try GaussianMixture.fit(
        points, components: 2, structure: priors[seed % priors.count],
        options: .with {
          $0.stopping = .exactly(25)
          $0.restarts = 1
          $0.threads = threads
          $0.background = .overData
          $0.prior = ConjugatePrior()
        })
    }
    for (before, after) in zip(fits[0].trace, fits[0].trace.dropFirst()) {
      #expect(after >= before - 1e-9 * abs(before), "\(before) \(after)")
    }
    #expect(fits[0].mixture == fits[1].mixture && fits[0].trace == fits[1].trace)
  }

  /// The same when data are scaled and shifted: ℓ changes by the logarithm of the scale for each cell that is there, as often as
  /// its row counts, and ℓ with the log-prior by a constant.
  @Test(arguments: 1...20)
  func allTogetherScaledAndShifted(seed: Int) throws {
    let problem = Problem(seed: UInt64(300 + seed), count: 80, dimension: 3, components: 2)
    let weights = (0..<80).map { Double($0 % 4) / 2 }
    let labels: [Int?] = problem.labels.enumerated().map { $0 % 5 == 0 ? $1 : nil }
    let holes = Self.pierced(problem.points, share: 0.25, seed: UInt64(seed))
    let priors: [CovarianceStructure] = [.eii, .vii, .eei, .vvi, .eee, .vvv]
    func fit(_ matrix: Matrix) throws -> Fit {
      let points = try WeightedPoints(
        LabelledPoints(
          IncompletePoints(matrix, weights: weights), labels: Labels(labels, count: 2)),
        weights: weights)
      return try GaussianMixture.fit(
        points, components: 2, structure: priors[seed % priors.count],
        from: LabelsStart(problem.labels, components: 2),
        options: .with {
          $0.stopping = .exactly(15)
          $0.background = .overData
          $0.prior = ConjugatePrior()
        })
    }
    let (scale, shift) = (1000.0, 3e5)
    let moved = Matrix(rows: holes.rows.map { $0.map { scale * $0 + shift } })
    let (fit, other) = (try fit(holes), try fit(moved))
    let cells = holes.rows.enumerated().reduce(0.0) { sum, row in
      sum + weights[row.offset] * Double(row.element.count { !$0.isNaN })
    }
    // 3·10⁵ beside a spread of some thousand costs two digits.
    #expect(
      abs(other.logLikelihood - (fit.logLikelihood - cells * log(scale)))
        <= 1e-8 * abs(fit.logLikelihood))
    let differences = zip(other.trace, fit.trace).map(-)
    for difference in differences {
      #expect(abs(difference - differences[0]) <= 1e-8 * abs(differences[0]))
    }
  }

  /// Rows without any cell count in n and change nothing else: not what a prior, a floor and a background take from the data, and no bit of
  /// a start. Rows of weight zero change nothing at all.
  @Test(arguments: [1.0, 0.0])
  func emptyAndAbsentRowsSayNothing(weight: Double) throws {
    let problem = Problem(seed: 24, count: 120, dimension: 3, components: 2)
    let holes = Self.pierced(problem.points, share: 0.2, seed: 8, keeping: true)
    let more = (0..<40).map { row -> [Double] in
      weight > 0 ? [.nan, .nan, .nan] : [1e3 + Double(row), .nan, -1e3]
    }
    func points(_ rows: [[Double]], _ weights: [Double]) throws -> WeightedPoints {
      try WeightedPoints(
        IncompletePoints(Matrix(rows: rows), weights: weights), weights: weights)
    }
    let ones = Array(repeating: 1.0, count: 120)
    let plain = try points(holes.rows, ones)
    let other = try points(holes.rows + more, ones + Array(repeating: weight, count: 40))
    let changes: [(inout FitOptions) -> Void] = [
      { $0.prior = ConjugatePrior() }, { $0.covarianceFloor = 0.3 },
      { $0.background = .overData },
    ]
    let starts: [any StartingMethod] = [
      KMeansStart(), RandomPointsStart(), RandomResponsibilitiesStart(), HierarchicalStart(),
    ]
    for change in changes {
      var options = FitOptions.with { $0.stopping = .when(.gain, below: 1e-12, limit: 5000) }
      change(&options)
      let fits = try [plain, other].map {
        try GaussianMixture.fit(
          $0, components: 2, from: MixtureStart(problem.truth), options: options)
      }
      #expect(relativeDifference(fits[0].logLikelihood, fits[1].logLikelihood) <= 1e-7)
      #expect(fits[1].score.pointCount == 120 + 40 * weight)
      // 10⁻¹¹ per point are left, √(2 · 10⁻¹¹) standard deviations to go, times 120 points.
      let counts = fits.map { $0.effectiveCounts + [$0.backgroundCount] }
      for (a, b) in zip(counts[0], counts[1]) { #expect(abs(a - b) <= 1e-2) }
      #expect(abs(counts[1].reduce(0, +) - 120) <= 1e-9)
      for start in starts {
        let mixtures = try [plain, other].map {
          try GaussianMixture.start(of: $0, components: 2, from: start, options: options)
        }
        #expect(mixtures[0] == mixtures[1], "\(start)")
      }
    }
  }

  /// Of a row without any cell, a label tells how often its component comes, and no more. Where gains of 10⁻¹⁴ per point shrink by a tenth
  /// each, 10⁻¹³ are left, and √(2 · 10⁻¹³) standard deviations to go.
  @Test func labelsOfEmptyRowsCount() throws {
    let problem = Problem(seed: 26, count: 60, dimension: 2, components: 2)
    let holes = Self.pierced(problem.points, share: 0.2, seed: 10, keeping: true)
    func fit(_ empty: Int) throws -> GaussianMixture {
      let rows = holes.rows + Array(repeating: [.nan, .nan], count: empty)
      let labels = problem.labels + Array(repeating: 1, count: empty)
      let points = try LabelledPoints(
        IncompletePoints(Matrix(rows: rows)), labels: Labels(labels, count: 2))
      let fit = try GaussianMixture.fit(
        points, components: 2,
        options: .with { $0.stopping = .when(.gain, below: 1e-14, limit: 5000) })
      for k in 0..<2 {
        let count = Double(problem.labels.count { $0 == k })
        #expect(abs(fit.effectiveCounts[k] - count) <= 1e-10)
      }
      return fit.mixture
    }
    let (plain, other) = (try fit(0), try fit(30))
    for (a, b) in zip(plain.components, other.components) {
      for column in 0..<2 {
        #expect(
          abs(a.mean[column] - b.mean[column]) <= 1e-5 * a.covariance[column, column].squareRoot())
      }
    }
    let count = Double(problem.labels.count { $0 == 1 })
    #expect(abs(other.weights[1] - (count + 30) / 90) <= 1e-14)
  }

  /// A row of a mixture with a background is filled as one of the Gaussians.
  @Test func aBackgroundSaysNothingOfMissingCells() throws {
    let problem = Problem(seed: 25, count: 40, dimension: 2, components: 2)
    let holes = Self.pierced(problem.points, share: 0.3, seed: 9, keeping: true)
    let points = try IncompletePoints(askedAbout: holes)
    let noisy = try GaussianMixture(
      weights: problem.truth.weights.map { $0 * 0.9 }, components: problem.truth.components,
      background: Background(weight: 0.1, logDensity: -5, logLengths: [2.5, 2.5]))
    let (found, expected) = (try noisy.imputed(points), try problem.truth.imputed(points))
    for (a, b) in zip(found.rows.joined(), expected.rows.joined()) {
      #expect(abs(a - b) <= 1e-12 * max(1, abs(b)))
    }
  }

  /// An integer weight is a repeated row, and each row is predicted from what it has.
  @Test func weightsAndPredictions() throws {
    let problem = Problem(seed: 23, count: 60, dimension: 2, components: 2)
    let holes = Self.pierced(problem.points, share: 0.3, seed: 7)
    let counts = (0..<60).map { $0 % 3 }
    func fit(_ points: any PointSource) throws -> Fit {
      try GaussianMixture.fit(
        points, components: 2, from: MixtureStart(problem.truth), options: .exactly(6))
    }
    let weighted = try fit(
      WeightedPoints(IncompletePoints(holes), weights: counts.map(Double.init)))
    let repeated = try fit(IncompletePoints(holes.repeating(counts)))
    #expect(MixtureDifference(weighted.mixture, repeated.mixture).largest <= 1e-9)
    #expect(relativeDifference(weighted.logLikelihood, repeated.logLikelihood) <= 1e-12)
    let points = try IncompletePoints(holes)
    let all = try problem.truth.assignments(of: points)
    #expect(try problem.truth.assignments(of: points, rows: 10..<35) == Array(all[10..<35]))
    #expect(try problem.truth.classification(of: points) == all.map(\.component))
    let sum = all.reduce(0) { $0 + $1.logDensity }
    #expect(relativeDifference(try problem.truth.score(points).logLikelihood, sum) <= 1e-12)
    for (row, assignment) in all.enumerated() {
      let there = (0..<2).filter { !holes[row, $0].isNaN }
      guard there.count == 1, let column = there.first else { continue }
      let terms = problem.truth.components.enumerated().map { k, component in
        let variance = component.covariance[column, column]
        let shift = holes[row, column] - component.mean[column]
        return problem.truth.weights[k] * exp(-shift * shift / variance / 2)
          / (2 * .pi * variance).squareRoot()
      }
      #expect(abs(assignment.logDensity - log(terms[0] + terms[1])) <= 1e-12)
      #expect(abs(assignment.responsibilities[0] - terms[0] / (terms[0] + terms[1])) <= 1e-12)
    }
  }

  @Test func drawsHaveTheConditionalDistribution() throws {
    let single = try Gaussian(
      mean: [1, -1], covariance: .full(lowerTriangle: [1, 0.8, 1], dimension: 2))
    let mixture = try GaussianMixture(weights: [1], components: [single])
    let holes = Matrix(rows: (0..<4000).map { _ in [2.0, .nan] } + [[0, 0]])
    let points = try IncompletePoints(holes)
    let drawn = try mixture.imputed(points, drawing: 3)
    let values = (0..<4000).map { drawn[$0, 1] }
    let mean = values.reduce(0, +) / 4000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000
    // −1 + 0.8 · 1 and 1 − 0.64, within five standard errors.
    #expect(abs(mean + 0.2) <= 5 * 0.6 / 4000.0.squareRoot())
    #expect(abs(variance - 0.36) <= 5 * 0.36 * (2 / 4000.0).squareRoot())
    #expect(try mixture.imputed(points, drawing: 3) == drawn)
    #expect(try mixture.imputed(points, drawing: 4) != drawn)
    #expect(abs(try mixture.imputed(points)[0, 1] + 0.2) <= 1e-14)
  }

  @Test func rowsAndColumnsWithoutValues() throws {
    let holes = Matrix(
      rows: [[1, .nan], [.nan, .nan], [2, 5], [.nan, 3]], columnNames: ["a", "b"])
    #expect(try IncompletePoints(holes).emptyRowCount == 1)
    let none = Matrix(rows: [[1, .nan], [2, .nan]], columnNames: ["a", "b"])
    #expect(throws: DataError.emptyColumn(column: 1, name: "b")) { try IncompletePoints(none) }
    // A model knows what to say of such a column.
    let mixture = try GaussianMixture(
      weights: [1], components: [Gaussian(mean: [0, 7], covariance: .diagonal(variances: [1, 1]))])
    #expect(try mixture.imputed(IncompletePoints(askedAbout: none)).rows == [[1, 7], [2, 7]])
    let infinite = Matrix(rows: [[1, .nan], [2, .infinity]], columnNames: ["a", "b"])
    #expect(throws: DataError.notFinite(row: 1, column: 1, name: "b", value: .infinity)) {
      try IncompletePoints(askedAbout: infinite)
    }
  }
}
