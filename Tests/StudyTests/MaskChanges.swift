import Imaging

/// Other files with the same region, and some with a different one.
enum MaskChanges {
  static func apply(_ change: String, to mask: Volume) -> Volume {
    switch change {
    case "flipped": reordered(mask, axes: [0, 1, 2], flipped: [true, false, true])
    case "permuted": reordered(mask, axes: [2, 0, 1], flipped: [false, true, false])
    case "cropped": cropped(mask)
    case "label 7": mapped(mask) { $0 * 7 }
    case "float":
      Volume(geometry: mask.geometry, pixelType: .float32, voxels: .float32(mask.voxels.doubles.map { Float($0) }))
    case "two labels": twoLabels(mask)
    default: fatalError("no such change: \(change)")
    }
  }

  private static func mapped(_ mask: Volume, _ change: (Int16) -> Int16) -> Volume {
    Volume(geometry: mask.geometry, int16: mask.voxels.doubles.map { change(Int16($0)) })
  }

  /// The lower rows have label 1, the others label 2.
  private static func twoLabels(_ mask: Volume) -> Volume {
    let values = mask.voxels.doubles
    let inside = values.indices.filter { values[$0] != 0 }
    let middle = inside[inside.count / 2]
    return Volume(geometry: mask.geometry, int16: values.indices.map { values[$0] == 0 ? 0 : $0 < middle ? 1 : 2 })
  }

  /// The same voxels in another order: axis a of the new file is axis `axes[a]` of the old one.
  private static func reordered(_ mask: Volume, axes: [Int], flipped: [Bool]) -> Volume {
    let old = mask.geometry
    var geometry = old
    var first = SIMD3(0, 0, 0)
    for a in 0..<3 {
      geometry.size[a] = old.size[axes[a]]
      geometry.spacing[a] = old.spacing[axes[a]]
      geometry.direction[a] = flipped[a] ? -old.direction[axes[a]] : old.direction[axes[a]]
      if flipped[a] { first[axes[a]] = old.size[axes[a]] - 1 }
    }
    geometry.origin = old.point(at: Vector3(index: first))
    let values = mask.voxels.doubles
    var moved = [Int16](repeating: 0, count: geometry.count)
    for z in 0..<geometry.size.z {
      for y in 0..<geometry.size.y {
        for x in 0..<geometry.size.x {
          var source = SIMD3(0, 0, 0)
          for (a, index) in [x, y, z].enumerated() {
            source[axes[a]] = flipped[a] ? geometry.size[a] - 1 - index : index
          }
          moved[geometry.offset(x, y, z)] = Int16(values[old.offset(source.x, source.y, source.z)])
        }
      }
    }
    return Volume(geometry: geometry, int16: moved)
  }

  /// A file that covers the region and one voxel around it.
  private static func cropped(_ mask: Volume) -> Volume {
    let values = mask.voxels.doubles
    let size = mask.geometry.size
    var low = size
    var high = SIMD3(0, 0, 0)
    for z in 0..<size.z {
      for y in 0..<size.y {
        for x in 0..<size.x where values[mask.geometry.offset(x, y, z)] != 0 {
          low = SIMD3(min(low.x, x), min(low.y, y), min(low.z, z))
          high = SIMD3(max(high.x, x), max(high.y, y), max(high.z, z))
        }
      }
    }
    var geometry = mask.geometry
    geometry.origin = mask.geometry.point(at: Vector3(index: low))
    geometry.size = high &- low &+ 1
    var kept: [Int16] = []
    for z in low.z...high.z {
      for y in low.y...high.y {
        for x in low.x...high.x { kept.append(Int16(values[mask.geometry.offset(x, y, z)])) }
      }
    }
    return Volume(geometry: geometry, int16: kept)
  }
}
