// Short vectors as arrays, each made in one piece: a zip does not know how long it is, so mapping one allocates again and again.

/// a ∘ b, entry by entry, for vectors of equal length.
@inlinable
package func entrywise(
  _ a: [Double], _ b: [Double], _ operation: (Double, Double) -> Double
) -> [Double] {
  precondition(a.count == b.count, "vectors of equal length")
  return a.indices.map { operation(a[$0], b[$0]) }
}

/// aᵀb for vectors of equal length.
@inlinable
package func innerProduct(_ a: [Double], _ b: [Double]) -> Double {
  precondition(a.count == b.count, "vectors of equal length")
  var sum = 0.0
  for index in a.indices { sum += a[index] * b[index] }
  return sum
}

/// So many zeros.
@inlinable
package func zeros(_ count: Int) -> [Double] { (0..<count).map { _ in 0 } }

extension Array {
  /// So many numbers of each element, one after another.
  @inlinable
  package func flattened(_ width: Int, _ number: (Element, Int) -> Double) -> [Double] {
    var numbers: [Double] = []
    numbers.reserveCapacity(count * width)
    for element in self {
      for index in 0..<width { numbers.append(number(element, index)) }
    }
    return numbers
  }
}
