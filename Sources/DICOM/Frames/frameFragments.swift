package import Errors

/// Which fragments of compressed pixels form which frame: one each, or by the Basic or the Extended Offset Table,
/// or split where a codestream starts (PS3.5 A.4). Empty where the pixels are not compressed.
///
/// - Throws: `E_DICOM_MALFORMED` where frames cannot be separated, `E_IO`.
package func frameFragments(_ header: ImageHeader) throws(StudyError) -> [[Range<Int>]] {
  guard let place = header.pixelData, place.isEncapsulated else { return [] }
  let count = header.numberOfFrames
  if header.fragments.count == count { return header.fragments.map { [$0] } }
  if count == 1 { return [header.fragments] }
  var source = ByteSource(try header.file.open())
  var starts = try tableStarts(header, &source)
  if starts.isEmpty {
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
      .malformedDICOM, "its \(header.fragments.count) fragments cannot be separated into \(count) frames",
      file: header.display, hint: "export it again, uncompressed")
  }
  return frames
}

/// Where frames start by an offset table; empty where there is no table of the right size.
private func tableStarts(_ header: ImageHeader, _ source: inout ByteSource) throws(StudyError) -> Set<Int> {
  guard let basic = header.offsets.basic else { return [] }
  let count = header.numberOfFrames
  let width: Int
  let table: Range<Int>
  if basic.count == 4 * count {
    (table, width) = (basic, 4)
  } else if let extended = header.offsets.extended, extended.count == 8 * count {
    (table, width) = (extended, 8)
  } else {
    return []
  }
  var starts: Set<Int> = []
  for index in 0..<count {
    let place = table.lowerBound + width * index
    let low = try source.uint32(at: place, bigEndian: false) ?? 0
    let high = width == 8 ? try source.uint32(at: place + 4, bigEndian: false) ?? 0 : 0
    guard high < 1 << 20 else { return [] }
    // Offsets count from the first fragment's item, 8 bytes before its value.
    starts.insert(basic.upperBound + (Int(high) << 32 | Int(low)) + 8)
  }
  return starts
}

/// Whether it starts with the start marker of JPEG and JPEG-LS (FFD8) or of JPEG 2000 (FF4F FF51).
private func isCodestreamStart(_ source: inout ByteSource, _ fragment: Range<Int>) throws(StudyError) -> Bool {
  guard fragment.count >= 4, let start = try source.bytes(fragment.lowerBound..<(fragment.lowerBound + 4)) else {
    return false
  }
  return start.starts(with: [0xFF, 0xD8, 0xFF]) || start == [0xFF, 0x4F, 0xFF, 0x51]
}
