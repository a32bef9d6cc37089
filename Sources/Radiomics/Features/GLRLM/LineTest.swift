/// Whether a direction has more than single voxels: PyRadiomics excludes a direction from the GLRLM when no line along
/// it meets two voxels of the region, neighbours or not.
enum LineTest {
  static func anyLineHasTwoVoxels(_ region: Region, step: SIMD3<Int>) -> Bool {
    var lines: Set<SIMD3<Int>> = []
    for row in region.rows {
      for x in row.x..<row.x + row.length {
        // The line's voxel in the plane where the first moving axis (z, then y, then x) is 0.
        let voxel = SIMD3(x, row.y, row.z)
        let axis = step.z != 0 ? 2 : step.y != 0 ? 1 : 0
        let start = voxel &- step &* (voxel[axis] * step[axis])
        if !lines.insert(start).inserted { return true }
      }
    }
    return false
  }
}
