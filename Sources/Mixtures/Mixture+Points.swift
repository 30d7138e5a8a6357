// What a mixture says of points: responsibilities, classification, densities, lower bound, score.

import MixtureKernels

extension Mixture {
  /// The probability that each component produced each point.
  ///
  /// Row *i* holds the responsibilities of point *i*,
  /// ```
  /// rᵢₖ = πₖ f(xᵢ; θₖ) / Σⱼ πⱼ f(xᵢ; θⱼ)
  /// ```
  /// evaluated from log-densities, shifted by the row's maximum and divided by the row's sum: a
  /// point hundreds of standard deviations from every mean still gets a row that sums to one.
  /// Where even the quadratic form overflows (beyond about 10¹⁵⁴ standard deviations) the
  /// components share the point equally. A fit or a score never holds this matrix.
  ///
  /// - Parameter points: *n* points of the mixture's dimension.
  /// - Returns: *n* × K, entries in 0...1, rows summing to 1 within K ulps of 1, less what the background takes.
  /// - Throws: ``DataError`` where the dimensions differ or a coordinate is not finite.
  /// - Complexity: O(*nKd*²) time for full covariances, O(*nKd*) for diagonal; O(*nK*) memory.
  ///
  /// Source: Bishop (2006), *Pattern Recognition and Machine Learning*, eq. 9.23.
  public func responsibilities(
    of points: any PointSource, threads: Int = 1
  ) throws(DataError) -> Matrix {
    let posterior = PosteriorAssignment(self)
    let rows =
      points.patternGroups == nil
      ? try eachPoint(of: points, componentCount, threads: threads) { tile, responsibilities in
        posterior.withAssignment(of: tile) { runs, _ in
          for k in components.indices {
            for index in 0..<tile.count {
              responsibilities[index * componentCount + k] = runs[k * tile.capacity + index]
            }
          }
        }
      } : try assignments(of: points, threads: threads).flatMap(\.responsibilities)
    return Matrix(
      rowCount: points.count, columnCount: componentCount, elements: rows,
      columnNames: components.indices.map { "r\($0 + 1)" })
  }

  /// The component that most probably produced each point, counting from zero: argmaxₖ πₖ f(xᵢ; θₖ), the
  /// lowest of equals; −1 for the background.
  ///
  /// - Throws: ``DataError`` where the dimensions differ or a coordinate is not finite.
  /// - Complexity: O(*n*) memory.
  public func classification(
    of points: any PointSource, threads: Int = 1
  ) throws(DataError) -> [Int] {
    if points.patternGroups != nil {
      return try assignments(of: points, threads: threads).map(\.component)
    }
    let posterior = PosteriorAssignment(self)
    return try eachPoint(of: points, 1, threads: threads) { tile, labels in
      let count = posterior.runCount * tile.capacity
      withAlignedScratch(count) { terms in
        posterior.write(tile, into: UnsafeMutableBufferPointer(start: terms, count: count))
        TileKernels.chosen.largest(
          terms, components: posterior.runCount, stride: tile.capacity, count: tile.count,
          into: labels)
      }
      guard background != nil else { return }
      for index in 0..<tile.count where labels[index] == componentCount { labels[index] = -1 }
    }
  }

  /// Hard indicators: row *i* is one in the column of the component that most probably produced
  /// point *i*, and zero elsewhere.
  ///
  /// - Returns: *n* × K.
  /// - Throws: ``DataError`` where the dimensions differ or a coordinate is not finite.
  public func indicators(of points: any PointSource) throws(DataError) -> Matrix {
    var indicators = Matrix(zerosOf: points.count, by: componentCount)
    for (row, component) in try classification(of: points).enumerated() where component >= 0 {
      indicators[row, component] = 1
    }
    return indicators
  }

  /// ln p(xᵢ) of each point, natural logarithm; −∞ where the density is beyond Float64.
  ///
  /// - Throws: ``DataError`` where the dimensions differ or a coordinate is not finite.
  public func logDensities(
    of points: any PointSource, threads: Int = 1
  ) throws(DataError) -> [Double] {
    if points.patternGroups != nil {
      return try assignments(of: points, threads: threads).map(\.logDensity)
    }
    let posterior = PosteriorAssignment(self)
    return try eachPoint(of: points, 1, threads: threads) { tile, logDensities in
      posterior.withAssignment(of: tile) { logDensities.update(from: $1, count: tile.count) }
    }
  }

  /// What the mixture says of each point, in the order of the points.
  ///
  /// - Throws: ``DataError`` where the dimensions differ or a coordinate is not finite.
  /// - Complexity: O(*nK*) memory; for many points, ask for a range of rows at a time.
  public func assignments(
    of points: any PointSource, rows: Range<Int>? = nil, threads: Int = 1
  ) throws(DataError) -> [PointAssignment] {
    let rows = rows ?? 0..<points.count
    try check(points, rows: rows, threads: threads)
    let found: [PointAssignment]
    if let groups = points.patternGroups, let gaussian = self as? GaussianMixture {
      found = gaussian.assignments(of: groups, rows: rows, threads: threads)
    } else {
      found = assignments(
        of: RowSlice(points: points, rows: rows), PosteriorAssignment(self), threads: threads)
    }
    try points.checkReading()
    return found
  }

  /// What a posterior says of each point.
  func assignments(
    of points: any PointSource, _ posterior: PosteriorAssignment<Component>, threads: Int
  ) -> [PointAssignment] {
    PointPass(points, threads: threads).fold(into: Concatenation<PointAssignment>()) {
      total, tile in
      let capacity = tile.capacity
      posterior.withAssignment(of: tile) { responsibilities, logDensities in
        for index in 0..<tile.count {
          total.elements.append(
            PointAssignment(
              responsibilities: components.indices.map { responsibilities[$0 * capacity + index] },
              background: background == nil
                ? nil : responsibilities[componentCount * capacity + index],
              logDensity: logDensities[index]))
        }
      }
    }.elements
  }

  /// The lower bound of the log-likelihood for any responsibilities *q*:
  /// ```
  /// L(q, θ) = Σᵢ wᵢ Σₖ qᵢₖ (ln πₖ f(xᵢ; θₖ) − ln qᵢₖ) ≤ ℓ(θ)
  /// ```
  /// with equality where *q* are the responsibilities under θ. EM raises it by turns: the E-step
  /// in *q*, the M-step in θ.
  ///
  /// - Parameters:
  ///   - points: *n* points of the mixture's dimension.
  ///   - responsibilities: *n* × K, rows in 0...1 summing to one.
  /// - Returns: natural logarithm, summed over points; −∞ where *q* gives a point to a component
  ///   under which it is impossible.
  /// - Throws: ``DataError`` where shapes differ or a row is not a distribution.
  /// - Precondition: the mixture has no background, and no cell is missing.
  ///
  /// Source: Neal & Hinton (1998), "A view of the EM algorithm that justifies incremental, sparse,
  /// and other variants", eq. 7; Bishop (2006), eq. 9.71.
  public func lowerBound(
    of points: any PointSource, responsibilities: Matrix
  ) throws(DataError) -> Double {
    precondition(
      background == nil && points.patternGroups == nil,
      "responsibilities of all components, and all cells")
    let given = try GivenResponsibilities(responsibilities, points: points.count)
    guard given.componentCount == componentCount else {
      throw .componentMismatch(found: given.componentCount, expected: componentCount)
    }
    try check(points, rows: 0..<points.count)
    let posterior = PosteriorAssignment(self)
    let bound = PointPass(points, threads: 1).fold(into: Sum()) { total, tile in
      let count = posterior.runCount * tile.capacity
      withAlignedScratch(count) { terms in
        posterior.write(tile, into: UnsafeMutableBufferPointer(start: terms, count: count))
        for k in components.indices {
          for index in 0..<tile.count where tile.weights[index] > 0 {
            let q = responsibilities[tile.firstRow + index, k]
            guard q > 0 else { continue }
            total.value +=
              tile.weights[index] * q * (terms[k * tile.capacity + index] - naturalLog(q))
          }
        }
      }
    }.value
    try points.checkReading()
    return bound
  }

  /// Log-likelihood and the sums that the information criteria need, in one pass.
  ///
  /// - Parameters:
  ///   - points: points of the mixture's dimension.
  ///   - threads: changes no bit of the result.
  /// - Throws: ``DataError`` where the dimensions differ or a coordinate is not finite.
  /// - Complexity: O(*nKd*²) time for full covariances, O(*nKd*) for diagonal; O(K) memory per thread.
  public func score(_ points: any PointSource, threads: Int = 1) throws(DataError) -> Score {
    guard points.count > 0 else { throw .noPoints }
    try check(points, rows: 0..<points.count, threads: threads)
    let score = scoreFinite(points, threads: threads)
    try points.checkReading()
    return score
  }

  /// As ``score(_:threads:)``, of points known to be finite: an E-step that learns nothing.
  func scoreFinite(_ points: any PointSource, threads: Int) -> Score {
    if let groups = points.patternGroups, let gaussian = self as? GaussianMixture {
      return groups.reduce(into: Score()) { score, group in
        score.merge(
          gaussian.score(group.points, gaussian.posterior(of: group), threads: threads))
      }
    }
    return score(points, PosteriorAssignment(self), threads: threads)
  }

  private func score(
    _ points: any PointSource, _ assignment: PosteriorAssignment<Component>, threads: Int
  ) -> Score {
    PointPass(points, threads: threads).fold(into: Score()) { score, tile in
      let count = assignment.runCount * tile.capacity
      withAlignedScratch(count) { scratch in
        let responsibilities = UnsafeMutableBufferPointer(start: scratch, count: count)
        let logLikelihood = assignment.assign(tile, into: responsibilities)
        score.add(tile, UnsafeBufferPointer(responsibilities), logLikelihood: logLikelihood)
      }
    }
  }
}

extension Mixture where Component == Gaussian {
  /// What the mixture says of rows with missing cells, in the order of the rows.
  fileprivate func assignments(
    of groups: [PatternGroup], rows: Range<Int>, threads: Int
  ) -> [PointAssignment] {
    var found: [PointAssignment?] = Array(repeating: nil, count: rows.count)
    for group in groups {
      let wanted = group.rows.indices.filter { rows.contains(group.rows[$0]) }
      guard let first = wanted.first, let last = wanted.last else { continue }
      let slice = RowSlice(points: group.points, rows: first..<(last + 1))
      let own = assignments(of: slice, posterior(of: group), threads: threads)
      for (assignment, index) in zip(own, wanted) {
        found[group.rows[index] - rows.lowerBound] = assignment
      }
    }
    return found.compactMap(\.self)
  }
}

extension Mixture {
  /// So many values of each point, in the order of the points.
  ///
  /// - Parameter write: puts all values of a tile's points where it is told.
  private func eachPoint<Value: BitwiseCopyable & Sendable>(
    of points: any PointSource, _ width: Int, threads: Int,
    write: @Sendable (Tile, UnsafeMutablePointer<Value>) -> Void
  ) throws(DataError) -> [Value] {
    try checkDimension(of: points)
    let count = points.count * width
    var seen = Finiteness()
    let values = [Value](unsafeUninitializedCapacity: count) { room, initialized in
      initialized = count
      guard let start = room.baseAddress, count > 0 else { return }
      nonisolated(unsafe) let values = start  // every tile has its own part
      seen = PointPass(points, threads: threads).fold(into: Finiteness()) { seen, tile in
        seen.merge(Finiteness(of: tile))
        write(tile, values + tile.firstRow * width)
      }
    }
    if seen.isFinite {
      try points.checkReading()
    } else {
      try check(points, rows: 0..<points.count)
    }
    return values
  }

  private func checkDimension(of points: any PointSource) throws(DataError) {
    guard points.dimension == dimension else {
      throw .dimensionMismatch(found: points.dimension, expected: dimension)
    }
  }

  /// Throws where points cannot be asked about.
  private func check(
    _ points: any PointSource, rows: Range<Int>, threads: Int = 1
  ) throws(DataError) {
    try checkDimension(of: points)
    try points.checkFinite(rows: rows, threads: threads)
  }
}

/// What a mixture says of one point.
public struct PointAssignment: Sendable, Equatable {
  /// rᵢₖ for each component, summing to one with that of the background.
  public let responsibilities: [Double]

  /// rᵢ₀, if there is a background.
  public let background: Double?

  /// ln p(xᵢ), natural logarithm.
  public let logDensity: Double

  /// argmaxₖ rᵢₖ, counting from zero; the lowest of equals; −1 for the background.
  public var component: Int {
    let largest = responsibilities.indexOfLargest
    return background ?? 0 > responsibilities[largest] ? -1 : largest
  }

  /// 1 − maxₖ rᵢₖ, with that of the background among them.
  public var uncertainty: Double {
    1 - max(responsibilities[responsibilities.indexOfLargest], background ?? 0)
  }
}

extension [Double] {
  /// The place of the largest number, the first of equals; 0 where there is none.
  var indexOfLargest: Int { indices.reduce(0) { self[$1] > self[$0] ? $1 : $0 } }
}

/// The log-likelihood of points under a mixture, and what the information criteria need beside it.
public struct Score: Mergeable, Equatable {
  /// ℓ = Σᵢ wᵢ ln p(xᵢ), natural logarithm.
  public private(set) var logLikelihood = 0.0

  /// n = Σᵢ wᵢ, the number of points if all weights are one.
  public private(set) var pointCount = 0.0

  /// Σᵢ wᵢ ln maxₖ rᵢₖ, at most zero.
  public private(set) var logLargestResponsibility = 0.0

  /// −Σᵢ wᵢ Σₖ rᵢₖ ln rᵢₖ, at least zero.
  public private(set) var entropy = 0.0

  /// ℓ / n.
  public var logLikelihoodPerPoint: Double { logLikelihood / pointCount }

  /// Adds the points of a tile with their responsibilities, one run of `tile.capacity` per component.
  mutating func add(
    _ tile: Tile, _ responsibilities: UnsafeBufferPointer<Double>, logLikelihood: Double
  ) {
    pointCount += tile.totalWeight
    self.logLikelihood += logLikelihood
    withAlignedScratch(tile.capacity) { logs in
      var largest = Array(repeating: 0.0, count: tile.count)
      for start in stride(from: 0, to: responsibilities.count, by: tile.capacity) {
        let run = UnsafeBufferPointer(rebasing: responsibilities[start..<(start + tile.count)])
        tile.logarithms(of: run, into: logs)
        for index in 0..<tile.count {
          largest[index] = max(largest[index], run[index])
          // Weight zero times anything is nothing, and r ln r = 0 at zero and one.
          entropy -= tile.weights[index] * run[index] * logs[index]
        }
      }
      largest.withUnsafeBufferPointer { tile.logarithms(of: $0, into: logs) }
      for index in 0..<tile.count {
        logLargestResponsibility += tile.weights[index] * logs[index]
      }
    }
  }

  public mutating func merge(_ other: Score) {
    pointCount += other.pointCount
    logLikelihood += other.logLikelihood
    logLargestResponsibility += other.logLargestResponsibility
    entropy += other.entropy
  }
}

extension Tile {
  /// ln r of one responsibility per point; that of the smallest normal number below it, where r ln r is nothing.
  fileprivate func logarithms(
    of responsibilities: UnsafeBufferPointer<Double>, into logs: UnsafeMutablePointer<Double>
  ) {
    for index in 0..<lanes {
      logs[index] = index < count ? max(responsibilities[index], .leastNormalMagnitude) : 1
    }
    TileKernels.chosen.logarithm(logs, into: logs, lanes: lanes)
  }
}

/// Whether all coordinates are finite.
private struct Finiteness: Mergeable {
  var isFinite = true

  init() {}

  init(of tile: Tile) { isFinite = tile.withView(TileKernels.chosen.areFinite) }

  mutating func merge(_ other: Finiteness) { isFinite = isFinite && other.isFinite }
}

/// Results of consecutive points, in order: merging appends.
private struct Concatenation<Element: Sendable>: Mergeable {
  var elements: [Element] = []
  mutating func merge(_ other: Concatenation) { elements += other.elements }
}

private struct Sum: Mergeable {
  var value = 0.0
  mutating func merge(_ other: Sum) { value += other.value }
}
