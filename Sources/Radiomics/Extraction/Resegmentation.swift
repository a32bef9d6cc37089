internal import Errors
internal import Imaging

/// Removes voxels whose value lies outside a range from the region (PyRadiomics `imageoperations.resegmentMask`).
enum Resegmentation {
  static func apply(
    _ image: Volume, _ mask: Mask, _ region: Region, range: [Double], mode: ResegmentMode
  ) throws -> Mask {
    let values = RegionValues(image, region: region).doubles
    var bounds =
      image.pixelType == .float32
      ? thresholds(values.map { Float($0) }, range: range.sorted(), mode: mode)
      : thresholds(values, range: range.sorted(), mode: mode)
    // numpy compares float32 values with a threshold of their own precision: one of 0.1 keeps the value 0.1.
    if image.pixelType == .float32 { bounds = bounds.map { Double(Float($0)) } }
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

  /// Mean and deviation are computed in the image's own precision.
  private static func thresholds<Value: BinaryFloatingPoint>(
    _ values: [Value], range: [Double], mode: ResegmentMode
  ) -> [Double] {
    switch mode {
    case .absolute: return range
    case .relative:
      let largest = Double(values.max() ?? 0)
      return range.map { largest * $0 }
    case .sigma:
      let count = Value(values.count)
      let mean = PairwiseSum.of(values) / count
      let variance = PairwiseSum.of(values.map { ($0 - mean) * ($0 - mean) }) / count
      return range.map { Double(mean) + Double(variance.squareRoot()) * $0 }
    }
  }
}
