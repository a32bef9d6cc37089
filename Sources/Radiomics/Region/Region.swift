public import Imaging

/// A run of neighbouring voxels of the region along x.
struct RegionRow: Sendable {
  /// First voxel's offset in the padded grid.
  var padded: Int
  /// First voxel's number among the region's voxels.
  var first: Int
  /// Voxels in the run.
  var length: Int
  /// Coordinates of the first voxel in the bounding box.
  var x: Int
  var y: Int
  var z: Int
}

/// The voxels of a mask, prepared for loops that never test a bound or a voxel outside: rows along x of a grid that is
/// the mask's bounding box with a border of `margin` voxels on every side.
struct Region: Sendable {
  let box: BoundingBox
  /// Spacing in mm along x, y, z.
  let spacing: Vector3
  /// Border around the bounding box, in voxels: as wide as the farthest neighbour that is looked at.
  let margin: Int
  /// Voxels of the padded grid along x, y, z.
  let paddedSize: SIMD3<Int>
  /// Rows in storage order: z, then y, then x.
  let rows: [RegionRow]
  /// Number of voxels in the region.
  let count: Int

  var paddedCount: Int { paddedSize.x * paddedSize.y * paddedSize.z }

  /// Offset in the padded grid of a neighbour (x, y, z) voxels away.
  func paddedOffset(_ step: SIMD3<Int>) -> Int { step.x + paddedSize.x * (step.y + paddedSize.y * step.z) }

  /// - Returns: nil where the mask is empty.
  init?(_ mask: Mask, margin: Int) {
    guard let box = BoundingBox(of: mask) else { return nil }
    self.init(mask, box: box, margin: margin)
  }

  /// The region inside `box`, which must hold every voxel of the mask.
  init(_ mask: Mask, box: BoundingBox, margin: Int) {
    self.box = box
    self.spacing = mask.geometry.spacing
    self.margin = margin
    let paddedSize = box.size &+ 2 * margin
    self.paddedSize = paddedSize
    var rows: [RegionRow] = []
    var count = 0
    mask.voxels.withUnsafeBufferPointer { inside in
      for z in 0..<box.size.z {
        for y in 0..<box.size.y {
          let source = mask.geometry.offset(box.lower.x, y + box.lower.y, z + box.lower.z)
          let target = margin + paddedSize.x * (y + margin + paddedSize.y * (z + margin))
          var x = 0
          while x < box.size.x {
            if inside[source + x] == 0 {
              x += 1
              continue
            }
            let start = x
            while x < box.size.x, inside[source + x] != 0 { x += 1 }
            rows.append(RegionRow(padded: target + start, first: count, length: x - start, x: start, y: y, z: z))
            count += x - start
          }
        }
      }
    }
    self.rows = rows
    self.count = count
  }
}

extension BoundingBox {
  /// The bounding box of a mask, or nil where it is empty.
  public init?(of mask: Mask) {
    let size = mask.geometry.size
    var low = SIMD3(Int.max, Int.max, Int.max)
    var high = SIMD3(-1, -1, -1)
    mask.voxels.withUnsafeBytes { voxels in
      for z in 0..<size.z {
        for y in 0..<size.y {
          let start = size.x * (y + size.y * z)
          let row = UnsafeRawBufferPointer(rebasing: voxels[start..<start + size.x])
          guard let first = firstNonZero(row) else { continue }
          var last = size.x - 1
          while row[last] == 0 { last -= 1 }
          low = SIMD3(min(low.x, first), min(low.y, y), min(low.z, z))
          high = SIMD3(max(high.x, last), max(high.y, y), max(high.z, z))
        }
      }
    }
    guard high.x >= 0 else { return nil }
    self.init(lower: low, size: high &- low &+ 1)
  }
}

/// Index of the first byte that is not zero; looks at eight at a time, since most rows of a mask are empty.
private func firstNonZero(_ bytes: UnsafeRawBufferPointer) -> Int? {
  var i = 0
  while i + 8 <= bytes.count {
    if bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self) != 0 { break }
    i += 8
  }
  while i < bytes.count {
    if bytes[i] != 0 { return i }
    i += 1
  }
  return nil
}
