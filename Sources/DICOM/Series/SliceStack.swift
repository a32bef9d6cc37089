package import Errors
package import Imaging

/// A series that is one even stack of slices, in order along the normal.
package struct SliceStack: Sendable {
  /// Slice k of the volume is `slices[k]`.
  package var slices: [ImageHeader]
  /// As ITK reads the series: origin at the first slice, axes along columns, rows and the normal.
  package var geometry: Geometry
  /// Where positions were rounded to 0.1 mm.
  var rounding: RoundedStack?
  /// Files of the series that are not part of the volume.
  package var dropped: [DroppedFile]
  /// Notes for the user.
  package var warnings: [Note]
}

/// A file of a series that was left out, and why.
package struct DroppedFile: Sendable, Equatable {
  package enum Reason: String, Sendable, Codable {
    /// ImageType contains LOCALIZER: a scout.
    case localizer
    /// Not a CT image: a secondary capture, a dose page.
    case notCT
    /// A different orientation from the other slices.
    case otherOrientation
    /// The same SOP instance, with the same pixels, twice.
    case sameInstance
    /// Another SOP instance with the position and the pixels of one that was kept.
    case samePixels
  }

  package var file: StudyFile
  package var reason: Reason
}
