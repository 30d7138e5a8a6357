import MixtureKernels

/// Where an axis is marked, and with what.
package struct Ticks: Sendable, Equatable {
  package var values: [Double]
  package var labels: [String]

  /// What is done to the quantity before it is printed, as in ` − 100000000`, ` / 10⁶` or ` − 1, in units of 10⁻⁶`; empty where
  /// nothing is.
  package var note = ""

  package init(values: [Double] = [], labels: [String] = [], note: String = "") {
    self.values = values
    self.labels = labels
    self.note = note
  }

  /// Round values, about `count` of them.
  ///
  /// Where the range is short and far from zero, labels tell the distance from a round number, and where values are very large or
  /// small, their multiple of a power of ten.
  package init(_ range: ClosedRange<Double>, count: Int) {
    let half = range.upperBound / 2 - range.lowerBound / 2
    guard half > 0, half.isFinite, count > 0 else {
      self.init()
      return
    }
    // One mark alone tells nothing of the scale, and two little.
    let tried = [count, 2 * count, 4 * count].map {
      Ticks(range, step: Self.step(for: half / Double($0) * 2))
    }
    self = tried.first { $0.values.count > 2 } ?? tried.first { $0.values.count > 1 } ?? Ticks()
  }

  private init(_ range: ClosedRange<Double>, step: Double) {
    let offset = Self.offset(of: range, step: step)
    let ends = (lower: range.lowerBound - offset, upper: range.upperBound - offset)
    let first = (ends.lower / step - 1e-9).rounded(.up)
    let last = (ends.upper / step + 1e-9).rounded(.down)
    guard abs(first) < 1e12, last >= first, last - first < 1000 else {
      self.init()
      return
    }
    let multiples = (Int(first)...Int(last)).map(Double.init)
    // An end that rounding puts below a power of ten has that power.
    let largest = max(abs(ends.lower), abs(ends.upper)) * (1 + 1e-9)
    let power = largest >= 1e6 || largest < 1e-2 ? largest.decimalExponent : 0
    let unit = Double.powerOfTen(power)
    let decimals = max(0, power - step.decimalExponent)
    self.init(
      values: multiples.map { offset + $0 * step },
      labels: multiples.map { ($0 * step / unit).shown(decimals) },
      note: Self.note(offset: offset, power: power))
  }

  /// Whole numbers, of which at most `count` are marked.
  package init(integers range: ClosedRange<Int>, count: Int) {
    let span = range.upperBound - range.lowerBound
    var (step, unit) = (1, 1)
    while span / step >= max(1, count), unit < 1_000_000_000_000 {
      if step == 5 * unit { unit *= 10 }
      step = step == unit ? 2 * unit : step == 2 * unit ? 5 * unit : unit
    }
    let first = (range.lowerBound + step - 1) / step * step
    let values = stride(from: first, through: range.upperBound, by: step)
    self.init(values: values.map(Double.init), labels: values.map(\.grouped))
  }

  /// Powers of ten, of values whose decimal logarithms lie in the range.
  package init(logarithms range: ClosedRange<Double>, count: Int) {
    let (low, high) = (Int(range.lowerBound.rounded(.up)), Int(range.upperBound.rounded(.down)))
    guard low <= high else {
      self.init()
      return
    }
    let step = max(1, (high - low + count) / max(1, count))
    let exponents = (low...high).filter { $0 % step == 0 }
    self.init(
      values: exponents.map(Double.init),
      labels: exponents.map { $0 == 0 ? "1" : "10" + $0.superscript })
  }

  /// Every second mark, or third, …, as many as have room for their labels in a length.
  package func thinned(to length: Double, width: (String) -> Double) -> Ticks {
    let widest = (labels.map(width).max() ?? 0) + 6
    let room = max(1, Int(length / widest))
    let step = (values.count + room - 1) / room
    guard step > 1 else { return self }
    let kept = values.indices.filter { $0 % step == 0 }
    return Ticks(values: kept.map { values[$0] }, labels: kept.map { labels[$0] }, note: note)
  }

  /// 1, 2, or 5 times a power of ten, the first that is no less; 2.5 would take one more digit.
  private static func step(for least: Double) -> Double {
    let exponent = least.decimalExponent
    let digit = [1, 2, 5].first { Double("\($0)e\(exponent)") ?? 0 >= least * (1 - 1e-9) }
    return digit.flatMap { Double("\($0)e\(exponent)") } ?? Double.powerOfTen(exponent + 1)
  }

  /// A round number near the range, where labels would need more than five digits without it.
  private static func offset(of range: ClosedRange<Double>, step: Double) -> Double {
    let magnitude = max(abs(range.lowerBound), abs(range.upperBound))
    guard magnitude / step > 1e5 else { return 0 }
    let span = range.upperBound - range.lowerBound
    let unit = Double.powerOfTen(span.decimalExponent + 1)
    return (range.lowerBound / unit).rounded() * unit
  }

  private static func note(offset: Double, power: Int) -> String {
    let unit = "10" + power.superscript
    guard offset != 0 else { return power == 0 ? "" : " / " + unit }
    let shift = (offset > 0 ? " − " : " + ") + abs(offset).shown(significant: 15)
    // A quotient after a difference would be read as that of the number before it.
    return shift + (power == 0 ? "" : ", in units of " + unit)
  }
}
