public import Errors
import Imaging

/// Reads a DICOM object that is not an image, such as a named mask; nil where the file is not such an object.
///
/// - Throws: `E_NOT_FOUND`, `E_IO`, `E_DICOM_MALFORMED`, `E_TRUNCATED`, `E_LIMIT`, `E_INVALID_UID`, `E_UNSUPPORTED_TS`.
public func openObject(_ file: StudyFile) throws(StudyError) -> DICOMObject? {
  guard case .image(let header) = try readHeader(file) else { return nil }
  return object(header)
}
