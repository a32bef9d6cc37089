internal import DICOM
package import Errors

extension ErrorCode {
  /// A contour of a structure set cannot be read.
  package static let contour = ErrorCode("E_CONTOUR", .badInput)
  /// Contours lie beyond the volume.
  package static let contourOutside = ErrorCode("E_CONTOUR_OUTSIDE", .badInput)
  /// Contours of a slice can be read in two ways that differ in voxels.
  package static let contourAmbiguous = ErrorCode("E_CONTOUR_AMBIGUOUS", .badInput)
  /// Contours lie between the slices, or across them.
  package static let contourOffPlane = ErrorCode("E_CONTOUR_OFF_PLANE", .badInput)
  /// Mask and series have different frames of reference.
  package static let frameOfReference = ErrorCode("E_FRAME_OF_REFERENCE", .badInput)
  /// A contour or frame references an image that lies elsewhere than its coordinates.
  package static let imageReference = ErrorCode("E_IMAGE_REFERENCE", .badInput)
  /// The values of a fractional segment cannot be fractions of its maximum.
  package static let fractionalValues = ErrorCode("E_FRACTIONAL_VALUES", .badInput)
  /// The parts of a DICOM segmentation contradict each other, or a required one is absent.
  package static let segmentation = ErrorCode("E_SEGMENTATION", .badInput)
}
