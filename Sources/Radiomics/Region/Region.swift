internal import CKernels
internal import Imaging

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
  /// Border around the bounding box, in voxels: as wide as the farthest neighbour that is read.
  let margin: Int
  /// Voxels of the padded grid along x, y, z.
  let paddedSize: SIMD3<Int>
  /// Rows in storage order: z, then y, then x.
  let rows: [RegionRow]
  /// The same for the kernels.
  let spans: [ckernels_span]
  /// Number of voxels in the region.
  let count: Int
  /// Voxels of the longest row.
  let longestRow: Int

  var paddedCount: Int { paddedSize.x * paddedSize.y * paddedSize.z }

  /// Offset in the padded grid of a neighbour (x, y, z) voxels away.
  func paddedOffset(_ step: SIMD3<Int>) -> Int { step.x + paddedSize.x * (step.y + paddedSize.y * step.z) }

  /// - Returns: nil where the mask is empty.
  init?(_ mask: Mask, margin: Int) {
    guard let box = BoundingBox(of: mask) else { return nil }
    self.init(mask, box: box, margin: margin)
  }

  /// The region inside `box`, which must contain every voxel of the mask.
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
    spans = rows.map { ckernels_span(padded: $0.padded, length: $0.length) }
    self.count = count
    longestRow = rows.reduce(0) { max($0, $1.length) }
  }
}
