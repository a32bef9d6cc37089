public import Errors

extension ErrorCode {
  /// A mask does not lie on the image's grid: it is never resampled.
  public static let geometryMismatch = ErrorCode("E_GEOM_MISMATCH", .badInput)
  /// The mask is aligned with the image and has more slices: some of the image's are missing.
  public static let slicesMissing = ErrorCode("E_SLICES_MISSING", .badInput)
  /// A mask holds values that are not whole numbers.
  public static let maskNotLabels = ErrorCode("E_MASK_NOT_LABELS", .badInput)
  /// A mask file looks like an image: too many labels, or negative values as HU have.
  public static let maskLooksLikeImage = ErrorCode("E_MASK_LOOKS_LIKE_IMAGE", .badInput)
  /// No voxel is inside.
  public static let maskEmpty = ErrorCode("E_MASK_EMPTY", .badInput)
  /// A mask contains several labels and none was chosen.
  public static let needsLabel = ErrorCode("E_NEEDS_LABEL", .badInput)
  /// The chosen label is not in the mask.
  public static let labelMissing = ErrorCode("E_LABEL_MISSING", .inputMissing)
  /// The region has fewer voxels than features need.
  public static let roiTooSmall = ErrorCode("E_ROI_TOO_SMALL", .badInput)
  /// The region extends along one axis only: it has no texture and no shape.
  public static let roiLine = ErrorCode("E_ROI_LINE", .badInput)
}
