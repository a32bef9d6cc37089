package import Errors

/// Checks that a region is large enough for features, and notes its position for the reader.
///
/// - Parameter minimumVoxels: fewer are refused.
/// - Returns: notes `ROI_SINGLE_SLICE`, `ROI_TOUCHES_BORDER` (the edge of the slices), `ROI_TOUCHES_END` (the first or
///   last slice: the lesion may be cut).
/// - Throws: `E_MASK_EMPTY`, `E_ROI_TOO_SMALL`, `E_ROI_LINE`.
package func checkROI(_ mask: Mask, minimumVoxels: Int = 10, file: String? = nil) throws -> [Note] {
  guard let extent = MaskExtent(mask) else {
    throw StudyError(
      .maskEmpty, "the mask has no voxel inside", file: file, hint: "check that the segmentation was saved")
  }
  guard extent.count > 1, extent.count >= minimumVoxels else {
    throw StudyError(
      .roiTooSmall, "the region has \(extent.count) voxels; at least \(max(2, minimumVoxels)) are needed", file: file,
      hint: "check that the whole lesion is segmented", details: ["voxels": "\(extent.count)"])
  }
  let lengths = (0..<3).map { extent.upper[$0] - extent.lower[$0] + 1 }
  guard lengths.filter({ $0 > 1 }).count >= 2 else {
    throw StudyError(
      .roiLine, "the region is a line of \(lengths[0]) x \(lengths[1]) x \(lengths[2]) voxels", file: file,
      hint: "check that the whole lesion is segmented")
  }

  var notes: [Note] = []
  let size = mask.geometry.size
  if lengths.contains(1) {
    let axis = lengths.firstIndex(of: 1) ?? 2
    notes.append(
      Note(code: "ROI_SINGLE_SLICE", message: "the region lies in one slice, \(extent.lower[axis]) of axis \(axis)"))
  }
  let sides = (0..<2).filter { extent.lower[$0] == 0 || extent.upper[$0] == size[$0] - 1 }
  if !sides.isEmpty {
    notes.append(Note(code: "ROI_TOUCHES_BORDER", message: "the region touches the edge of the slices"))
  }
  if extent.lower.z == 0 || extent.upper.z == size.z - 1 {
    notes.append(
      Note(
        code: "ROI_TOUCHES_END",
        message: "the region touches the \(extent.lower.z == 0 ? "first" : "last") slice: the lesion may be cut"))
  }
  return notes
}

/// The number of voxels inside a mask and the smallest box around them.
private struct MaskExtent {
  var count = 0
  var lower = SIMD3(Int.max, Int.max, Int.max)
  var upper = SIMD3(-1, -1, -1)

  /// Nil for an empty mask.
  init?(_ mask: Mask) {
    let size = mask.geometry.size
    mask.voxels.withUnsafeBytes { bytes in
      for z in 0..<size.z {
        for y in 0..<size.y {
          let row = UnsafeRawBufferPointer(rebasing: bytes[(z * size.y + y) * size.x..<(z * size.y + y + 1) * size.x])
          guard let from = row.firstIndex(of: 1), let to = row.lastIndex(of: 1) else { continue }
          lower = SIMD3(min(lower.x, from), min(lower.y, y), min(lower.z, z))
          upper = SIMD3(max(upper.x, to), max(upper.y, y), max(upper.z, z))
          for offset in from...to { count &+= Int(row[offset]) }
        }
      }
    }
    if count == 0 { return nil }
  }
}
