package import Errors
import Imaging

// E_TRUNCATED (a file ends before its content does) and E_LIMIT (more than radiomicsd takes) are Imaging's.
extension ErrorCode {
  /// A file that looks like DICOM cannot be parsed.
  package static let malformedDICOM = ErrorCode("E_DICOM_MALFORMED", .badInput)
  /// A UID is not digits and dots of at most 64 characters.
  package static let invalidUID = ErrorCode("E_INVALID_UID", .badInput)
  /// An attribute that an image needs is absent or has an invalid value.
  package static let missingAttribute = ErrorCode("E_ATTRIBUTE", .badInput)
  /// The compression (transfer syntax) cannot be read.
  package static let unsupportedSyntax = ErrorCode("E_UNSUPPORTED_TS", .badInput)
  /// The pixels were compressed with loss.
  package static let lossy = ErrorCode("E_LOSSY", .badInput)
  /// The pixels are of a kind that CT slices do not have (colour, 12 bits packed, ...).
  package static let pixelFormat = ErrorCode("E_PIXEL_FORMAT", .badInput)
  /// The compressed pixels cannot be decoded.
  package static let cannotDecode = ErrorCode("E_DECODE", .badInput)
  /// The values are not Hounsfield units.
  package static let notHU = ErrorCode("E_NOT_HU", .badInput)
  /// The series is not a CT.
  package static let notCT = ErrorCode("E_NOT_CT", .badInput)
  /// An object with several frames in one file.
  package static let multiframe = ErrorCode("E_MULTIFRAME", .badInput)
  /// Too few slices for a volume.
  package static let tooFewSlices = ErrorCode("E_TOO_FEW_SLICES", .badInput)
  /// A slice is missing, or slices are not evenly spaced.
  package static let sliceGap = ErrorCode("E_SLICE_GAP", .badInput)
  /// Parts of an object that is stored in several files are missing.
  package static let concatenation = ErrorCode("E_CONCATENATION", .badInput)
  /// There are fewer images than their acquisition states.
  package static let imagesMissing = ErrorCode("E_IMAGES_MISSING", .badInput)
  /// The images are projections, pictures or differences of others, not slices of a body.
  package static let derivedImage = ErrorCode("E_DERIVED_IMAGE", .badInput)
  /// Slices lie beside the line of the others.
  package static let sliceShift = ErrorCode("E_SLICE_SHIFT", .badInput)
  /// Slices are stacked along a direction other than their normal.
  package static let gantryTilt = ErrorCode("E_GANTRY_TILT", .badInput)
  /// Two slices at one position differ.
  package static let duplicatePosition = ErrorCode("E_DUPLICATE_POSITION", .badInput)
  /// Slices of more than one orientation, none of them a clear majority.
  package static let mixedOrientation = ErrorCode("E_MIXED_ORIENTATION", .badInput)
  /// Slices of one series have different rows, columns or pixel spacings.
  package static let mixedGrid = ErrorCode("E_MIXED_GRID", .badInput)
  /// One series holds images of two patients, studies or frames of reference.
  package static let patientMix = ErrorCode("E_PATIENT_MIX", .badInput)
}

extension StudyError {
  /// Whether the error may come from a copy that is still under way: a file that ends early, missing slices or parts. A
  /// folder watcher waits before it refuses such a study; a direct command refuses it at once.
  package var mayBeIncompleteCopy: Bool {
    [.truncated, .sliceGap, .tooFewSlices, .concatenation, .imagesMissing, .slicesMissing].contains(code)
  }
}
