package import Errors

/// Reads one image in HU, columns fastest: to view a slice, without a volume around it.
///
/// - Throws: as `checkGeometry` for the pixels of a slice, `E_IO`, `E_DECODE`.
package func loadSlice(_ image: ImageHeader) throws(StudyError) -> [Double] {
  if let damage = image.damage { throw damage }
  try checkPixels(image)
  guard let description = image.pixels, let rescale = image.rescale else {
    throw StudyError(.internalFault, "a slice was not checked", file: image.display)
  }
  let buffers = FrameBuffers(pixels: description.rows * description.columns, bytesPerPixel: 4)
  try readFrame(image, description, into: buffers)
  return buffers.values.map { Double($0) * rescale.slope + rescale.intercept }
}

/// Reads one frame's stored values, columns fastest, of any grey-scale image: no geometry, no Hounsfield units.
///
/// - Parameter frame: index in the file, below its number of frames.
/// - Throws: `E_TRUNCATED`, `E_LOSSY`, `E_UNSUPPORTED_TS`, `E_PIXEL_FORMAT`, `E_DECODE`, `E_IO`, `E_ATTRIBUTE`.
package func loadStoredValues(_ image: ImageHeader, frame: Int) throws(StudyError) -> [Int32] {
  if let damage = image.damage { throw damage }
  var header = image
  if header.frame == nil, header.numberOfFrames > 1 {
    guard (0..<header.numberOfFrames).contains(frame) else {
      throw StudyError(.missingAttribute, "has \(header.numberOfFrames) frames", file: image.display)
    }
    let fragments = try frameFragments(header)
    header.frame = frame
    header.fragments = fragments.isEmpty ? [] : fragments[frame]
  }
  try checkStorage(header)
  guard let description = header.pixels else { throw StudyError(.missingAttribute, "has no rows and columns") }
  let buffers = FrameBuffers(pixels: description.rows * description.columns, bytesPerPixel: 4)
  try readFrame(header, description, into: buffers)
  return Array(buffers.values)
}
