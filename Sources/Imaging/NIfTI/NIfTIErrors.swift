public import Errors

extension ErrorCode {
  /// The file is not NIfTI at all.
  public static let notNIfTI = ErrorCode("E_NOT_NIFTI", .badInput)
  /// A relative of NIfTI-1, a dimension or a number type that is not read: NIfTI-2, `.hdr`/`.img` pairs, time series,
  /// colours.
  public static let niftiUnsupported = ErrorCode("E_NIFTI_UNSUPPORTED", .badInput)
  /// A header field has an invalid value.
  public static let niftiHeader = ErrorCode("E_NIFTI_HEADER", .badInput)
  /// sform, qform and pixdim place the voxels differently.
  public static let niftiFormsDisagree = ErrorCode("E_NIFTI_FORMS_DISAGREE", .badInput)
  /// Neither sform nor qform gives the position of the voxels.
  public static let niftiNoForm = ErrorCode("E_NIFTI_NO_FORM", .badInput)
  /// A volume cannot be expressed in a NIfTI-1 header.
  public static let niftiGeometry = ErrorCode("E_NIFTI_GEOMETRY", .badInput)
}
