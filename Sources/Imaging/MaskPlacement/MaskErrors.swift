package import Errors

extension ErrorCode {
  /// A mask does not lie on the image's grid: it is never resampled.
  package static let geometryMismatch = ErrorCode("E_GEOM_MISMATCH", .badInput)
  /// The mask is aligned with the image and has more slices: some of the image's are missing.
  package static let slicesMissing = ErrorCode("E_SLICES_MISSING", .badInput)
  /// A mask holds values that are not whole numbers.
  package static let maskNotLabels = ErrorCode("E_MASK_NOT_LABELS", .badInput)
  /// A mask file looks like an image: too many labels, or negative values as HU have.
  package static let maskLooksLikeImage = ErrorCode("E_MASK_LOOKS_LIKE_IMAGE", .badInput)
  /// No voxel is inside.
  package static let maskEmpty = ErrorCode("E_MASK_EMPTY", .badInput)
  /// A mask contains several labels and none was chosen.
  package static let needsLabel = ErrorCode("E_NEEDS_LABEL", .badInput)
  /// The chosen label is not in the mask.
  package static let labelMissing = ErrorCode("E_LABEL_MISSING", .inputMissing)
  /// The region has fewer voxels than features need.
  package static let roiTooSmall = ErrorCode("E_ROI_TOO_SMALL", .badInput)
  /// The region extends along one axis only: it has no texture and no shape.
  package static let roiLine = ErrorCode("E_ROI_LINE", .badInput)
}
