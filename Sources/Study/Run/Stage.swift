/// The stage of a study's computation, for progress and timings.
public enum Stage: String, Sendable, CaseIterable {
  /// Scanning the folder and pairing series and mask.
  case reading
  /// DICOM to volume, mask onto its grid, both to NIfTI.
  case converting
  case features
  case model
  /// Writing the result's files.
  case writing
}
