/// Steps from a voxel to its neighbours, in voxels along (x, y, z).
///
/// Source: PyRadiomics `generate_angles`: all steps whose largest component is one of the distances, except steps as
/// long as the region's bounding box along an axis, and steps out of the plane with `force2D`.
struct Neighbourhood: Sendable {
  /// One of each pair of opposite steps, those that point to larger z, then y, then x.
  let directions: [SIMD3<Int>]

  /// - Parameters:
  ///   - distances: Chebyshev distances in voxels, each at least 1.
  ///   - size: the region's bounding box in voxels.
  ///   - fixedAxis: the axis (0 = x) along which no step may lead, or nil.
  init(distances: [Int], size: SIMD3<Int>, fixedAxis: Int?) {
    let farthest = distances.max() ?? 1
    let wanted = Set(distances)
    var directions: [SIMD3<Int>] = []
    for z in stride(from: farthest, through: 0, by: -1) {
      for y in stride(from: farthest, through: -farthest, by: -1) {
        for x in stride(from: farthest, through: -farthest, by: -1) {
          guard z > 0 || y > 0 || (y == 0 && x > 0) else { continue }
          let step = SIMD3(x, y, z)
          guard wanted.contains(max(abs(x), abs(y), abs(z))) else { continue }
          guard abs(x) < size.x, abs(y) < size.y, abs(z) < size.z else { continue }
          if let fixedAxis, step[fixedAxis] != 0 { continue }
          directions.append(step)
        }
      }
    }
    self.directions = directions
  }
}
