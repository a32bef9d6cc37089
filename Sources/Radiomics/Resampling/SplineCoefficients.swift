internal import CKernels
internal import Imaging

/// Cubic B-spline coefficients of the part of an image that a set of positions needs.
///
/// The prefilter runs along whole lines; its memory of a sample shrinks by 0.27 a voxel, so after `margin` voxels the
/// coefficients have the same bits as if the whole line had been filtered.
struct SplineCoefficients: @unchecked Sendable {
  /// Voxels filtered beyond those that are kept, at each end of a line that goes on.
  static let margin = 64

  /// First voxel of the image whose coefficient is held.
  let lower: SIMD3<Int>
  /// Coefficients held along x, y, z.
  let size: SIMD3<Int>
  let rowStride: Int
  let sliceStride: Int
  /// Largest magnitude among the coefficients held.
  let magnitude: Double
  private let storage: [Double]
  private let first: Int

  /// - Parameters:
  ///   - low: first voxel of the image whose coefficient is needed, along x, y, z.
  ///   - high: last voxel.
  ///   - normalization: applied to the samples.
  init(
    _ volume: Volume, needed low: SIMD3<Int>, _ high: SIMD3<Int>, normalization: Normalization?, threads: Int
  ) {
    let full = volume.geometry.size
    lower = low
    size = high &- low &+ 1
    var from = SIMD3<Int>()
    var to = SIMD3<Int>()
    for a in 0..<3 {
      from[a] = max(0, low[a] - Self.margin)
      to[a] = min(full[a] - 1, high[a] + Self.margin)
    }
    let start = from
    let window = to &- start &+ 1
    let width = size.x
    rowStride = width
    sliceStride = width * window.y
    let count = sliceStride * window.z
    let kept = size
    let slice = sliceStride
    storage = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      nonisolated(unsafe) let base = buffer.baseAddress!
      Self.filterRows(
        volume, normalization, from: start, window: window, keep: low.x, width, into: base, threads: threads)
      forEachSlab(of: window.z, threads: threads) { slices in
        for z in slices {
          SplinePrefilter.filter(
            base + z * slice, count: window.y, stride: width, width: width, startsLine: start.y == 0)
        }
      }
      forEachSlab(of: kept.y, threads: threads) { rows in
        for y in rows {
          SplinePrefilter.filter(
            base + (y + low.y - start.y) * width, count: window.z, stride: slice, width: width,
            startsLine: start.z == 0)
        }
      }
      initialized = count
    }
    first = (low.y - start.y) * width + (low.z - start.z) * slice
    magnitude = Self.largest(storage, first: first, size: size, rowStride: width, sliceStride: slice)
  }

  /// Runs `body` with the coefficient of voxel `lower`; x neighbours are adjacent, rows `rowStride` and slices
  /// `sliceStride` apart.
  func withPointer<R>(_ body: (UnsafePointer<Double>) throws -> R) rethrows -> R {
    try storage.withUnsafeBufferPointer { try body($0.baseAddress! + first) }
  }

  /// Prefilters rows along x, eight at a time, and keeps `width` coefficients of each.
  private static func filterRows(
    _ volume: Volume, _ normalization: Normalization?, from: SIMD3<Int>, window: SIMD3<Int>, keep: Int, _ width: Int,
    into target: UnsafeMutablePointer<Double>, threads: Int
  ) {
    switch volume.voxels {
    case .int16(let voxels):
      filterRows(voxels, normalization, volume.geometry.size, from, window, keep, width, target, threads)
    case .int32(let voxels):
      filterRows(voxels, normalization, volume.geometry.size, from, window, keep, width, target, threads)
    case .float32(let voxels):
      filterRows(voxels, normalization, volume.geometry.size, from, window, keep, width, target, threads)
    case .float64(let voxels):
      filterRows(voxels, normalization, volume.geometry.size, from, window, keep, width, target, threads)
    }
  }

  @inline(__always)
  private static func filterRows<Source: ImageSample>(
    _ voxels: [Source], _ normalization: Normalization?, _ full: SIMD3<Int>, _ from: SIMD3<Int>, _ window: SIMD3<Int>,
    _ keep: Int, _ width: Int,
    _ target: UnsafeMutablePointer<Double>, _ threads: Int
  ) {
    nonisolated(unsafe) let target = target
    let lanes = 8
    let rows = window.y * window.z
    voxels.withUnsafeBufferPointer { buffer in
      nonisolated(unsafe) let source = buffer.baseAddress!
      forEachSlab(of: (rows + lanes - 1) / lanes, threads: threads) { blocks in
        // Rows as doubles, then as columns.
        let scratch = UnsafeMutablePointer<Double>.allocate(capacity: 2 * window.x * lanes)
        let columns = scratch + window.x * lanes
        defer { scratch.deallocate() }
        for block in blocks {
          let firstRow = block * lanes
          let used = min(lanes, rows - firstRow)
          for lane in 0..<lanes {
            // Lanes past the end repeat the last row: their results are not kept.
            let row = firstRow + min(lane, used - 1)
            let y = from.y + row % window.y
            let z = from.z + row / window.y
            let line = source + (from.x + full.x * (y + full.y * z))
            let samples = scratch + lane * window.x
            if let normalization {
              for x in 0..<window.x { samples[x] = normalization(line[x].real) }
            } else {
              for x in 0..<window.x { samples[x] = line[x].real }
            }
          }
          Kernels.current.interleave(scratch, window.x, window.x, columns)
          SplinePrefilter.filter(columns, count: window.x, stride: lanes, width: lanes, startsLine: from.x == 0)
          Kernels.current.deinterleave(
            columns + (keep - from.x) * lanes, width, used, target + firstRow * width, width)
        }
      }
    }
  }

  private static func largest(
    _ storage: [Double], first: Int, size: SIMD3<Int>, rowStride: Int, sliceStride: Int
  ) -> Double {
    storage.withUnsafeBufferPointer { values in
      var largest = 0.0
      for z in 0..<size.z {
        for y in 0..<size.y {
          let row = first + y * rowStride + z * sliceStride
          var low = 0.0
          var high = 0.0
          _ = Kernels.current.range(values.baseAddress! + row, size.x, &low, &high)
          largest = max(largest, -low, high)
        }
      }
      return largest
    }
  }
}
