import Foundation
import MixtureTestSupport
import Mixtures

typealias Random = SplitMix64

/// Values uniform in (−1, 1).
func randomValues(_ count: Int, seed: UInt64) -> [Double] {
  var generator = Random(seed: seed)
  return (0..<count).map { _ in .random(in: -1...1, using: &generator) }
}

func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
