/// Eigenvalues, ascending, and eigenvectors of a symmetric matrix: A = V diag(λ) Vᵀ.
///
/// Householder reduction to tridiagonal form, then implicit QL steps with Wilkinson's
/// shift. O(d³) time.
///
/// Source: Golub & Van Loan (2013), *Matrix Computations*, §8.3.
package struct SymmetricEigen: Sendable {
  package let values: [Double]

  /// The unit eigenvector of `values[index]`.
  package func vector(_ index: Int) -> [Double] { (0..<values.count).map { self[$0, index] } }

  /// Entry `row` of the unit eigenvector of `values[index]`.
  package subscript(row: Int, index: Int) -> Double { vectors[row * values.count + index] }

  private let vectors: [Double]  // row by row; columns are eigenvectors

  /// Decomposes a packed lower triangle of finite entries.
  package init(packed matrix: [Double], dimension: Int) {
    precondition(matrix.count == packedCount(dimension), "a packed lower triangle")
    var work = Tridiagonalisation(packed: matrix, dimension: dimension, withBasis: true)
    work.diagonalise()
    work.sort()
    values = work.diagonal
    vectors = work.basis
  }

  /// The eigenvalues alone, ascending: the same ones, in a fraction of the time.
  package static func values(packed matrix: [Double], dimension: Int) -> [Double] {
    precondition(matrix.count == packedCount(dimension), "a packed lower triangle")
    var work = Tridiagonalisation(packed: matrix, dimension: dimension, withBasis: false)
    work.diagonalise()
    work.sort()
    return work.diagonal
  }
}

/// T = QᵀAQ with T tridiagonal; `diagonalise` turns T into the eigenvalues and Q into the vectors.
private struct Tridiagonalisation {
  let n: Int
  var diagonal: [Double]
  var offDiagonal: [Double]  // offDiagonal[i] couples i and i + 1
  var basis: [Double]  // Q, row by row; empty where it is not wanted

  init(packed matrix: [Double], dimension n: Int, withBasis: Bool) {
    self.n = n
    diagonal = zeros(n)
    offDiagonal = diagonal
    basis = withBasis ? zeros(n * n) : []
    if withBasis { for i in 0..<n { basis[i * n + i] = 1 } }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: n * (n + 2)) { work in
      let a = UnsafeMutableBufferPointer(rebasing: work[..<(n * n)])
      for i in 0..<n {
        for j in 0...i {
          a[i * n + j] = matrix[packedIndex(i, j)]
          a[j * n + i] = a[i * n + j]
        }
      }
      reduce(a, UnsafeMutableBufferPointer(rebasing: work[(n * n)...]))
      for i in 0..<n { diagonal[i] = a[i * n + i] }
      for i in 0..<max(0, n - 1) { offDiagonal[i] = a[(i + 1) * n + i] }
    }
  }

  /// One reflection H = I − βvvᵀ per column zeroes what stands below the subdiagonal.
  ///
  /// - Parameter room: for 2n numbers.
  private mutating func reduce(
    _ a: UnsafeMutableBufferPointer<Double>, _ room: UnsafeMutableBufferPointer<Double>
  ) {
    guard n > 2 else { return }
    let v = UnsafeMutableBufferPointer(rebasing: room[..<n])
    let p = UnsafeMutableBufferPointer(rebasing: room[n...])
    for column in 0..<(n - 2) {
      let below = (column + 1)..<n
      var largest = 0.0
      for i in below { largest = max(largest, abs(a[i * n + column])) }
      guard below.dropFirst().contains(where: { a[$0 * n + column] != 0 }) else { continue }
      v[column] = 0
      var squares = 0.0
      for i in below {
        v[i] = a[i * n + column] / largest
        squares += v[i] * v[i]
      }
      let norm = squares.squareRoot()
      v[column + 1] += v[column + 1] < 0 ? -norm : norm
      var length = 0.0
      for i in below { length += v[i] * v[i] }
      reflectBothSides(a, v, 2 / length, from: column, p)
      reflectBasis(v, 2 / length, from: column + 1)
    }
  }

  private func reflectBothSides(
    _ a: UnsafeMutableBufferPointer<Double>, _ v: UnsafeMutableBufferPointer<Double>,
    _ beta: Double, from first: Int, _ p: UnsafeMutableBufferPointer<Double>
  ) {
    var projection = 0.0
    for i in first..<n {
      var sum = 0.0
      for j in first..<n { sum += a[i * n + j] * v[j] }
      p[i] = beta * sum
      projection += p[i] * v[i]
    }
    for i in first..<n { p[i] -= beta * projection / 2 * v[i] }
    for i in first..<n {
      for j in first..<n { a[i * n + j] -= v[i] * p[j] + p[i] * v[j] }
    }
  }

  private mutating func reflectBasis(
    _ v: UnsafeMutableBufferPointer<Double>, _ beta: Double, from first: Int
  ) {
    guard !basis.isEmpty else { return }
    for i in 0..<n {
      var sum = 0.0
      for j in first..<n { sum += basis[i * n + j] * v[j] }
      for j in first..<n { basis[i * n + j] -= beta * sum * v[j] }
    }
  }

  /// Puts the eigenvalues into ascending order, and the vectors with them.
  mutating func sort() {
    for i in 0..<n {
      var smallest = i
      for j in i..<n where diagonal[j] < diagonal[smallest] { smallest = j }
      guard smallest != i else { continue }
      diagonal.swapAt(i, smallest)
      guard !basis.isEmpty else { continue }
      for row in 0..<n { basis.swapAt(row * n + i, row * n + smallest) }
    }
  }

  /// Each pass of the inner loop chases one bulge upwards; the shift makes convergence cubic.
  /// Thirty passes per eigenvalue are far beyond what finite input needs.
  mutating func diagonalise() {
    for first in 0..<n {
      for _ in 0..<30 {
        let last = endOfBlock(from: first)
        guard last > first else { break }
        chaseBulge(from: last, to: first)
      }
    }
  }

  private func endOfBlock(from first: Int) -> Int {
    var last = first
    while last < n - 1 {
      let scale = abs(diagonal[last]) + abs(diagonal[last + 1])
      if abs(offDiagonal[last]) <= Double.ulpOfOne / 2 * scale { break }
      last += 1
    }
    return last
  }

  private mutating func chaseBulge(from last: Int, to first: Int) {
    var (g, r) = (0.0, 0.0)
    g = (diagonal[first + 1] - diagonal[first]) / (2 * offDiagonal[first])
    r = hypotenuse(g, 1)
    g = diagonal[last] - diagonal[first] + offDiagonal[first] / (g + (g < 0 ? -r : r))
    var (sine, cosine, p) = (1.0, 1.0, 0.0)
    var i = last - 1
    while i >= first {
      let f = sine * offDiagonal[i]
      let b = cosine * offDiagonal[i]
      r = hypotenuse(f, g)
      offDiagonal[i + 1] = r
      guard r != 0 else {
        diagonal[i + 1] -= p
        break
      }
      sine = f / r
      cosine = g / r
      g = diagonal[i + 1] - p
      r = (diagonal[i] - g) * sine + 2 * cosine * b
      p = sine * r
      diagonal[i + 1] = g + p
      g = cosine * r - b
      rotateBasis(i, cosine, sine)
      i -= 1
    }
    if r == 0, i >= first {
      offDiagonal[last] = 0
      return
    }
    diagonal[first] -= p
    offDiagonal[first] = g
    offDiagonal[last] = 0
  }

  private mutating func rotateBasis(_ i: Int, _ cosine: Double, _ sine: Double) {
    guard !basis.isEmpty else { return }
    for row in 0..<n {
      let (left, right) = (basis[row * n + i], basis[row * n + i + 1])
      basis[row * n + i + 1] = sine * left + cosine * right
      basis[row * n + i] = cosine * left - sine * right
    }
  }
}

/// √(x² + y²) without overflow of the squares.
private func hypotenuse(_ x: Double, _ y: Double) -> Double {
  let (large, small) = (max(abs(x), abs(y)), min(abs(x), abs(y)))
  guard large > 0 else { return 0 }
  let ratio = small / large
  return large * (1 + ratio * ratio).squareRoot()
}
