import MixtureTestSupport
import Mixtures
import Testing

/// Every way in which data can be wrong, what is thrown, and what a reader reads.
@Suite struct DataErrorTests {
  private static let names = ["length", "width"]
  private static let good = Matrix(
    rows: [[0, 1], [1, 0.5], [2, 2.5], [5, 1], [3, 3.5], [4, 0]], columnNames: names)

  private func expect(
    _ error: DataError, _ message: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws -> Void
  ) {
    let thrown = #expect(throws: DataError.self, sourceLocation: sourceLocation) { try body() }
    #expect(thrown == error, sourceLocation: sourceLocation)
    #expect(thrown?.description == message, sourceLocation: sourceLocation)
  }

  private func fit(
    _ rows: [[Double]], components: Int = 1, _ structure: CovarianceStructure = .vvv,
    floor: Double = 0
  ) throws {
    let points = Matrix(rows: rows, columnNames: Self.names)
    let options = FitOptions.with { $0.covarianceFloor = floor }
    _ = try GaussianMixture.fit(
      points, components: components, structure: structure, options: options)
  }

  @Test func noSpread() {
    expect(.noPoints, "The data have no points. A fit needs at least two.") {
      try fit([])
    }
    expect(.noPoints, "The data have no points. A fit needs at least two.") {
      let truth = Problem(seed: 1, dimension: 2).truth
      _ = try truth.score(Matrix(zerosOf: 0, by: 2))
    }
    expect(
      .singlePoint,
      "The data have a single point, which has no spread. A fit needs at least two different points."
    ) { try fit([[1, 2]]) }
    expect(
      .allPointsEqual(count: 3),
      "All 3 points are equal: there is no spread to fit. A fit needs at least two different points."
    ) { try fit([[1, 2], [1, 2], [1, 2]], .eii) }
    expect(
      .allPointsEqual(count: 2),
      "All 2 points are equal: there is no spread to fit. A fit needs at least two different points."
    ) {
      let points = try WeightedPoints(
        Matrix(rows: [[1, 2], [1, 2], [3, 4]]), weights: [1, 2, 0])
      _ = try GaussianMixture.fit(points, components: 1, structure: .eii)
    }
  }

  @Test func noColumns() {
    let empty = Matrix(zerosOf: 3, by: 0)
    for body: () throws -> Void in [
      { _ = try IncompletePoints(empty) },
      { _ = try SinglePrecisionMatrix(rounding: empty) },
      { _ = try ClassifierTraining().run(empty, classes: ["a", "b", "a"]) },
      { _ = try ModelSearch().run(empty) },
    ] {
      #expect(throws: DataError.noColumns) { try body() }
    }
  }

  @Test(arguments: [Double.infinity, -.infinity])
  func notFinite(value: Double) {
    expect(
      .notFinite(row: 1, column: 1, name: "width", value: value),
      "Row 2, column 2 (width): expected a finite number, found \(value). Remove the row or the column."
    ) { try fit([[0, 1], [1, value], [.nan, 3]]) }
  }

  @Test func notANumber() {
    let points = Matrix(rows: [[0, 1], [1, 2], [.nan, 3]], columnNames: Self.names)
    let truth = Problem(seed: 1, dimension: 2).truth
    let calls: [() throws -> Void] = [
      { _ = try GaussianMixture.fit(points, components: 1) },
      { _ = try truth.score(points) },
      { _ = try truth.responsibilities(of: points) },
      { _ = try truth.classification(of: points) },
      { _ = try truth.logDensities(of: points) },
      { _ = try truth.assignments(of: points, rows: 1..<3) },
      {
        _ = try truth.lowerBound(
          of: points,
          responsibilities: Matrix(
            rows: Array(
              repeating: Array(
                repeating: 1 / Double(truth.componentCount), count: truth.componentCount), count: 3)
          ))
      },
    ]
    for (index, call) in calls.enumerated() {
      let error = #expect(throws: DataError.self, "call \(index)") { try call() }
      guard case .notFinite(2, 0, "length", let value) = error else {
        Issue.record("call \(index): \(String(describing: error))")
        continue
      }
      #expect(value.isNaN)
    }
    #expect(throws: Never.self) { try truth.assignments(of: points, rows: 0..<2) }
  }

  /// The first row is named, also where another thread finds a later one first.
  @Test func theFirstRowIsNamed() {
    var matrix = Problem(seed: 2, count: 40_000, dimension: 2).points
    for row in [39_999, 30_000, 12_345, 25_000] { matrix[row, 1] = .infinity }
    for threads in [1, 2, 7] {
      #expect(
        throws: DataError.notFinite(row: 12_345, column: 1, name: "x2", value: .infinity)
      ) { try DataSummary(of: matrix, threads: threads) }
    }
  }

  @Test func beyondTheRangeOfSquares() {
    expect(
      .beyondRange(row: 2, column: 0, name: "length", value: -1e300),
      "Row 3, column 1 (length): expected a value of at most 1e140, whose squares can be summed, "
        + "found -1e+300. Remove the row if it is an error, or divide the column by a power of ten."
    ) { try fit([[0, 1], [1, 2], [-1e300, 3], [1e300, 2]]) }
    expect(
      .spreadTooSmall(column: 1, name: "width", spread: 3e-200),
      "Column 2 (width): expected values that spread over at least 1e-140, whose squares can be summed, "
        + "found 3e-200. Multiply the column by a power of ten."
    ) { try fit([[0, 0], [1, 3e-200], [2, 1e-200]]) }
  }

  @Test func singularColumns() {
    let constant: [[Double]] = [[0, 7], [1, 7], [3, 7], [2, 7]]
    for structure in [CovarianceStructure.eei, .vvi, .eee, .vvv] {
      expect(
        .constantColumn(column: 1, name: "width", value: 7, structure: structure.name),
        "Column 2 (width) is constant (7.0), so every covariance of structure \(structure) is singular. "
          + "Exclude the column, or use a spherical structure (EII, VII)."
      ) { try fit(constant, structure) }
    }
    #expect(throws: Never.self) { try fit(constant, .eii) }
    let collinear: [[Double]] = (0..<6).map { [Double($0), Double(3 * $0 - 1)] }
    for structure in [CovarianceStructure.eee, .vvv] {
      expect(
        .collinearColumn(column: 1, name: "width", structure: structure.name),
        "Column 2 (width) is a linear combination of the columns before it, up to rounding, "
          + "so a covariance of structure \(structure) is singular. Exclude the column, use a diagonal structure (EEI, VVI), or set a covariance floor."
      ) { try fit(collinear, structure) }
    }
    #expect(throws: Never.self) { try fit(collinear, .vvi) }
    #expect(throws: Never.self) { try fit(collinear, .vvv, floor: 1e-6) }
  }

  @Test func tooFew() {
    expect(
      .tooFewPoints(count: 2, dimension: 2, structure: "VVV"),
      "2 points in 2 dimensions leave every covariance of structure VVV singular: it needs at least 3 points. "
        + "Use a diagonal or spherical structure (EEI, VVI, EII, VII), fewer columns, or a covariance floor."
    ) { try fit([[0, 1], [1, 3]]) }
    expect(
      .tooManyComponents(components: 7, points: 6),
      "Cannot fit 7 components to 6 points. Use at most as many components as points."
    ) { _ = try GaussianMixture.fit(Self.good, components: 7, structure: .eii) }
    let three = Matrix(rows: [[0, 0], [1, 2], [2, 1]]).repeating([4, 3, 5])
    for start: any StartingMethod in [KMeansStart(), RandomPointsStart()] {
      expect(
        .tooFewDistinctPoints(components: 4, distinct: 3),
        "Cannot place 4 components: the data have distinct points, or labels, for only 3. Use at most 3 components."
      ) { _ = try GaussianMixture.fit(three, components: 4, structure: .eii, from: start) }
    }
  }

  @Test func weights() {
    expect(
      .countMismatch(what: "weights", found: 2, points: 6),
      "Found 2 weights for 6 points. Give one per point."
    ) { _ = try WeightedPoints(Self.good, weights: [1, 2]) }
    expect(
      .invalidWeight(row: 2, value: -1),
      "Row 3: expected a weight from 0 to 1e15, found -1.0."
    ) { _ = try WeightedPoints(Self.good, weights: [1, 0, -1, .nan, 1, 1]) }
    for value in [Double.infinity, .nan] {
      let error = #expect(throws: DataError.self) {
        try WeightedPoints(Self.good, weights: [1, 1, 1, 1, 1, value])
      }
      #expect(error?.description.hasPrefix("Row 6: expected a weight") == true)
    }
    expect(.noWeight, "All point weights are zero. At least one must be positive.") {
      _ = try WeightedPoints(Self.good, weights: [0, 0, 0, 0, 0, 0])
    }
  }

  @Test func responsibilitiesAndLabels() {
    func start(_ rows: [[Double]]) throws {
      _ = try GaussianMixture.fit(
        Self.good, components: 2, structure: .eii, from: ResponsibilitiesStart(Matrix(rows: rows)))
    }
    let half = [0.5, 0.5]
    expect(
      .countMismatch(what: "rows of responsibilities", found: 5, points: 6),
      "Found 5 rows of responsibilities for 6 points. Give one per point."
    ) { try start([half, half, half, half, half]) }
    expect(
      .invalidResponsibilities(row: 3, sum: 0.75),
      "Row 4: expected responsibilities in 0...1 that sum to 1, found others, with a sum of 0.75."
    ) { try start([half, half, half, [0.5, 0.25], half, half]) }
    expect(
      .invalidResponsibilities(row: 1, sum: 1),
      "Row 2: expected responsibilities in 0...1 that sum to 1, found others, with a sum of 1.0."
    ) { try start([half, [1.5, -0.5], half, half, half, half]) }
    let nan = #expect(throws: DataError.self) {
      try start([half, half, half, half, half, [.nan, 1]])
    }
    #expect(nan?.description.hasPrefix("Row 6:") == true)
    expect(
      .invalidLabel(row: 1, label: 2, components: 2),
      "Row 2: expected a component from 1 to 2, found 3."
    ) { _ = try LabelsStart([0, 2], components: 2) }
    // six printed digits are accepted
    #expect(throws: Never.self) {
      try start([half, [0.333333, 0.666666], [1, 0], [0, 1], [0.2, 0.8], half])
    }
  }

  @Test func dimensions() {
    let message =
      "The data have 2 columns, the mixture has 3 dimensions. Select the columns that the mixture was fitted to."
    let truth = Problem(seed: 1, dimension: 3, components: 2).truth
    let error = DataError.dimensionMismatch(found: 2, expected: 3)
    expect(error, message) { _ = try truth.score(Self.good) }
    expect(error, message) { _ = try truth.responsibilities(of: Self.good) }
    expect(error, message) { _ = try truth.classification(of: Self.good) }
    expect(error, message) {
      _ = try truth.lowerBound(
        of: Self.good, responsibilities: Matrix(rows: Array(repeating: [0.5, 0.5], count: 6)))
    }
    expect(error, message) {
      _ = try GaussianMixture.fit(
        Self.good, components: 2, structure: .eii, from: MixtureStart(truth))
    }
  }
}
