import Mixtures

/// A mixture, and points drawn from it: a function of the seed and the shape alone.
///
/// The draw does not use the library's sampling, which is itself under test.
public struct Problem: Sendable, CustomStringConvertible {
  public let seed: UInt64
  public let truth: GaussianMixture
  public let points: Matrix
  /// The component of each point, counting from zero.
  public let labels: [Int]

  public var dimension: Int { points.columnCount }
  public var components: Int { truth.componentCount }
  public var description: String {
    "seed \(seed): \(points.rowCount) × \(dimension), K = \(components)"
  }

  /// - Parameters:
  ///   - separation: the standard deviation of the means, in units of the components' own.
  ///   - scale: multiplies, and `offset` then moves, all coordinates.
  public init(
    seed: UInt64, count: Int = 200, dimension: Int? = nil, components: Int? = nil,
    separation: Double = 3, offset: Double = 0, scale: Double = 1
  ) {
    var generator = SplitMix64(seed: seed)
    let d = dimension ?? Int.random(in: 1...8, using: &generator)
    let kinds = components ?? Int.random(in: 1...4, using: &generator)
    let members = (0..<kinds).map { _ in Member(dimension: d, separation, using: &generator) }
    let shares = (0..<kinds).map { _ in Double.random(in: 0.5...1.5, using: &generator) }
    let total = shares.reduce(0, +)
    var (elements, labels): ([Double], [Int]) = ([], [])
    for _ in 0..<count {
      var rest = Double.random(in: 0..<total, using: &generator)
      var k = 0
      while k < kinds - 1, rest >= shares[k] {
        rest -= shares[k]
        k += 1
      }
      labels.append(k)
      elements += members[k].draw(using: &generator).map { offset + scale * $0 }
    }
    self.seed = seed
    self.labels = labels
    points = Matrix(rowCount: count, columnCount: d, elements: elements)
    do {
      truth = try GaussianMixture(
        weights: shares.map { $0 / total },
        components: members.map { try $0.gaussian(offset: offset, scale: scale) })
    } catch {
      preconditionFailure("a random mixture is regular: \(error)")
    }
  }
}

/// x = μ + A z + 0.4 z′ with z, z′ standard normal, so that Σ = AAᵀ + 0.16 I.
private struct Member {
  let mean: [Double]
  let root: [[Double]]
  let ridge = 0.4

  init(dimension d: Int, _ separation: Double, using generator: inout SplitMix64) {
    mean = (0..<d).map { _ in separation * normal(using: &generator) }
    let size = 1 / Double(d).squareRoot()
    root = (0..<d).map { _ in (0..<d).map { _ in size * normal(using: &generator) } }
  }

  func draw(using generator: inout SplitMix64) -> [Double] {
    let z = mean.map { _ in normal(using: &generator) }
    return mean.indices.map { i in
      mean[i] + zip(root[i], z).reduce(0) { $0 + $1.0 * $1.1 }
        + ridge * normal(using: &generator)
    }
  }

  func gaussian(offset: Double, scale: Double) throws -> Gaussian {
    var packed: [Double] = []
    for i in mean.indices {
      for j in 0...i {
        var sum = i == j ? ridge * ridge : 0
        for c in mean.indices { sum += root[i][c] * root[j][c] }
        packed.append(scale * scale * sum)
      }
    }
    return try Gaussian(
      mean: mean.map { offset + scale * $0 },
      covariance: .full(lowerTriangle: packed, dimension: mean.count))
  }
}

/// A standard normal draw by the sum of twelve uniform ones: light tails, but no logarithm, no
/// rejection, and the same number of draws every time.
public func normal(using generator: inout some RandomNumberGenerator) -> Double {
  (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &generator) }
}

/// Rows of responsibilities, uniform on the simplex up to a power that sharpens them.
public func randomResponsibilities(
  _ count: Int, _ components: Int, seed: UInt64
) -> Matrix {
  var generator = SplitMix64(seed: seed)
  return Matrix(
    rows: (0..<count).map { _ in
      let shares = (0..<components).map { _ in
        let u = Double.random(in: 0.01..<1, using: &generator)
        return u * u
      }
      return shares.map { $0 / shares.reduce(0, +) }
    })
}

extension Matrix {
  /// The rows of the given numbers, in that order.
  public func selecting(_ rows: some Sequence<Int>) -> Matrix {
    Matrix(rows: rows.map(row), columnNames: columnNames)
  }

  /// The same columns, every entry changed as the closure says.
  public func mapping(_ change: (_ column: Int, _ value: Double) -> Double) -> Matrix {
    Matrix(
      rowCount: rowCount, columnCount: columnCount,
      elements: elements.enumerated().map { change($0 % columnCount, $1) },
      columnNames: columnNames)
  }

  /// Each row as often as its count says.
  public func repeating(_ counts: [Int]) -> Matrix {
    selecting(counts.enumerated().flatMap { Array(repeating: $0, count: $1) })
  }
}
