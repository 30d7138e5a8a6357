import CMixtureKernels

/// A tile as the kernels see it: coordinate j of the point in lane i at `coordinates[j * stride + i]`.
package struct TileView {
  package let coordinates: UnsafePointer<Double>
  package let stride: Int
  /// Lanes to work on: the points, rounded up to ``laneMultiple``.
  package let lanes: Int
  package let dimension: Int
  /// Room for the kernels; `nil`: they make their own each time.
  private let scratch: UnsafeMutablePointer<Double>?

  /// A multiple of every vector's and every loop's width.
  package static let laneMultiple = 32

  package init(
    _ coordinates: UnsafePointer<Double>, stride: Int, lanes: Int, dimension: Int,
    scratch: UnsafeMutablePointer<Double>? = nil
  ) {
    precondition(lanes % Self.laneMultiple == 0 && lanes <= stride, "whole vectors of lanes")
    self.coordinates = coordinates
    self.stride = stride
    self.lanes = lanes
    self.dimension = dimension
    self.scratch = scratch
  }

  /// How many doubles of scratch the kernels need for such a tile.
  package static func scratchCount(dimension: Int, stride: Int) -> Int {
    mixture_scratch(dimension, stride)
  }

  fileprivate func withScratch(_ body: (UnsafeMutablePointer<Double>) -> Void) {
    if let scratch { return body(scratch) }
    withAlignedScratch(Self.scratchCount(dimension: dimension, stride: stride), body)
  }

  fileprivate var kernelTile: mixture_tile {
    mixture_tile(x: coordinates, stride: stride, count: lanes, dimension: dimension)
  }
}

/// Memory that is going to be read next, so that it can be on its way in the meantime.
package struct UpcomingMemory: @unchecked Sendable {  // an address, at which nobody looks
  fileprivate let start: UnsafeRawPointer
  fileprivate let byteCount: Int

  /// Beyond this, what is fetched would drive out of the caches what is worked on.
  private static let largest = 1 << 16

  /// `nil` where it is nothing, or too much.
  package init?<Number>(_ start: UnsafePointer<Number>, count: Int) {
    byteCount = count * MemoryLayout<Number>.stride
    guard (1...Self.largest).contains(byteCount) else { return nil }
    self.start = UnsafeRawPointer(start)
  }
}

/// How much of the second moments is wanted.
package enum MomentForm: Sendable {
  case none, trace, diagonal, full

  /// How many sums a component has in dimension *d*: N, *d* first moments, and the second ones.
  package func sumCount(dimension d: Int) -> Int {
    switch self {
    case .none: 1 + d
    case .trace: 2 + d
    case .diagonal: 1 + 2 * d
    case .full: packedCount(d + 1)
    }
  }

  fileprivate var kernelForm: mixture_form {
    switch self {
    case .none: mixture_form_none
    case .trace: mixture_form_trace
    case .diagonal: mixture_form_diagonal
    case .full: mixture_form_full
    }
  }
}

/// The inner loops for one instruction set. Every array over points has as many values as the tile has lanes; one over
/// components and points has a run of the tile's stride for each component.
package struct TileKernels: @unchecked Sendable {  // a table of constants
  private let table: UnsafePointer<mixture_kernels>

  /// Those for this processor, or those that the environment variable `MIXTURES_KERNEL` names, if this
  /// processor can run them: `baseline`, `avx2`, `avx512`; `neon` on Arm.
  package static let chosen = TileKernels(table: mixture_kernels_chosen())

  /// All that this processor can run.
  package static let available = ["baseline", "neon", "avx2", "avx512"].compactMap(TileKernels.init)

  private init(table: UnsafePointer<mixture_kernels>) { self.table = table }

  /// `nil` where there are none of that name, or this processor cannot run them.
  package init?(named name: String) {
    guard let table = mixture_kernels_named(name) else { return nil }
    self.table = table
  }

  package var name: String { String(cString: table.pointee.name) }

  // MARK: Points

  /// Puts points in rows into lanes: coordinate j of row i goes to `coordinates[j * stride + i]`.
  package func transposeRows(
    _ rows: UnsafePointer<Double>, rowStride: Int, count: Int, dimension: Int,
    into coordinates: UnsafeMutablePointer<Double>, stride: Int
  ) {
    table.pointee.transpose_rows(rows, rowStride, count, dimension, coordinates, stride)
  }

  /// As `transposeRows` for points in single precision, which are widened.
  package func transposeRows(
    _ rows: UnsafePointer<Float>, rowStride: Int, count: Int, dimension: Int,
    into coordinates: UnsafeMutablePointer<Double>, stride: Int
  ) {
    table.pointee.transpose_single_rows(rows, rowStride, count, dimension, coordinates, stride)
  }

  // MARK: Terms

  /// For each component, `constants[k]` − pₖ|x − μₖ|² / 2; −∞ where the form overflows.
  package func sphericalTerms(
    _ tile: TileView, means: [Double], precisions: [Double], constants: [Double],
    into terms: UnsafeMutablePointer<Double>
  ) {
    table.pointee.spherical_terms(
      tile.kernelTile, constants.count, means, precisions, constants, terms)
  }

  /// For each component, `constants[k]` − Σⱼ pₖⱼ(xⱼ − μₖⱼ)² / 2; −∞ where the form overflows.
  package func diagonalTerms(
    _ tile: TileView, means: [Double], precisions: [Double], constants: [Double],
    into terms: UnsafeMutablePointer<Double>
  ) {
    table.pointee.diagonal_terms(
      tile.kernelTile, constants.count, means, precisions, constants, terms)
  }

  /// For each component, `constants[k]` − Σⱼ (rₖⱼ(xⱼ − oⱼ) − sₖⱼ)² / 2: less work than with means, and as exact where
  /// the origin is near all of them.
  package func scaledTerms(
    _ tile: TileView, origin: [Double], roots: [Double], shifts: [Double], constants: [Double],
    into terms: UnsafeMutablePointer<Double>
  ) {
    tile.withScratch { scratch in
      table.pointee.scaled_terms(
        tile.kernelTile, constants.count, origin, roots, shifts, constants, terms, scratch)
    }
  }

  /// For each component, `constants[k]` − |Aₖ(x − μₖ)|² / 2 for a packed lower triangle Aₖ; −∞ where the form overflows,
  /// and possibly where it is below the largest term of the point plus `logNegligible`.
  package func fullTerms(
    _ tile: TileView, means: [Double], inverseFactors: [Double], constants: [Double],
    logNegligible: Double = -.infinity, into terms: UnsafeMutablePointer<Double>
  ) {
    tile.withScratch { scratch in
      table.pointee.full_terms(
        tile.kernelTile, constants.count, means, inverseFactors, constants, logNegligible, terms,
        scratch)
    }
  }

  /// B(x − o) of every point for a square matrix B, row by row, as the tile that `body` gets.
  package func withTransformed(
    _ tile: TileView, origin: [Double], matrix: [Double], _ body: (TileView) -> Void
  ) {
    withImage(of: tile, by: table.pointee.transform, origin, matrix, body)
  }

  /// A(x − o) of every point, in lanes, as the tile that `body` gets.
  package func withWhitened(
    _ tile: TileView, origin: [Double], inverseFactor: [Double], _ body: (TileView) -> Void
  ) {
    withImage(of: tile, by: table.pointee.whiten, origin, inverseFactor, body)
  }

  private typealias Image =
    @convention(c) (
      mixture_tile, UnsafePointer<Double>?, UnsafePointer<Double>?, UnsafeMutablePointer<Double>?,
      UnsafeMutablePointer<Double>?
    ) -> Void

  private func withImage(
    of tile: TileView, by image: Image?, _ origin: [Double], _ matrix: [Double],
    _ body: (TileView) -> Void
  ) {
    withAlignedScratch(tile.dimension * tile.stride) { room in
      tile.withScratch { scratch in
        image?(tile.kernelTile, origin, matrix, room, scratch)
      }
      body(
        TileView(room, stride: tile.stride, lanes: tile.lanes, dimension: tile.dimension))
    }
  }

  // MARK: Responsibilities

  /// Turns ln(πₖ fₖ(x)) into responsibilities, in place, and into log-densities of the mixture.
  ///
  /// Each point's terms are shifted by their maximum and divided by their sum, so the responsibilities sum to one
  /// even where every density underflows. Where no term is finite, the log-density is −∞ and every component
  /// is given the same responsibility.
  ///
  /// - Parameters:
  ///   - terms: `components` runs of `stride` values.
  ///   - logDensities: ln Σₖ πₖ fₖ(x), one value per lane.
  package func normalise(
    _ terms: UnsafeMutablePointer<Double>, components: Int, stride: Int, lanes: Int,
    logDensities: UnsafeMutablePointer<Double>
  ) {
    table.pointee.normalise(terms, components, stride, lanes, logDensities)
  }

  /// As `normalise`, returning only the sum of the log-densities of the points whose weight, zero or one, is one:
  /// one logarithm serves many points.
  ///
  /// - Parameters:
  ///   - weights: `nil` where every lane is a point of weight one.
  ///   - upcoming: memory that is going to be read next, and is fetched meanwhile.
  package func normaliseTotal(
    _ terms: UnsafeMutablePointer<Double>, components: Int, stride: Int, lanes: Int,
    weights: UnsafePointer<Double>?, upcoming: UpcomingMemory? = nil
  ) -> Double {
    table.pointee.normalise_total(
      terms, components, stride, lanes, weights, upcoming?.start, upcoming?.byteCount ?? 0)
  }

  /// As `normaliseTotal`, returning the sum of the log-densities of the points times their weights.
  ///
  /// - Parameter multiplying: whether responsibilities are multiplied by the weights.
  package func normaliseWeighted(
    _ terms: UnsafeMutablePointer<Double>, components: Int, stride: Int, lanes: Int,
    weights: UnsafePointer<Double>, multiplying: Bool = false, upcoming: UpcomingMemory? = nil
  ) -> Double {
    table.pointee.normalise_weighted(
      terms, components, stride, lanes, weights, multiplying ? 1 : 0, upcoming?.start,
      upcoming?.byteCount ?? 0)
  }

  /// Adds to each point's terms what its label says of the first `known` components, −∞ to those of others.
  ///
  /// - Parameters:
  ///   - labels: of so many points, each a row of `logFactors`; negative where nothing is known.
  ///   - logFactors: `known` values in a row.
  package func addLabels(
    to terms: UnsafeMutablePointer<Double>, components: Int, stride: Int,
    labels: UnsafeBufferPointer<Int32>, known: Int, logFactors: [Double]
  ) {
    table.pointee.add_labels(
      terms, components, stride, labels.count, labels.baseAddress, known, logFactors)
  }

  /// Multiplies the weights of so many points by factors, and says what weights there are then: all one, all one or zero, the
  /// smallest positive one, infinite if there is none, and their sum.
  package func scaleWeights(
    _ weights: UnsafeMutablePointer<Double>, by factors: UnsafePointer<Double>, count: Int
  ) -> (areUnits: Bool, areWhole: Bool, smallest: Double, total: Double) {
    let found = table.pointee.scale_weights(weights, factors, count)
    return (found.are_units != 0, found.are_whole != 0, found.smallest, found.total)
  }

  /// The run with the largest term of each of `count` points, the first of equals.
  package func largest(
    _ terms: UnsafePointer<Double>, components: Int, stride: Int, count: Int,
    into runs: UnsafeMutablePointer<Int>
  ) {
    table.pointee.largest(terms, components, stride, count, runs)
  }

  /// Whether every coordinate in the lanes of the tile is finite.
  package func areFinite(_ tile: TileView) -> Bool {
    (0..<tile.dimension).allSatisfy {
      table.pointee.all_finite(tile.coordinates + $0 * tile.stride, tile.lanes) != 0
    }
  }

  /// Multiplies values by factors, one by one.
  package func multiply(
    _ values: UnsafeMutablePointer<Double>, by factors: UnsafePointer<Double>, lanes: Int
  ) {
    table.pointee.multiply(values, factors, lanes)
  }

  // MARK: Moments

  /// Whether moments about one origin for all components cost less than about an origin for each.
  package static func gainsFromCommonOrigin(_ form: MomentForm, dimension: Int) -> Bool {
    mixture_gains_from_common_origin(form.kernelForm, dimension) != 0
  }

  /// Adds Σ a, Σ a(x − oₖ) and the second moments of each component to its sums; see the C header for their order.
  ///
  /// - Parameters:
  ///   - origins: *d* coordinates for each component, or for all of them.
  ///   - shares: a ≥ 0, a run of the tile's stride for each component.
  ///   - negligible: shares up to this may be left out.
  ///   - sums: those of all components.
  package func addMoments(
    _ tile: TileView, _ form: MomentForm, origins: [Double], shares: UnsafePointer<Double>,
    components: Int, negligible: Double, to sums: inout [Double]
  ) {
    let originStride = origins.count == tile.dimension ? 0 : tile.dimension
    precondition(
      sums.count == components * form.sumCount(dimension: tile.dimension)
        && (originStride == 0 || origins.count == components * tile.dimension),
      "sums and origins of every component")
    tile.withScratch { scratch in
      table.pointee.moments(
        tile.kernelTile, components, form.kernelForm, origins, originStride, shares, negligible,
        &sums, scratch)
    }
  }

  // MARK: Elementary functions

  /// eˣ of values ≤ 0, zero below −708.
  package func exponential(
    _ x: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>, lanes: Int
  ) {
    table.pointee.exponential(x, result, lanes)
  }

  /// ln x of positive normal values.
  package func logarithm(
    _ x: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>, lanes: Int
  ) {
    table.pointee.logarithm(x, result, lanes)
  }
}
