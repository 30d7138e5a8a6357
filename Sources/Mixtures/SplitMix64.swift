import MixtureKernels

/// A small seeded generator: the same seed gives the same numbers on every machine.
///
/// Source: Steele, Lea & Flood (2014), "Fast splittable pseudorandom number generators", OOPSLA.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator that draws the same numbers for the same seed.
  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  private static func mix(_ state: UInt64) -> UInt64 {
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The seed of one of many independent streams, such as restart `stream` of a fit.
  static func seed(_ seed: UInt64, stream: Int) -> UInt64 {
    mix(mix(seed) &+ 0x9E37_79B9_7F4A_7C15 &* (UInt64(truncatingIfNeeded: stream) &+ 1))
  }
}

/// A draw from the standard normal distribution.
///
/// Source: Marsaglia & Bray (1964), "A convenient method for generating normal variables".
func standardNormal(using generator: inout some RandomNumberGenerator) -> Double {
  while true {
    let u = Double.random(in: -1..<1, using: &generator)
    let v = Double.random(in: -1..<1, using: &generator)
    let square = u * u + v * v
    if square > 0, square < 1 { return u * (-2 * naturalLog(square) / square).squareRoot() }
  }
}

/// A draw from the exponential distribution of mean one, always positive.
func standardExponential(using generator: inout some RandomNumberGenerator) -> Double {
  standardExponential(of: uniform(using: &generator))
}

/// The draw from the exponential distribution that a uniform one makes: −ln(1 − u), positive even where u is next to nothing.
func standardExponential(of uniform: Double) -> Double {
  max(.leastNormalMagnitude, -naturalLog(1 - uniform))
}

/// A draw from the uniform distribution on (0, 1).
func uniform(using generator: inout some RandomNumberGenerator) -> Double {
  Double.random(in: Double.leastNormalMagnitude..<1, using: &generator)
}
