/// The smallest box of voxels around a region, by indices of the grid it lies in.
package struct BoundingBox: Sendable, Equatable {
  /// First voxel inside along x, y, z.
  package var lower: SIMD3<Int>
  /// Voxels along x, y, z; each at least 1.
  package var size: SIMD3<Int>

  package init(lower: SIMD3<Int>, size: SIMD3<Int>) {
    self.lower = lower
    self.size = size
  }

  /// Last voxel inside along x, y, z.
  package var upper: SIMD3<Int> { lower &+ size &- 1 }

  /// Number of axes along which the box is longer than one voxel.
  package var dimensions: Int { (size.x > 1 ? 1 : 0) + (size.y > 1 ? 1 : 0) + (size.z > 1 ? 1 : 0) }
}
