package import Errors

/// Which label of a label map is the region of interest.
package enum LabelChoice: Sendable, Hashable {
  /// The only label in the map, whatever its value. Several labels are refused.
  case single
  /// The voxels with this value.
  case label(Int)
  /// All labels together.
  case union

  var isNamed: Bool {
    if case .label = self { return true }
    return false
  }
}

/// Places a label map on an image's grid and extracts one region of interest from it.
///
/// Axes may be exchanged or flipped and the mask may cover a part of the image; it is never resampled.
///
/// - Parameters:
///   - labelVolume: the mask file's volume: whole numbers, 0 outside.
///   - choice: which label; `.single` refuses a map with several.
///   - image: the grid that the mask must lie on. For features of a pair of files, the image file's own.
///   - file: the mask's name for messages.
/// - Returns: the mask on the image's grid, `label` being the value in the file (1 for a union), and notes:
///   `GEOM_ROUNDED`, `GEOM_SUBGRID`, `GEOM_REORDERED`, `LABEL_UNION`.
/// - Throws: `E_GEOM_MISMATCH`, `E_MASK_NOT_LABELS`, `E_MASK_LOOKS_LIKE_IMAGE`, `E_MASK_EMPTY`, `E_NEEDS_LABEL`,
///   `E_LABEL_MISSING`.
package func placeMask(
  labelVolume: Volume, choice: LabelChoice = .single, on image: Geometry, file: String? = nil
) throws -> (mask: Mask, notes: [Note]) {
  let match = try GridMatch(mask: labelVolume.geometry, image: image, file: file)
  let map = try LabelMap(labelVolume, isNamed: choice.isNamed, file: file)
  guard !map.counts.isEmpty else {
    throw StudyError(
      .maskEmpty, "the mask has no voxel inside", file: file, hint: "check that the segmentation was saved")
  }
  var notes = match.notes
  let label: Int?
  switch choice {
  case .label(let wanted):
    guard wanted > 0, map.counts[wanted] != nil else {
      throw StudyError(
        .labelMissing,
        (wanted == 0
          ? "label 0 is what lies outside; the mask has "
          : wanted < 0 ? "a label is above 0; the mask has " : "the mask has no label \(wanted); it has ")
          + map.listing,
        file: file, hint: "name one of the labels present", details: map.details)
    }
    label = wanted
  case .union:
    label = map.counts.count == 1 ? map.counts.keys.first : nil
    if label == nil {
      notes.append(Note(code: "LABEL_UNION", message: "the region is the union of the labels \(map.listing)"))
    }
  case .single:
    guard map.counts.count == 1, let only = map.counts.keys.first else {
      throw StudyError(
        .needsLabel, "the mask has several labels: \(map.listing)", file: file,
        hint: "say which label is the tumour, or that all of them are", details: map.details)
    }
    label = only
  }
  let voxels =
    switch map.values {
    case .int16(let values):
      paste(values, label.map { Int16(truncatingIfNeeded: $0) }, match, labelVolume.geometry, image)
    case .int32(let values):
      paste(values, label.map { Int32(truncatingIfNeeded: $0) }, match, labelVolume.geometry, image)
    case .int64(let values):
      paste(values, label.map { Int64($0) }, match, labelVolume.geometry, image)
    }
  return (Mask(geometry: image, voxels: voxels, label: label ?? 1), notes)
}

extension LabelMap {
  /// Label to number of voxels, for programs: of the first 500 labels.
  fileprivate var details: [String: String] {
    Dictionary(
      uniqueKeysWithValues: counts.sorted { $0.key < $1.key }.prefix(500).map { ("label \($0.key)", "\($0.value)") })
  }
}

/// Writes 1 at the image voxel of each mask voxel that has the label (any except 0 where nil).
private func paste<T: FixedWidthInteger>(
  _ values: [T], _ label: T?, _ match: GridMatch, _ mask: Geometry, _ image: Geometry
) -> [UInt8] {
  let strides = SIMD3(1, image.size.x, image.size.x * image.size.y)
  let start = (0..<3).reduce(0) { $0 + match.start[$1] * strides[$1] }
  let step = (0..<3).map { match.steps[$0] * strides[match.axes[$0]] }
  return [UInt8](unsafeUninitializedCapacity: image.count) { output, initialized in
    output.initialize(repeating: 0)
    initialized = image.count
    values.withUnsafeBufferPointer { input in
      var source = 0
      for z in 0..<mask.size.z {
        for y in 0..<mask.size.y {
          var target = start + z * step[2] + y * step[1]
          if let label, step[0] == 1 {
            for x in 0..<mask.size.x { output[target &+ x] = input[source &+ x] == label ? 1 : 0 }
            source &+= mask.size.x
            continue
          }
          for _ in 0..<mask.size.x {
            let value = input[source]
            if label.map({ $0 == value }) ?? (value != 0) { output[target] = 1 }
            source &+= 1
            target &+= step[0]
          }
        }
      }
    }
  }
}
