package import Imaging

extension Volume {
  /// The Laplacian of Gaussian as PyRadiomics computes it (`imageoperations.getLoGImage`,
  /// `itk::LaplacianRecursiveGaussianImageFilter` with `NormalizeAcrossScale`): recursive filters along the axes, stored
  /// in single precision between passes.
  ///
  /// - Parameters:
  ///   - sigma: width of the Gaussian in mm.
  ///   - box: the requested part of the result; the filter still uses the whole image.
  ///   - threads: number of threads; the result is the same for any number.
  /// - Returns: a float32 volume of the box, or nil where PyRadiomics skips this sigma: it is not positive, the image has
  ///   fewer than 4 voxels along an axis, or fewer than `sigma / spacing + 1`.
  package func laplacianOfGaussian(sigma: Double, box: BoundingBox? = nil, threads: Int = 1) -> Volume? {
    let box = box ?? BoundingBox(lower: SIMD3(0, 0, 0), size: geometry.size)
    guard let values = laplacian(sigma, at: WantedVoxels(box), threads: threads) else { return nil }
    return Volume(geometry: geometry.cropped(to: box), pixelType: .float32, voxels: .float32(values))
  }

  /// Its values at a region's voxels, nil as above.
  ///
  /// - Parameter region: its box counts in this volume's voxels.
  func laplacianValues(sigma: Double, in region: Region, threads: Int = 1) -> RegionValues? {
    laplacian(sigma, at: WantedVoxels(region), threads: threads).map { .reals($0.map(Double.init), single: true) }
  }

  private func laplacian(_ sigma: Double, at wanted: WantedVoxels, threads: Int) -> [Float]? {
    let size = geometry.size
    guard sigma > 0, sigma.isFinite else { return nil }
    for a in 0..<3 {
      guard size[a] >= 4, Double(size[a]) >= (sigma / geometry.spacing[a]).rounded(.up) + 1 else { return nil }
    }
    let filter = LaplacianFilter(geometry: geometry, wanted: wanted, sigma: sigma)
    switch voxels {
    case .int16(let source): return filter.apply(to: source, threads: threads)
    case .int32(let source): return filter.apply(to: source, threads: threads)
    case .float32(let source): return filter.apply(to: source, threads: threads)
    case .float64(let source): return filter.apply(to: source, threads: threads)
    }
  }
}
