import CDeflate
import Report
import Testing

/// A PNG reader of its own: checks every chunk's CRC, inflates, and undoes the filters that the writer uses.
private struct PNGFile {
  var chunks: [(type: String, data: [UInt8])] = []

  init(_ bytes: [UInt8]) {
    #expect(bytes.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    var at = 8
    while at + 12 <= bytes.count {
      let length = Self.number(bytes, at)
      let type = String(decoding: bytes[(at + 4)..<(at + 8)], as: UTF8.self)
      let body = Array(bytes[(at + 4)..<(at + 8 + length)])
      #expect(
        body.withUnsafeBytes { Int(libdeflate_crc32(0, $0.baseAddress, $0.count)) }
          == Self.number(bytes, at + 8 + length))
      chunks.append((type, Array(body.dropFirst(4))))
      at += 12 + length
    }
    #expect(at == bytes.count)
  }

  static func number(_ bytes: [UInt8], _ at: Int) -> Int { bytes[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) } }

  func pixels(width: Int, height: Int) -> [UInt8] {
    let deflated = chunks.first { $0.type == "IDAT" }!.data
    let size = (width + 1) * height
    var raw = [UInt8](repeating: 0, count: size)
    let decompressor = libdeflate_alloc_decompressor()
    defer { libdeflate_free_decompressor(decompressor) }
    let result = deflated.withUnsafeBytes { input in
      raw.withUnsafeMutableBytes {
        libdeflate_zlib_decompress(decompressor, input.baseAddress, input.count, $0.baseAddress, size, nil)
      }
    }
    #expect(result == LIBDEFLATE_SUCCESS)
    var pixels: [UInt8] = []
    for row in 0..<height {
      let line = raw[(row * (width + 1))..<((row + 1) * (width + 1))]
      #expect(line.first == 1)
      var before: UInt8 = 0
      for byte in line.dropFirst() {
        before = byte &+ before
        pixels.append(before)
      }
    }
    return pixels
  }
}

struct PNGTests {
  @Test("A PNG decodes to the same pixels")
  func pngDecodesToTheSamePixels() {
    var image = IndexedImage(width: 37, height: 11)
    for y in 0..<11 {
      for x in 0..<37 { image[x, y] = x == y ? .outline : .grey(UInt8(truncatingIfNeeded: x * y * 7)) }
    }
    image[-1, 0] = .grey(255)
    image[37, 10] = .grey(255)
    let file = PNGFile(PNGEncoder.encode(image, text: [("Title", "a\nb")]))
    #expect(file.chunks.map(\.type) == ["IHDR", "tEXt", "PLTE", "IDAT", "IEND"])
    #expect(file.chunks[0].data == [0, 0, 0, 37, 0, 0, 0, 11, 8, 3, 0, 0, 0])
    #expect(file.chunks[1].data == Array("Title\0a?b".utf8))
    #expect(file.pixels(width: 37, height: 11) == image.bytes)
    // Greys from black to white in order, then the colours.
    let palette = file.chunks[2].data
    #expect(palette.count == 768)
    #expect(Array(palette.prefix(3)) == [0, 0, 0] && Array(palette[747..<750]) == [255, 255, 255])
    #expect(Array(palette[750..<753]) == [255, 196, 0])
  }

  @Test("Clear pixels are transparent")
  func clearPixelsAreTransparent() {
    var image = IndexedImage(width: 4, height: 2, .clear)
    image[1, 1] = .outline
    let file = PNGFile(PNGEncoder.encode(image))
    #expect(file.chunks.map(\.type) == ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"])
    #expect(file.chunks[2].data == [UInt8](repeating: 255, count: 255) + [0])
    #expect(file.pixels(width: 4, height: 2) == image.bytes)
  }
}
