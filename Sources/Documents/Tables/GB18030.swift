internal import Glibc

/// Chinese text as spreadsheets on Windows write it (GBK, a part of GB18030), by the C library's converter.
enum GB18030 {
  /// The text in UTF-8; nil where the bytes are invalid, or the C library does not know the encoding.
  static func utf8(_ bytes: [UInt8]) -> [UInt8]? {
    guard let converter = iconv_open("UTF-8", "GB18030"), Int(bitPattern: converter) != -1 else { return nil }
    defer { iconv_close(converter) }
    // Two bytes become three at most, one stays one, four become four.
    var input = bytes.map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: bytes.count * 2 + 16)
    var left = input.count
    var room = output.count
    let converted = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        var from = source.baseAddress
        var to = target.baseAddress
        return iconv(converter, &from, &left, &to, &room)
      }
    }
    guard converted != -1, left == 0 else { return nil }
    return output[0..<(output.count - room)].map { UInt8(bitPattern: $0) }
  }
}
