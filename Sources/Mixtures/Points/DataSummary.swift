import MixtureKernels

/// The whole of the data at a glance: how many points, where they lie, how they spread.
public struct DataSummary: Sendable {
  /// n = Σᵢ wᵢ; rows without any cell do not count.
  public let pointCount: Double

  /// The number of points of positive weight, each with a cell.
  public let rowCount: Int

  /// How often points were seen: n where all weights are whole; else, as only the ratios of weights count, ``rowCount``.
  let occurrenceCount: Double

  /// The weighted mean of each column.
  public let mean: [Double]

  /// The maximum-likelihood covariance of all points (divisor n).
  public let covariance: Covariance

  /// Smallest and largest value of each column.
  public let ranges: [ClosedRange<Double>]

  /// Those in which all points have the same value, counting from zero.
  var constantColumns: [Int] {
    ranges.indices.filter { ranges[$0].lowerBound == ranges[$0].upperBound }
  }

  /// One name per column.
  public let featureNames: [String]

  /// Where the data lie and how they spread, against which covariances are judged.
  public let scale: DataScale

  /// n, mean and Σᵢ wᵢ(xᵢ − x̄)(xᵢ − x̄)ᵀ of all points.
  let scatter: Scatter

  /// Beyond this magnitude, and below its reciprocal, squares and their sums leave Float64.
  private static let largestMagnitude = 1e140

  /// Looks at all points: two passes, a third where the mean lies far from the middle of the range; with missing cells at most 200
  /// E-steps more.
  ///
  /// - Throws: ``DataError`` for no points, a coordinate that is not finite or whose square
  ///   leaves Float64, and for points that are all equal.
  public init(of points: any PointSource, threads: Int = 1) throws(DataError) {
    guard points.count > 0 else { throw .noPoints }
    guard points.dimension > 0 else { throw .noColumns }
    let extent = PointPass(points, threads: threads).fold(into: Extent(dimension: points.dimension))
    {
      $0.add($1, largestMagnitude: Self.largestMagnitude)
    }
    try points.checkReading()
    let names = points.featureNames
    if let found = extent.firstUnusable { throw found.error(names: names) }
    guard extent.count > 0 else { throw .noPoints }
    var ranges = extent.ranges
    if extent.count == 1 { throw .singlePoint }
    if ranges.allSatisfy({ $0.lowerBound == $0.upperBound }) {
      throw .allPointsEqual(count: extent.count)
    }
    for (column, range) in ranges.enumerated() {
      let spread = range.upperBound - range.lowerBound
      if spread > 0, spread < 1 / Self.largestMagnitude {
        throw .spreadTooSmall(column: column, name: names[column], spread: spread)
      }
    }
    let moments = PointPass(points, threads: threads).fold(into: Self.zero(ranges)) { $0.add($1) }
    var scatter =
      (moments.recentredSoon.map { better in
        PointPass(points, threads: threads).fold(into: better) { $0.add($1) }
      } ?? moments).scatters[0]
    try points.checkReading()
    if let groups = points.patternGroups {
      ranges = groups.observedRanges(else: ranges)
      scatter = groups.scatter(near: scatter, ranges: ranges, threads: threads) ?? scatter
    }
    self.scatter = scatter
    pointCount = scatter.effectiveCount
    rowCount = extent.count
    occurrenceCount = extent.occurrenceCount
    mean = scatter.mean
    covariance = .full(
      lowerTriangle: scatter.values.map { $0 / scatter.effectiveCount },
      dimension: points.dimension)
    scale = DataScale(centre: scatter.mean, variances: covariance.variances, ranges: ranges)
    self.ranges = ranges
    featureNames = names
  }

  private static func zero(_ ranges: [ClosedRange<Double>]) -> GaussianStatistics {
    GaussianStatistics(
      components: 1, about: ranges.map { $0.lowerBound + ($0.upperBound - $0.lowerBound) / 2 },
      .full)
  }
}

extension [PatternGroup] {
  /// The range of what is observed in each column.
  fileprivate func observedRanges(else filled: [ClosedRange<Double>]) -> [ClosedRange<Double>] {
    var extent = Extent(dimension: filled.count)
    for group in self {
      let own = PointPass(group.points, threads: 1).fold(
        into: Extent(dimension: group.points.dimension)
      ) { $0.add($1, largestMagnitude: .infinity) }
      for (place, column) in group.observed.enumerated() where own.count > 0 {
        extent.lowest[column] = Swift.min(extent.lowest[column], own.lowest[place])
        extent.highest[column] = Swift.max(extent.highest[column], own.highest[place])
      }
    }
    return extent.ranges.enumerated().map { $1.lowerBound.isFinite ? $1 : filled[$0] }
  }

  /// n, and the mean and n times the covariance of the one Gaussian that is most likely for what is observed; `nil` where there is
  /// none. Rows without any cell change neither.
  fileprivate func scatter(
    near filled: Scatter, ranges: [ClosedRange<Double>], threads: Int
  ) -> Scatter? {
    let packed = filled.values.map { $0 / filled.effectiveCount }
    let first = Covariance.full(lowerTriangle: packed, dimension: filled.dimension)
    let scale = DataScale(centre: filled.mean, variances: first.variances, ranges: ranges)
    guard let family = try? GaussianFamily(.vvv, scale: scale),
      let gaussian = try? Gaussian(mean: filled.mean, covariance: first)
    else { return nil }
    let groups = filter { !$0.observed.isEmpty }
    var mixture = Mixture(fitted: [gaussian], weights: [1])
    for _ in 0..<Self.mostSteps {
      let seen = mixture.expectation(over: groups, family: family, threads: threads)
      guard let next = try? family.maximize(seen).mixture else { return nil }
      let change = next.change(from: mixture)
      mixture = next
      if change < Self.smallestChange { break }
    }
    let found = mixture.components[0]
    return Scatter(
      effectiveCount: filled.effectiveCount, mean: found.mean, shape: .full,
      values: found.covariance.lowerTriangle.map { $0 * filled.effectiveCount })
  }

  /// Relative to standard deviations: what data are judged by need not be more exact.
  private static var smallestChange: Double { 1e-9 }
  private static var mostSteps: Int { 200 }
}

extension GaussianStatistics {
  /// Adds the points of a tile, each with its own weight.
  fileprivate mutating func add(_ tile: Tile) {
    tile.weights.withUnsafeBufferPointer { add(tile, shares: $0, negligible: 0) }
  }
}

/// Where the data lie, their spread per column, and how fine Float64 resolves it.
public struct DataScale: Sendable, Equatable {
  /// The mean of each column over all points.
  public let centre: [Double]

  /// The variance of each column over all points.
  public let variances: [Double]

  /// The variance that rounding alone can feign in each column.
  let resolutions: [Double]

  /// The length *d* of the points.
  public var dimension: Int { variances.count }

  /// The standard deviation of each column; one for a constant column.
  var deviations: [Double] { variances.map { $0 > 0 ? $0.squareRoot() : 1 } }

  init(centre: [Double], variances: [Double], ranges: [ClosedRange<Double>]) {
    self.centre = centre
    self.variances = variances
    resolutions = ranges.map { range in
      let rounding = 4 * Double.ulpOfOne * max(abs(range.lowerBound), abs(range.upperBound))
      return rounding * rounding
    }
  }

  /// The first column along which a covariance is no larger than rounding; for a spherical one,
  /// all columns together.
  func collapsedColumn(of covariance: Covariance) -> Int? {
    if case .spherical(let variance, let dimension) = covariance {
      let rounding = resolutions.reduce(0, +)
      return Double(dimension) * variance > rounding ? nil : 0
    }
    return (0..<dimension).first { !(covariance.variance($0) > resolutions[$0]) }
  }

  /// The covariance with every variance raised to `floor` times that of the data.
  ///
  /// A full covariance is floored in units of the columns' standard deviations, where its
  /// eigenvalues below `floor` are raised to it: scaling a column changes nothing.
  func floored(_ covariance: Covariance, at floor: Double) -> Covariance {
    guard floor > 0 else { return covariance }
    switch covariance {
    case .spherical(let variance, let dimension):
      let smallest = floor * variances.reduce(0, +) / Double(dimension)
      return .spherical(variance: max(variance, smallest), dimension: dimension)
    case .diagonal(let own):
      return .diagonal(variances: entrywise(own, variances) { max($0, floor * $1) })
    case .full:
      return flooredFull(covariance, at: floor)
    }
  }

  private func flooredFull(_ covariance: Covariance, at floor: Double) -> Covariance {
    let deviations = deviations
    let eigen = SymmetricEigen(
      packed: covariance.lowerTriangle(inUnitsOf: deviations), dimension: dimension)
    guard let smallest = eigen.values.first, smallest < floor else { return covariance }
    var packed = covariance.lowerTriangle
    for (index, value) in eigen.values.enumerated() where value < floor {
      addSquare(
        floor - value, of: entrywise(eigen.vector(index), deviations, *), to: &packed)
    }
    return .full(lowerTriangle: packed, dimension: dimension)
  }

  /// Largest over smallest eigenvalue, in units of the columns' standard deviations.
  func conditionNumber(of covariance: Covariance) -> Double {
    let values = eigenvalues(of: covariance)
    guard let smallest = values.min(), let largest = values.max(), smallest > 0 else {
      return .infinity
    }
    return largest / smallest
  }

  /// The smallest standard deviation in any direction, in units of the columns'.
  func smallestDeviation(of covariance: Covariance) -> Double {
    max(0, eigenvalues(of: covariance).min() ?? 0).squareRoot()
  }

  /// In units of the columns' variances.
  private func eigenvalues(of covariance: Covariance) -> [Double] {
    let deviations = deviations
    if case .full = covariance {
      return SymmetricEigen.values(
        packed: covariance.lowerTriangle(inUnitsOf: deviations), dimension: dimension)
    }
    return entrywise(covariance.variances, deviations) { $0 / $1 / $1 }
  }
}

/// Range of each column, and the first coordinate that cannot be used.
private struct Extent: Mergeable {
  var lowest: [Double]
  var highest: [Double]
  var firstUnusable: Unusable?
  private(set) var count = 0
  private var total = 0.0
  private var isWhole = true

  /// Weights that are not whole are no numbers of points.
  var occurrenceCount: Double { isWhole ? total : Double(count) }

  struct Unusable: Sendable {
    let row: Int
    let column: Int
    let value: Double

    func error(names: [String]) -> DataError {
      value.isFinite
        ? .beyondRange(row: row, column: column, name: names[column], value: value)
        : .notFinite(row: row, column: column, name: names[column], value: value)
    }
  }

  init(dimension: Int) {
    lowest = Array(repeating: .infinity, count: dimension)
    highest = Array(repeating: -.infinity, count: dimension)
  }

  var ranges: [ClosedRange<Double>] { zip(lowest, highest).map { min($0, $1)...max($0, $1) } }

  mutating func add(_ tile: Tile, largestMagnitude: Double) {
    for index in 0..<tile.count where tile.weights[index] > 0 {
      let weight = tile.weights[index]
      count += 1
      total += weight
      isWhole = isWhole && weight == weight.rounded()
    }
    tile.coordinates.withUnsafeBufferPointer { x in
      for column in 0..<tile.dimension {
        let run = x[(column * tile.capacity)..<(column * tile.capacity + tile.count)]
        var (low, high, largest) = (lowest[column], highest[column], 0.0)
        var finite = true
        for index in run.indices {
          let value = x[index]
          let counts = tile.weights[index - run.startIndex] > 0
          low = counts && value < low ? value : low
          high = counts && value > high ? value : high
          let magnitude = abs(value)
          largest = magnitude > largest ? magnitude : largest
          finite = finite && magnitude < .infinity
        }
        (lowest[column], highest[column]) = (low, high)
        guard !finite || largest > largestMagnitude else { continue }
        if let index = run.firstIndex(where: { !(abs($0) <= largestMagnitude) }) {
          note(tile.firstRow + index - run.startIndex, column, x[index])
        }
      }
    }
  }

  private mutating func note(_ row: Int, _ column: Int, _ value: Double) {
    if let found = firstUnusable, found.row <= row { return }
    firstUnusable = Unusable(row: row, column: column, value: value)
  }

  mutating func merge(_ other: Extent) {
    count += other.count
    total += other.total
    isWhole = isWhole && other.isWhole
    for j in lowest.indices {
      lowest[j] = min(lowest[j], other.lowest[j])
      highest[j] = max(highest[j], other.highest[j])
    }
    if let found = other.firstUnusable { note(found.row, found.column, found.value) }
  }
}

extension PointSource {
  /// Throws at the first row with a coordinate that is not finite.
  func checkFinite(rows: Range<Int>, threads: Int = 1) throws(DataError) {
    let slice = RowSlice(points: self, rows: rows)
    let extent = PointPass(slice, threads: threads).fold(into: Extent(dimension: dimension)) {
      $0.add($1, largestMagnitude: .greatestFiniteMagnitude)
    }
    try checkReading()
    guard let found = extent.firstUnusable else { return }
    throw .notFinite(
      row: rows.lowerBound + found.row, column: found.column, name: featureNames[found.column],
      value: found.value)
  }
}
