package import Imaging

extension Volume {
  /// One sub-band of the stationary wavelet transform as PyRadiomics computes it (`imageoperations._swt3`, `pywt.swtn` of
  /// level 1 on axes made even by wrapping).
  ///
  /// - Parameters:
  ///   - box: the requested part of the result; only its inputs are computed, with the same bits.
  ///   - threads: number of threads; the result is the same for any number.
  /// - Returns: a float64 volume of the box; float32 where this volume is, as in PyWavelets.
  package func subband(
    _ subband: Subband, of wavelet: Wavelet = .coif1, box: BoundingBox? = nil, threads: Int = 1
  ) -> Volume {
    subbands([subband], of: wavelet, box: box, threads: threads)[0]
  }

  /// Sub-bands that differ only along z, computed together: they share the transforms along x and y.
  ///
  /// - Parameter along: filters along z, one result each.
  package func subbands(
    x: Subband.Filter?, y: Subband.Filter?, z along: [Subband.Filter?] = [.low, .high], of wavelet: Wavelet = .coif1,
    box: BoundingBox? = nil, threads: Int = 1
  ) -> [Volume] {
    subbands(along.map { Subband(x: x, y: y, z: $0) }, of: wavelet, box: box, threads: threads)
  }

  /// The approximation (LLL) from which the next level is computed: of the whole image, on axes made even.
  ///
  /// PyRadiomics' level n is the transform of the approximation of level n - 1, cut to the image's size.
  ///
  /// - Parameter skipping: axis (0 x, 1 y, 2 z) that is not transformed.
  package func waveletApproximation(of wavelet: Wavelet = .coif1, skipping: Int? = nil, threads: Int = 1) -> Volume {
    var even = geometry.size
    for a in 0..<3 { even[a] = WaveletAxis<Double>.padded(even[a]) }
    let band = Subband.all(skipping: skipping).last ?? Subband(x: .low, y: .low, z: .low)
    return subband(
      band, of: wavelet, box: BoundingBox(lower: SIMD3(0, 0, 0), size: even), threads: threads)
  }

  /// Sub-bands with the same filters along x and y.
  func subbands(_ bands: [Subband], of wavelet: Wavelet, box: BoundingBox?, threads: Int) -> [Volume] {
    let box = box ?? BoundingBox(lower: SIMD3(0, 0, 0), size: geometry.size)
    let grid = geometry.cropped(to: box)
    return subbandVoxels(bands, of: wavelet, at: WantedVoxels(box), threads: threads).map { voxels in
      if case .float32 = voxels { return Volume(geometry: grid, pixelType: .float32, voxels: voxels) }
      return Volume(geometry: grid, pixelType: .float64, voxels: voxels)
    }
  }

  /// Values of sub-bands with the same filters along x and y at a region's voxels.
  ///
  /// - Parameter region: its box counts in this volume's voxels.
  func subbandValues(
    _ bands: [Subband], of wavelet: Wavelet, in region: Region, threads: Int = 1
  ) -> [RegionValues] {
    subbandVoxels(bands, of: wavelet, at: WantedVoxels(region), threads: threads).map { voxels in
      if case .float32(let values) = voxels { return .reals(values.map(Double.init), single: true) }
      return .reals(voxels.doubles, single: false)
    }
  }

  private func subbandVoxels(
    _ bands: [Subband], of wavelet: Wavelet, at wanted: WantedVoxels, threads: Int
  ) -> [Voxels] {
    if case .float32(let source) = voxels {
      return WaveletTransform<Float>(geometry.size, wanted, bands, wavelet).apply(to: source, threads: threads)
        .map { .float32($0) }
    }
    let transform = WaveletTransform<Double>(geometry.size, wanted, bands, wavelet)
    let results: [[Double]]
    switch voxels {
    case .int16(let source): results = transform.apply(to: source, threads: threads)
    case .int32(let source): results = transform.apply(to: source, threads: threads)
    case .float32(let source): results = transform.apply(to: source, threads: threads)
    case .float64(let source): results = transform.apply(to: source, threads: threads)
    }
    return results.map { .float64($0) }
  }
}
