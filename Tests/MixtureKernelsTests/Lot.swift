import MixtureKernels
import MixtureTestSupport
import Testing

/// A tile of points with their weights; lanes beyond the last point hold zeros.
struct Lot: CustomStringConvertible {
  let count: Int
  let dimension: Int
  /// More than the lanes, so that a kernel that confuses the two reads the wrong coordinate.
  let stride: Int
  let lanes: Int
  let x: [Double]
  /// A run of the stride for each component.
  let shares: [Double]
  /// One per component.
  let origins: [Double]

  var description: String { "\(count) × \(dimension)" }

  init(_ count: Int, _ d: Int, seed: UInt64, components: Int = 1) {
    let multiple = TileView.laneMultiple
    let lanes = (count + multiple - 1) / multiple * multiple
    let stride = lanes + 8
    let values = randomValues(count * d, seed: seed)
    let weights = randomValues(components * count, seed: seed + 1).map(abs)
    self.count = count
    self.lanes = lanes
    self.stride = stride
    dimension = d
    x = (0..<d).flatMap { j in (0..<stride).map { $0 < count ? 5 + values[j * count + $0] : 0 } }
    shares = (0..<components).flatMap { k in
      (0..<stride).map { $0 < count ? weights[k * count + $0] : 0 }
    }
    origins = randomValues(components * d, seed: seed + 2).map { 5 + $0 }
  }

  func difference(_ i: Int, _ j: Int, _ k: Int) -> Double {
    x[j * stride + i] - origins[k * dimension + j]
  }

  func withView<Result>(_ body: (TileView) -> Result) -> Result {
    x.withUnsafeBufferPointer {
      body(TileView($0.baseAddress!, stride: stride, lanes: lanes, dimension: dimension))
    }
  }
}

extension TileKernels: CustomTestStringConvertible {
  package var testDescription: String { name }
}

let lotCounts = [1, 15, 31, 32, 33, 100, 255, 288]
let lotComponents = [1, 2, 3, 4, 5, 7, 13, 33]
let lotDimensions = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 17, 23, 24, 25, 33, 39, 40, 65, 129,
]
