import Errors

/// A label map as whole numbers, with the number of voxels of each label.
struct LabelMap {
  /// Up to this number of different values the map is accepted without the image test.
  static let fewLabels = 32
  /// A map with more labels than this is an image in any case.
  static let mostLabels = 1 << 16
  /// How far from a whole number a floating-point label may lie.
  static let tolerance = 1e-3
  /// A floating-point value outside this range is not a label.
  static let range = -2_147_483_648.0...4_294_967_295.0

  /// Whole numbers, one per voxel.
  enum Values {
    case int16([Int16])
    case int32([Int32])
    case int64([Int64])
  }

  let values: Values
  /// Voxels of each label other than 0.
  let counts: [Int: Int]

  /// - Parameter isNamed: the label was named by the user: the other values do not matter, negative values
  ///   included. Noise is still an image.
  /// - Throws: `E_MASK_NOT_LABELS`, `E_MASK_LOOKS_LIKE_IMAGE`.
  init(_ volume: Volume, isNamed: Bool = false, file: String?) throws {
    var broken: NotFinite?
    switch volume.voxels {
    case .int16(let voxels): values = .int16(voxels)
    case .int32(let voxels): values = .int32(voxels)
    case .float32(let voxels): values = try Self.whole(voxels.map(Double.init), &broken, file: file)
    case .float64(let voxels): values = try Self.whole(voxels, &broken, file: file)
    }
    let census =
      switch values {
      case .int16(let voxels): LabelCensus(voxels)
      case .int32(let voxels): LabelCensus(voxels)
      case .int64(let voxels): LabelCensus(voxels)
      }
    counts = census.counts
    let isNegative = !isNamed && counts.keys.contains { $0 < 0 }
    guard isNegative || census.looksLikeImage else {
      // A map with such values may have lost a part of the region.
      if let broken { throw broken.refusal(volume.geometry.size, file: file) }
      return
    }
    throw StudyError(
      .maskLooksLikeImage,
      isNegative
        ? "the mask holds negative values, from \(counts.keys.min() ?? 0) on, as an image in HU does"
        : "the mask holds \(census.isWhole ? "\(counts.count)" : "more than \(Self.mostLabels)") different values, and neighbouring voxels seldom have the same, as in an image",
      file: file,
      hint: isNegative && !census.looksLikeImage
        ? "name the segmentation, not the image; if these are labels, say which one is the tumour"
        : "name the segmentation, not the image")
  }

  /// `1 (20587 voxels), 2 (5358 voxels)`.
  var listing: String {
    let shown = counts.sorted { $0.key < $1.key }.prefix(Self.mostListed)
    return shown.map { "\($0.key) (\($0.value) voxels)" }.joined(separator: ", ")
      + (counts.count > shown.count ? ", and \(counts.count - shown.count) more" : "")
  }

  static let mostListed = 50

  private static func whole(_ voxels: [Double], _ broken: inout NotFinite?, file: String?) throws -> Values {
    if let first = voxels.firstIndex(where: { !$0.isFinite }) {
      broken = NotFinite(
        first: first, value: voxels[first], count: voxels.reduce(0) { $0 + ($1.isFinite ? 0 : 1) })
      var nothing: NotFinite?
      return try whole(voxels.map { $0.isFinite ? $0 : 0 }, &nothing, file: file)
    }
    var isWide = false
    for value in voxels {
      guard range.contains(value), abs(value - value.rounded()) <= tolerance else {
        throw StudyError(
          .maskNotLabels,
          "the mask holds \(value), which is \(value == value.rounded() ? "beyond what labels may be" : "not a whole number")",
          file: file, hint: "export the segmentation as a label map, not as probabilities or a resampled image")
      }
      if value > 2_147_483_647 { isWide = true }
    }
    return isWide ? .int64(voxels.map { Int64($0.rounded()) }) : .int32(voxels.map { Int32($0.rounded()) })
  }
}

/// Voxels of a label map that are NaN or infinite.
private struct NotFinite {
  /// In storage order.
  let first: Int
  let value: Double
  let count: Int

  func refusal(_ size: SIMD3<Int>, file: String?) -> StudyError {
    let place = "\(first % size.x), \(first / size.x % size.y), \(first / size.x / size.y)"
    return StudyError(
      .maskNotLabels,
      "the mask holds \(count) voxel\(count == 1 ? "" : "s") that \(count == 1 ? "is" : "are") not finite, the first (\(value)) at voxel (\(place))",
      file: file, hint: "export the segmentation as a label map of whole numbers", details: ["not finite": "\(count)"])
  }
}

/// Number of voxels of each label except 0 in a label map, including negative labels.
///
/// - Throws: `E_MASK_NOT_LABELS`, `E_MASK_LOOKS_LIKE_IMAGE`.
package func labelCounts(_ volume: Volume, file: String? = nil) throws -> [Int: Int] {
  try LabelMap(volume, isNamed: true, file: file).counts
}
