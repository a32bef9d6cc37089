import Glibc
package import Imaging

/// Image types that change each value by itself (PyRadiomics `getSquareImage`, `getSquareRootImage`, `getLogarithmImage`,
/// `getExponentialImage`), scaled so that the largest magnitude of the image does not change.
package enum IntensityTransform: String, Sendable, CaseIterable {
  case square, logarithm, exponential
  case squareRoot = "squareroot"

  /// - Parameter largest: largest magnitude in the image. Where it is 0 there is no scale: except for square roots the
  ///   result is NaN, as in PyRadiomics.
  func function(largest: Double) -> @Sendable (Double) -> Double {
    switch self {
    case .square:
      let factor = 1 / largest.squareRoot()
      return { (factor * $0) * (factor * $0) }
    case .squareRoot:
      return { $0 > 0 ? ($0 * largest).squareRoot() : $0 < 0 ? -(-$0 * largest).squareRoot() : $0 }
    case .logarithm:
      let scale = largest / log(largest + 1)
      return { ($0 > 0 ? log($0 + 1) : $0 < 0 ? -log(-($0 - 1)) : $0) * scale }
    case .exponential:
      let factor = log(largest) / largest
      return { exp(factor * $0) }
    }
  }
}

extension Volume {
  /// Every value transformed, float64.
  ///
  /// - Parameter box: the requested part of the result; the scale is that of the whole image.
  package func transformed(_ transform: IntensityTransform, box: BoundingBox? = nil) -> Volume {
    let box = box ?? BoundingBox(lower: SIMD3(0, 0, 0), size: geometry.size)
    return Volume(geometry: geometry.cropped(to: box), float64: transformed(transform, at: WantedVoxels(box)))
  }

  /// The transformed values at a region's voxels.
  func transformedValues(_ transform: IntensityTransform, in region: Region) -> RegionValues {
    .reals(transformed(transform, at: WantedVoxels(region)), single: false)
  }

  private func transformed(_ transform: IntensityTransform, at wanted: WantedVoxels) -> [Double] {
    func values<Sample: ImageSample>(_ source: [Sample]) -> [Double] {
      source.withUnsafeBufferPointer { source in
        var largest = 0.0
        for value in source { largest = max(largest, abs(value.real)) }
        let change = transform.function(largest: largest)
        var result: [Double] = []
        result.reserveCapacity(wanted.count)
        for run in wanted.runs {
          let start = geometry.offset(
            run.x + wanted.box.lower.x, run.y + wanted.box.lower.y, run.z + wanted.box.lower.z)
          for x in start..<start + run.length { result.append(change(source[x].real)) }
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
