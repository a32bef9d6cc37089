import CDCMTK
package import Errors

/// JPEG 2000 pixel data, decoded by OpenJPEG.
package enum JPEG2000 {
  /// Decodes a frame to samples as an uncompressed file would contain them.
  ///
  /// The header's Bits Stored and Pixel Representation define the bits (PS3.5 section 8.2.4); a codestream that
  /// differs is noted.
  ///
  /// - Returns: whether depth or sign of the codestream differ from the header.
  /// - Throws: `E_DECODE`, `E_LOSSY` where the wavelet is not the reversible one, `E_PIXEL_FORMAT`.
  package static func decode(
    _ codestream: [UInt8], _ description: PixelDescription, file: String,
    samples: UnsafeMutableRawBufferPointer, values: UnsafeMutableBufferPointer<Int32>
  ) throws(StudyError) -> Bool {
    guard description.highBit == description.bitsStored - 1, let base = values.baseAddress else {
      throw StudyError(.pixelFormat, "stores JPEG 2000 pixels with high bit \(description.highBit)", file: file)
    }
    var info = cdcm_jpeg2000_info()
    let status = cdcm_jpeg2000_decode(
      codestream, codestream.count, UInt32(description.columns), UInt32(description.rows), base, &info)
    guard status == CDCM_OK else {
      throw StudyError(
        .cannotDecode,
        status == CDCM_WRONG_SIZE
          ? "the compressed pixels do not fill the image of the header" : "the compressed pixels cannot be decoded",
        file: file, hint: "the file is damaged; copy or export it again")
    }
    guard info.is_reversible != 0 else {
      throw StudyError(
        .lossy, "was compressed with loss (JPEG 2000, irreversible)", file: file,
        hint: "export the original, uncompressed or lossless")
    }
    let bytes = description.bitsAllocated / 8
    for i in 0..<values.count {
      let bits = UInt32(bitPattern: values[i])
      switch bytes {
      case 1: samples[i] = UInt8(truncatingIfNeeded: bits)
      case 2:
        samples.storeBytes(of: UInt16(truncatingIfNeeded: bits).littleEndian, toByteOffset: i * 2, as: UInt16.self)
      default: samples.storeBytes(of: bits.littleEndian, toByteOffset: i * 4, as: UInt32.self)
      }
    }
    return Int(info.precision) != description.bitsStored || (info.is_signed != 0) != description.isSigned
  }
}
