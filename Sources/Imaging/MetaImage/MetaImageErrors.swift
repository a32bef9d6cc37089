public import Errors

extension ErrorCode {
  /// A field of a MetaImage header is missing or wrong.
  public static let metaImageHeader = ErrorCode("E_METAIMAGE_HEADER", .badInput)
  /// A kind of MetaImage that is not read: text, several channels, not a volume.
  public static let metaImageUnsupported = ErrorCode("E_METAIMAGE_UNSUPPORTED", .badInput)
  /// A MetaImage header (.mhd) whose data are in another file: a path in a file is never followed.
  public static let metaImageDetached = ErrorCode("E_METAIMAGE_DETACHED", .badInput)
}
