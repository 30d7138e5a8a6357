import Mixtures
import MixturesReport
import Testing

@Suite struct TicksTests {
  @Test func stepsAreOneTwoOrFive() {
    #expect(Ticks(0...10, count: 5).labels == ["0", "2", "4", "6", "8", "10"])
    #expect(Ticks(0...1, count: 4).labels == ["0.0", "0.5", "1.0"])
    #expect(
      Ticks(-0.3...0.3, count: 6).labels == ["−0.3", "−0.2", "−0.1", "0.0", "0.1", "0.2", "0.3"])
    #expect(Ticks(1.6...5.1, count: 5).labels == ["2", "3", "4", "5"])
  }

  @Test func oneMarkIsNone() {
    #expect(Ticks(1.2...8.9, count: 1).values.count > 1)
    #expect(Ticks(4.9...5.1, count: 2).values.count > 1)
  }

  @Test func farFromZeroLabelsTellTheDistanceFromARoundNumber() {
    let ticks = Ticks(1e8...(1e8 + 1), count: 5)
    #expect(ticks.note == " − 100000000")
    #expect(ticks.labels == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(Ticks(-1e8 - 1 ... -1e8, count: 5).note == " + 100000000")
  }

  @Test func shiftAndPowerReadAsOneOperationAfterTheOther() {
    let ticks = Ticks(1...(1 + 1e-6), count: 5)
    #expect(ticks.note == " − 1, in units of 10⁻⁶")
    #expect(ticks.labels == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
  }

  @Test func largeAndSmallValuesAreMultiplesOfAPower() {
    let large = Ticks(0...3e9, count: 4)
    #expect((large.labels, large.note) == (["0", "1", "2", "3"], " / 10⁹"))
    let small = Ticks(0...2e-5, count: 3)
    #expect(
      (small.labels, small.note) == (["0.0", "0.5", "1.0", "1.5", "2.0"], " / 10⁻⁵")
        || small.labels == ["0", "1", "2"])
  }

  /// Whatever the range: marks lie in it, ascend, are more than one and not too many, and no two labels are alike.
  @Test(arguments: UInt64(1)...3)
  func anyRangeHasMarks(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    for _ in 0..<300 {
      let power = Int.random(in: -200...200, using: &generator)
      let unit = Double("1e\(power)") ?? 1
      let offset = Double.random(in: -1...1, using: &generator)
      let far = Bool.random(using: &generator) ? 1e7 : 1
      let lower = offset * unit * far
      let upper = lower + Double.random(in: 0.1...10, using: &generator) * unit
      let ticks = Ticks(lower...upper, count: 5)
      let slack = 1e-6 * (upper - lower) + 4 * abs(upper).ulp
      #expect((2...14).contains(ticks.values.count), "\(lower)...\(upper)")
      #expect(Set(ticks.labels).count == ticks.labels.count, "\(lower)...\(upper): \(ticks.labels)")
      #expect(ticks.labels.allSatisfy { $0.count < 9 }, "\(ticks.labels)")
      #expect(zip(ticks.values, ticks.values.dropFirst()).allSatisfy { $0 < $1 })
      #expect(ticks.values.allSatisfy { $0 >= lower - slack && $0 <= upper + slack })
    }
  }

  @Test(arguments: [0.0...0.0, -1e308...1e308, 0.0...Double.leastNonzeroMagnitude])
  func hostileRangesDoNotTrap(range: ClosedRange<Double>) {
    _ = Ticks(range, count: 5)
    let padded = ValueRange([range.lowerBound, range.upperBound]).padded()
    #expect(padded.lowerBound < padded.upperBound)
    #expect(Ticks(padded, count: 5).labels.allSatisfy { $0.count < 12 })
  }

  @Test func whole() {
    #expect(Ticks(integers: 1...9, count: 9).labels == (1...9).map { "\($0)" })
    #expect(Ticks(integers: 0...1000, count: 6).values == [0, 200, 400, 600, 800, 1000])
    #expect(Ticks(integers: 3...3, count: 5).values == [3])
  }

  @Test func powersOfTen() {
    #expect(Ticks(logarithms: -8...0, count: 5).labels == ["10⁻⁸", "10⁻⁶", "10⁻⁴", "10⁻²", "1"])
  }
}
