/// A partition of points into folds, each of which is held out in turn.
public struct Folds: Sendable, Equatable {
  /// How many there are.
  public let count: Int

  /// The fold of each point.
  private let foldOfRow: [Int32]

  /// Folds of equal size, up to one point, drawn from a seed.
  ///
  /// - Parameters:
  ///   - count: from 2 to the number of points that count.
  ///   - points: how many points there are.
  ///   - weights: that of each, `nil` if all count. Points of weight zero are absent: no draw depends on them, and their fold is the
  ///     first.
  /// - Throws: ``DataError/invalidFolds(_:points:)``.
  /// - Complexity: four bytes per point.
  public init(
    _ count: Int, of points: Int, weights: [Double]? = nil, seed: UInt64
  ) throws(DataError) {
    let counting = weights?.count { $0 != 0 } ?? points
    guard count >= 2, count <= counting, count <= Int32.max else {
      throw .invalidFolds(count, points: counting)
    }
    self.count = count
    var generator = SplitMix64(seed: seed)
    var folds = (0..<counting).map { Int32($0 % count) }
    folds.shuffle(using: &generator)
    var rest = folds[...]
    foldOfRow = weights?.map { $0 == 0 ? 0 : rest.popFirst() ?? 0 } ?? folds
  }

  /// As ``init(_:of:weights:seed:)``, with every class in each fold in its proportion, up to one point of it.
  ///
  /// - Parameters:
  ///   - classes: that of each point.
  ///   - weights: as there.
  /// - Throws: ``DataError/invalidFolds(_:points:)``.
  public init(
    _ count: Int, stratifying classes: [Int], weights: [Double]? = nil, seed: UInt64
  ) throws(DataError) {
    var rows = classes.indices.filter { weights?[$0] != 0 }
    guard count >= 2, count <= rows.count, count <= Int32.max else {
      throw .invalidFolds(count, points: rows.count)
    }
    self.count = count
    var generator = SplitMix64(seed: seed)
    rows.shuffle(using: &generator)
    rows.sort { classes[$0] < classes[$1] }
    var folds = Array(repeating: Int32(0), count: classes.count)
    for (place, row) in rows.enumerated() { folds[row] = Int32(place % count) }
    foldOfRow = folds
  }

  /// One fold for each distinct name, in the order in which they come.
  ///
  /// - Parameter names: that of each point's fold.
  /// - Throws: ``DataError/invalidFolds(_:points:)`` for fewer than two names.
  public init(named names: [some Hashable]) throws(DataError) {
    var numbers: [AnyHashable: Int32] = [:]
    foldOfRow = names.map { name in
      if let number = numbers[name] { return number }
      let number = Int32(truncatingIfNeeded: numbers.count)
      numbers[name] = number
      return number
    }
    count = numbers.count
    guard count >= 2, count <= Int32.max else { throw .invalidFolds(count, points: names.count) }
  }

  /// How many points have a fold.
  public var pointCount: Int { foldOfRow.count }

  /// The fold of the point in the given row.
  public subscript(row: Int) -> Int { Int(foldOfRow[row]) }

  /// All points but those of one fold, which say nothing of any other's missing cells.
  func training(without fold: Int, of points: any PointSource) throws(DataError) -> any PointSource
  {
    let others = try points.restricted { self[$0] != fold }
    guard let groups = others.patternGroups else { return others }
    return try RefilledPoints(others, groups: groups)
  }

  /// The points of one fold.
  func heldOut(_ fold: Int, of points: any PointSource) throws(DataError) -> any PointSource {
    try points.restricted { self[$0] == fold }
  }
}
