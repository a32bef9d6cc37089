import Errors
import Imaging

/// Checks by the header that a slice's pixels can be read, without loss, as Hounsfield units.
///
/// - Throws: `E_ATTRIBUTE`, `E_LOSSY`, `E_UNSUPPORTED_TS`, `E_PIXEL_FORMAT`, `E_NOT_HU`, `E_TRUNCATED`, `E_LIMIT`.
func checkPixels(_ header: ImageHeader) throws(StudyError) {
  try checkStorage(header)
  try checkRescale(header)
  try checkContent(header)
}

private func checkContent(_ header: ImageHeader) throws(StudyError) {
  switch ImageContent(header) {
  case .attenuation, .noted: return
  case .notHU(let what):
    throw StudyError(
      .notHU, "\(what.hasPrefix("its") ? what : "is " + what), not attenuation in HU, by its Image Type",
      file: header.display, hint: "export the CT images that the map was made of, or leave the map out")
  case .derived(let what):
    throw StudyError(
      .derivedImage, "is \(what), no slice of the body, by its Image Type", file: header.display,
      hint: "export the slices that it was made of, or leave it out")
  }
}

/// Checks by the header that an image's stored values can be read, without loss.
///
/// - Throws: as `checkPixels`, except `E_NOT_HU`.
func checkStorage(_ header: ImageHeader) throws(StudyError) {
  func refuse(_ code: ErrorCode, _ message: String, _ hint: String) -> StudyError {
    StudyError(code, message, file: header.display, hint: hint)
  }
  guard let pixels = header.pixels, pixels.rows > 0, pixels.columns > 0 else {
    throw refuse(.missingAttribute, "has no rows and columns", "export the series again")
  }
  guard pixels.saysSign else {
    throw refuse(.missingAttribute, "has no usable Pixel Representation", "export the series again")
  }
  guard pixels.rows <= 8192, pixels.columns <= 8192 else {
    throw refuse(.limit, "has \(pixels.columns) x \(pixels.rows) pixels", "a CT slice has at most 8192 x 8192")
  }
  if header.isLossy || header.syntax.isLossy {
    throw refuse(
      .lossy, "was compressed with loss (\(header.syntax.name))", "export the original, uncompressed or lossless")
  }
  guard header.syntax.isNative || header.syntax.isDecodable else {
    throw refuse(
      .unsupportedSyntax, "is compressed as \(header.syntax.name), which cannot be read",
      "export the series uncompressed (explicit VR little endian)")
  }
  guard header.samplesPerPixel == 1, header.photometric == "MONOCHROME1" || header.photometric == "MONOCHROME2" else {
    throw refuse(.pixelFormat, "is not a grey-scale image", "drop the CT series itself, not pictures of it")
  }
  guard [8, 16, 32].contains(pixels.bitsAllocated), (1...pixels.bitsAllocated).contains(pixels.bitsStored),
    (pixels.bitsStored - 1..<pixels.bitsAllocated).contains(pixels.highBit), pixels.isSigned || pixels.bitsStored < 32
  else {
    throw refuse(
      .pixelFormat,
      "stores \(pixels.bitsStored) of \(pixels.bitsAllocated) bits with high bit \(pixels.highBit): no CT slice",
      "export the series again")
  }
  guard let place = header.pixelData else {
    throw refuse(.truncated, "has no pixel data", "copy the file again")
  }
  if place.isEncapsulated == header.syntax.isNative {
    throw refuse(.malformedDICOM, "its transfer syntax and its pixel data disagree", "export the series again")
  }
  // Lossless coding may fail to shrink noise, but it never doubles the size.
  let compressed = header.fragments.reduce(0) { $0 + $1.count }
  if place.isEncapsulated, compressed > 2 * pixels.frameBytes + (1 << 20) {
    throw refuse(
      .limit, "holds \(compressed) bytes for an image of \(pixels.frameBytes)", "export the series again")
  }
  let held = place.length / max(1, pixels.frameBytes)
  if !place.isEncapsulated, held > max(1, header.numberOfFrames) {
    throw refuse(
      .missingAttribute, "holds pixels of \(held) frames and says that it has \(max(1, header.numberOfFrames))",
      "export the series again")
  }
  let needed = ((header.frame ?? 0) + 1) * pixels.frameBytes
  if !place.isEncapsulated, place.length < needed {
    throw refuse(
      .truncated, "holds \(place.length) bytes of pixels where \(needed) are needed", "copy the file again")
  }
}

private func checkRescale(_ header: ImageHeader) throws(StudyError) {
  func refuse(_ message: String) -> StudyError {
    StudyError(.notHU, message, file: header.display, hint: "export the original CT images, in Hounsfield units")
  }
  if header.hasModalityLUT { throw refuse("maps its values by a modality LUT, not to Hounsfield units") }
  guard header.rescaleType.isEmpty || header.rescaleType.uppercased() == "HU" else {
    throw refuse("its Rescale Type is \(rescaleType(header.rescaleType)), not HU")
  }
  guard let rescale = header.rescale, rescale.slope != 0, abs(rescale.slope) <= 1e4,
    abs(rescale.intercept) <= 1e6
  else {
    throw refuse("has no usable Rescale Slope and Rescale Intercept")
  }
}

/// Rescale Type in words where it is a defined term (PS3.3 C.11.1.1.2). Other text of a file is not shown.
private func rescaleType(_ code: String) -> String {
  switch code.uppercased() {
  case "US": "unspecified (US)"
  case "OD": "optical density (OD)"
  case "MGML": "mg/ml (MGML)"
  case "Z_EFF": "effective atomic number (Z_EFF)"
  case "ED", "EDW": "electron density (\(code.uppercased()))"
  case "PCT": "percent (PCT)"
  case "HU_MOD": "modified HU (HU_MOD)"
  default: "another unit"
  }
}
