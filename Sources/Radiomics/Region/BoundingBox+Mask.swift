package import Imaging

extension BoundingBox {
  /// The bounding box of a mask, or nil where it is empty.
  package init?(of mask: Mask) {
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

/// Index of the first byte that is not zero; reads eight at a time, because most rows of a mask are empty.
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
