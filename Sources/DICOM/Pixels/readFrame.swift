import Errors
import Imaging

/// Buffers for one slice's samples and values, reused for the next.
package struct FrameBuffers: ~Copyable {
  package let samples: UnsafeMutableRawBufferPointer
  package let values: UnsafeMutableBufferPointer<Int32>
  let inflated = InflatedFile()

  package init(pixels: Int, bytesPerPixel: Int) {
    samples = .allocate(byteCount: pixels * bytesPerPixel, alignment: 16)
    values = .allocate(capacity: pixels)
  }

  deinit {
    samples.deallocate()
    values.deallocate()
  }
}

/// Reads the stored values of a slice that `checkPixels` has passed.
///
/// - Throws: `E_IO`, `E_TRUNCATED`, `E_DECODE`, `E_DICOM_MALFORMED`.
@discardableResult
func readFrame(
  _ header: ImageHeader, _ description: PixelDescription, into buffers: borrowing FrameBuffers
) throws(StudyError) -> FrameRemarks {
  var remarks = FrameRemarks()
  guard let place = header.pixelData else {
    throw StudyError(.truncated, "has no pixel data", file: header.display, hint: "copy the file again")
  }
  let samples = UnsafeMutableRawBufferPointer(rebasing: buffers.samples[0..<description.frameBytes])
  let offset = place.value + (header.frame ?? 0) * description.frameBytes
  if place.isEncapsulated {
    let codestream = try compressedFrame(header)
    if header.syntax.isJPEG2000 {
      let values = UnsafeMutableBufferPointer(rebasing: buffers.values[0..<(description.rows * description.columns)])
      remarks.codestreamDiffers = try JPEG2000.decode(
        codestream, description, file: header.display, samples: samples, values: values)
    } else {
      try LosslessCheck.require(codestream, header.syntax, file: header.display)
      let flat = EncapsulatedImage.dataset(codestream, description, photometric: header.photometric)
      try Dataset(flat, syntax: header.syntax, file: header.display).decode(into: samples)
    }
  } else if header.syntax.isDeflated {
    let bytes = try buffers.inflated.bytes(of: header.file)
    try requireAll(try bytes.readAll(at: offset, into: samples), samples.count, header)
  } else {
    let file = try header.file.open()
    try requireAll(try file.read(at: offset, into: samples), samples.count, header)
  }
  let isBigEndian = header.isBigEndian && place.isWords && !place.isEncapsulated
  StoredValues.unpack(
    UnsafeRawBufferPointer(samples), description, bigEndianWords: isBigEndian,
    swapPairs: isBigEndian && description.bitsAllocated == 8, into: buffers.values)
  remarks.strayBits = StrayBits.count(
    UnsafeRawBufferPointer(samples), description, overlays: header.overlayBits, bigEndianWords: isBigEndian)
  return remarks
}

/// Unusual facts about a frame that was read.
struct FrameRemarks: Sendable {
  /// Depth or sign in a JPEG 2000 codestream differ from the header, which decides.
  var codestreamDiffers = false
  /// Samples with bits set outside the stored value, where no overlay is.
  var strayBits = 0
}

private func requireAll(_ count: Int, _ wanted: Int, _ header: ImageHeader) throws(StudyError) {
  guard count == wanted else {
    throw StudyError(
      .truncated, "holds \(count) bytes of pixels where \(wanted) are needed", file: header.display,
      hint: "copy the file again")
  }
}

private func changed(_ header: ImageHeader) -> StudyError {
  StudyError(.io, "was changed while it was read", file: header.display, hint: "let the copy finish, then try again")
}

/// The compressed bytes of one image: its fragments, joined.
private func compressedFrame(_ header: ImageHeader) throws(StudyError) -> [UInt8] {
  var source = ByteSource(try header.file.open())
  var codestream: [UInt8] = []
  for range in header.fragments {
    guard let fragment = try source.bytes(range) else { throw changed(header) }
    codestream += fragment
  }
  return codestream
}

/// Whether two slices of one grid have the same values in HU.
func haveSamePixels(_ a: ImageHeader, _ b: ImageHeader) throws(StudyError) -> Bool {
  guard let first = a.pixels, let second = b.pixels, first.rows == second.rows, first.columns == second.columns,
    let firstRescale = a.rescale, let secondRescale = b.rescale
  else { return false }
  let one = FrameBuffers(pixels: first.rows * first.columns, bytesPerPixel: 4)
  let other = FrameBuffers(pixels: first.rows * first.columns, bytesPerPixel: 4)
  try readFrame(a, first, into: one)
  try readFrame(b, second, into: other)
  return zip(one.values, other.values).allSatisfy {
    Double($0) * firstRescale.slope + firstRescale.intercept == Double($1) * secondRescale.slope
      + secondRescale.intercept
  }
}
