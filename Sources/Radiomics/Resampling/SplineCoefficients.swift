internal import CKernels
internal import Imaging
internal import Parallel

/// Cubic B-spline coefficients of the part of an image that a set of positions needs.
///
/// The prefilter runs along whole lines; its memory of a sample shrinks by 0.27 per voxel, so after `margin` voxels the
/// coefficients have the same bits as if the whole line had been filtered.
struct SplineCoefficients: @unchecked Sendable {
  /// Voxels filtered beyond those that are kept, at each end of a line that continues.
  static let margin = 64

  /// First voxel of the image whose coefficient is held.
  let lower: SIMD3<Int>
  /// Coefficients held along x, y, z.
  let size: SIMD3<Int>
  let rowStride: Int
  let sliceStride: Int
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
    let window = Window(full: full, from: from, size: to &- from &+ 1, keep: low, kept: size)
    rowStride = window.width
    sliceStride = window.width * size.y
    let count = sliceStride * window.size.z
    let (kept, slice) = (size, sliceStride)
    storage = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      nonisolated(unsafe) let base = buffer.baseAddress!
      // The needs of one slice beyond the rows that are kept stay in the cache.
      switch volume.voxels {
      case .int16(let voxels):
        let kernel =
          normalization?.kernel ?? ckernels_normalisation(mean: 0, factor: 1, limit: 0, scale: 1, is_identity: 1)
        Self.filterPlanes(voxels, window, into: base, threads: threads) { line, columns in
          withUnsafePointer(to: kernel) {
            Kernels.current.interleave_int16(line, window.full.x, window.size.x, $0, columns, Self.lanes)
          }
        }
      case .int32(let voxels):
        Self.filterPlanes(
          voxels, window, into: base, threads: threads, interleave: Self.converting(normalization, window))
      case .float32(let voxels):
        Self.filterPlanes(
          voxels, window, into: base, threads: threads, interleave: Self.converting(normalization, window))
      case .float64(let voxels):
        Self.filterPlanes(
          voxels, window, into: base, threads: threads, interleave: Self.converting(normalization, window))
      }
      Parallel.forEachSlab(of: kept.y, threads: threads) { rows in
        for y in rows {
          SplinePrefilter.filter(
            base + y * window.width, count: window.size.z, stride: slice, width: window.width,
            startsLine: window.from.z == 0)
        }
      }
      initialized = count
    }
    first = (low.z - from.z) * slice
  }

  /// Runs `body` with the coefficient of voxel `lower`; x neighbours are adjacent, rows `rowStride` and slices
  /// `sliceStride` apart.
  func withPointer<R>(_ body: (UnsafePointer<Double>) throws -> R) rethrows -> R {
    try storage.withUnsafeBufferPointer { try body($0.baseAddress! + first) }
  }

  /// Largest magnitude among the coefficients held.
  var magnitude: Double {
    withPointer { base in
      var largest = 0.0
      for z in 0..<size.z {
        for y in 0..<size.y {
          var low = 0.0
          var high = 0.0
          _ = Kernels.current.range(base + (y * rowStride + z * sliceStride), size.x, &low, &high)
          largest = max(largest, -low, high)
        }
      }
      return largest
    }
  }

  /// The part of an image that is filtered, and the part of it that is kept.
  private struct Window {
    /// Voxels of the image.
    let full: SIMD3<Int>
    /// First voxel that is filtered.
    let from: SIMD3<Int>
    /// Voxels that are filtered.
    let size: SIMD3<Int>
    /// First voxel that is kept.
    let keep: SIMD3<Int>
    let kept: SIMD3<Int>

    /// Elements of a row of coefficients: a number of whole vectors, zeros after the coefficients.
    var width: Int { (kept.x + 7) & ~7 }
  }

  /// Lines along x that are filtered side by side: enough that the processor need not wait for one sample before it
  /// starts the next.
  private static let lanes = 32

  /// Brings 8 neighbouring rows of samples, normalised, into columns.
  private typealias Interleave<Source> =
    @Sendable (_ line: UnsafePointer<Source>, _ columns: UnsafeMutablePointer<Double>) -> Void

  private static func converting<Source: ImageSample>(
    _ normalization: Normalization?, _ window: Window
  ) -> Interleave<Source> {
    let length = window.size.x
    return { line, columns in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 8 * length) { rows in
        for lane in 0..<8 {
          let source = line + lane * window.full.x
          let samples = rows.baseAddress! + lane * length
          if let normalization {
            for x in 0..<length { samples[x] = normalization(source[x].real) }
          } else {
            for x in 0..<length { samples[x] = source[x].real }
          }
        }
        Kernels.current.interleave(rows.baseAddress!, length, length, columns, lanes)
      }
    }
  }

  /// Prefilters each slice along x and y, and keeps the rows and columns that are wanted.
  @inline(__always)
  private static func filterPlanes<Source: ImageSample>(
    _ voxels: [Source], _ window: Window, into target: UnsafeMutablePointer<Double>, threads: Int,
    interleave: Interleave<Source>
  ) {
    nonisolated(unsafe) let target = target
    let (height, width) = (window.size.y, window.width)
    voxels.withUnsafeBufferPointer { buffer in
      nonisolated(unsafe) let source = buffer.baseAddress!
      Parallel.forEachSlab(of: window.size.z, threads: threads) { slices in
        let plane = UnsafeMutablePointer<Double>.allocate(capacity: height * width)
        let columns = UnsafeMutablePointer<Double>.allocate(capacity: (window.size.x + 8) * lanes)
        columns.update(repeating: 0, count: (window.size.x + 8) * lanes)
        // Rows that fill up the last eight of a slice are copies of other rows, and are not kept.
        let last = UnsafeMutablePointer<Source>.allocate(capacity: window.full.x * 8)
        defer {
          plane.deallocate()
          columns.deallocate()
          last.deallocate()
        }
        for z in slices {
          let slice = source + (window.from.x + window.full.x * (window.from.y + window.full.y * (window.from.z + z)))
          for first in stride(from: 0, to: height, by: lanes) {
            let count = min(lanes, height - first)
            for group in stride(from: 0, to: count, by: 8) {
              var line = slice + (first + group) * window.full.x
              if count - group < 8 {
                for lane in 0..<8 {
                  (last + lane * window.full.x).update(
                    from: line + min(lane, count - group - 1) * window.full.x, count: window.size.x)
                }
                line = UnsafePointer(last)
              }
              interleave(line, columns + group)
            }
            SplinePrefilter.filter(
              columns, count: window.size.x, stride: lanes, width: (count + 7) & ~7, startsLine: window.from.x == 0)
            let kept = columns + (window.keep.x - window.from.x) * lanes
            for group in stride(from: 0, to: count, by: 8) {
              Kernels.current.deinterleave(
                kept + group, lanes, width, min(8, count - group), plane + (first + group) * width, width)
            }
          }
          SplinePrefilter.filter(
            plane, count: height, stride: width, width: width, startsLine: window.from.y == 0)
          (target + z * window.kept.y * width).update(
            from: plane + (window.keep.y - window.from.y) * width, count: window.kept.y * width)
        }
      }
    }
  }
}
