/// Number of voxels of each label except 0 in a label map, including negative labels.
///
/// - Throws: `E_MASK_NOT_LABELS`, `E_MASK_LOOKS_LIKE_IMAGE`.
public func labelCounts(_ volume: Volume, file: String? = nil) throws -> [Int: Int] {
  try LabelMap(volume, isNamed: true, file: file).counts
}
