public import Imaging

extension Volume {
  /// One sub-band of the stationary wavelet transform as PyRadiomics computes it (`imageoperations._swt3`, `pywt.swtn` of
  /// level 1 on axes made even by wrapping).
  ///
  /// - Parameters:
  ///   - box: part of the result that is wanted; only what it needs is computed, with the same bits.
  ///   - threads: how many threads may work; the result is the same for any number.
  /// - Returns: a float64 volume of the box; float32 where this volume is, as PyWavelets has it.
  public func subband(
    _ subband: Subband, of wavelet: Wavelet = .coif1, box: BoundingBox? = nil, threads: Int = 1
  ) -> Volume {
    subbands([subband], of: wavelet, box: box, threads: threads)[0]
  }

  /// Sub-bands that differ along z only, at once: they share the transforms along x and y.
  ///
  /// - Parameter along: filters along z, one result each.
  public func subbands(
    x: Subband.Filter?, y: Subband.Filter?, z along: [Subband.Filter?] = [.low, .high], of wavelet: Wavelet = .coif1,
    box: BoundingBox? = nil, threads: Int = 1
  ) -> [Volume] {
    subbands(along.map { Subband(x: x, y: y, z: $0) }, of: wavelet, box: box, threads: threads)
  }

  /// Sub-bands with the same filters along x and y.
  func subbands(_ bands: [Subband], of wavelet: Wavelet, box: BoundingBox?, threads: Int) -> [Volume] {
    let box = box ?? BoundingBox(lower: SIMD3(0, 0, 0), size: geometry.size)
    let grid = geometry.cropped(to: box)
    if case .float32(let source) = voxels {
      return WaveletTransform<Float>(geometry.size, box, bands, wavelet).apply(to: source, threads: threads).map {
        Volume(geometry: grid, pixelType: .float32, voxels: .float32($0))
      }
    }
    let transform = WaveletTransform<Double>(geometry.size, box, bands, wavelet)
    let results: [[Double]]
    switch voxels {
    case .int16(let source): results = transform.apply(to: source, threads: threads)
    case .int32(let source): results = transform.apply(to: source, threads: threads)
    case .float32(let source): results = transform.apply(to: source, threads: threads)
    case .float64(let source): results = transform.apply(to: source, threads: threads)
    }
    return results.map { Volume(geometry: grid, float64: $0) }
  }

  /// The approximation (LLL) from which the next level is computed: of the whole image, on axes made even.
  ///
  /// PyRadiomics' level n is the transform of the approximation of level n - 1, cut to the image's size.
  ///
  /// - Parameter skipping: axis (0 x, 1 y, 2 z) that is not transformed.
  public func waveletApproximation(of wavelet: Wavelet = .coif1, skipping: Int? = nil, threads: Int = 1) -> Volume {
    var even = geometry.size
    for a in 0..<3 { even[a] = WaveletAxis<Double>.padded(even[a]) }
    let band = Subband.all(skipping: skipping).last ?? Subband(x: .low, y: .low, z: .low)
    return subband(
      band, of: wavelet, box: BoundingBox(lower: SIMD3(0, 0, 0), size: even), threads: threads)
  }
}

/// Sub-bands that share the transforms along x and y, for a box of the image. Slices are transformed along x and y one by
/// one and kept, as many as the filter has taps, until the sums along z no longer need them.
struct WaveletTransform<T: WaveletScalar>: Sendable {
  private let size: SIMD3<Int>
  private let box: BoundingBox
  private let x: WaveletAxis<T>
  private let y: WaveletAxis<T>
  private let z: [WaveletAxis<T>]
  private let filterX: [T]
  /// Rows of a slice that the transform along y reads, and the place of each in the buffer.
  private let rows: [Int]
  private let place: [Int]

  init(_ size: SIMD3<Int>, _ box: BoundingBox, _ bands: [Subband], _ wavelet: Wavelet) {
    self.size = size
    self.box = box
    func taps(_ filter: Subband.Filter?) -> [T]? { filter.map { T.taps($0, of: wavelet) } }
    func range(_ a: Int) -> Range<Int> { box.lower[a]..<box.lower[a] + box.size[a] }
    x = WaveletAxis(taps(bands[0].x), length: size.x, outputs: range(0))
    y = WaveletAxis(taps(bands[0].y), length: size.y, outputs: range(1))
    z = bands.map { WaveletAxis(taps($0.z), length: size.z, outputs: range(2)) }
    filterX = taps(bands[0].x) ?? [1]
    rows = Set(y.sources).sorted()
    var place = [Int](repeating: 0, count: size.y)
    for (index, row) in rows.enumerated() { place[row] = index }
    self.place = place
  }

  func apply<Source: WaveletSample>(to voxels: [Source], threads: Int) -> [[T]] {
    let plane = box.size.x * box.size.y
    let count = plane * box.size.z
    let targets = z.map { _ in UnsafeMutablePointer<T>.allocate(capacity: count) }
    defer { for target in targets { target.deallocate() } }
    nonisolated(unsafe) let out = targets
    voxels.withUnsafeBufferPointer { buffer in
      nonisolated(unsafe) let source = buffer.baseAddress!
      forEachSlab(of: box.size.z, threads: threads) { slices in
        run(source, slices.lowerBound + box.lower.z..<slices.upperBound + box.lower.z, out)
      }
    }
    return targets.map { Array(UnsafeBufferPointer(start: $0, count: count)) }
  }

  private func run<Source: WaveletSample>(
    _ source: UnsafePointer<Source>, _ slices: Range<Int>, _ targets: [UnsafeMutablePointer<T>]
  ) {
    let plane = box.size.x * box.size.y
    let taps = z.map(\.taps).max() ?? 1
    var kept = KeptPlanes<T>(count: taps, plane: plane)
    let line = UnsafeMutablePointer<T>.allocate(capacity: size.x)
    let alongX = UnsafeMutablePointer<T>.allocate(capacity: box.size.x * rows.count)
    defer {
      kept.deallocate()
      line.deallocate()
      alongX.deallocate()
    }
    var pointers: [UnsafePointer<T>] = []
    for output in slices {
      for (axis, target) in zip(z, targets) {
        let offset = axis.offset(of: output)
        let needed = axis.sources[offset..<offset + axis.taps]
        pointers.removeAll(keepingCapacity: true)
        for slice in needed {
          let (pointer, isNew) = kept.plane(of: slice, needed: needed)
          if isNew { inPlane(source + slice * size.x * size.y, line, alongX, to: pointer) }
          pointers.append(UnsafePointer(pointer))
        }
        let place = target + (output - box.lower.z) * plane
        pointers.withUnsafeBufferPointer { rows in
          axis.weights.withUnsafeBufferPointer { weights in
            WaveletKernels.across(
              rows.baseAddress!, weights.baseAddress! + offset, taps: axis.taps, width: plane, to: place)
          }
        }
      }
    }
  }

  /// Transforms one slice along x, then y, and keeps the box's columns and rows.
  private func inPlane<Source: WaveletSample>(
    _ slice: UnsafePointer<Source>, _ line: UnsafeMutablePointer<T>, _ alongX: UnsafeMutablePointer<T>,
    to target: UnsafeMutablePointer<T>
  ) {
    let width = box.size.x
    filterX.withUnsafeBufferPointer { filter in
      for (index, row) in rows.enumerated() {
        let samples = slice + row * size.x
        for i in 0..<size.x { line[i] = T(samples[i].real) }
        WaveletKernels.along(line, x, filter: filter.baseAddress!, to: alongX + index * width)
      }
    }
    var pointers = [UnsafePointer<T>](repeating: UnsafePointer(alongX), count: y.taps)
    y.weights.withUnsafeBufferPointer { weights in
      for output in y.outputs {
        let offset = y.offset(of: output)
        for k in 0..<y.taps { pointers[k] = UnsafePointer(alongX + place[y.sources[offset + k]] * width) }
        pointers.withUnsafeBufferPointer { rows in
          WaveletKernels.across(
            rows.baseAddress!, weights.baseAddress! + offset, taps: y.taps, width: width,
            to: target + (output - y.outputs.lowerBound) * width)
        }
      }
    }
  }
}
