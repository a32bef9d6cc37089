/// Where the voxels of a grid lie in the patient: ITK's description, in LPS (x to the left, y to the back, z to the head).
///
/// Voxel (i, j, k) has its centre at `origin + direction * (spacing * (i, j, k))`. Storage order is x fastest.
package struct Geometry: Sendable, Equatable {
  /// Voxels along each axis, (columns, rows, slices) for a CT series; each at least 1.
  package var size: SIMD3<Int>
  /// Distance of neighbouring voxel centres in mm, each positive.
  package var spacing: Vector3
  /// Centre of voxel (0, 0, 0) in mm, LPS.
  package var origin: Vector3
  /// Column c is the unit vector of axis c in LPS.
  package var direction: Matrix3

  package init(
    size: SIMD3<Int>, spacing: Vector3 = Vector3(1, 1, 1), origin: Vector3 = Vector3(0, 0, 0),
    direction: Matrix3 = .identity
  ) {
    self.size = size
    self.spacing = spacing
    self.origin = origin
    self.direction = direction
  }

  /// Number of voxels.
  package var count: Int { size.x * size.y * size.z }

  /// Volume of one voxel in mm³.
  package var voxelVolume: Double { spacing.x * spacing.y * spacing.z }

  /// Position in mm (LPS) of a continuous voxel index.
  package func point(at index: Vector3) -> Vector3 { origin + direction * (index * spacing) }

  /// Continuous voxel index of a position in mm (LPS), or nil where the direction matrix is singular.
  package func index(of point: Vector3) -> Vector3? {
    guard let inverse = direction.inverse else { return nil }
    return (inverse * (point - origin)) / spacing
  }

  /// Offset in storage of voxel (x, y, z).
  package func offset(_ x: Int, _ y: Int, _ z: Int) -> Int { x + size.x * (y + size.y * z) }

  /// Voxel indices of the eight corner voxels.
  package var cornerIndices: [SIMD3<Int>] {
    (0..<8).map {
      SIMD3($0 & 1 == 0 ? 0 : size.x - 1, $0 & 2 == 0 ? 0 : size.y - 1, $0 & 4 == 0 ? 0 : size.z - 1)
    }
  }
}

extension Vector3 {
  /// An integer index as a continuous one.
  package init(index: SIMD3<Int>) { self.init(Double(index.x), Double(index.y), Double(index.z)) }
}
