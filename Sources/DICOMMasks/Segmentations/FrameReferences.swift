internal import DICOM
import Errors
import Imaging

/// Compares the positions of a segment's frames with the images that the frames reference.
struct FrameReferences {
  private let images: ImagePositions?
  private let file: String

  /// The references of frames, by the slice that they lie on.
  private struct Statement {
    var slice: Int
    var sources: [ImageReference]
    var distance: Double
  }

  private var statements: [Statement] = []

  init(_ images: ImagePositions?, file: String) {
    self.images = images
    self.file = file
  }

  /// Records a frame that lies along the slices. A frame across them is drawn on all, whatever it references.
  mutating func compare(_ frame: Segmentation.Frame, _ match: GridMatch, on grid: Geometry) throws {
    guard let images, match.axes.z == 2, !frame.sources.isEmpty,
      let height = grid.index(of: frame.geometry.origin)?.z,
      let distance = images.distance(from: height, to: frame.sources)
    else { return }
    statements.append(Statement(slice: match.start.z, sources: frame.sources, distance: distance))
  }

  /// A note where frames lie slightly beside their images, or name one image for all.
  ///
  /// - Throws: `E_IMAGE_REFERENCE` where one lies more than half a slice away from all images that it names.
  func notes(_ segment: Segmentation.Segment) throws(StudyError) -> [Note] {
    guard let worst = statements.max(by: { $0.distance < $1.distance }), worst.distance > GridMatch.exact else {
      return []
    }
    // The same images for every frame describe the source of the whole, not of a frame.
    if Set(statements.map(\.slice)).count > 2, statements.allSatisfy({ $0.sources == worst.sources }) {
      return [
        Note(
          code: "IMAGE_REFERENCE",
          message:
            "segment \(segment.number): all frames name the same \(worst.sources.count) image(s), which are not at "
            + "all of their places; the coordinates decide")
      ]
    }
    guard worst.distance <= 0.5 else {
      let far = statements.count { $0.distance > 0.5 }
      throw StudyError(
        .imageReference,
        "segment \(segment.number): \(far) of \(statements.count) frames lie more than half a slice from the image that they "
          + "name, one by \(rounded(worst.distance)) slices", file: file, slice: worst.slice,
        hint: "coordinates or references are wrong: export the segmentation again from the series that it was drawn on",
        details: ["slices": "\(worst.distance)", "frames": "\(far)"])
    }
    return [
      Note(
        code: "IMAGE_REFERENCE",
        message:
          "segment \(segment.number): frames lie up to \(rounded(worst.distance)) slices from the images that they name"
      )
    ]
  }
}
