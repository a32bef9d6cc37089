internal import Errors
internal import Imaging

/// Takes voxels whose value lies outside a range out of the region (PyRadiomics `imageoperations.resegmentMask`).
enum Resegmentation {
  static func apply(
    _ image: Volume, _ mask: Mask, _ region: Region, range: [Double], mode: ResegmentMode
  ) throws -> Mask {
    let values = RegionValues(image, region: region).doubles
    let bounds = thresholds(values, range: range.sorted(), mode: mode)
    var kept = mask.voxels
    var count = 0
    for row in region.rows {
      let start = mask.geometry.offset(
        row.x + region.box.lower.x, row.y + region.box.lower.y, row.z + region.box.lower.z)
      for x in 0..<row.length {
        let value = values[row.first + x]
        let inside = value >= bounds[0] && (bounds.count < 2 || value <= bounds[1])
        kept[start + x] = inside ? 1 : 0
        count += inside ? 1 : 0
      }
    }
    guard count > 1 else {
      throw StudyError(
        .roiVanished, "re-segmentation to \(bounds) leaves \(count) of \(region.count) voxels",
        hint: "widen resegmentRange")
    }
    return Mask(geometry: mask.geometry, voxels: kept, label: mask.label)
  }

  private static func thresholds(_ values: [Double], range: [Double], mode: ResegmentMode) -> [Double] {
    switch mode {
    case .absolute: return range
    case .relative:
      let largest = values.max() ?? 0
      return range.map { largest * $0 }
    case .sigma:
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      return range.map { mean + variance.squareRoot() * $0 }
    }
  }
}
