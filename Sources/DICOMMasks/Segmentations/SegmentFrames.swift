internal import DICOM
import Errors

/// Reads the frames of a segmentation one by one, whatever their compression.
struct SegmentFrames: ~Copyable {
  private let header: ImageHeader
  private let place: PixelDataPlace
  private let pixels: PixelDescription
  private var opened: DICOMBytes
  /// The fragments of each frame; empty where the frames are not compressed.
  private let compressed: [[Range<Int>]]

  /// - Throws: `E_IO`, `E_DICOM_MALFORMED`.
  init(_ header: ImageHeader) throws(StudyError) {
    guard let place = header.pixelData, let pixels = header.pixels, let opened = try DICOMBytes.open(header.file),
      opened.layout.pixelData == place
    else {
      throw StudyError(
        .io, "was changed while it was read", file: header.display, hint: "let the copy finish, then try again")
    }
    compressed = try frameFragments(header)
    self.header = header
    self.place = place
    self.pixels = pixels
    self.opened = opened
  }

  /// The values of a frame, columns fastest.
  ///
  /// - Throws: `E_IO`, `E_TRUNCATED`, `E_DECODE`, `E_UNSUPPORTED_TS`.
  mutating func values(_ index: Int) throws(StudyError) -> [UInt16] {
    let count = pixels.rows * pixels.columns
    if !compressed.isEmpty { return try decode(try fragments(compressed[index]), count) }
    // Frames of single bits follow one another without padding (PS3.5 8.1.1).
    let firstBit = index * count * pixels.bitsAllocated
    let isBig = header.isBigEndian && place.isWords
    var from = firstBit / 8
    var to = (firstBit + count * pixels.bitsAllocated + 7) / 8
    if isBig {
      // Whole words, to be swapped.
      from &= ~1
      to = min((to + 1) & ~1, place.length)
    }
    var bytes = [UInt8](repeating: 0, count: to - from)
    let got = try read(place.value + from, &bytes)
    guard got == bytes.count else {
      throw StudyError(.truncated, "ends inside frame \(index)", file: header.display, hint: "copy the file again")
    }
    if isBig { for i in stride(from: 0, to: bytes.count - 1, by: 2) { bytes.swapAt(i, i + 1) } }
    return unpack(bytes, firstBit: firstBit - from * 8, count)
  }

  private func read(_ offset: Int, _ bytes: inout [UInt8]) throws(StudyError) -> Int {
    let result = bytes.withUnsafeMutableBytes { buffer -> Result<Int, StudyError> in
      do throws(StudyError) {
        return .success(try opened.source.readAll(at: offset, into: buffer))
      } catch { return .failure(error) }
    }
    return try result.get()
  }

  /// Little-endian bytes as values: the first voxel is the lowest bit.
  private func unpack(_ bytes: [UInt8], firstBit: Int, _ count: Int) -> [UInt16] {
    var values = [UInt16](repeating: 0, count: count)
    switch pixels.bitsAllocated {
    case 1:
      for i in 0..<count {
        let bit = firstBit + i
        values[i] = UInt16(bytes[bit >> 3] >> UInt8(bit & 7) & 1)
      }
    case 8:
      let first = firstBit / 8
      for i in 0..<count { values[i] = UInt16(bytes[first + i]) }
    default:
      let first = firstBit / 8
      for i in 0..<count { values[i] = UInt16(bytes[first + 2 * i]) | UInt16(bytes[first + 2 * i + 1]) << 8 }
    }
    return values
  }

  private mutating func fragments(_ ranges: [Range<Int>]) throws(StudyError) -> [UInt8] {
    // Lossless coding of labels never doubles the size.
    let limit = 2 * (pixels.rows * pixels.columns * max(8, pixels.bitsAllocated) / 8) + (1 << 16)
    guard ranges.reduce(0, { $0 + $1.count }) <= limit else {
      throw StudyError(.limit, "a compressed frame is larger than its pixels", file: header.display)
    }
    var stream: [UInt8] = []
    for range in ranges { stream += try opened.source.bytes(range) ?? [] }
    return stream
  }

  private func decode(_ stream: [UInt8], _ count: Int) throws(StudyError) -> [UInt16] {
    let frameBytes = (count * pixels.bitsAllocated + 7) / 8
    func damaged() -> StudyError {
      StudyError(
        .cannotDecode, "a compressed frame cannot be decoded", file: header.display,
        hint: "the file is damaged; copy or export it again")
    }
    if header.syntax == .runLength {
      let bytes = max(1, pixels.bitsAllocated / 8)
      guard let frame = RunLength.decode(stream, count: frameBytes / bytes, bytes: bytes) else { throw damaged() }
      return unpack(frame, firstBit: 0, count)
    }
    if header.syntax == .deflatedFrames {
      // An odd stream is padded; an odd frame may be.
      let frame = try inflate(stream, limit: frameBytes + 1, file: header.display).bytes
      guard frame.count >= frameBytes else { throw damaged() }
      return unpack(frame, firstBit: 0, count)
    }
    guard header.syntax.isDecodable else {
      throw StudyError(
        .unsupportedSyntax, "is compressed as \(header.syntax.name), which cannot be read",
        file: header.display, hint: "export the segmentation uncompressed (explicit VR little endian)")
    }
    return try samples(stream, count)
  }

  /// JPEG 2000, JPEG-LS, JPEG lossless.
  private func samples(_ stream: [UInt8], _ count: Int) throws(StudyError) -> [UInt16] {
    // In a codestream each bit is a sample.
    var description = pixels
    if description.bitsAllocated == 1 {
      description.bitsAllocated = 8
      description.bitsStored = 1
      description.highBit = 0
    }
    let buffers = FrameBuffers(pixels: count, bytesPerPixel: 4)
    let samples = UnsafeMutableRawBufferPointer(rebasing: buffers.samples[..<description.frameBytes])
    if header.syntax.isJPEG2000 {
      _ = try JPEG2000.decode(stream, description, file: header.display, samples: samples, values: buffers.values)
      return buffers.values.map { UInt16(truncatingIfNeeded: $0) }
    }
    try LosslessCheck.require(stream, header.syntax, file: header.display)
    if description.bitsStored < 2 { (description.bitsStored, description.highBit) = (8, 7) }
    let flat = EncapsulatedImage.dataset(stream, description, photometric: "MONOCHROME2")
    try Dataset(flat, syntax: header.syntax, file: header.display).decode(into: samples)
    StoredValues.unpack(
      UnsafeRawBufferPointer(samples), description, bigEndianWords: false, swapPairs: false, into: buffers.values)
    return buffers.values.map { UInt16(truncatingIfNeeded: $0) }
  }
}
