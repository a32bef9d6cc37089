internal import CKernels
internal import Imaging
internal import Parallel

/// The nine recursive passes of one Laplacian of Gaussian.
///
/// ITK adds three terms: the second derivative along x, smoothed along y and z; along y, smoothed along x and z; along z,
/// smoothed along x and y. Passes are fused by planes that fit the cache: (x, y) and (y, x) slice by slice, then both
/// smoothed along z together with the derivative along z, row by row of slices, then the last smoothing along y.
struct LaplacianFilter: @unchecked Sendable {
  private let size: SIMD3<Int>
  private let wanted: WantedVoxels
  /// Columns that are filtered side by side.
  private let lanes = LineScratch.lanes
  /// Whether the `lanes` columns b of the box's row y hold a wanted voxel in some slice: `[y * blocks + b]`.
  private let inRows: [UInt8]
  /// The same for the box's slices: whether some row holds one.
  private let inSlices: [UInt8]
  /// Filters along x, y, z.
  private let smooth: [RecursiveGaussian]
  private let derive: [RecursiveGaussian]
  /// One over the squared spacing along x, y, z.
  private let scale: Vector3

  init(geometry: Geometry, wanted: WantedVoxels, sigma: Double) {
    size = geometry.size
    self.wanted = wanted
    let blocks = (wanted.box.size.x + lanes - 1) / lanes
    var inRows = [UInt8](repeating: 0, count: blocks * wanted.box.size.y)
    var inSlices = [UInt8](repeating: 0, count: blocks * wanted.box.size.z)
    for run in wanted.runs {
      for block in run.x / lanes...(run.x + run.length - 1) / lanes {
        inRows[run.y * blocks + block] = 1
        inSlices[run.z * blocks + block] = 1
      }
    }
    self.inRows = inRows
    self.inSlices = inSlices
    let spacing = geometry.spacing
    smooth = (0..<3).map { RecursiveGaussian(.smoothing, sigma: sigma, spacing: spacing[$0]) }
    derive = (0..<3).map { RecursiveGaussian(.secondDerivative, sigma: sigma, spacing: spacing[$0]) }
    scale = 1 / (spacing * spacing)
  }

  private var box: BoundingBox { wanted.box }
  private var blocks: Int { (box.size.x + lanes - 1) / lanes }
  private var xs: Range<Int> { box.lower.x..<box.lower.x + box.size.x }
  private var ys: Range<Int> { box.lower.y..<box.lower.y + box.size.y }
  private var zs: Range<Int> { box.lower.z..<box.lower.z + box.size.z }

  func apply<Sample: ImageSample>(to voxels: [Sample], threads: Int) -> [Float] {
    let (w, h, d) = (box.size.x, box.size.y, box.size.z)
    nonisolated(unsafe) let first = UnsafeMutablePointer<Float>.allocate(capacity: w * h * size.z)
    nonisolated(unsafe) let second = UnsafeMutablePointer<Float>.allocate(capacity: w * h * size.z)
    nonisolated(unsafe) let third = UnsafeMutablePointer<Float>.allocate(capacity: w * size.y * d)
    nonisolated(unsafe) let sum = UnsafeMutablePointer<Float>.allocate(capacity: w * h * d)
    defer {
      first.deallocate()
      second.deallocate()
      third.deallocate()
      sum.deallocate()
    }
    return [Float](unsafeUninitializedCapacity: wanted.count) { buffer, initialized in
      nonisolated(unsafe) let target = buffer.baseAddress!
      voxels.withUnsafeBufferPointer { source in
        nonisolated(unsafe) let source = source.baseAddress!
        Parallel.forEachSlab(of: size.z, threads: threads) { slices in
          inPlane(source, slices, first, second)
        }
        Parallel.forEachSlab(of: size.y, threads: threads) { rows in
          acrossSlices(source, rows, first, second, third, sum)
        }
        Parallel.forEachSlab(of: d, threads: threads) { slices in
          last(third, slices, sum, to: target)
        }
      }
      initialized = wanted.count
    }
  }

  private var longest: Int { max(size.x, size.y, size.z) }

  /// For each slice: derivative along x then smoothing along y into `first`, derivative along y then smoothing along x
  /// into `second`; both keep the box's columns and rows of every slice.
  private func inPlane<Sample: ImageSample>(
    _ source: UnsafePointer<Sample>, _ slices: Range<Int>, _ first: UnsafeMutablePointer<Float>,
    _ second: UnsafeMutablePointer<Float>
  ) {
    let (w, h) = (box.size.x, box.size.y)
    let (nx, ny) = (size.x, size.y)
    let scratch = LineScratch(longest: longest)
    let alongX = UnsafeMutablePointer<Float>.allocate(capacity: w * ny)
    let alongY = UnsafeMutablePointer<Float>.allocate(capacity: nx * h)
    defer {
      scratch.deallocate()
      alongX.deallocate()
      alongY.deallocate()
    }
    for z in slices {
      let slice = source + z * nx * ny
      for y in stride(from: 0, to: ny, by: lanes) {
        scratch.along(
          slice + y * nx, stride: nx, count: nx, used: min(lanes, ny - y), keep: xs, derive[0], to: alongX + y * w,
          targetStride: w)
      }
      for x in stride(from: 0, to: w, by: lanes) {
        let used = min(lanes, w - x)
        scratch.across(
          alongX + x, stride: w, count: ny, used: used, keep: ys, smooth[1],
          to: LineScratch.Target(pointer: first + (z * h * w + x), stride: w))
      }
      for x in stride(from: 0, to: nx, by: lanes) {
        let used = min(lanes, nx - x)
        scratch.across(
          slice + x, stride: nx, count: ny, used: used, keep: ys, derive[1],
          to: LineScratch.Target(pointer: alongY + x, stride: nx))
      }
      for y in stride(from: 0, to: h, by: lanes) {
        scratch.along(
          alongY + y * nx, stride: nx, count: nx, used: min(lanes, h - y), keep: xs, smooth[0],
          to: second + (z * h + y) * w, targetStride: w)
      }
    }
  }

  /// For each row of slices: derivative along z then smoothing along x into `third`; in the box's rows also both first
  /// terms smoothed along z, scaled and added.
  private func acrossSlices<Sample: ImageSample>(
    _ source: UnsafePointer<Sample>, _ rows: Range<Int>, _ first: UnsafeMutablePointer<Float>,
    _ second: UnsafeMutablePointer<Float>, _ third: UnsafeMutablePointer<Float>, _ sum: UnsafeMutablePointer<Float>
  ) {
    let (w, h, d) = (box.size.x, box.size.y, box.size.z)
    let (nx, ny, nz) = (size.x, size.y, size.z)
    let scratch = LineScratch(longest: longest)
    let plane = UnsafeMutablePointer<Float>.allocate(capacity: nx * d)
    defer {
      scratch.deallocate()
      plane.deallocate()
    }
    for y in rows {
      for x in stride(from: 0, to: nx, by: lanes) {
        let used = min(lanes, nx - x)
        scratch.across(
          source + (y * nx + x), stride: nx * ny, count: nz, used: used, keep: zs, derive[2],
          to: LineScratch.Target(pointer: plane + x, stride: nx))
      }
      for z in stride(from: 0, to: d, by: lanes) {
        scratch.along(
          plane + z * nx, stride: nx, count: nx, used: min(lanes, d - z), keep: xs, smooth[0],
          to: third + (z * ny + y) * w, targetStride: w * ny)
      }
      guard ys.contains(y) else { continue }
      let row = (y - ys.lowerBound) * w
      for x in stride(from: 0, to: w, by: lanes) where inRows[(y - ys.lowerBound) * blocks + x / lanes] != 0 {
        let used = min(lanes, w - x)
        let target = sum + (row + x)
        scratch.across(
          first + (row + x), stride: w * h, count: nz, used: used, keep: zs, smooth[2],
          to: LineScratch.Target(pointer: target, stride: w * h, sink: CKERNELS_SCALE, scale: scale.x))
        scratch.across(
          second + (row + x), stride: w * h, count: nz, used: used, keep: zs, smooth[2],
          to: LineScratch.Target(pointer: target, stride: w * h, sink: CKERNELS_ADD_SCALED, scale: scale.y))
      }
    }
  }

  /// For each slice of the box: smooths the third term along y, adds it, and stores the wanted voxels.
  private func last(
    _ third: UnsafeMutablePointer<Float>, _ slices: Range<Int>, _ sum: UnsafeMutablePointer<Float>,
    to target: UnsafeMutablePointer<Float>
  ) {
    let (w, h) = (box.size.x, box.size.y)
    let scratch = LineScratch(longest: longest)
    defer { scratch.deallocate() }
    for z in slices {
      let slice = sum + z * h * w
      inRows.withUnsafeBufferPointer { inRows in
        for x in stride(from: 0, to: w, by: lanes) where inSlices[z * blocks + x / lanes] != 0 {
          // Where the first two terms were omitted, no voxel is wanted.
          scratch.across(
            third + (z * size.y * w + x), stride: w, count: size.y, used: min(lanes, w - x), keep: ys, smooth[1],
            to: LineScratch.Target(
              pointer: slice + x, stride: w, sink: CKERNELS_ADD_SCALED, scale: scale.z,
              wanted: inRows.baseAddress! + x / lanes, wantedStride: blocks))
        }
      }
      for y in 0..<h {
        for run in wanted.runs(y: y, z: z) {
          (target + run.first).initialize(from: slice + (y * w + run.x), count: run.length)
        }
      }
    }
  }
}
