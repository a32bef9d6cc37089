internal import DICOM
internal import DICOMMasks
internal import Errors

/// What a reader should know of the series that a mask says it was drawn on, where that is not the one it is put onto.
///
/// - Parameter all: every series of the study, of any modality.
/// - Returns: `DRAWN_ON_OTHER_SERIES` where it is here, `REFERENCED_SERIES_ABSENT` where it is not; none where the mask
///   names the series itself, or nothing.
/// - Throws: `E_FRAME_OF_REFERENCE` where all series that it names and that are here have another frame of reference.
func drawnOn(
  _ references: MaskReferences, _ series: Series, among all: [Series], file: String
) throws(StudyError) -> [Note] {
  func isNamed(_ one: Series) -> Bool {
    references.series.isEmpty
      ? one.images.contains { references.images.contains($0.sopInstanceUID) } : references.series[one.uid] != nil
  }
  guard !references.series.isEmpty || !references.images.isEmpty, !isNamed(series) else { return [] }
  var uids: Set<String> = [series.uid]
  let others = all.filter { isNamed($0) && uids.insert($0.uid).inserted }
  guard !others.isEmpty else {
    guard !references.series.isEmpty else { return [] }
    return [Note(code: "REFERENCED_SERIES_ABSENT", message: "the series that the mask refers to is not in the study")]
  }
  let frame = series.frameOfReferenceUID
  let fitting = others.filter { frame.isEmpty || $0.frameOfReferenceUID.isEmpty || $0.frameOfReferenceUID == frame }
  guard let other = fitting.first(where: { !frame.isEmpty && $0.frameOfReferenceUID == frame }) ?? fitting.first else {
    throw StudyError(
      .frameOfReference,
      "the mask was drawn on the \(others[0].kind) series \(others[0].listing), which is here and has another frame of "
        + "reference than series \(series.uid)", file: file,
      hint: "use a mask that was drawn on the CT, or registered to it",
      details: ["mask": others[0].frameOfReferenceUID, "series": frame])
  }
  let frames =
    frame.isEmpty || other.frameOfReferenceUID.isEmpty
    ? "nothing says whether it shares the CT's frame of reference" : "its frame of reference is that of the CT"
  return [
    Note(
      code: "DRAWN_ON_OTHER_SERIES",
      message: "the mask was drawn on the \(other.kind) series \(other.listing), which is here; \(frames)")
  ]
}

extension Series {
  /// Its modality as people call it.
  var kind: String {
    switch modality {
    case "PT": "PET"
    case "CT", "MR", "NM", "US", "CR", "DX", "RF", "XA": modality
    default: "other"
    }
  }
}
