internal import DICOM
package import Errors
internal import Imaging

extension ErrorCode {
  /// The study has no CT series.
  package static let noSeries = ErrorCode("E_NO_SERIES", .badInput)
  /// Several series or masks fit: the user must choose.
  package static let needsSeries = ErrorCode("E_NEEDS_SERIES", .badInput)
  /// The study has no mask.
  package static let maskMissing = ErrorCode("E_MASK_MISSING", .badInput)
  /// Several masks fit the series: the user must choose.
  package static let maskAmbiguous = ErrorCode("E_MASK_AMBIGUOUS", .badInput)
  /// The folder contains several studies, each with its own mask.
  package static let multiStudy = ErrorCode("E_MULTI_STUDY", .badInput)
  /// The mask is of a kind that is not read.
  package static let maskUnsupported = ErrorCode("E_MASK_UNSUPPORTED", .badInput)
  /// `study.yaml` cannot be used.
  package static let studyFile = ErrorCode("E_STUDY_YAML", .badInput)
  /// An archive of the study contains archives, and there is no series outside them.
  package static let archiveNested = ErrorCode("E_ARCHIVE_NESTED", .badInput)
  /// A mask has several regions and none was chosen, or the choice fits none or several.
  package static let needsROI = ErrorCode("E_NEEDS_ROI", .badInput)
}

extension StudyError {
  /// Whether a person's choice is missing (series, mask or region), or an impossible choice
  /// was made. The study itself is sound.
  package var needsReview: Bool {
    switch code {
    case .needsSeries, .needsROI, .needsLabel, .maskAmbiguous, .labelMissing, .studyFile: true
    // Named in study.yaml, and missing.
    case .noSeries: file == StudyChoices.fileName
    case .maskMissing: file != nil
    default: false
    }
  }
}
