import MixtureKernels

/// Decides how much of each point every component gets: the only thing in which the steps that
/// collect statistics differ.
protocol Assignment: Sendable {
  /// The number of components K.
  var componentCount: Int { get }

  /// K, and one more if there is a background.
  var runCount: Int { get }

  /// Writes the responsibilities of the tile's points.
  ///
  /// - Parameter responsibilities: ``runCount`` runs of `tile.capacity` values, of which the first `tile.lanes` are
  ///   written: finite, whatever they are beyond the last point.
  /// - Returns: Σᵢ wᵢ ln p(xᵢ), or zero where the rule knows no density.
  func assign(_ tile: Tile, into responsibilities: UnsafeMutableBufferPointer<Double>) -> Double

  /// As ``assign(_:into:)``, of responsibilities that obey the labels of points and are multiplied by weights: wᵢrᵢₖ, zero
  /// in the lanes beyond the last point.
  func share(_ tile: Tile, into shares: UnsafeMutableBufferPointer<Double>) -> Double
}

extension Assignment {
  var runCount: Int { componentCount }

  func share(_ tile: Tile, into shares: UnsafeMutableBufferPointer<Double>) -> Double {
    let logLikelihood = assign(tile, into: shares)
    tile.applyLabels(to: shares)
    tile.multiplyByWeights(shares)
    return logLikelihood
  }
}

/// The E-step: responsibilities under a mixture.
struct PosteriorAssignment<Component: MixtureComponent>: Assignment {
  let componentCount: Int
  private let terms: Component.Terms

  /// ln π₀ f₀(x).
  private let backgroundTerm: Double?

  var runCount: Int { componentCount + (backgroundTerm == nil ? 0 : 1) }

  init(_ mixture: Mixture<Component>, negligibleShare: Double = 0) {
    componentCount = mixture.componentCount
    backgroundTerm = mixture.background?.logTerm
    terms = Component.terms(
      of: mixture.components, weights: mixture.weights, negligibleShare: negligibleShare)
  }

  init(_ terms: Component.Terms, componentCount: Int, backgroundTerm: Double?) {
    self.terms = terms
    self.componentCount = componentCount
    self.backgroundTerm = backgroundTerm
  }

  func assign(_ tile: Tile, into responsibilities: UnsafeMutableBufferPointer<Double>) -> Double {
    normalise(tile, in: responsibilities, multiplying: false)
  }

  /// The terms obey labels.
  func share(_ tile: Tile, into shares: UnsafeMutableBufferPointer<Double>) -> Double {
    let logLikelihood = normalise(tile, in: shares, multiplying: true)
    if tile.countsWholePoints { tile.multiplyByWeights(shares) }
    return logLikelihood
  }

  /// - Parameter multiplying: responsibilities by weights, where these are more than whether a point counts.
  private func normalise(
    _ tile: Tile, in responsibilities: UnsafeMutableBufferPointer<Double>, multiplying: Bool
  ) -> Double {
    write(tile, into: responsibilities)
    guard let terms = responsibilities.baseAddress else { return 0 }
    guard tile.countsWholePoints else {
      return TileKernels.chosen.normaliseWeighted(
        terms, components: runCount, stride: tile.capacity, lanes: tile.lanes,
        weights: tile.weights, multiplying: multiplying, upcoming: tile.upcoming)
    }
    return TileKernels.chosen.normaliseTotal(
      terms, components: runCount, stride: tile.capacity, lanes: tile.lanes,
      weights: tile.hasUnitWeights && tile.count == tile.lanes ? nil : tile.weights,
      upcoming: tile.upcoming)
  }

  /// Calls `body` with the responsibilities, ``runCount`` runs of `tile.capacity` values, and the log-densities of the
  /// points of one tile.
  func withAssignment(
    of tile: Tile,
    _ body: (UnsafePointer<Double>, _ logDensities: UnsafePointer<Double>) -> Void
  ) {
    let count = runCount * tile.capacity
    withAlignedScratch(count + tile.capacity) { responsibilities in
      write(tile, into: UnsafeMutableBufferPointer(start: responsibilities, count: count))
      let logDensities = responsibilities + count
      TileKernels.chosen.normalise(
        responsibilities, components: runCount, stride: tile.capacity, lanes: tile.lanes,
        logDensities: logDensities)
      body(responsibilities, logDensities)
    }
  }

  /// ln(πₖ f(xᵢ; θₖ)), and behind them ln π₀ f₀ for the background.
  func write(_ tile: Tile, into terms: UnsafeMutableBufferPointer<Double>) {
    precondition(terms.count == runCount * tile.capacity, "one run per component")
    let own = componentCount * tile.capacity
    self.terms.write(tile, into: UnsafeMutableBufferPointer(rebasing: terms[..<own]))
    if let backgroundTerm { terms[own...].update(repeating: backgroundTerm) }
    tile.addLogLabels(to: terms)
  }
}

/// A rule that looks at one point at a time and knows no density.
protocol PointwiseAssignment: Assignment {
  /// The share that `component` gets of the point in the given row of the source.
  func responsibility(row: Int, component: Int) -> Double
}

extension PointwiseAssignment {
  func assign(_ tile: Tile, into responsibilities: UnsafeMutableBufferPointer<Double>) -> Double {
    responsibilities.update(repeating: 0)
    for k in 0..<componentCount {
      for index in 0..<tile.count {
        responsibilities[k * tile.capacity + index] =
          responsibility(row: tile.firstRow + index, component: k)
      }
    }
    return 0
  }
}

/// Responsibilities from a table, *n* × K.
struct GivenResponsibilities: PointwiseAssignment {
  private let matrix: Matrix

  var componentCount: Int { matrix.columnCount }

  /// Rows must be distributions: entries in 0...1 that sum to one within what six printed
  /// digits per entry allow.
  init(_ matrix: Matrix, points: Int) throws(DataError) {
    guard matrix.rowCount == points else {
      throw .countMismatch(what: "rows of responsibilities", found: matrix.rowCount, points: points)
    }
    let tolerance = 1e-6 * Double(max(1, matrix.columnCount))
    for row in 0..<matrix.rowCount {
      let entries = matrix.row(row)
      let sum = entries.reduce(0, +)
      guard entries.allSatisfy({ $0 >= 0 && $0 <= 1 }), abs(sum - 1) <= tolerance else {
        throw .invalidResponsibilities(row: row, sum: sum)
      }
    }
    self.matrix = matrix
  }

  func responsibility(row: Int, component: Int) -> Double { matrix[row, component] }
}

/// Every point belongs to the component of its label, counting from zero.
struct LabelAssignment: PointwiseAssignment {
  let labels: [Int]
  let componentCount: Int

  /// - Parameter labels: −1 for no component.
  init(_ labels: [Int], componentCount: Int) throws(DataError) {
    if let row = labels.firstIndex(where: { !(-1..<componentCount).contains($0) }) {
      throw .invalidLabel(row: row, label: labels[row], components: componentCount)
    }
    self.labels = labels
    self.componentCount = componentCount
  }

  func responsibility(row: Int, component: Int) -> Double { labels[row] == component ? 1 : 0 }
}

/// Responsibilities drawn uniformly from the simplex, as a function of seed and row alone.
struct RandomResponsibilities: Assignment {
  let componentCount: Int
  let seed: UInt64

  func assign(_ tile: Tile, into responsibilities: UnsafeMutableBufferPointer<Double>) -> Double {
    responsibilities.update(repeating: 0)
    for index in 0..<tile.count {
      var generator = SplitMix64(seed: SplitMix64.seed(seed, stream: tile.firstRow + index))
      var sum = 0.0
      for k in 0..<componentCount {
        let draw = standardExponential(using: &generator)
        responsibilities[k * tile.capacity + index] = draw
        sum += draw
      }
      for k in 0..<componentCount { responsibilities[k * tile.capacity + index] /= sum }
    }
    return 0
  }
}

/// Every point belongs to the nearest centre, the first of equals.
struct NearestCentreAssignment: Assignment {
  let centres: Centres

  var componentCount: Int { centres.count }

  func assign(_ tile: Tile, into responsibilities: UnsafeMutableBufferPointer<Double>) -> Double {
    responsibilities.update(repeating: 0)
    centres.withNearest(tile) { nearest in
      for index in 0..<tile.count { responsibilities[nearest[index] * tile.capacity + index] = 1 }
    }
    return 0
  }
}
