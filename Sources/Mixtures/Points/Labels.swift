import MixtureKernels

/// What is known of the component that produced each point: nothing, the component, some that are possible, or how probable
/// each is.
///
/// The E-step multiplies the density of a point under a component by what its label says of that component: one where it is
/// allowed, zero where it is not, or its probability. So ℓ sums ln Σₖ qᵢₖ πₖ f(xᵢ; θₖ), and for a point whose component is known
/// ln πₖ f(xᵢ; θₖ) with that k.
///
/// Source: McLachlan & Peel (2000), *Finite Mixture Models*, §2.19 (partially classified data).
public struct Labels: Sendable, Equatable {
  /// What each distinct label says.
  let table: LabelTable

  /// The label of each point, a row of the table; negative where nothing is known.
  let numbers: [Int32]

  /// How many components labels speak of: they are the first ones of a mixture, which may have more.
  public var count: Int { table.count }

  /// Components of some points.
  ///
  /// - Parameters:
  ///   - components: that of each point, counting from zero; `nil` where it is not known.
  ///   - count: how many there are.
  /// - Throws: ``DataError`` naming the first that is not in `0..<count`.
  public init(_ components: [Int?], count: Int) throws(DataError) {
    try self.init(allowed: components.map { $0.map { [$0] } }, count: count)
  }

  /// Components that are possible.
  ///
  /// - Parameters:
  ///   - allowed: those of each point, counting from zero, at least one; `nil` where all are possible.
  ///   - count: how many there are.
  /// - Throws: ``DataError`` naming the first row with none or with one that is not in `0..<count`.
  public init(allowed: [Set<Int>?], count: Int) throws(DataError) {
    for (row, set) in allowed.enumerated() {
      guard let set else { continue }
      let wrong = set.isEmpty ? -1 : set.filter { !(0..<count).contains($0) }.min()
      if let wrong { throw .invalidLabel(row: row, label: wrong, components: count) }
    }
    self.init(
      allowed.map { set in set.map { set in (0..<count).map { set.contains($0) ? 1 : 0 } } },
      count: count)
  }

  /// How probable each component is, beside what the point's coordinates say.
  ///
  /// - Parameter probabilities: *n* × K, each row in 0...1 summing to one.
  /// - Throws: ``DataError`` naming the first row that is no distribution.
  public init(probabilities: Matrix) throws(DataError) {
    _ = try GivenResponsibilities(probabilities, points: probabilities.rowCount)
    table = LabelTable(probabilities.rows, count: probabilities.columnCount)
    numbers = (0..<probabilities.rowCount).map { Int32(truncatingIfNeeded: $0) }
  }

  /// What each point says of each component; `nil` for nothing.
  private init(_ factors: [[Double]?], count: Int) {
    var known: [[Double]: Int32] = [:]
    var distinct: [[Double]] = []
    numbers = factors.map { own in
      guard let own else { return -1 }
      if let number = known[own] { return number }
      let number = Int32(truncatingIfNeeded: distinct.count)
      known[own] = number
      distinct.append(own)
      return number
    }
    table = LabelTable(distinct, count: count)
  }

  init(_ table: LabelTable, numbers: [Int32]) {
    self.table = table
    self.numbers = numbers
  }

  /// How many points there are.
  public var pointCount: Int { numbers.count }
}

/// What distinct labels say of the first components: qₖ and ln qₖ. Of others they say that they are impossible.
struct LabelTable: Sendable, Equatable {
  let count: Int
  private let factors: [Double]
  let logFactors: [Double]

  init(_ rows: [[Double]], count: Int) {
    self.count = count
    factors = rows.flatMap(\.self)
    logFactors = factors.map { $0 > 0 ? naturalLog($0) : -.infinity }
  }

  func factor(_ label: Int32, _ component: Int) -> Double {
    component < count ? factors[Int(label) * count + component] : 0
  }

  /// Whether a label leaves one component; none is no label.
  func isDecided(_ label: Int32) -> Bool {
    label >= 0 && (0..<count).count { factor(label, $0) > 0 } == 1
  }
}

/// The labels of a tile's points.
struct TileLabels: Sendable {
  let table: LabelTable

  /// One per point; negative where nothing is known.
  let numbers: ArraySlice<Int32>

  /// The points that have one, by their place in the tile.
  func visit(_ body: (_ index: Int, _ label: Int32) -> Void) {
    for (index, label) in numbers.enumerated() where label >= 0 { body(index, label) }
  }

  /// The label at a place in the tile; negative where nothing is known.
  subscript(index: Int) -> Int32 { numbers[numbers.startIndex + index] }
}

/// Points of which some are known to belong to a component.
public struct LabelledPoints: PointSource {
  /// The points.
  public let points: any PointSource

  /// What is known of them.
  public let labels: Labels

  /// Gives each point its label.
  ///
  /// - Throws: ``DataError`` unless there is one for each.
  public init(_ points: any PointSource, labels: Labels) throws(DataError) {
    guard labels.pointCount == points.count else {
      throw .countMismatch(what: "labels", found: labels.pointCount, points: points.count)
    }
    self.init(checked: points, labels)
  }

  private init(checked points: any PointSource, _ labels: Labels) {
    self.points = points
    self.labels = labels
    patternGroups = points.patternGroups?.map { group in
      group.with { points, rows in
        LabelledPoints(
          checked: points, Labels(labels.table, numbers: rows.map { labels.numbers[$0] }))
      }
    }
  }

  public let patternGroups: [PatternGroup]?

  public var count: Int { points.count }
  public var dimension: Int { points.dimension }
  public var featureNames: [String] { points.featureNames }
  public var labelCount: Int { labels.count }

  public func read(_ rows: Range<Int>, into tile: inout Tile) {
    points.read(rows, into: &tile)
    tile.label(TileLabels(table: labels.table, numbers: labels.numbers[rows]))
  }

  public func willRead(_ rows: Range<Int>) { points.willRead(rows) }
  public func checkReading() throws(DataError) { try points.checkReading() }
}

extension Tile {
  /// Adds ln qᵢₖ to terms ln πₖ f(xᵢ; θₖ), of which there is a run of `capacity` for each component.
  func addLogLabels(to terms: UnsafeMutableBufferPointer<Double>) {
    guard let labels, let first = terms.baseAddress else { return }
    labels.numbers.withUnsafeBufferPointer {
      TileKernels.chosen.addLabels(
        to: first, components: terms.count / capacity, stride: capacity, labels: $0,
        known: labels.table.count, logFactors: labels.table.logFactors)
    }
  }

  /// Multiplies responsibilities that know nothing of labels by qᵢₖ, so that they still sum to one; where nothing is left, they
  /// become those of the label.
  func applyLabels(to responsibilities: UnsafeMutableBufferPointer<Double>) {
    guard let labels else { return }
    let components = 0..<(responsibilities.count / capacity)
    labels.visit { index, label in
      var sum = 0.0
      for k in components {
        responsibilities[k * capacity + index] *= labels.table.factor(label, k)
        sum += responsibilities[k * capacity + index]
      }
      if sum == 0 {
        for k in components {
          responsibilities[k * capacity + index] = labels.table.factor(label, k)
          sum += responsibilities[k * capacity + index]
        }
      }
      for k in components { responsibilities[k * capacity + index] /= sum }
    }
  }
}

extension PointSource {
  /// The components that labels of points decide on, of points that count.
  ///
  /// - Complexity: one pass over the points if there are labels.
  var labelledComponents: Set<Int> {
    guard labelCount > 0 else { return [] }
    var found: Set<Int> = []
    var tile = Tile(capacity: 1024, dimension: dimension)
    for start in stride(from: 0, to: count, by: tile.capacity) {
      read(start..<min(count, start + tile.capacity), into: &tile)
      guard let labels = tile.labels else { continue }
      labels.visit { index, label in
        guard tile.weights[index] > 0, labels.table.isDecided(label) else { return }
        found.formUnion((0..<labelCount).filter { labels.table.factor(label, $0) > 0 })
      }
    }
    return found
  }
}
