public import Errors

extension ErrorCode {
  /// The file is not NRRD.
  public static let notNRRD = ErrorCode("E_NOT_NRRD", .badInput)
  /// A kind of NRRD that is not read: detached data, text, layers, spaces other than LPS and RAS.
  public static let nrrdUnsupported = ErrorCode("E_NRRD_UNSUPPORTED", .badInput)
  /// A field of an NRRD header is missing or wrong.
  public static let nrrdHeader = ErrorCode("E_NRRD_HEADER", .badInput)
}
