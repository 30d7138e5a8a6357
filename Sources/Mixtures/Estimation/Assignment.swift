import MixtureKernels

/// Decides how much of each point every component gets: the only thing in which the steps that
/// collect statistics differ.
protocol Assignment: Sendable {
  /// The number of components K.
  var componentCount: Int { get }

  /// Writes the responsibilities of the tile's points.
  ///
  /// - Parameter responsibilities: K runs of `tile.capacity` values, of which the first `tile.lanes` are
  ///   written: finite, whatever they are beyond the last point.
  /// - Returns: Σᵢ wᵢ ln p(xᵢ), or zero where the rule knows no density.
  func assign(_ tile: Tile, into responsibilities: UnsafeMutableBufferPointer<Double>) -> Double
}

/// The E-step: responsibilities under a mixture.
struct PosteriorAssignment<Component: MixtureComponent>: Assignment {
  let componentCount: Int
  private let terms: Component.Terms

  init(_ mixture: Mixture<Component>, negligibleShare: Double = 0) {
    componentCount = mixture.componentCount
    terms = Component.terms(
      of: mixture.components, weights: mixture.weights, negligibleShare: negligibleShare)
  }

  func assign(_ tile: Tile, into responsibilities: UnsafeMutableBufferPointer<Double>) -> Double {
    guard tile.countsWholePoints else { return weighted(tile, into: responsibilities) }
    write(tile, into: responsibilities)
    guard let terms = responsibilities.baseAddress else { return 0 }
    return TileKernels.chosen.normaliseTotal(
      terms, components: componentCount, stride: tile.capacity, lanes: tile.lanes,
      weights: tile.weights)
  }

  private func weighted(
    _ tile: Tile, into responsibilities: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    withAlignedScratch(tile.capacity) { logs in
      assign(tile, into: responsibilities, logDensities: logs)
      var sum = 0.0
      for index in 0..<tile.count where tile.weights[index] > 0 {
        sum += tile.weights[index] * logs[index]
      }
      return sum
    }
  }

  /// Responsibilities and log-densities of the points of one tile, `tile.capacity` values of the latter.
  func assign(
    _ tile: Tile, into responsibilities: UnsafeMutableBufferPointer<Double>,
    logDensities: UnsafeMutablePointer<Double>
  ) {
    write(tile, into: responsibilities)
    guard let terms = responsibilities.baseAddress else { return }
    TileKernels.chosen.normalise(
      terms, components: componentCount, stride: tile.capacity, lanes: tile.lanes,
      logDensities: logDensities)
  }

  /// ln(πₖ f(xᵢ; θₖ)).
  func write(_ tile: Tile, into terms: UnsafeMutableBufferPointer<Double>) {
    precondition(terms.count == componentCount * tile.capacity, "one run per component")
    self.terms.write(tile, into: terms)
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

  init(_ labels: [Int], componentCount: Int) throws(DataError) {
    if let row = labels.firstIndex(where: { !(0..<componentCount).contains($0) }) {
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
