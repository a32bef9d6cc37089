internal import Errors
internal import Imaging

/// Evidence from the voxels of a region: a mask that was flipped, or belongs to another patient, lies in the air as
/// often as in the body.
struct RegionQuality {
  /// Above this HU value is tissue, below is lung, gas and air.
  static let tissue = -300.0
  /// In a soft-tissue lesion nearly all is tissue.
  static let leastTissue = 0.5
  /// Plausible mean HU of a lesion; contrast in the urinary tract exceeds bone.
  static let plausibleMean = -300.0...3000.0

  let notes: [Note]

  /// - Parameters:
  ///   - volume: in HU.
  ///   - mask: on the volume's grid, not empty.
  ///   - padding: the padding value in HU, and how many voxels of the volume have it.
  init(_ volume: Volume, _ mask: Mask, padding: (hu: Double, voxels: Int)?) {
    var notes: [Note] = []
    let parts = MaskParts(mask).sizes
    let total = parts.reduce(0, +)
    if parts.count > 1 {
      notes.append(
        Note(
          code: "ROI_PARTS",
          message:
            "the region has \(parts.count) parts that do not touch, the largest with \(Self.percent(parts[0], total)) of its \(total) voxels; features are of all together"
        ))
    }
    let statistics = Self.statistics(volume, mask, padding: padding?.hu)
    let share = Double(statistics.tissue) / Double(max(total, 1))
    if total > 0, share < Self.leastTissue || !Self.plausibleMean.contains(statistics.mean) {
      notes.append(
        Note(
          code: "ROI_IMPLAUSIBLE",
          message:
            "only \(Self.percent(statistics.tissue, total)) of the region is tissue (above \(Int(Self.tissue)) HU), its mean is \(Int(statistics.mean.rounded())) HU: is the mask flipped, or drawn on another series?"
        ))
    }
    if let padding, padding.voxels > 0 {
      notes.append(
        Note(
          code: "PIXEL_PADDING",
          message:
            "\(padding.voxels) voxels of the image, \(statistics.padding) of them in the region, hold the padding value (\(padding.hu) HU)"
        ))
    }
    self.notes = notes
  }

  private static func statistics(
    _ volume: Volume, _ mask: Mask, padding: Double?
  ) -> (tissue: Int, padding: Int, mean: Double) {
    var tissue = 0
    var padded = 0
    var sum = 0.0
    var count = 0
    for (offset, inside) in mask.voxels.enumerated() where inside != 0 {
      let value = volume.voxels[offset]
      count += 1
      sum += value
      if value > Self.tissue { tissue += 1 }
      if value == padding { padded += 1 }
    }
    return (tissue, padded, count == 0 ? 0 : sum / Double(count))
  }

  private static func percent(_ part: Int, _ whole: Int) -> String {
    "\(Int((100 * Double(part) / Double(max(whole, 1))).rounded())) %"
  }
}
