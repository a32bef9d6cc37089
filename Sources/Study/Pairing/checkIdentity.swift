internal import DICOM
internal import DICOMMasks
internal import Errors

/// Whether a DICOM mask and a series are of one patient and in one frame of reference.
///
/// - Returns: notes `STUDY_DIFFERS` (planning systems make studies of their own) and `SERIES_INCOMPLETE`.
/// - Throws: `E_PATIENT_MIX`, `E_FRAME_OF_REFERENCE`.
func checkIdentity(_ mask: MaskReferences, _ series: Series, file: String) throws(StudyError) -> [Note] {
  guard mask.patientID.isEmpty || series.patientID.isEmpty || mask.patientID == series.patientID else {
    throw StudyError(
      .patientMix, "the mask has another Patient ID than series \(series.uid)", file: file,
      hint: "drop one patient's study a folder, with its own mask", details: ["series": series.uid])
  }
  let frame = series.frameOfReferenceUID
  guard mask.framesOfReference.isEmpty || frame.isEmpty || mask.framesOfReference.contains(frame) else {
    throw StudyError(
      .frameOfReference, "the mask has another frame of reference than series \(series.uid)", file: file,
      hint: "use the mask that was drawn on this series; coordinates of another frame mean another place",
      details: ["mask": mask.framesOfReference.sorted().joined(separator: " "), "series": frame])
  }
  var notes: [Note] = []
  if !mask.studyUID.isEmpty, mask.studyUID != series.studyUID {
    notes.append(Note(code: "STUDY_DIFFERS", message: "mask and series have different Study Instance UIDs"))
  }
  if let referenced = mask.series[series.uid] {
    let missing = referenced.subtracting(series.images.map(\.sopInstanceUID))
    if !missing.isEmpty {
      notes.append(
        Note(
          code: "SERIES_INCOMPLETE",
          message: "the mask refers to \(referenced.count) images of its series, of which \(missing.count) are not here"
        ))
    }
  }
  return notes
}
