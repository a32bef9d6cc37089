import Errors

/// Room for one slice's samples and values, used again for the next.
struct FrameBuffers: ~Copyable {
  let samples: UnsafeMutableRawBufferPointer
  let values: UnsafeMutableBufferPointer<Int32>

  init(_ description: PixelDescription) {
    samples = .allocate(byteCount: description.frameBytes, alignment: 16)
    values = .allocate(capacity: description.rows * description.columns)
  }

  deinit {
    samples.deallocate()
    values.deallocate()
  }
}

/// Reads the stored values of a slice that `checkPixels` has passed.
///
/// - Throws: `E_IO`, `E_TRUNCATED`, `E_DECODE`, `E_DICOM_MALFORMED`.
func readFrame(
  _ header: ImageHeader, _ description: PixelDescription, into buffers: borrowing FrameBuffers
) throws(StudyError) {
  guard let place = header.pixelData else {
    throw StudyError(.truncated, "has no pixel data", file: header.display, hint: "copy the file again")
  }
  if place.isEncapsulated {
    try decodeFrame(header, place, into: buffers.samples)
  } else if header.syntax.isDeflated {
    guard let bytes = try DICOMBytes.open(header.file) else { throw changed(header) }
    try requireAll(try bytes.source.readAll(at: place.value, into: buffers.samples), header, buffers)
  } else {
    let file = try header.file.open()
    try requireAll(try file.read(at: place.value, into: buffers.samples), header, buffers)
  }
  let isBigEndian = header.isBigEndian && place.isWords && !place.isEncapsulated
  StoredValues.unpack(
    UnsafeRawBufferPointer(buffers.samples), description, bigEndianWords: isBigEndian,
    swapPairs: isBigEndian && description.bitsAllocated == 8, into: buffers.values)
}

private func requireAll(_ count: Int, _ header: ImageHeader, _ buffers: borrowing FrameBuffers) throws(StudyError) {
  guard count == buffers.samples.count else {
    throw StudyError(
      .truncated, "holds \(count) bytes of pixels where \(buffers.samples.count) are needed", file: header.display,
      hint: "copy the file again")
  }
}

private func changed(_ header: ImageHeader) -> StudyError {
  StudyError(.io, "was changed while it was read", file: header.display, hint: "let the copy finish, then try again")
}

/// Decodes compressed pixels: DCMTK gets the flat header and the fragments, no sequences.
private func decodeFrame(
  _ header: ImageHeader, _ place: PixelDataPlace, into samples: UnsafeMutableRawBufferPointer
) throws(StudyError) {
  guard var bytes = try DICOMBytes.open(header.file), bytes.layout.pixelData == place, bytes.layout.truncation == nil,
    let fragments = try bytes.source.bytes(place.element..<(place.value + place.length))
  else { throw changed(header) }
  let dataset = try Dataset(try bytes.flatHeader() + fragments, syntax: bytes.flatSyntax, file: header.display)
  try dataset.decode(into: samples)
}

/// Two slices of one grid have the same values in HU.
func haveSamePixels(_ a: ImageHeader, _ b: ImageHeader) throws(StudyError) -> Bool {
  guard let first = a.pixels, let second = b.pixels, first.rows == second.rows, first.columns == second.columns,
    let firstRescale = a.rescale, let secondRescale = b.rescale
  else { return false }
  let one = FrameBuffers(first)
  let other = FrameBuffers(second)
  try readFrame(a, first, into: one)
  try readFrame(b, second, into: other)
  return zip(one.values, other.values).allSatisfy {
    Double($0) * firstRescale.slope + firstRescale.intercept == Double($1) * secondRescale.slope + secondRescale.intercept
  }
}
