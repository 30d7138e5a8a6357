// The platform's elementary functions, without Foundation. The only file that asks where it runs.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Android)
  import Android
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(ucrt)
  import ucrt
#endif

/// ln x, the natural logarithm.
@inline(__always)
package func naturalLog(_ x: Double) -> Double { log(x) }

/// eˣ.
@inline(__always)
package func exponential(_ x: Double) -> Double { exp(x) }

/// cos x and sin x.
@inline(__always)
package func cosineAndSine(_ x: Double) -> (cosine: Double, sine: Double) { (cos(x), sin(x)) }

/// The angle of the point (x, y), from −π to π.
@inline(__always)
package func arcTangent(_ y: Double, _ x: Double) -> Double { atan2(y, x) }

/// ln 2π.
package let logTwoPi = 1.837_877_066_409_345_483_560_659_472_811_2

/// The number of processors that are online.
package var processorCount: Int {
  #if canImport(ucrt)
    return 1
  #else
    return max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  #endif
}
