package import DICOM
package import Imaging

/// A DICOM segmentation (SEG or label map SEG, PS3.3 A.51): frames of segments, each with its position in the patient.
package struct Segmentation: Sendable {
  /// (0062,0001), and the meaning of a sample.
  package enum Kind: Sendable, Equatable {
    /// One bit per voxel.
    case binary
    /// Probability or occupancy: the value is divided by (0062,000E), Maximum Fractional Value.
    case fractional(maximum: Int)
    /// The value is the segment's number.
    case labelMap
  }

  /// One segment.
  package struct Segment: Sendable {
    /// (0062,0004)
    package var number: Int
    /// (0062,0005)
    package var label: DisplayText
    /// Category and type as `SCHEME:VALUE`, for example `SCT:86049000`.
    package var codes: [String]
    /// Frames that may contain it.
    package var frames: Int
    /// Whether it is the remainder: number 0 of a label map, or coded as background.
    package var isBackground: Bool
  }

  /// One frame: a grid of one slice.
  struct Frame: Sendable {
    /// Nil in label maps.
    var segment: Int?
    var geometry: Geometry
    /// The images that it references as its source.
    var sources: [ImageReference] = []
    /// The file that contains it, and its index there.
    var part = 0
    var index = 0
  }

  package var file: StudyFile
  package var references: MaskReferences
  package var kind: Kind
  /// By number.
  package var segments: [Segment]
  var frames: [Frame]
  /// Of the file, or of each of the files where the object is stored in parts.
  var headers: [ImageHeader]

  /// The files in which it is stored.
  package var files: [StudyFile] { headers.map(\.file) }

  /// Whether every frame lies on a slice of a stack.
  package func liesOn(_ stack: SliceStack) -> Bool {
    var placed = self
    for i in placed.frames.indices {
      placed.frames[i].geometry.origin = stack.straightened(placed.frames[i].geometry.origin)
    }
    return placed.liesOn(stack.geometry)
  }

  /// Whether every frame lies on a slice of a grid.
  package func liesOn(_ grid: Geometry) -> Bool {
    frames.allSatisfy { (try? GridMatch(mask: $0.geometry, image: grid, file: nil)) != nil }
  }
}
