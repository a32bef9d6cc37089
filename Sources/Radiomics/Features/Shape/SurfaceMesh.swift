internal import Imaging

/// The marching cubes surface of a mask, through the midpoints between inside and outside voxels.
///
/// The triangles of a cube depend only on which of its corners are inside, so cubes are counted by their 128
/// configurations (a configuration and its complement have the same surface with opposite normals), with the sum of
/// their positions: area and volume are then sums over configurations.
struct SurfaceMesh: Sendable {
  /// mm².
  let area: Double
  /// mm³: signed volumes of the tetrahedra between the triangles and the origin.
  let volume: Double
  /// Midpoints between a voxel inside and a neighbour outside, in half voxels of the padded bounding box.
  let vertices: [SIMD3<Int32>]

  init(_ mask: Mask, box: BoundingBox) {
    // One layer of outside voxels around the bounding box closes the surface.
    let size = box.size &+ 2
    var inside = [UInt8](repeating: 0, count: size.x * size.y * size.z)
    for z in 0..<box.size.z {
      for y in 0..<box.size.y {
        let source = mask.geometry.offset(box.lower.x, y + box.lower.y, z + box.lower.z)
        let target = 1 + size.x * (y + 1 + size.y * (z + 1))
        for x in 0..<box.size.x { inside[target + x] = mask.voxels[source + x] != 0 ? 1 : 0 }
      }
    }

    // Cubes by configuration: how many, and the sums of their positions, counted negative for complements.
    var cubes = [Int](repeating: 0, count: 128)
    var signed = [Int](repeating: 0, count: 128)
    var positions = [SIMD3<Int>](repeating: SIMD3(0, 0, 0), count: 128)
    var vertices: [SIMD3<Int32>] = []
    inside.withUnsafeBufferPointer { inside in
      let plane = size.x * size.y
      for z in 0..<size.z - 1 {
        for y in 0..<size.y - 1 {
          // The four rows of corners; the bits of a column of corners are kept from one cube to the next.
          let r00 = inside.baseAddress! + (size.x * y + plane * z)
          let r10 = r00 + size.x
          let r01 = r00 + plane
          let r11 = r01 + size.x
          var left = Int(r00[0]) | Int(r10[0]) << 3 | Int(r01[0]) << 4 | Int(r11[0]) << 7
          for x in 0..<size.x - 1 {
            let (a, b, c, d) = (Int(r00[x + 1]), Int(r10[x + 1]), Int(r01[x + 1]), Int(r11[x + 1]))
            var cube = left | a << 1 | b << 2 | c << 5 | d << 6
            left = a | b << 3 | c << 4 | d << 7
            if cube == 0 || cube == 255 { continue }
            var sign = 1
            if cube & 0x80 != 0 {
              cube ^= 0xFF
              sign = -1
            }
            cubes[cube] += 1
            signed[cube] += sign
            positions[cube] &+= SIMD3(x, y, z) &* sign
            // The three edges that meet at corner (x, y + 1, z + 1); the others belong to other cubes.
            if cube & 0x48 != 0 || cube & 0x10 != 0 {
              let (px, py, pz) = (Int32(2 * x), Int32(2 * y + 2), Int32(2 * z + 2))
              if cube & 0x40 != 0 { vertices.append(SIMD3(px + 1, py, pz)) }
              if cube & 0x10 != 0 { vertices.append(SIMD3(px, py - 1, pz)) }
              if cube & 0x08 != 0 { vertices.append(SIMD3(px, py, pz - 1)) }
            }
          }
        }
      }
    }
    self.vertices = vertices

    let spacing = mask.geometry.spacing
    var area = 0.0
    var volume = 0.0
    for cube in 1..<128 where cubes[cube] != 0 {
      var configurationArea = 0.0
      var configurationVolume = 0.0
      var normals = Vector3.zero
      for triangle in MarchingCubesTable.triangles(cube) {
        let (a, b, c) = (triangle.0 * spacing, triangle.1 * spacing, triangle.2 * spacing)
        let normal = (a - c).cross(b - c)
        configurationArea += 0.5 * normal.length
        configurationVolume += a.cross(b).dot(c)
        // Moving the cube by p adds p · (a × b + b × c + c × a) to the determinant.
        normals += a.cross(b) + b.cross(c) + c.cross(a)
      }
      area += Double(cubes[cube]) * configurationArea
      volume += Double(signed[cube]) * configurationVolume
      volume += (Vector3(index: positions[cube]) * spacing).dot(normals)
    }
    self.area = area
    // The table turns the triangles inwards in (x, y, z).
    self.volume = -volume / 6
  }
}
