package import Imaging

extension Volume {
  /// Magnitude of the gradient by central differences (`itk::GradientMagnitudeImageFilter`, PyRadiomics
  /// `getGradientImage`); border values are repeated beyond the border.
  ///
  /// - Parameters:
  ///   - useSpacing: per mm; otherwise per voxel (`gradientUseSpacing`).
  ///   - box: the requested part of the result.
  /// - Returns: a float32 volume of the box.
  package func gradientMagnitude(useSpacing: Bool = true, box: BoundingBox? = nil) -> Volume {
    let box = box ?? BoundingBox(lower: SIMD3(0, 0, 0), size: geometry.size)
    let values = gradient(useSpacing, at: WantedVoxels(box)).map { Float($0) }
    return Volume(geometry: geometry.cropped(to: box), pixelType: .float32, voxels: .float32(values))
  }

  /// The magnitudes at a region's voxels.
  func gradientValues(useSpacing: Bool, in region: Region) -> RegionValues {
    .reals(gradient(useSpacing, at: WantedVoxels(region)), single: true)
  }

  /// Each value is a single precision number.
  private func gradient(_ useSpacing: Bool, at wanted: WantedVoxels) -> [Double] {
    var half = Vector3(repeating: 0.5)
    if useSpacing { half *= 1 / geometry.spacing }
    let size = geometry.size
    func values<Sample: ImageSample>(_ source: [Sample]) -> [Double] {
      source.withUnsafeBufferPointer { source in
        var result: [Double] = []
        result.reserveCapacity(wanted.count)
        for run in wanted.runs {
          let (y, z) = (run.y + wanted.box.lower.y, run.z + wanted.box.lower.z)
          let row = geometry.offset(0, y, z)
          let above = geometry.offset(0, max(y - 1, 0), z)
          let below = geometry.offset(0, min(y + 1, size.y - 1), z)
          let before = geometry.offset(0, y, max(z - 1, 0))
          let after = geometry.offset(0, y, min(z + 1, size.z - 1))
          let start = run.x + wanted.box.lower.x
          for x in start..<start + run.length {
            let gx = half.x * source[row + max(x - 1, 0)].real + -half.x * source[row + min(x + 1, size.x - 1)].real
            let gy = half.y * source[above + x].real + -half.y * source[below + x].real
            let gz = half.z * source[before + x].real + -half.z * source[after + x].real
            result.append(Double(Float((gx * gx + gy * gy + gz * gz).squareRoot())))
          }
        }
        return result
      }
    }
    switch voxels {
    case .int16(let source): return values(source)
    case .int32(let source): return values(source)
    case .float32(let source): return values(source)
    case .float64(let source): return values(source)
    }
  }
}
