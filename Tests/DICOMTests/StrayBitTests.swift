import DICOM
import Errors
import Imaging
import Testing

@Suite("Bits beyond the stored value")
struct StrayBitTests {
  /// 12 bits of 16; the phantom's values fit.
  private func slices(signed: Bool = false) -> [CTSlice] {
    var slices = smallSlices()
    for i in slices.indices {
      slices[i].set(0x0028_0101, number: 12)
      slices[i].set(0x0028_0102, number: 11)
      slices[i].set(0x0028_0103, number: signed ? 1 : 0)
    }
    return slices
  }

  private func load(_ slices: [CTSlice], _ syntax: String = CTSlice.uncompressed) throws -> LoadedSeries {
    let folder = try StudyFolder()
    try folder.write(slices, transferSyntax: syntax)
    return try folder.load()
  }

  @Test(
    "a value that is too large loses its upper bits and is counted",
    arguments: [CTSlice.uncompressed, "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.1.99"])
  func valueBeyondBitsStoredIsCounted(_ syntax: String) throws {
    var slices = slices()
    slices[2].pixels[500] = 4500
    slices[2].pixels[501] = 4500
    slices[6].pixels[9] = 5000
    let loaded = try load(slices, syntax)
    #expect(loaded.volume.voxels[2 * 1024 + 500] == 4500 - 4096 - 1024)
    #expect(loaded.warnings.map(\.code) == ["BITS_BEYOND_STORED"])
    #expect(loaded.warnings[0].message.hasPrefix("3 voxel(s) in 2 slice(s)"))
  }

  @Test("the extension of a sign is not a stray bit", arguments: [true, false])
  func signExtensionIsNotAStrayBit(_ isExtended: Bool) throws {
    var slices = slices(signed: true)
    for i in slices.indices {
      slices[i].set(0x0028_1052, "0")
      slices[i].pixels = slices[i].pixels.map { UInt16(bitPattern: Int16($0) - 1024) & (isExtended ? 0xFFFF : 0x0FFF) }
    }
    let loaded = try load(slices)
    #expect(loaded.volume.voxels == smallVolume().voxels)
    #expect(loaded.warnings.isEmpty)
    slices[1].pixels[3] = 0x1005
    #expect(try load(slices).warnings.map(\.code) == ["BITS_BEYOND_STORED"])
  }

  @Test("overlays in the unused bits are not stray bits, other bits beside them are")
  func overlayBitsAreNotStrayBits() throws {
    var slices = slices()
    for i in slices.indices {
      slices[i].set(0x6000_0100, number: 16)
      slices[i].set(0x6000_0102, number: 12)
      slices[i].set(0x6002_0100, number: 16)
      slices[i].set(0x6002_0102, number: 15)
      for pixel in 0..<100 { slices[i].pixels[pixel] |= pixel % 2 == 0 ? 0x1000 : 0x9000 }
    }
    let loaded = try load(slices)
    #expect(loaded.volume.voxels == smallVolume().voxels)
    #expect(loaded.warnings.isEmpty)
    slices[3].pixels[200] |= 0x2000
    #expect(try load(slices).warnings.map(\.code) == ["BITS_BEYOND_STORED"])
  }

  @Test("an overlay with data of its own explains no bits")
  func separateOverlayExplainsNoBits() throws {
    var slices = slices()
    for i in slices.indices {
      slices[i].set(0x6000_0100, number: 1)
      slices[i].set(0x6000_0102, number: 0)
    }
    slices[3].pixels[200] |= 0x1000
    #expect(try load(slices).warnings.map(\.code) == ["BITS_BEYOND_STORED"])
  }

  @Test("bits below the value count too, and those in frames of an enhanced CT")
  func bitsBelowTheValueCount() throws {
    var slices = smallSlices()
    for i in slices.indices {
      slices[i].set(0x0028_0101, number: 12)
      slices[i].set(0x0028_0102, number: 15)
      slices[i].pixels = slices[i].pixels.map { $0 << 4 }
    }
    #expect(try load(slices).volume.voxels == smallVolume().voxels)
    slices[0].pixels[0] |= 1
    #expect(try load(slices).warnings.map(\.code) == ["BITS_BEYOND_STORED"])
    var large = self.slices()
    large[4].pixels[77] = 4500
    let folder = try StudyFolder()
    try EnhancedCT(large, order: EnhancedCTTests.order).write(to: folder.path + "/mf")
    #expect(try folder.load().warnings.map(\.code) == ["BITS_BEYOND_STORED"])
  }
}
