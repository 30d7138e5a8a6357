import Mixtures

/// The 64-bit FNV-1a hash of the bit patterns of numbers, a word at a time.
///
/// Source: Fowler, Noll & Vo (1991), IEEE POSIX P1003.2 comments.
private struct Fingerprint {
  private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ number: Double) {
    hash = (hash ^ number.bitPattern) &* 0x100_0000_01B3
  }

  var text: String {
    let digits = String(hash, radix: 16)
    return "fnv1a64:" + String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension PointSource {
  /// A fingerprint of all coordinates in the order of the rows.
  public var digest: String {
    var fingerprint = Fingerprint()
    var tile = Tile(capacity: 512, dimension: dimension)
    for start in stride(from: 0, to: count, by: tile.capacity) {
      read(start..<min(count, start + tile.capacity), into: &tile)
      for index in 0..<tile.count {
        for column in 0..<dimension { fingerprint.add(tile[index, column]) }
      }
    }
    return fingerprint.text
  }
}

extension [Double] {
  /// A fingerprint of the numbers in their order.
  package var digest: String {
    var fingerprint = Fingerprint()
    for number in self { fingerprint.add(number) }
    return fingerprint.text
  }
}

extension GaussianMixture {
  /// A fingerprint of all parameters.
  package var digest: String {
    let background = background.map { [$0.weight, $0.logDensity] } ?? []
    return (weights + components.flatMap { $0.mean + $0.covariance.lowerTriangle } + background)
      .digest
  }
}
