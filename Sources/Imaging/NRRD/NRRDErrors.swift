public import Errors

extension ErrorCode {
  /// The file is not NRRD.
  public static let notNRRD = ErrorCode("E_NOT_NRRD", .badInput)
  /// A kind of NRRD that is not read: text, unknown axes, spaces other than LPS and RAS.
  public static let nrrdUnsupported = ErrorCode("E_NRRD_UNSUPPORTED", .badInput)
  /// A field of an NRRD header is missing or wrong.
  public static let nrrdHeader = ErrorCode("E_NRRD_HEADER", .badInput)
  /// An NRRD header whose data are in another file: a path in a file is never followed.
  public static let nrrdDetached = ErrorCode("E_NRRD_DETACHED", .badInput)
}
