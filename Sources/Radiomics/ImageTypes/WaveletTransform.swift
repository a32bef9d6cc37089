internal import Imaging
internal import Parallel

/// Sub-bands that share the transforms along x and y, at the wanted voxels of an image. Slices are transformed
/// along x and y one by one and kept, as many as the filter has taps, until the sums along z no longer need them.
struct WaveletTransform<T: WaveletScalar>: Sendable {
  private let size: SIMD3<Int>
  private let wanted: WantedVoxels
  private let x: WaveletAxis<T>
  private let y: WaveletAxis<T>
  private let z: [WaveletAxis<T>]
  private let filterX: [T]
  /// For every slice of the image, the columns of each of the box's rows that some sum along z reads.
  private let extents: [[Range<Int>]]

  init(_ size: SIMD3<Int>, _ wanted: WantedVoxels, _ bands: [Subband], _ wavelet: Wavelet) {
    self.size = size
    self.wanted = wanted
    let box = wanted.box
    func taps(_ filter: Subband.Filter?) -> [T]? { filter.map { T.taps($0, of: wavelet) } }
    func range(_ a: Int) -> Range<Int> { box.lower[a]..<box.lower[a] + box.size[a] }
    x = WaveletAxis(taps(bands[0].x), length: size.x, outputs: range(0))
    y = WaveletAxis(taps(bands[0].y), length: size.y, outputs: range(1))
    z = bands.map { WaveletAxis(taps($0.z), length: size.z, outputs: range(2)) }
    filterX = taps(bands[0].x) ?? [1]

    var extents = [[Range<Int>]](repeating: [], count: size.z)
    for axis in z {
      for output in axis.outputs {
        let own = (0..<box.size.y).map { wanted.extent(y: $0, z: output - box.lower.z) }
        let offset = axis.offset(of: output)
        for slice in axis.sources[offset..<offset + axis.taps] {
          extents[slice] = extents[slice].isEmpty ? own : zip(extents[slice], own).map { $0.hull($1) }
        }
      }
    }
    self.extents = extents
  }

  /// One array per band, of the wanted voxels in their order.
  func apply<Source: ImageSample>(to voxels: [Source], threads: Int) -> [[T]] {
    Self.arrays(z.count, of: wanted.count) { targets in
      nonisolated(unsafe) let targets = targets
      voxels.withUnsafeBufferPointer { buffer in
        nonisolated(unsafe) let source = buffer.baseAddress!
        Parallel.forEachSlab(of: wanted.box.size.z, threads: threads) { run(source, $0, targets) }
      }
    }
  }

  /// Arrays that `fill` writes through pointers, without a copy.
  private static func arrays(
    _ number: Int, of count: Int, _ pointers: [UnsafeMutablePointer<T>] = [],
    _ fill: ([UnsafeMutablePointer<T>]) -> Void
  ) -> [[T]] {
    if pointers.count == number {
      fill(pointers)
      return []
    }
    var others: [[T]] = []
    let own = [T](unsafeUninitializedCapacity: count) { buffer, initialized in
      others = arrays(number, of: count, pointers + [buffer.baseAddress!], fill)
      initialized = count
    }
    return [own] + others
  }

  /// - Parameter slices: of the box.
  private func run<Source: ImageSample>(
    _ source: UnsafePointer<Source>, _ slices: Range<Int>, _ targets: [UnsafeMutablePointer<T>]
  ) {
    let (w, h) = (wanted.box.size.x, wanted.box.size.y)
    let taps = z.map(\.taps).max() ?? 1
    var kept = KeptPlanes<T>(count: taps, plane: w * h)
    let scratch = SliceScratch<T>(width: size.x, boxWidth: w, rows: size.y, taps: y.taps)
    let pointers = UnsafeMutablePointer<UnsafePointer<T>>.allocate(capacity: 2 * taps)
    defer {
      kept.deallocate()
      scratch.deallocate()
      pointers.deallocate()
    }
    let shifted = pointers + taps
    for slice in slices {
      let output = slice + wanted.box.lower.z
      for (axis, target) in zip(z, targets) {
        let offset = axis.offset(of: output)
        let needed = axis.sources[offset..<offset + axis.taps]
        for (k, slice) in needed.enumerated() {
          let (plane, isNew) = kept.plane(of: slice, needed: needed)
          if isNew { inPlane(source + slice * size.x * size.y, extents[slice], scratch, to: plane) }
          pointers[k] = UnsafePointer(plane)
        }
        axis.weights.withUnsafeBufferPointer { weights in
          for y in 0..<h {
            for run in wanted.runs(y: y, z: slice) {
              for k in 0..<axis.taps { shifted[k] = pointers[k] + (w &* y &+ run.x) }
              WaveletKernels.across(
                shifted, weights.baseAddress! + offset, taps: axis.taps, width: run.length, to: target + run.first)
            }
          }
        }
      }
    }
  }

  /// Transforms one slice along x, then y, in the needed columns of the box's rows.
  private func inPlane<Source: ImageSample>(
    _ slice: UnsafePointer<Source>, _ extents: [Range<Int>], _ scratch: SliceScratch<T>,
    to target: UnsafeMutablePointer<T>
  ) {
    let w = wanted.box.size.x
    for row in 0..<size.y { scratch.extents[row] = 0..<0 }
    for (row, extent) in extents.enumerated() where !extent.isEmpty {
      let offset = row * y.taps
      for source in y.sources[offset..<offset + y.taps] {
        scratch.extents[source] = scratch.extents[source].hull(extent)
      }
    }
    filterX.withUnsafeBufferPointer { filter in
      for row in 0..<size.y where !scratch.extents[row].isEmpty {
        let samples = slice + row * size.x
        for i in 0..<size.x { scratch.line[i] = T(samples[i].real) }
        let first = x.outputs.lowerBound
        let extent = scratch.extents[row]
        WaveletKernels.along(
          scratch.line, x, outputs: extent.lowerBound + first..<extent.upperBound + first, filter: filter.baseAddress!,
          to: scratch.alongX + row * w)
      }
    }
    let pointers = scratch.pointers
    y.weights.withUnsafeBufferPointer { weights in
      for (row, extent) in extents.enumerated() where !extent.isEmpty {
        let offset = row * y.taps
        for k in 0..<y.taps {
          pointers[k] = UnsafePointer(scratch.alongX + (y.sources[offset + k] * w + extent.lowerBound))
        }
        WaveletKernels.across(
          pointers, weights.baseAddress! + offset, taps: y.taps, width: extent.count,
          to: target + (row * w + extent.lowerBound))
      }
    }
  }
}

/// Memory for one slice during the transforms along x and y.
struct SliceScratch<T> {
  let line: UnsafeMutablePointer<T>
  /// The slice's rows transformed along x, each of the box's width.
  let alongX: UnsafeMutablePointer<T>
  /// The needed columns of each row.
  let extents: UnsafeMutablePointer<Range<Int>>
  /// Rows of one sum, as many as the filter has taps.
  let pointers: UnsafeMutablePointer<UnsafePointer<T>>

  init(width: Int, boxWidth: Int, rows: Int, taps: Int) {
    line = .allocate(capacity: width)
    alongX = .allocate(capacity: boxWidth * rows)
    extents = .allocate(capacity: rows)
    extents.initialize(repeating: 0..<0, count: rows)
    pointers = .allocate(capacity: taps)
  }

  func deallocate() {
    line.deallocate()
    alongX.deallocate()
    extents.deallocate()
    pointers.deallocate()
  }
}
