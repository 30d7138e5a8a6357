internal import CMixtureKernels

/// A tile as the kernels see it: coordinate j of the point in lane i at `coordinates[j * stride + i]`.
package struct TileView {
  package let coordinates: UnsafePointer<Double>
  package let stride: Int
  /// Lanes to work on: the points, rounded up to ``laneMultiple``.
  package let lanes: Int
  package let dimension: Int

  /// A multiple of every vector's and every loop's width.
  package static let laneMultiple = 32

  package init(_ coordinates: UnsafePointer<Double>, stride: Int, lanes: Int, dimension: Int) {
    precondition(lanes % Self.laneMultiple == 0 && lanes <= stride, "whole vectors of lanes")
    self.coordinates = coordinates
    self.stride = stride
    self.lanes = lanes
    self.dimension = dimension
  }

  fileprivate var kernelTile: mixture_tile {
    mixture_tile(x: coordinates, stride: stride, count: lanes, dimension: dimension)
  }
}

/// The inner loops for one instruction set. Every array over points has as many values as the tile has lanes.
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

  // MARK: Log-densities

  /// `constant` − p|x − μ|² / 2; −∞ where the form overflows.
  package func sphericalLogs(
    _ tile: TileView, mean: [Double], precision: Double, constant: Double,
    into logs: UnsafeMutablePointer<Double>
  ) {
    table.pointee.spherical_logs(tile.kernelTile, mean, precision, constant, logs)
  }

  /// `constant` − Σⱼ pⱼ(xⱼ − μⱼ)² / 2; −∞ where the form overflows.
  package func diagonalLogs(
    _ tile: TileView, mean: [Double], precisions: [Double], constant: Double,
    into logs: UnsafeMutablePointer<Double>
  ) {
    table.pointee.diagonal_logs(tile.kernelTile, mean, precisions, constant, logs)
  }

  /// `constant` − |A(x − μ)|² / 2 for a packed lower triangle A; −∞ where the form overflows.
  package func fullLogs(
    _ tile: TileView, mean: [Double], inverseFactor: [Double], constant: Double,
    into logs: UnsafeMutablePointer<Double>
  ) {
    withUnsafeTemporaryAllocation(
      of: Double.self, capacity: mixture_logs_scratch(tile.dimension)
    ) { scratch in
      table.pointee.full_logs(
        tile.kernelTile, mean, inverseFactor, constant, logs, scratch.baseAddress)
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
  package func normaliseTotal(
    _ terms: UnsafeMutablePointer<Double>, components: Int, stride: Int, lanes: Int,
    weights: UnsafePointer<Double>
  ) -> Double {
    table.pointee.normalise_total(terms, components, stride, lanes, weights)
  }

  /// Multiplies values by factors, one by one.
  package func multiply(
    _ values: UnsafeMutablePointer<Double>, by factors: UnsafePointer<Double>, lanes: Int
  ) {
    table.pointee.multiply(values, factors, lanes)
  }

  // MARK: Moments

  /// Σ a.
  package func total(_ a: UnsafePointer<Double>, lanes: Int) -> Double {
    table.pointee.total(a, lanes)
  }

  /// Adds Σ a(x − o) and Σ a|x − o|².
  package func addTraceMoments(
    _ tile: TileView, origin: [Double], shares a: UnsafePointer<Double>,
    first: UnsafeMutablePointer<Double>, second: UnsafeMutablePointer<Double>
  ) {
    table.pointee.trace_moments(tile.kernelTile, origin, a, first, second)
  }

  /// Adds Σ a(x − o) and, per coordinate, Σ a(xⱼ − oⱼ)².
  package func addDiagonalMoments(
    _ tile: TileView, origin: [Double], shares a: UnsafePointer<Double>,
    first: UnsafeMutablePointer<Double>, second: UnsafeMutablePointer<Double>
  ) {
    table.pointee.diagonal_moments(tile.kernelTile, origin, a, first, second)
  }

  /// Adds Σ a(x − o) and the packed lower triangle of Σ a(x − o)(x − o)ᵀ, for a ≥ 0.
  package func addFullMoments(
    _ tile: TileView, origin: [Double], shares a: UnsafePointer<Double>,
    first: UnsafeMutablePointer<Double>, second: UnsafeMutablePointer<Double>
  ) {
    withUnsafeTemporaryAllocation(
      of: Double.self, capacity: mixture_moments_scratch(tile.dimension, tile.lanes)
    ) { scratch in
      table.pointee.full_moments(tile.kernelTile, origin, a, first, second, scratch.baseAddress)
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
