import Mixtures

extension PointSource {
  /// A fingerprint of all coordinates in the order of the rows: the 64-bit FNV-1a hash of their bit
  /// patterns, a word at a time.
  ///
  /// Source: Fowler, Noll & Vo (1991), IEEE POSIX P1003.2 comments.
  public var digest: String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    var tile = Tile(capacity: 512, dimension: dimension)
    for start in stride(from: 0, to: count, by: tile.capacity) {
      read(start..<min(count, start + tile.capacity), into: &tile)
      for index in 0..<tile.count {
        for column in 0..<dimension {
          hash = (hash ^ tile[index, column].bitPattern) &* 0x100_0000_01B3
        }
      }
    }
    let digits = String(hash, radix: 16)
    return "fnv1a64:" + String(repeating: "0", count: 16 - digits.count) + digits
  }
}
