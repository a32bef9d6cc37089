import Errors

/// Where the compressed frames of a file lie: the fragments of each (PS3.5 A.4).
struct EncapsulatedFrames {
  /// Byte ranges of the fragments of each frame, in the source.
  let frames: [[Range<Int>]]

  /// - Throws: `E_DICOM_MALFORMED`, `E_SEGMENTATION` where it cannot be told which fragments make a frame, `E_IO`.
  init(
    _ source: inout ByteSource, _ place: PixelDataPlace, count: Int, header: ImageHeader
  ) throws(StudyError) {
    var items: [Range<Int>] = []
    var position = place.value
    let end = place.value + place.length
    while position + 8 <= end, let tag = try source.uint32(at: position, bigEndian: false),
      let length = try source.uint32(at: position + 4, bigEndian: false)
    {
      // Group first in little endian: FFFE,E000 reads as E000FFFE.
      guard tag == 0xE000_FFFE else { break }
      guard Int(length) <= end - position - 8 else {
        throw StudyError(.malformedDICOM, "a fragment is longer than the pixel data", file: header.display)
      }
      items.append(position + 8..<position + 8 + Int(length))
      position += 8 + Int(length)
    }
    guard let table = items.first else { throw segmentationError("has no frames", header) }
    let fragments = items.dropFirst()
    if fragments.count == count {
      frames = fragments.map { [$0] }
    } else if count == 1 {
      frames = [Array(fragments)]
    } else if table.count == 4 * count, let first = fragments.first?.lowerBound {
      var starts: [Int] = []
      for index in 0..<count {
        starts.append(
          first - 8 + Int(try source.uint32(at: table.lowerBound + 4 * index, bigEndian: false) ?? 0))
      }
      var frames = [[Range<Int>]](repeating: [], count: count)
      var frame = -1
      for fragment in fragments {
        while frame + 1 < count, starts[frame + 1] <= fragment.lowerBound - 8 { frame += 1 }
        guard frame >= 0 else { throw segmentationError("its table of frames is wrong", header) }
        frames[frame].append(fragment)
      }
      self.frames = frames
    } else {
      throw segmentationError("its \(fragments.count) fragments cannot be told apart as \(count) frames", header)
    }
  }
}
