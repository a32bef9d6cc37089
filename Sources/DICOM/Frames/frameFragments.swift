import Errors

/// Which fragments of compressed pixels make up which frame: one each, or as the Basic Offset Table says, or cut where
/// a codestream begins (PS3.5 A.4). Empty where the pixels are not compressed.
///
/// - Throws: `E_DICOM_MALFORMED` where frames cannot be told apart, `E_IO`.
func frameFragments(_ header: ImageHeader, offsetTable: Range<Int>?) throws(StudyError) -> [[Range<Int>]] {
  guard let place = header.pixelData, place.isEncapsulated else { return [] }
  let count = header.numberOfFrames
  if header.fragments.count == count { return header.fragments.map { [$0] } }
  if count == 1 { return [header.fragments] }
  var source = ByteSource(try header.file.open())
  var starts: Set<Int> = []
  if let offsetTable, offsetTable.count == 4 * count {
    // Offsets count from the first fragment's item, 8 bytes before its value.
    for index in 0..<count {
      let offset = Int(try source.uint32(at: offsetTable.lowerBound + 4 * index, bigEndian: false) ?? 0)
      starts.insert(offsetTable.upperBound + offset + 8)
    }
  } else {
    for fragment in header.fragments where try isCodestreamStart(&source, fragment) {
      starts.insert(fragment.lowerBound)
    }
  }
  var frames: [[Range<Int>]] = []
  for fragment in header.fragments {
    if starts.contains(fragment.lowerBound) || frames.isEmpty {
      frames.append([fragment])
    } else {
      frames[frames.count - 1].append(fragment)
    }
  }
  guard frames.count == count else {
    throw StudyError(
      .malformedDICOM, "its \(header.fragments.count) fragments cannot be told apart as \(count) frames",
      file: header.display, hint: "export the series uncompressed, or as single images")
  }
  return frames
}

/// Begins with the start marker of JPEG and JPEG-LS (FFD8) or of JPEG 2000 (FF4F FF51).
private func isCodestreamStart(_ source: inout ByteSource, _ fragment: Range<Int>) throws(StudyError) -> Bool {
  guard fragment.count >= 4, let start = try source.bytes(fragment.lowerBound..<(fragment.lowerBound + 4)) else {
    return false
  }
  return start.starts(with: [0xFF, 0xD8, 0xFF]) || start == [0xFF, 0x4F, 0xFF, 0x51]
}
