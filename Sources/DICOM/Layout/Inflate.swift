import CDeflate
package import Errors
import Imaging

/// Inflates the raw deflate stream of a deflated dataset, never to more than `limit` bytes.
///
/// - Returns: the bytes, and whether the stream was complete.
/// - Throws: `E_LIMIT` beyond the limit, `E_DICOM_MALFORMED` where it is not a deflate stream.
package func inflate(
  _ compressed: [UInt8], limit: Int, file: String
) throws(StudyError) -> (bytes: [UInt8], complete: Bool) {
  let inflated = try inflateStart(compressed, limit: limit, file: file)
  guard !inflated.isLonger else {
    throw StudyError(
      .limit, "inflates to more than \(limit) bytes", file: file,
      hint: "a slice is never that large; the file is damaged or hostile")
  }
  return (inflated.bytes, inflated.complete)
}

/// As `inflate`, but a longer stream is cut at the limit.
func inflateStart(
  _ compressed: [UInt8], limit: Int, file: String
) throws(StudyError) -> (bytes: [UInt8], complete: Bool, isLonger: Bool) {
  var stream = z_stream()
  guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
    throw StudyError(.internalFault, "zlib cannot start", file: file)
  }
  defer { inflateEnd(&stream) }
  var input = compressed
  var output: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 17)
  var status = Z_OK
  input.withUnsafeMutableBufferPointer { source in
    stream.next_in = source.baseAddress
    stream.avail_in = UInt32(clamping: source.count)
    while status == Z_OK, output.count <= limit {
      let room = chunk.count
      let got = chunk.withUnsafeMutableBufferPointer { space in
        stream.next_out = space.baseAddress
        stream.avail_out = UInt32(room)
        status = CDeflate.inflate(&stream, Z_NO_FLUSH)
        return room - Int(stream.avail_out)
      }
      output.append(contentsOf: chunk[0..<got])
      if got == 0 { break }
    }
  }
  guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
    throw StudyError(.malformedDICOM, "the deflated dataset is damaged", file: file, hint: "export the series again")
  }
  let isLonger = output.count > limit
  if isLonger { output.removeLast(output.count - limit) }
  return (output, status == Z_STREAM_END && !isLonger, isLonger)
}
