import Errors
import Imaging

/// Why a file without DICOM content may be a slice all the same: a copy that failed leaves empty files, zeros, or a
/// server's page of apology. Nil where the file does not look like one by its name and its neighbours.
///
/// - Parameter folders: folders that hold images.
/// - Throws: `E_IO`, `E_NOT_FOUND`.
func brokenImage(_ file: StudyFile, beside folders: Set<ArraySlice<UInt8>>) throws(StudyError) -> StudyError? {
  let saysDICOM = ["dcm", "dicom", "ima"].contains { Array($0.utf8) == file.name.suffix }
  let isMarker = Array(file.name.lastComponent) == Array("READY".utf8)
  let isBareName = file.name.suffix.isEmpty || file.name.suffix.allSatisfy { (0x30...0x39).contains($0) }
  guard saysDICOM || isBareName && !isMarker && folders.contains(file.name.folder) else { return nil }
  let size = try file.open().size
  // Shorter than a preamble: nothing of a dataset is there.
  if size < 132, size == 0 || saysDICOM {
    return StudyError(
      .truncated, size == 0 ? "is empty" : "has \(size) bytes, less than any DICOM file", file: file.display,
      hint: "copy the file again, or remove it")
  }
  guard saysDICOM else { return nil }
  return StudyError(
    .malformedDICOM, "is named like a DICOM file and is none", file: file.display,
    hint: "copy or export the file again, or remove it")
}
