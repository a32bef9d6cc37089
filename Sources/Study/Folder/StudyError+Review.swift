internal import DICOM
public import Errors
internal import Imaging

extension StudyError {
  /// Whether a person's choice is what is missing: which series, mask or region is meant, or that a choice which was made
  /// cannot be. The study itself is sound.
  public var needsReview: Bool {
    switch code {
    case .needsSeries, .needsROI, .needsLabel, .maskAmbiguous, .labelMissing, .studyFile: true
    // Named in study.yaml, and not there.
    case .noSeries: file == StudyChoices.fileName
    case .maskMissing: file != nil
    default: false
    }
  }
}
