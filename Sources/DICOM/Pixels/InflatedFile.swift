import Errors

/// The deflated file that was read last, inflated: the frames of one file are read in sequence.
final class InflatedFile {
  private var file: StudyFile?
  private var content: [UInt8] = []

  /// The inflated dataset of a file, to read from.
  ///
  /// - Throws: as `DICOMBytes.open`; `E_IO` where the file is no longer DICOM.
  func bytes(of wanted: StudyFile) throws(StudyError) -> ByteSource {
    if file != wanted {
      guard var opened = try DICOMBytes.open(wanted), let all = try opened.source.bytes(0..<opened.source.count) else {
        throw StudyError(
          .io, "was changed while it was read", file: wanted.display, hint: "let the copy finish, then try again")
      }
      content = all
      file = wanted
    }
    return ByteSource(content)
  }
}
