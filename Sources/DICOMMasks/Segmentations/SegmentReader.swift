internal import DICOM
import Errors

/// Reads the frames of a segmentation from whichever of its files they are in. One file is open at a time.
struct SegmentReader: ~Copyable {
  private let headers: [ImageHeader]
  private var part = 0
  private var frames: SegmentFrames

  /// - Throws: `E_IO`, `E_DICOM_MALFORMED`.
  init(_ segmentation: Segmentation) throws(StudyError) {
    headers = segmentation.headers
    frames = try SegmentFrames(headers[0])
  }

  /// The values of a frame, columns fastest.
  ///
  /// - Throws: as `SegmentFrames.values`.
  mutating func values(_ frame: Segmentation.Frame) throws(StudyError) -> [UInt16] {
    if frame.part != part {
      frames = try SegmentFrames(headers[frame.part])
      part = frame.part
    }
    return try frames.values(frame.index)
  }
}
