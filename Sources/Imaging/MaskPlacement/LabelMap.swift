import Errors

/// A label map as whole numbers, with the voxels of each label counted.
struct LabelMap {
  /// More labels than this are no segmentation of one study's lesions.
  static let maximumLabels = 32
  /// How far from a whole number a floating-point label may lie.
  static let tolerance = 1e-3

  /// Whole numbers, one a voxel.
  enum Values {
    case int16([Int16])
    case int32([Int32])
  }

  let values: Values
  /// Voxels of each label other than 0.
  let counts: [Int: Int]

  /// - Throws: `E_MASK_NOT_LABELS`, `E_MASK_LOOKS_LIKE_IMAGE`.
  init(_ volume: Volume, file: String?) throws {
    switch volume.voxels {
    case .int16(let voxels): values = .int16(voxels)
    case .int32(let voxels): values = .int32(voxels)
    case .float32(let voxels): values = .int32(try Self.whole(voxels.map(Double.init), file: file))
    case .float64(let voxels): values = .int32(try Self.whole(voxels, file: file))
    }
    switch values {
    case .int16(let voxels): counts = Self.count(voxels)
    case .int32(let voxels): counts = Self.count(voxels)
    }
    if counts.count > Self.maximumLabels || counts.keys.contains(where: { $0 < 0 }) {
      let many = counts.count > Self.maximumLabels
      throw StudyError(
        .maskLooksLikeImage,
        many
          ? "the mask holds more than \(Self.maximumLabels) different values"
          : "the mask holds negative values, from \(counts.keys.min() ?? 0) on, as an image in HU does",
        file: file, hint: "name the segmentation, not the image")
    }
  }

  /// `1 (20587 voxels), 2 (5358 voxels)`.
  var listing: String {
    counts.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value) voxels)" }.joined(separator: ", ")
  }

  private static func whole(_ voxels: [Double], file: String?) throws -> [Int32] {
    try voxels.map { value in
      let nearest = value.rounded()
      guard abs(value - nearest) <= tolerance, let label = Int32(exactly: nearest) else {
        throw StudyError(
          .maskNotLabels, "the mask holds \(value), which is not a whole number", file: file,
          hint: "export the segmentation as a label map, not as probabilities or a resampled image")
      }
      return label
    }
  }

  /// Counts each value but 0, and stops looking once there are too many of them.
  private static func count<T: FixedWidthInteger>(_ voxels: [T]) -> [Int: Int] {
    var counts: [Int: Int] = [:]
    voxels.withUnsafeBufferPointer { buffer in
      var start = 0
      while start < buffer.count {
        // Labels come in runs.
        let value = buffer[start]
        var end = start + 1
        // Whole blocks at a time, which the compiler vectorises: most of a mask is outside.
        while end + 64 <= buffer.count {
          var differ: T = 0
          for i in end..<end &+ 64 { differ |= buffer[i] ^ value }
          if differ != 0 { break }
          end &+= 64
        }
        while end < buffer.count, buffer[end] == value { end &+= 1 }
        if value != 0 {
          counts[Int(value), default: 0] += end - start
          if counts.count > maximumLabels { return }
        }
        start = end
      }
    }
    return counts
  }
}
