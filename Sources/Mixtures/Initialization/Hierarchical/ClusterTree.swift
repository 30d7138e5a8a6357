/// Which clusters were joined, from every point on its own to all in one.
public struct ClusterTree: Sendable, Equatable {
  /// Two clusters that become one, each named by the first of its points.
  public struct Merge: Sendable, Equatable {
    /// The lower of the two, and the name of the union.
    public let kept: Int
    /// The higher.
    public let absorbed: Int
  }

  /// How many points there are.
  public let pointCount: Int

  /// One fewer than points, in the order in which they were made.
  public let merges: [Merge]

  /// The partition into so many clusters: a label from zero for each point, clusters being numbered by their first
  /// points.
  ///
  /// - Precondition: `clusters` is from 1 to ``pointCount``.
  public func labels(clusters: Int) -> [Int] {
    precondition((1...pointCount).contains(clusters), "from one cluster to as many as points")
    var cluster = Array(0..<pointCount)
    for merge in merges.prefix(pointCount - clusters) { cluster[merge.absorbed] = merge.kept }
    var labels = Array(repeating: 0, count: pointCount)
    var count = 0
    for point in 0..<pointCount {
      // A name leads to a lower one, whose label is known, or to itself.
      if cluster[point] == point {
        labels[point] = count
        count += 1
      } else {
        labels[point] = labels[cluster[point]]
      }
    }
    return labels
  }
}
