public import Errors

/// Reads one image in HU, columns fastest: for looking at a slice, without a volume around it.
///
/// - Throws: as `checkGeometry` does for the pixels of a slice, `E_IO`, `E_DECODE`.
public func loadSlice(_ image: ImageHeader) throws(StudyError) -> [Double] {
  if let damage = image.damage { throw damage }
  try checkPixels(image)
  guard let description = image.pixels, let rescale = image.rescale else {
    throw StudyError(.internalFault, "a slice was not checked", file: image.display)
  }
  let buffers = FrameBuffers(pixels: description.rows * description.columns, bytesPerPixel: 4)
  _ = try readFrame(image, description, into: buffers)
  return buffers.values.map { Double($0) * rescale.slope + rescale.intercept }
}
