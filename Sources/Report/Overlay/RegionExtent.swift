internal import Imaging

/// Where a mask's voxels lie in its grid.
struct RegionExtent: Sendable, Equatable {
  /// First and last voxel index along each axis.
  let lower: SIMD3<Int>
  let upper: SIMD3<Int>

  /// Nil where the mask is empty.
  init?(_ mask: Mask) {
    let size = mask.geometry.size
    var lower = size
    var upper = SIMD3(-1, -1, -1)
    mask.voxels.withUnsafeBufferPointer { voxels in
      for z in 0..<size.z {
        for y in 0..<size.y {
          let row = size.x * (y + size.y * z)
          guard let first = (0..<size.x).first(where: { voxels[row + $0] != 0 }) else { continue }
          let last = (0..<size.x).last { voxels[row + $0] != 0 } ?? first
          lower = pointwiseMin(lower, SIMD3(first, y, z))
          upper = pointwiseMax(upper, SIMD3(last, y, z))
        }
      }
    }
    guard upper.x >= 0 else { return nil }
    self.lower = lower
    self.upper = upper
  }

  /// Continuous index of the middle along an axis.
  func middle(_ axis: Int) -> Double { Double(lower[axis] + upper[axis]) / 2 }

  /// Voxels along an axis.
  func count(_ axis: Int) -> Int { upper[axis] - lower[axis] + 1 }
}
