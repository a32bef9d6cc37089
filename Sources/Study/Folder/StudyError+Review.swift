internal import DICOM
public import Errors
internal import Imaging

extension StudyError {
  /// Whether a person's choice is missing (series, mask or region), or an impossible choice
  /// was made. The study itself is sound.
  public var needsReview: Bool {
    switch code {
    case .needsSeries, .needsROI, .needsLabel, .maskAmbiguous, .labelMissing, .studyFile: true
    // Named in study.yaml, and missing.
    case .noSeries: file == StudyChoices.fileName
    case .maskMissing: file != nil
    default: false
    }
  }
}
