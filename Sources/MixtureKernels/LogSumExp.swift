// From log-densities to responsibilities, for a tile of points.

/// Turns ln(πₖ fₖ(x)) into responsibilities, in place, and into log-densities of the mixture.
///
/// Each point's terms are shifted by their maximum and divided by their sum, so the
/// responsibilities sum to one even where every density underflows. Where the quadratic
/// form itself overflows, no term is finite: the log-density is −∞ and every component
/// is given the same responsibility.
///
/// - Parameters:
///   - terms: `components` runs of `capacity` values.
///   - logDensities: ln Σₖ πₖ fₖ(x), one value per point.
package func normalise(
  _ terms: UnsafeMutablePointer<Double>, components: Int, capacity: Int,
  logDensities: UnsafeMutablePointer<Double>
) {
  for point in 0..<capacity {
    var largest = -Double.infinity
    for k in 0..<components { largest = max(largest, terms[k * capacity + point]) }
    guard largest > -.infinity else {
      for k in 0..<components { terms[k * capacity + point] = 1 / Double(components) }
      logDensities[point] = -.infinity
      continue
    }
    var sum = 0.0
    for k in 0..<components {
      let term = exponential(terms[k * capacity + point] - largest)
      terms[k * capacity + point] = term
      sum += term
    }
    let reciprocal = 1 / sum
    for k in 0..<components { terms[k * capacity + point] *= reciprocal }
    logDensities[point] = largest + naturalLog(sum)
  }
}
